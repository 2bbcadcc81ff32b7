# SPDX-License-Identifier: Apache-2.0
"""Small bulletins wait for the day's mail and come as one; without TLS nothing goes out."""
import time

from hooks import mail_routes
from hub import Client, expect, report, wait_for
from mails import box, mail_hub, reload, rows
from smtpd import Server, free_port

LATER = time.strftime("%H:%M", time.gmtime(time.time() + (9 + 6) * 3600))  # in Japan, in six hours
with mail_hub("implicit", more=f"digest = {LATER}\n[policy]\nauto_own_level = 1") as (hub, server):
    sender = Client(hub, "aozora-hp")
    warn = lambda *what: sender.post("/v1/reports", report(*what))[2]["bulletin"]["number"]  # all of them are released
    small = [warn(title, 1) for title in ("小さな件一", "小さな件二")]
    plain = Server(hub.dir + "/server.pem", hub.dir + "/server.key", free_port(), None)
    reload(hub, server=f"smtp://localhost:{plain.port}")
    large = warn("要TLS")
    wait_for("the server without TLS to be tried", lambda: mail_routes(hub, large) == {("queued", "tls is refused")} and plain.sessions, 60)
    hub.stop()
    plain.stop()
    expect(not plain.mails and not server.mails, "nothing goes out without TLS")
    waiting = rows(hub, "SELECT DISTINCT state FROM deliveries WHERE route = 1 AND digest = 0")
    expect(waiting == [(1,)], f"no TLS: it waits, and is nobody's dead letter: {waiting}")
    rows(hub, "UPDATE deliveries SET next_at = 0 WHERE state IN (1, 6)")  # the digest's minute has come
    hub.start()  # with the first server again
    daily = wait_for("the daily mail", lambda: [m for m in server.to(box("hibari-hp")) if "まとめ" in m["m"]["Subject"]], 60)
    subject = daily[0]["m"]["Subject"]
    expect(subject.startswith("[TLP:AMBER] 情報提供のまとめ 20") and subject.endswith("（2件）"), subject)
    expect("小さな件一" in daily[0]["text"] and "小さな件二" in daily[0]["text"], daily[0]["text"])
    wait_for("what waited for TLS", lambda: [m for m in server.to(box("hibari-hp")) if "要TLS" in m["m"]["Subject"]], 60)
    expect(not [m for m in server.mails if "小さな" in m["m"]["Subject"]], "small ones never come alone")
    wait_for("all of them to be sent", lambda: all(mail_routes(hub, n) == {("sent", "")} for n in (*small, large)), 60)
    hub.stop()
    states = rows(hub, "SELECT DISTINCT state FROM deliveries WHERE route = 1 AND digest = 1")
    expect(states == [(3,)], f"each of them is sent: {states}")
