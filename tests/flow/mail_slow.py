# SPDX-License-Identifier: Apache-2.0
"""Two bulletins while the mail server answers nothing to the mails that it holds."""
import asyncio
import time

from hooks import TMP, Hook, certificate, hub_with
from hub import Client, expect, replace, report, wait_for
from smtpd import Server, free_port

BOXES = 8


class Thinking(Server):
    go = False

    async def handle_DATA(self, server, session, envelope):
        said = await super().handle_DATA(server, session, envelope)
        while not self.go:
            await asyncio.sleep(0.01)
        return said


replace(TMP + "/password", b"open sesame\n")
began, slow, hook = time.monotonic(), Thinking(certificate(), certificate(), free_port()), Hook()
mail = f"""[mail]\nserver = smtp://localhost:{slow.port}\nuser = hub\npassword_file = {TMP}/password\nca = {certificate()}\nfrom = hub@hub.example\n"""
with hub_with({"feed": hook}, lease="60s", more=mail) as hub:
    def warn(title):
        number = Client(hub, "aozora-hp").post("/v1/reports", report(title))[2]["bulletin"]["number"]
        wait_for("the webhook of " + title, lambda: any(number in b["number"] for b, _ in hook.bulletins()), 60)

    warn("件名一")
    wait_for("all its mails side by side", lambda: len(slow.mails) == BOXES, 60)
    warn("件名二")  # its webhook comes while all of them are thought about
    wait_for("both webhooks to count", lambda: hub.status()["keeper"]["outbox"]["sent"] >= 2, 60)
    expect(hub.status()["keeper"]["outbox"]["sent"] == 2, "a mail counts as sent before the server has taken it")
    slow.go = True
    wait_for("their end", lambda: hub.status()["keeper"]["outbox"]["sent"] == 2 * BOXES + 2, 60)
    ids = {m["m"]["message-id"] for m in slow.mails}
    expect(len(slow.mails) == len(ids) == 2 * BOXES and slow.sessions == 2 * len(ids), f"{len(slow.mails)} mails, {len(ids)} ids, {slow.sessions} greetings, two for each connection; {time.monotonic() - began:.0f} s")
slow.stop()
print(f"{len(ids)} mails, each of them once")
