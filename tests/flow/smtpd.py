# SPDX-License-Identifier: Apache-2.0
"""A real mail server (aiosmtpd, Debian's own Python) with TLS and passwords; keeps what it takes, refuses what it is told to."""
import email
import email.policy
import socket
import ssl
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class Server:
    """tls: "starttls", "implicit" or None.  refuse: what an address is answered; "once:4xx ..." after its first mail only."""

    def __init__(self, cert, key, port, tls="starttls", refuse=None):
        self.mails, self.refuse, self.sessions = [], refuse or {}, 0
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, key)
        more = {"starttls": {"tls_context": context, "require_starttls": True}, "implicit": {"ssl_context": context}, None: {}}[tls]
        if tls:
            more.update(authenticator=self.login, auth_required=True, auth_require_tls=tls == "starttls")
        self.controller = Controller(self, hostname="127.0.0.1", port=port, **more)
        self.controller.start()
        self.port, self.stop = port, self.controller.stop

    @staticmethod
    def login(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"hub", b"open sesame"))

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        said = self.refuse.get(address, "250 OK")
        if not said.startswith(("250", "once:")):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append({"from": envelope.mail_from, "to": envelope.rcpt_tos[0], "raw": envelope.content, "tls": session.ssl is not None,
                           "ehlo": session.host_name, "at": time.monotonic(), "m": message,
                           "text": "".join(p.get_content() for p in message.iter_parts())})
        said = self.refuse.get(envelope.rcpt_tos[0], "")
        if said.startswith("once:"):
            del self.refuse[envelope.rcpt_tos[0]]
            return said.removeprefix("once:")
        return "250 taken"

    def to(self, address):
        return [m for m in list(self.mails) if m["to"] == address]
