# SPDX-License-Identifier: Apache-2.0
"""Mails through a real server: what they say, their link, and what refusals do."""
import re
import time

from hub import Client, expect, report, wait_for
from mails import Browser, box, mail_hub, reload, rows

REFUSE = {box("wakaba-hp"): "550 no such user", box("tsukimi-hp"): "once:451 later"}
with mail_hub(refuse=REFUSE) as (hub, server):
    reload(hub, answers_url=hub.env()["CEPTOAR_ANSWERS_URL"])
    indicators = [{"type": "url", "value": "http://evil.example/x"}]
    number = Client(hub, "aozora-hp").post("/v1/reports", report("大きな件", indicators=indicators))[2]["bulletin"]["number"]
    mail = wait_for("the mail", lambda: server.to(box("hibari-hp")))[0]
    links = re.findall(r"https?://\S+", mail["text"])
    expect(len(links) == 2 and links[0] == links[1], f"its link, in both languages, and no other: {links}")
    browser = Browser(hub, links[0])
    early = browser.answer("read")
    expect(early == 409 or time.monotonic() - mail["at"] > 3, f"a scanner is quick: {early}")

    m = mail["m"]
    expect(m["Subject"] == f"[TLP:AMBER][レベル3] 早期警戒情報 {number} 大きな件", m["Subject"])
    expect((mail["tls"], mail["from"], mail["ehlo"]) == (True, "hub@hub.example", "hub.example"), f"{mail}")
    expect(str(m["From"]) == "セプターハブ <hub@hub.example>" and str(m["To"]) == box("hibari-hp"), f"{m['From']} {m['To']}")
    expect(m["Auto-Submitted"] == "auto-generated" and m["Date"].datetime.utcoffset().seconds == 9 * 3600, f"{m.items()}")
    expect([p["Content-Language"] for p in m.iter_parts()] == ["ja", "en"], "the reader's language first")
    expect({p.get_content_type() for p in m.iter_parts()} == {"text/plain"}, "no HTML")
    for part in m.iter_parts():
        lines = part.get_content().strip().splitlines()
        expect(lines[0].startswith("TLP:AMBER") and lines[-1] == lines[0], f"TLP at head and foot: {lines}")
    for said in ("未確認（1者からの報告）", "hxxp://evil[.]example/x", "法令等に基づく報告や届出に代わるものではありません"):
        expect(said in mail["text"], f"{said}: {mail['text']}")
    twice = wait_for("the mail that was put off", lambda: len(t := server.to(box("tsukimi-hp"))) == 2 and t)
    expect(twice[0]["m"]["Message-ID"] == twice[1]["m"]["Message-ID"], "one Message-ID for all tries")
    expect(twice[0]["m"]["Message-ID"] != m["Message-ID"], "and another for each reader")

    wait_for("the answer to count", lambda: early == 200 or browser.answer("read") == 200)
    # What the desk reads of it: by which route, why not, and by what an answer is proven.
    lines = Client(hub, "medical-desk").get(f"/v1/bulletins/{number}/deliveries?limit=500")[2]["deliveries"]
    said = {(r["state"], r["routes"][0]["state"], r["routes"][0]["reason"], *(e["grade"] for e in r["evidence"] if not e["flagged"])) for r in lines if r["routes"]}
    expect(said >= {("read", "sent", "", "link"), ("failed", "failed", "status 550"), ("sent", "sent", "")}, f"the desk reads: {said}")
    expect(browser.get(browser.path)[0] == 404, "the link is used up")
    hub.stop()
    acks = rows(hub, "SELECT status, flagged, forwarded FROM acks WHERE evidence = 2")
    expect(acks == [(2, 0, 2)], f"the answer is recorded: {acks}")
    dead = rows(hub, "SELECT state, tries FROM deliveries WHERE reason = 'status 550'")
    expect(dead == [(4, 1)], f"refused for good, a dead letter: {dead}")
    states = {r[0] for r in rows(hub, "SELECT state FROM deliveries WHERE reason = ''")}
    expect(states == {3}, f"the rest is sent: {states}")
