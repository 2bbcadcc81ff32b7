# SPDX-License-Identifier: Apache-2.0
"""A mail server that goes wrong on purpose, each connection in another way; it keeps what it is told."""
import socket
import threading
import time

from smtp_talk import Talk

HANGS = ("banner", "starttls", "auth", "data")  # where it falls silent


class Trouble(Talk):
    """modes: of the first connections, one each; then: of all later ones.  A connection that is given up before its mode came to it
    leaves it to a later one.  certs: of a mode, where it has its own."""

    def __init__(self, modes=(), certs=None, then="well"):
        super().__init__(certs)
        self.modes, self.then, self.ended, self.reached = list(modes), then, {}, set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            s = self.listener.accept()[0]
            mode = self.modes.pop(0) if self.modes else self.then
            threading.Thread(target=self.serve, args=(s, mode, time.monotonic()), daemon=True).start()

    def came(self):
        """The mode of this connection has come to it."""
        self.reached.add(threading.get_ident())

    def hang(self, s, heard):
        self.came()
        self.hear(s, heard, b"never said")

    def serve(self, s, mode, start):
        heard = []
        try:
            with s:
                s.settimeout(30)
                self.talk(s, mode, heard)
        except OSError:
            pass
        self.heard.setdefault(mode, []).extend(heard)
        if threading.get_ident() in self.reached or (mode in self.certs and b"STARTTLS\r\n" in heard):
            self.reached.discard(threading.get_ident())
            self.ended.setdefault(mode, (start, time.monotonic()))
        elif mode != self.then:
            self.modes.append(mode)
