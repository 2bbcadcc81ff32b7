# SPDX-License-Identifier: Apache-2.0
"""Bulletins to mailboxes whose server is in trouble, each connection in another: at once, after a silence, altogether; the next server is well."""
import time

from hooks import TMP, Hook, certificate, hub_with, mail_routes
from hub import SLOWER, Client, expect, replace, report, wait_for
from mails import reload, rows
from smtp_trouble import HANGS, Trouble

CERTS = ("self-signed", "expired", "other-host")
BOXES = 8
QUICK = (*CERTS, "stripped")  # each ends at once: the fourth opens the breaker, whether they are begun together or one by one
SAID = {("queued", "certificate"), ("queued", "tls is refused")}
certs = {"expired": certificate("localhost", "-1"), "other-host": certificate("other.example"), "self-signed": certificate("localhost", "29")}
replace(TMP + "/ca", b"".join(open(p, "rb").read() for p in (certificate(), certs["expired"], certs["other-host"])))
replace(TMP + "/password", b"open sesame\n")
bad, silent, well, deaf, hook = Trouble(QUICK, certs, HANGS[0]), Trouble(HANGS, None, HANGS[0]), Trouble(), Hook(deaf=True), Hook()
mail = f"""[mail]\nserver = smtp://localhost:{bad.port}\nuser = hub\npassword_file = {TMP}/password\nca = {TMP}/ca\nfrom = hub@hub.example\n"""


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
    first, _, _ = warn("件名一")
    seen = set()
    wait_for("what is said of each trouble", lambda: seen.update(mail_routes(hub, first)) or (seen >= SAID and set(bad.ended) >= set(QUICK)), 60)
    reload(hub, server=f"smtp://localhost:{silent.port}", timeout="3s")  # and another server has a breaker of its own
    second, start, got = warn("件名二")
    wait_for("the silences to be given up", lambda: set(silent.ended) >= set(HANGS) and ("queued", "timeout") in mail_routes(hub, second), 120)
    for server, mode in ((silent, "banner"), (silent, "starttls"), *((bad, mode) for mode in QUICK)):
        server.told_nothing(mode, b"open sesame")
    expect(b"MAIL FROM" not in silent.told("auth") and b"MAIL FROM:<hub@hub.example> SIZE=" in silent.told("data"), "a mail before the password was accepted")
    for mode in HANGS:  # after its timeout of 3 s; how late a busy machine looks at a new connection is not the courier's
        began, end = silent.ended[mode]
        expect(end - start > 3 and 1.5 < end - began < 7 * SLOWER, f"{mode} was given up after {end - began:.1f} s")
    no_wait(start, got, min(silent.ended[mode][1] for mode in HANGS))
    reload(hub, server=f"smtp://localhost:{deaf.port}")
    third, start, got = warn("件名三")  # no connection is even made
    wait_for("it to be given up", lambda: ("queued", "timeout") in mail_routes(hub, third), 30)
    no_wait(start, got, start + 3)
    hub.stop()
    replace(TMP + "/hooks.conf", open(TMP + "/hooks.conf", "rb").read().replace(b"%d" % bad.port, b"%d" % well.port))
    rows(hub, "UPDATE deliveries SET next_at = 0, tries = 0 WHERE state = 1")  # the time of the next try has come
    hub.start()
    wait_for("all mails", lambda: len(well.ids()) >= 3 * BOXES, 60)
    expect(len(well.ids()) == 3 * BOXES and silent.ids("data") < well.ids(), "a mail that comes again has the same id")
    warn("件名四")
    wait_for("the end", lambda: set().union(*(mail_routes(hub, n) for n in (first, second, third))) == {("sent", "")}, 60)
print(f"{len(QUICK) + len(HANGS)} troubles, {len(well.mails)} mails")
