# SPDX-License-Identifier: Apache-2.0
"""Five airports that are alike: who may be told what about one of them."""
import json
import os
import subprocess

from hub import BUILD, Client, Hub, Stream, case_secret, crowd, expect, replace, report, wait_for

FACTS = {"facility": {"region": "kanto", "class": "terminal", "size": "large"}, "products": ["搭乗橋X"], "systems": ["ot"]}
path = crowd("airport-ceptoar", 5, region="kanto", **{"class": "terminal"}, size="large")
words = lambda *args: subprocess.run([BUILD + "/ceptoar", "--as", *args], capture_output=True, text=True, timeout=60, check=True).stdout

with Hub(members=path) as hub:
    sender, centre = Client(hub, "airport-ceptoar-0"), Client(hub, "centre")
    own, cross, other = (Stream(hub, *a) for a in (("airport-ceptoar-1",), ("hikari-power",), ("airport-ceptoar-1", "?sector=finance")))
    item = lambda title: next(i for i in centre.get("/v1/inbox")[2]["items"] if i["report"]["title"]["ja"] == title)

    def send(title, level=4, publish="cross_sector", client=sender, path="/v1/reports", headers=None, **more):
        status, _, body = client.post(path, report(title, level, publish, **more), headers=headers or {})
        expect(status == 201, f"{title}: {status} {body}")
        return body

    # Five are enough for airports; for others the group of sectors is shown in place of the sector, and the day.
    secret, commitment = case_secret()
    receipt = send("第一報", case_commitment=commitment, **FACTS)
    near, far = own.wait(1)[0][2], cross.wait(1)[0][2]
    expect(near == far and "products" not in near and "facility" not in near, f"{near}")
    expect(near["sector"]["slug"] == "transport" and near["issued_at"].endswith("T00:00:00+09:00"), f"{near}")
    expect(other.wait(1)[0][2] == near, "a row that hides its sector was kept from who asked for another one")
    expect((k := item("第一報")["k"])["inside"] == 5 and k["beyond"] >= 11 and k["shown"] == ["sector_group"], f"{k}")
    send("空港向け", 3, "ceptoar", **FACTS)
    expect((near := own.wait(2)[1][2])["facility"] == FACTS["facility"] and near["sector"]["slug"] == "airport" and "products" not in near, f"{near}")
    expect("bulletin" not in send("六者を", 3, consent={"publish": "ceptoar", "k": 6}), "k was asked for in vain")
    expect(item("六者を")["state"] == "received" and "k: too few members" in item("六者を")["held"][0], f"{item('六者を')}")

    # One leaves: updates, too, wait, and say so on the desk; withdrawal reaches whom the alarm had reached.
    expect(hub.ctl("member", "disable", "airport-ceptoar-4")[0] == 0, "disable")
    wait_for("four candidates", lambda: sender.post("/v1/reports/preview", report("x"))[2]["k"]["inside"] == 4)
    case, auth = "/v1/cases/" + receipt["case"], {"Authorization": "Case " + secret}
    send("続報", client=sender, path=case + "/reports", headers=auth)
    expect(item("続報")["held"] and item("続報")["k"]["inside"] == 4, f"{item('続報')}")
    expect(send("四者", 3, "ceptoar", hotline="page")["state"] == "received", "four were enough")
    expect(item("四者")["hotline"] == "page", "the centre's desk does not see the call")
    expect(sender.post(case + "/withdraw", {}, headers=auth)[0] == 200, "withdrawal")
    expect(own.wait(1, "cancel")[0][2]["id"] == far["id"] and cross.wait(1, "cancel") and not own.of("update"), "the end of it")

    # The preview counts, says what would wait and why, and shows times and places.
    text = os.path.join(os.environ["TEST_TMP"], "report.json")
    replace(text, json.dumps(report("青空市で11月8日に停止", 3, **FACTS)).encode())
    said = words(f"{hub.dir}/airport-ceptoar-0", "--lang", "ja", "preview", text)
    for line in ("登録情報上の候補 4 者。文面からは推測され得ます", "in your CEPTOAR: 4, needed 5", "waits: k: too few members",
                 "left out: size, region, class, sector, minute, products, ot", "11月8日  (time)", "青空市  (place)"):
        expect(line in said, f"the preview does not say {line}: {said}")
    said = words(f"{hub.dir}/aozora-hp", "--lang", "en", "preview", text)
    expect("7 members fit by what is registered; the wording itself may still give you away" in said, said)
    code, said = hub.ctl("policy", "check", text, "--ceptoar", "airport-ceptoar")
    expect(code == 0 and "k: too few members could have sent it" in said and "inside: 4" in said, said)
    replace(text, json.dumps(report("停止", 4, "cross_sector", **FACTS)).encode())
    expect("would do for readers beyond your CEPTOAR alone, with " in words(f"{hub.dir}/airport-ceptoar-0", "--lang", "en", "preview", text), "what would do")
print("shown as far as k members fit, and waiting with a reason where they do not")
