# SPDX-License-Identifier: Apache-2.0
"""A mail server for the demo: what it takes it appends to a file, one JSON object a line.

mailbox.py --free-port                  prints a port that is free now
mailbox.py CERT KEY PORT FILE           runs until it is ended
"""
import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../flow")
from smtpd import Server, free_port  # noqa: E402 (found by the line above)


class Mailbox(Server):
    def __init__(self, cert, key, port, path):
        super().__init__(cert, key, port)
        self.path = path

    async def handle_DATA(self, server, session, envelope):
        said = await super().handle_DATA(server, session, envelope)
        mail = self.mails[-1]
        with open(self.path, "a", encoding="utf-8") as f:
            f.write(json.dumps({"to": mail["to"], "subject": str(mail["m"]["Subject"]), "text": mail["text"]}, ensure_ascii=False) + "\n")
        return said


if sys.argv[1:] == ["--free-port"]:
    print(free_port())
else:
    box = Mailbox(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
    print("ready", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    box.stop()
