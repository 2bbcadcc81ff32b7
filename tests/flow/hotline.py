# SPDX-License-Identifier: Apache-2.0
"""Whom a call of the hotline rouses when, what stops it, and a case that began on the telephone."""
import json
import os

from hooks import TMP, Hook, hub_with
from hub import BUILD, ROOT, Client, cli, expect, open_case, replace, report, wait_for

clock = os.path.join(TMP, "clock")
at = lambda minutes: replace(clock, str(minutes * 60).encode())
gate = Hook()
replace(TMP + "/gateway.key", gate.secret.hex().encode() + b"\n")
with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
    persons = next(m for m in json.load(f)["members"] if m["id"] == "centre")["persons"]
for n, person in enumerate(persons):
    person.update(duties=["desk", "duty_officer"], contacts=[{"sms": f"090-0000-100{n + 1}"}])
at(0)
with hub_with({"centre": {"contacts": [{"voice": "03-0000-1009"}], "persons": persons}},
              hub={"build": BUILD + "/tc", "env": {"CEPTOAR_TEST_CLOCK": clock}},
              gateway=f"https://localhost:{gate.port}/gw", gateway_secret=TMP + "/gateway.key") as hub:
    said = lambda: [m["to"][-4:] for m, _ in gate.bulletins()]
    op, centre = Client(hub, "aozora-hp"), Client(hub, "centre")
    path, mine = open_case(op, "青空中央病院からの秘密の件名", 1, "none", hotline="page")
    wait_for("the first on duty", lambda: said() == ["1001"])
    text = gate.bulletins()[0][0]["text"]
    expect("医療 1" in text["ja"] and "1 calls" in text["en"] and not any(x in str(text) for x in ("秘密", "青空")), f"{text}")
    for _ in range(4):
        expect(op.post("/v1/reports", report("件", 1, "none", hotline="page"))[0] == 201, "more calls")
    wait_for("the fifth", lambda: said() == ["1001"] * 2)
    expect("医療 5" in gate.bulletins()[1][0]["text"]["ja"], "how many there are")
    at(6)
    wait_for("the second on duty, the first again", lambda: sorted(said()[2:]) == ["1001", "1002"])
    at(12)
    wait_for("the third, the centre itself", lambda: sorted(said()[4:]) == ["1001", "1002", "1009"])
    at(18)
    wait_for("everybody", lambda: sorted(said()[7:]) == ["1001", "1002", "1009"])
    # Somebody takes it, by the command line; nobody is roused any more.
    text = cli(hub, "centre", "hotline")[1]
    expect("medical 5" in text and "everybody" in text and text.count("waits") == 5, text)
    case = path.rpartition("/")[2]
    expect(cli(hub, "centre", "hotline", "ack", case)[0] == 0, "somebody takes it")
    expect("somebody else has it: centre, since 20" in (text := cli(hub, "centre/duty-1", "hotline", "ack", case)[1]), f"and the second hears who: {text}")
    calls = {c["case"]: c for c in Client(hub, "centre").get("/v1/hotline")[2]["calls"]}
    expect(calls[case]["state"] == "taken" and calls[case]["waited"] >= 17 and calls[case]["person"], f"{calls[case]}")
    at(25)
    page = (centre := Client(hub, "centre")).get("/v1/hotline")[2]["pages"][0]
    expect(page["state"] == "taken" and page["next_page"] is None and len(page["paged"]) == 5, f"{page}")
    expect(any(r["action"] == "hotline.ack" and r["ref"] == case for r in centre.get("/v1/audit")[2]["rows"]), "who took it")

    # Both sides write in the case; who telephones has words for one.
    expect(centre.post(f"/v1/cases/{case}/messages", {"text": "状況は?"})[0] == 201, "the centre asks")
    expect(Client(hub, "aozora-hp").post(f"/v1/cases/{case}/messages", {"text": "停止中"}, headers=mine)[0] == 201, "the caller answers")
    text = cli(hub, "centre", "hotline", "open", "--ceptoar", "medical-ceptoar")[1]
    case, words = text.splitlines()[0].split()[1], "\n".join(text.splitlines()[1:])
    replace(TMP + "/words", words.encode())
    expect(cli(hub, "hibari-hp", "case", "import", TMP + "/words")[0] == 0, "the words")
    expect(cli(hub, "hibari-hp", "case", "answer", case, "電話の続きです")[0] == 0, "the caller goes on")
    expect("電話の続きです" in json.dumps(centre.get(f"/v1/cases/{case}/messages")[2], ensure_ascii=False), "both hear each other")
    expect(len(gate.got) == 10, f"nobody was roused again: {said()}")
print(f"{len(gate.got)} pages, five levels of them")
