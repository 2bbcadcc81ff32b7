# SPDX-License-Identifier: Apache-2.0
"""One bulletin to eight mailboxes: each connection of the mail server has a trouble of its own; the next server is well."""
import base64
import re
import time

from hooks import TMP, Hook, certificate, hub_with, mail_routes
from hub import SLOWER, Client, expect, replace, report, wait_for
from mails import reload, rows
from smtp_trouble import HANGS, Trouble

CERTS = ("self-signed", "expired", "other-host")
MODES = (*HANGS, *CERTS, "stripped")  # those that end at once come last: the fourth of them opens the breaker
certs = {"expired": certificate("localhost", "-1"), "other-host": certificate("other.example"), "self-signed": certificate("localhost", "29")}
replace(TMP + "/ca", b"".join(open(p, "rb").read() for p in (certificate(), certs["expired"], certs["other-host"])))
replace(TMP + "/password", b"open sesame\n")
bad, well, deaf, hook = Trouble(MODES, certs, HANGS[0]), Trouble(), Hook(deaf=True), Hook()
mail = f"""[mail]\nserver = smtp://localhost:{bad.port}\nuser = hub\npassword_file = {TMP}/password\nca = {TMP}/ca\nfrom = hub@hub.example\ntimeout = 3s\n"""


def warn(title):
    """Its number, when it was sent, and when the webhook had it."""
    start = time.monotonic()
    number = Client(hub, "aozora-hp").post("/v1/reports", report(title))[2]["bulletin"]["number"]
    got = wait_for("the webhook", lambda: [h[3] for h in list(hook.got) if number.encode() in h[2]], 60)
    return number, start, got[0]


def no_wait(start, got, given_up):
    """The webhook has it at once, and before the mail server has been given up."""
    expect(got < max(given_up, start + 1.5 * SLOWER), f"the webhook waited {got - start:.2f} s, the mails {given_up - start:.2f} s")


with hub_with({"feed": hook}, lease="60s", more=mail) as hub:
    first, start, got = warn("件名一")
    want, seen = {("queued", r) for r in ("timeout", "certificate", "tls is refused")}, set()
    wait_for("what is said of each trouble", lambda: seen.update(mail_routes(hub, first)) or seen >= want, 60)
    wait_for("their end", lambda: set(bad.ended) >= set(MODES), 60)
    for mode in ("banner", "starttls", "stripped", *CERTS):
        said = b"".join(bad.heard[mode])
        expect(not re.search(rb"AUTH|MAIL FROM|DATA|Subject", said) and base64.b64encode(b"open sesame")[:-2] not in said, f"{mode} was told {said}")
    expect(b"MAIL FROM" not in b"".join(bad.heard["auth"]), "a mail before the password was accepted")
    for mode in HANGS:  # after its timeout of 3 s; how late a busy machine looks at a new connection is not the courier's
        began, end = bad.ended[mode]
        expect(end - start > 3 and 1.5 < end - began < 7 * SLOWER, f"{mode} was given up after {end - began:.1f} s")
    no_wait(start, got, min(bad.ended[mode][1] for mode in HANGS))
    reload(hub, server=f"smtp://localhost:{deaf.port}")
    second, start, got = warn("件名二")  # no connection is even made
    wait_for("it to be given up", lambda: ("queued", "timeout") in mail_routes(hub, second), 30)
    no_wait(start, got, start + 3)
    hub.stop()
    replace(TMP + "/hooks.conf", open(TMP + "/hooks.conf", "rb").read().replace(b"%d" % bad.port, b"%d" % well.port))
    rows(hub, "UPDATE deliveries SET next_at = 0, tries = 0 WHERE state = 1")  # the time of the next try has come
    hub.start()
    ids = lambda texts: {re.search(rb"Message-ID: (\S+)", m)[1] for m in texts}
    wait_for("all mails", lambda: len(ids(well.mails)) >= 2 * len(MODES), 60)
    expect(len(ids(well.mails)) == 2 * len(MODES) and ids([b"".join(bad.heard["data"])]) < ids(well.mails), "a mail that comes again has the same id")
    warn("件名三")
    wait_for("the end", lambda: mail_routes(hub, first) | mail_routes(hub, second) == {("sent", "")}, 60)
print(f"{len(MODES)} troubles, {len(well.mails)} mails")
