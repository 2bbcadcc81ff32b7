# SPDX-License-Identifier: Apache-2.0
"""One bulletin to eight mailboxes: a server that is closed to all of them; then one that refuses two mails themselves."""
import re

from hooks import TMP, certificate, hub_with, mail_routes
from hub import Client, expect, replace, report, wait_for
from mails import rows
from smtp_turned import Turned

SAYS = {"closed": (b"", b"554 closed for maintenance\r\n"), "sender": (b"MAIL FROM", b"550 not from you\r\n")}
ONCE = {b"MAIL FROM": b"552 too large\r\n", b"RCPT": b"550 no such user\r\n421 and good bye\r\n"}
replace(TMP + "/password", b"open sesame\n")
closed, well = Turned(SAYS, times=500), Turned(once=ONCE)
mail = f"""[mail]\nserver = smtp://localhost:{closed.port}\nuser = hub\npassword_file = {TMP}/password\nca = {certificate()}\nfrom = hub@hub.example\n"""
with hub_with({}, lease="60s", more=mail) as hub:
    number = Client(hub, "aozora-hp").post("/v1/reports", report("件名"))[2]["bulletin"]["number"]
    wait_for("both refusals", lambda: {"closed", "sender"} <= set(closed.ended), 60)
    wait_for("all to be tried", lambda: ("queued", "the server refuses the hub") in (r := mail_routes(hub, number)) and ("queued", "") not in r, 60)
    hub.stop()
    expect((kept := rows(hub, "SELECT state, count(*) FROM deliveries WHERE route = 1 GROUP BY state")) == [(1, 8)], f"all of them wait: {kept}")
    replace(TMP + "/hooks.conf", open(TMP + "/hooks.conf", "rb").read().replace(b"%d" % closed.port, b"%d" % well.port))
    rows(hub, "UPDATE deliveries SET next_at = 0, tries = 0 WHERE state = 1")  # the time of the next try has come
    hub.start()
    wait_for("the mails", lambda: (o := hub.status()["keeper"]["outbox"])["sent"] + o["failed"] == 8, 60)
    hub.stop()  # whose mails they were is chance: no one desk sees them all
    seen = dict(rows(hub, "SELECT reason, count(*) FROM deliveries WHERE route = 1 GROUP BY reason"))
    hub.start()
    expect(seen == {"": 6, "status 552": 1, "status 550": 1}, f"what became of the mails: {seen}")
    ids = [re.search(rb"Message-ID: (\S+)", m)[1] for m in well.mails]
    expect(len(set(ids)) == 6 and not closed.mails, f"six mailboxes have it: {ids}")
print(f"{len(closed.heard['closed'])} and {len(closed.heard['sender'])} refusals, {len(well.mails)} mails")
