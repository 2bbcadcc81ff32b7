# SPDX-License-Identifier: Apache-2.0
"""Drills and a contact test, from the command to every receiver and back."""
import json
import re
import time

from hooks import TMP, Hook, answer, hub_with
from hub import Client, Stream, cli, expect, replace, report, wait_for
from mails import Browser
from smtpd import Server, free_port

gate, hook, gone, port = Hook(), Hook(), Hook(answer(410)), free_port()
for name, secret in (("gateway.key", gate.secret.hex()), ("password", "open sesame")):
    replace(f"{TMP}/{name}", secret.encode() + b"\n")
people = {"hibari-hp": hook, "wakaba-hp": gone, "aozora-hp": [{"mail": "a@aozora-hp.example.or.jp"}, {"sms": "090-0000-1001"}],
          "tsukimi-hp": [{"mail": "full@tsukimi-hp.example.or.jp"}], "pager-b": [{"sms": "090-0000-1003"}]}
mail = f"[mail]\nserver = smtp://localhost:{port}\nuser = hub\npassword_file = {TMP}/password\nca = {TMP}/hub/ca.pem\nfrom = hub@hub.example\nanswers_url = https://localhost\n"
with hub_with(people, mail, link_quiet="1s", gateway=f"https://localhost:{gate.port}/gw", gateway_secret=TMP + "/gateway.key") as hub:
    server = Server(hub.dir + "/server.pem", hub.dir + "/server.key", port, "starttls", {"full@tsukimi-hp.example.or.jp": "552 mailbox full"})
    desk, op, stream = Client(hub, "medical-desk"), Client(hub, "aozora-hp"), Stream(hub, "minamo-hp")
    until = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 3600))
    link = lambda letter: Browser(hub, re.search(r"https?://\S+", letter["text"])[0])
    run = lambda *words: cli(hub, "medical-desk", "--json", *words)
    code, text = run("drill", "start", "--kind", "down", "--title", "通報訓練", "--deadline", until)
    drill = json.loads(text)
    expect(code == 0 and drill["state"] == "running" and drill["bulletin"]["number"].startswith("EX-"), text)

    # Every way, the pagers too; and each of them says what it is.
    letter = wait_for("the mail", lambda: server.to("a@aozora-hp.example.or.jp"))[0]
    wait_for("webhook, pagers, stream", lambda: hook.got and gone.got and len(gate.got) == 2 and stream.wait(1))
    expect(letter["m"]["Subject"].startswith("【訓練】EXERCISE ") and letter["text"].count("これは訓練です") >= 2, letter["m"]["Subject"])
    expect(hook.bulletins()[0][0]["status"] == "exercise" and hook.bulletins()[0][0]["title"]["ja"] == "【訓練】通報訓練", f"{hook.bulletins()}")
    expect(all(m["text"]["ja"].startswith("【訓練】") and m["text"]["en"].startswith("EXERCISE ") for m, _ in gate.bulletins()), f"{gate.bulletins()}")
    browser = link(letter)
    expect("【訓練】" in browser.get(browser.path)[2].decode(), "the page behind the link")
    wait_for("the link's answer", lambda: browser.answer("read") == 200)
    expect(Client(hub, "minamo-hp").post("/v1/acks", {"acks": [{"id": drill["bulletin"]["id"], "status": "received"}]})[0] == 200, "an acknowledgement")
    operators = lambda: desk.get("/v1/drills/" + drill["id"])[2]["rows"][0]["stages"][2]
    wait_for("what was refused", lambda: {"gone", "mailbox_full"} <= operators()["unreached"].keys())
    expect(json.loads(run("drill", "end", drill["id"])[1])["state"] == "ended", "its end")
    stage = operators()
    expect([stage[n] for n in ("acknowledged", "opened", "percent")] + list(stage["by"].values()) == [2, 1, 200 // stage["entitled"], 1, 1, 0, 0], f"{stage}")
    text = run("drill", "show", "--csv", drill["id"])[1]
    expect(all(line.startswith("【訓練】EXERCISE,") for line in text.lstrip("\ufeff").splitlines()[1:]), text)
    # Reports are asked for, and few of them are not told; outside of a drill an exercise pages nobody.
    up = desk.post("/v1/drills", {"kind": "up", "title": "連絡訓練", "deadline": until, "severity": 1})[2]["id"]
    expect(op.post("/v1/reports", report("訓練の報告", 4, exercise=True))[0] == 201 and desk.post(f"/v1/drills/{up}/end", None)[0] == 200, "an exercise, and its end")
    expect(desk.get("/v1/drills/" + up)[2]["rows"][0]["reports"].startswith("<"), "below k")
    # Contacts: every way, no stream.
    test = json.loads(run("contact-test", "start")[1])["id"]
    wait_for("the pagers again", lambda: len(gate.got) == 4)
    expect(sum("連絡先の確認" in m["text"]["ja"] for m, _ in gate.bulletins()) == 2, f"only the drill and the test have paged: {gate.bulletins()}")
    routes = lambda: {r["route"]: r for r in desk.get("/v1/contact-test/" + test)[2]["routes"]}
    wait_for("what became of it", lambda: (r := routes()) and not any(x["waiting"] for x in r.values()) and r["mail"]["failed"] >= 1 and r["webhook"]["failed"] >= 1)
    letter = wait_for("the test's mail", lambda: [m for m in server.to("a@aozora-hp.example.or.jp") if "連絡先の確認" in m["m"]["Subject"]])[0]
    browser = link(letter)
    wait_for("its link", lambda: browser.answer("received") == 200)
    expect(routes()["mail"]["confirmed"] == 1 and len(op.get("/v1/contact-test/" + test)[2]["deliveries"]) == 1, f"{routes()}")
    expect("連絡先の確認" not in json.dumps(op.get("/v1/events?wait=0&cursor=earliest")[2], ensure_ascii=False), "on a list")
print(f"{stage['entitled']} operators drilled, {stage['acknowledged']} acknowledged, {len(gate.got)} pages, every one marked")
