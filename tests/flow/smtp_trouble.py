# SPDX-License-Identifier: Apache-2.0
"""A mail server that goes wrong on purpose, each connection in another way; it keeps what it is told."""
import socket
import threading
import time

from smtp_talk import Talk


class Trouble(Talk):
    """modes: of the first connections, which begin together; all later ones are "well".  certs: of a mode, where it has its own."""

    def __init__(self, modes=(), certs=None):
        super().__init__(certs)
        self.modes, self.heard, self.ended = list(modes), {}, {}
        self.together = threading.Barrier(len(modes) or 1)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            s = self.listener.accept()[0]
            mode = self.modes.pop(0) if self.modes else "well"
            threading.Thread(target=self.serve, args=(s, mode), daemon=True).start()

    def serve(self, s, mode):
        try:
            if mode != "well":
                self.together.wait(2)
        except threading.BrokenBarrierError:
            pass
        start, heard = time.monotonic(), self.heard.setdefault(mode, [])
        try:
            with s:
                s.settimeout(30)
                self.talk(s, mode, heard)
        except OSError:
            pass
        self.ended.setdefault(mode, time.monotonic() - start)
