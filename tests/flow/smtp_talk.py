# SPDX-License-Identifier: Apache-2.0
"""What a mail server says, until it goes wrong in the way that it is told to."""
import ssl

from hooks import certificate
from smtp_heard import Heard


class Talk(Heard):
    """Keeps in `mails` what it takes; certs: of a mode, where it has its own."""

    def __init__(self, certs):
        super().__init__()
        self.certs = certs or {}

    @staticmethod
    def hear(s, heard, end=b"\r\n"):
        """One line, or what ends otherwise; an error when the other side has gone."""
        said = b""
        while not said.endswith(end):
            more = s.recv(65536)
            if not more:
                heard.append(said)
                raise OSError("gone")
            said += more
        heard.append(said)
        return said

    def talk(self, s, mode, heard):
        if mode == "banner":
            self.hang(s, heard)
        s.sendall(b"220 mail.example ESMTP\r\n")
        self.hear(s, heard)
        if mode == "stripped":
            s.sendall(b"250 mail.example\r\n")
            self.hang(s, heard)
        s.sendall(b"250-mail.example\r\n250 STARTTLS\r\n")
        self.hear(s, heard)
        s.sendall(b"220 go ahead\r\n")
        if mode == "starttls":
            self.hang(s, heard)
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ctx.load_cert_chain(self.certs.get(mode, certificate()))
        with ctx.wrap_socket(s, server_side=True) as t:
            self.mail(t, mode, heard)

    def mail(self, s, mode, heard):
        for reply in (b"250-mail.example\r\n250-SIZE 1000000\r\n250 AUTH PLAIN\r\n", b"334 \r\n", b"235 OK\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go ahead\r\n"):
            self.hear(s, heard)
            if mode == "auth" and reply.startswith(b"235"):
                self.hang(s, heard)
            s.sendall(reply)
        text = self.hear(s, heard, b"\r\n.\r\n")
        if mode == "data":
            self.hang(s, heard)
        self.mails.append(text)
        s.sendall(b"250 taken\r\n")
        self.hang(s, heard)  # no farewell either
