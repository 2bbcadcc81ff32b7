# SPDX-License-Identifier: Apache-2.0
"""A mail server that answers a command otherwise than it should, and says nothing more."""
from smtp_trouble import Trouble


class Turned(Trouble):
    """says: of a mode, behind which words (b"": at once) and what; nothing: it goes.  So many connections of each mode, in turn,
    or in this order.
    once: the same for connections that are well, each for one time."""

    def __init__(self, says=(), times=1, once=(), order=None):
        super().__init__([*(order or says)] * times)
        self.says, self.once = dict(says), dict(once)

    def talk(self, s, mode, heard):
        if mode in self.says and self.says[mode][0] == b"":
            s.sendall(self.says[mode][1])
            self.hang(s, heard)
        super().talk(s, mode, heard)

    def mail(self, s, mode, heard):
        super().mail(Connection(self, s, heard, dict([self.says[mode]]) if mode in self.says else self.once), mode, heard)


class Connection:
    def __init__(self, server, s, heard, instead):
        self.server, self.s, self.heard, self.instead, self.recv = server, s, heard, instead, s.recv

    def sendall(self, reply):
        turn = next((at for at in list(self.instead) if self.heard[-1].startswith(at)), None)
        text = self.instead.pop(turn, None)  # another connection may have had it
        self.s.sendall(reply if text is None else text)
        if text is None:
            return
        if not text:
            self.server.came()
            raise OSError("gone")
        self.server.hang(self.s, self.heard)
