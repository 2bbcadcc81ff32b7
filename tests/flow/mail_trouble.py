# SPDX-License-Identifier: Apache-2.0
"""One bulletin to eight mailboxes: each connection of the mail server has a trouble of its own; the next server is well."""
import base64
import re
import time

from hooks import TMP, Hook, certificate, hub_with
from hub import SLOWER, Client, expect, replace, report, wait_for
from mails import reload, rows
from smtp_trouble import Trouble

HANGS, CERTS = ("banner", "starttls", "auth", "data"), ("self-signed", "expired", "other-host")
MODES = (*HANGS, *CERTS, "stripped")
certs = {"expired": certificate("localhost", "-1"), "other-host": certificate("other.example"), "self-signed": certificate("localhost", "29")}
replace(TMP + "/ca", b"".join(open(p, "rb").read() for p in (certificate(), certs["expired"], certs["other-host"])))
replace(TMP + "/password", b"open sesame\n")
bad, well, deaf, hook = Trouble(MODES, certs), Trouble(), Hook(deaf=True), Hook()
mail = f"""[mail]\nserver = smtp://localhost:{bad.port}\nuser = hub\npassword_file = {TMP}/password\nca = {TMP}/ca\nfrom = hub@hub.example\ntimeout = 2s\n"""


def warn(title):
    """The webhook has it at once, whatever the mail server does."""
    start = time.monotonic()
    number = Client(hub, "aozora-hp").post("/v1/reports", report(title))[2]["bulletin"]["number"]
    wait_for("the webhook", lambda: [b for b, _ in hook.bulletins() if b["number"] == number])
    expect(hook.got[-1][3] - start < 1.5 * SLOWER, f"the webhook waited {hook.got[-1][3] - start:.2f} s")
    return number


def reasons(number):
    rows = Client(hub, "medical-desk").get(f"/v1/bulletins/{number}/deliveries?limit=500")[2]["deliveries"]
    return {(r["state"], r["reason"].removeprefix("down: ")) for row in rows for r in row["routes"] if r["route"] == "mail"}


with hub_with({"feed": hook}, lease="60s", more=mail) as hub:
    first = warn("件名一")
    want, seen = {("queued", r) for r in ("timeout", "certificate", "tls is refused")}, set()
    wait_for("what is said of each trouble", lambda: seen.update(reasons(first)) or seen >= want, 15)
    wait_for("their end", lambda: set(bad.ended) >= set(MODES), 15)
    for mode in ("banner", "starttls", "stripped", *CERTS):
        said = b"".join(bad.heard[mode])
        expect(not re.search(rb"AUTH|MAIL FROM|DATA|Subject", said) and base64.b64encode(b"open sesame")[:-2] not in said, f"{mode} was told {said}")
    expect(b"MAIL FROM" not in b"".join(bad.heard["auth"]), "a mail before the password was accepted")
    for mode in HANGS:
        expect(1.5 < bad.ended[mode] < 6 * SLOWER, f"{mode} was given up after {bad.ended[mode]:.1f} s")
    reload(hub, server=f"smtp://localhost:{deaf.port}")
    second = warn("件名二")  # no connection is even made
    wait_for("it to be given up", lambda: ("queued", "timeout") in reasons(second), 10)
    hub.stop()
    replace(TMP + "/hooks.conf", open(TMP + "/hooks.conf", "rb").read().replace(b"%d" % bad.port, b"%d" % well.port))
    rows(hub, "UPDATE deliveries SET next_at = 0 WHERE state = 1")  # the time of the next try has come
    hub.start()
    ids = lambda texts: {re.search(rb"Message-ID: (\S+)", m)[1] for m in texts}
    wait_for("all mails", lambda: len(ids(well.mails)) >= 2 * len(MODES), 20)
    expect(len(ids(well.mails)) == 2 * len(MODES) and ids([b"".join(bad.heard["data"])]) < ids(well.mails), "a mail that comes again has the same id")
    warn("件名三")
    wait_for("the end", lambda: reasons(first) | reasons(second) == {("sent", "")}, 10)
print(f"{len(MODES)} troubles, {len(well.mails)} mails")
