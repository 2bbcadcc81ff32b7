# SPDX-License-Identifier: Apache-2.0
"""One bulletin to eight mailboxes, of a server that is odd in its own way on each connection; the next server is well."""
import re

from hooks import TMP, certificate, hub_with, mail_routes
from hub import SLOWER, Client, expect, replace, report, wait_for
from mails import rows
from smtp_turned import Turned

BOXES = 8
ODD = {"gone": (b"MAIL FROM", b""), "gone at the text": (b"DATA", b""), "no code": (b"RCPT", b"fine by me\r\n"), "early": (b"MAIL FROM", b"250 OK\r\n250 OK\r\n"),
       "without end": (b"MAIL FROM", b"250-and so on\r\n" * 2000), "no text": (b"DATA", b"250 OK\r\n"), "half": (b"DATA", b"354"), "later": (b"From:", b"451 not now\r\n")}
# Three in turn at most: the fourth failure behind one another would give the server a rest.
ORDER = ("gone", "gone at the text", "no code", "later", "early", "without end", "no text", "later", "half", "later")
SLOW = b"timeout = %ds" % min(20, 3 * SLOWER)
WORDS = {"odd answer", "transfer error 56", "timeout", "status 451"}
replace(TMP + "/password", b"open sesame\n")
odd, well = Turned(ODD, times=50, order=ORDER), Turned()
mail = f"""[mail]\nserver = smtp://localhost:{odd.port}\nuser = hub\npassword_file = {TMP}/password\nca = {certificate()}\nfrom = hub@hub.example\n{SLOW.decode()}\n"""
with hub_with({}, lease="60s", more=mail) as hub:
    number = Client(hub, "aozora-hp").post("/v1/reports", report("件名"))[2]["bulletin"]["number"]
    seen = set()
    wait_for("what is said of each", lambda: seen.update(why for _, why in mail_routes(hub, number)) or (seen >= WORDS and set(odd.ended) >= set(ODD)), 120)
    for mode in ODD:
        expect((b"Subject" in odd.told(mode)) == (mode == "later"), f"{mode} was told the text too early, or never")
    hub.stop()
    replace(TMP + "/hooks.conf", open(TMP + "/hooks.conf", "rb").read().replace(b"%d" % odd.port, b"%d" % well.port).replace(SLOW, b"timeout = 20s"))
    rows(hub, "UPDATE deliveries SET next_at = 0, tries = 0 WHERE state = 1")  # the time of the next try has come
    hub.start()
    wait_for("the mails", lambda: mail_routes(hub, number) == {("sent", "")}, 60)
    ids = [re.search(rb"Message-ID: (\S+)", m)[1] for m in well.mails]
    expect(len(set(ids)) == len(ids) == BOXES, f"each mailbox has it once: {ids}")
print(f"{len(ODD)} oddities, {len(well.mails)} mails")
