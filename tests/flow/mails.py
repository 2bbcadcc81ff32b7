# SPDX-License-Identifier: Apache-2.0
"""What the flows about mail share: a hub whose courier hands its mails to a server of ours, and a reader of them."""
import contextlib
import os
import re
import sqlite3

from hub import Client, Hub, replace, wait_for
from smtpd import Server, free_port

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def box(member):
    return f"csirt@{member}.example.or.jp"


def rows(hub, sql):
    """Of the keeper's database, while the hub stands still."""
    with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db", isolation_level=None)) as db:
        return db.execute(sql).fetchall()


def reload(hub, **values):
    log = hub.dir + "/log/courier.log"
    before = open(log, encoding="utf-8").read().count("reloaded")
    hub.reload("mail", **values)
    wait_for("the courier's reload", lambda: open(log, encoding="utf-8").read().count("reloaded") > before)


@contextlib.contextmanager
def mail_hub(tls="starttls", refuse=None, more=""):
    """(hub, mail server); the server's certificate is the hub's own."""
    tmp, port = os.environ["TEST_TMP"], free_port()
    replace(tmp + "/password", b"open sesame\n")
    scheme = "smtps" if tls == "implicit" else "smtp"
    replace(tmp + "/conf", f"""[courier]\nlink_quiet = 3s\nretry_first = 1s\n{more}
[mail]\nserver = {scheme}://localhost:{port}\nuser = hub\npassword_file = {tmp}/password\nca = {tmp}/hub/ca.pem
from = hub@hub.example\nfrom_name = セプターハブ\nanswers_url = https://localhost\n""".encode())
    with Hub(conf=tmp + "/conf") as hub:
        server = Server(hub.dir + "/server.pem", hub.dir + "/server.key", port, tls, refuse)
        try:
            yield hub, server
        finally:
            server.stop()


class Browser(Client):
    """Whoever follows the link of a mail."""

    def __init__(self, hub, link):
        super().__init__(hub, None, "CEPTOAR_ANSWERS_URL")
        self.path = "/a/" + link.rpartition("/")[2]

    def answer(self, status):
        page = self.get(self.path)[2]
        seal = re.search(rb'name="seal" value="([^"]{27})"', page)[1].decode()
        return self.request("POST", self.path, f"seal={seal}&status={status}&forwarded=2".encode(), FORM)[0]
