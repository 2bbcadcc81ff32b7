# SPDX-License-Identifier: Apache-2.0
"""The same channel for a case that began on the blind listener."""
import json

from drawn import draw
from hub import Blind, Client, Hub, case_secret, expect, refused, report, wait_for

MEMBERS = ["minatomirai-bank", "yamabiko-bank", "suzukaze-bank", "hotaru-bank", "kobushi-shinkin"]
say = lambda text: {"text": {"ja": text}}
with Hub() as hub:
    tokens = [t for m in MEMBERS for t in draw(hub, m, "finance")]
    secret, commitment = case_secret()
    mine, blind, desk = {"Authorization": "Case " + secret}, Blind(hub), Client(hub, "bank-desk")
    body = report("件", 3, "ceptoar", ceptoar="bank-ceptoar", case_commitment=commitment, slip={"to": "bank-ceptoar", "box": "sAxe"})
    send = lambda: blind.post("/v1/reports", body, headers={"Authorization": tokens[0], "Idempotency-Key": commitment})
    got = wait_for("the keeper to know how many have drawn", lambda: (lambda g: g if g[0] != 409 else None)(send()))
    expect(got[0] == 201, f"{got}")
    case = "/v1/cases/" + got[2]["case"]
    expect(desk.get(case + "/slip")[2] == {"to": "bank-ceptoar", "box": "sAxe"}, "the slip of a blind report")
    expect(desk.post(case + "/messages", say("問 http://u.example/7"))[0] == 201, "the desk asks")
    state = blind.get(case, headers=mine)[2]
    expect((state["messages"], state["unread"]) == (1, 1), f"{state}")
    expect("hxxp://u[.]example" in str(blind.get(case + "/messages", headers=mine)[2]), "a link that would show who reads")
    # What patterns find is masked, though whose terms these are the hub does not know.
    expect(blind.post(case + "/messages", say("連絡先 03-1234-5678 a@b.example"), headers=mine)[0] == 201, "answer")
    text = str(desk.get(case + "/messages")[2])
    expect("03-1234" not in text and "a@b" not in text, text)
    refused((400, "names_sender"), blind.post(case + "/messages", dict(say("x"), member="y"), headers=mine))
    refused((401, "unauthorized"), blind.get(case + "/messages"))
    for how, path in (("POST", case + "/close"), ("GET", case + "/slip"), ("GET", "/v1/duty-keys")):
        refused((404, "not_found"), blind.request(how, path, headers=mine))
    # The secret opens it on the members' listener as well; there is one case.  A version over
    # that one is refused before anybody is sealed: no envelope may exist for a blind case.
    expect(Client(hub, "kosei-ministry").get(case, headers=mine)[2]["messages"] == 2, "by a member")
    final = report("最終", 1, "ceptoar", ceptoar="bank-ceptoar", stage="final")
    sealed = lambda: [p["envelopes"] for p in json.loads(hub.ctl("--conf", hub.dir + "/ceptoar.conf", "--json", "escrow", "status")[1])["pairs"]]
    refused((409, "conflict"), got := Client(hub, "minatomirai-bank").post(case + "/reports", final, headers=mine))
    expect("blind listener" in got[2]["detail"] and sum(sealed()) == 0, f"{got} {sealed()}")
    expect(blind.post(case + "/reports", final, headers=mine)[0] == 201, "a final report")
    expect(blind.get(case, headers=mine)[2]["reports"] == 2, "both versions")
    # Guesses end this connection too.
    wrong = lambda: blind.get(case, headers={"Authorization": "Case " + case_secret()[0]})
    expect([wrong()[0] for _ in range(8)] == [404] * 8 and wrong()[0] == 429 and blind.http is None, "guessing goes on")
    expect(desk.post(case + "/close", {})[2]["state"] == "closed" and blind.get(case, headers=mine)[2]["state"] == "closed", "closed")
    refused((404, "not_found"), desk.get(case + "/slip"))
    expect(blind.post(case + "/withdraw", {}, headers=mine)[2]["state"] == "withdrawn", "withdrawn")
print("a blind case asks, answers, goes on and ends like a sealed one")
