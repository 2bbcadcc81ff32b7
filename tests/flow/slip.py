# SPDX-License-Identifier: Apache-2.0
"""Slips by the command line; hours pass by the test clock's file."""
import base64
import json
import os
import subprocess
import time

from hub import BUILD, SLOWER, Client, Hub, expect, refused, replace, report, wait_for

base = os.environ["TEST_TMP"]
clock, WORDS = base + "/clock", "折り返し 03-0000-7741 囀谷"
at = lambda seconds: replace(clock, str(seconds).encode())
at(0)
with Hub(build=BUILD + "/tc", env={"CEPTOAR_TEST_CLOCK": clock}) as hub:
    def cli(who, *args, text=None):
        r = subprocess.run([BUILD + "/ceptoar", "--as", f"{hub.dir}/{who}", "--state-dir", f"{base}/{who}", "--json", *args],
                           input=text, capture_output=True, text=True, timeout=60 * SLOWER, check=False)
        return r.returncode, r.stdout, r.stderr

    def leave(desk, level=3, *more):
        replace(base + "/r.json", json.dumps(report("件", level), ensure_ascii=False).encode())
        return cli("aozora-hp", "report", "--slip", "-", "--slip-to", desk, *more, base + "/r.json", text=WORDS + "\n")

    slip = lambda case, who: Client(hub, who).get(f"/v1/cases/{case}/slip")
    got = leave("medical-ceptoar")
    expect(got[0] == 0 and "medical-desk" in got[2], f"{got}")
    own, late = json.loads(got[1]), json.loads(leave("centre")[1])
    expect(own.keys() == json.loads(cli("aozora-hp", "report", base + "/r.json")[1]).keys(), f"a receipt differs: {own}")
    boxes = {}
    for case, desk, other in ((own["case"], "medical-desk", "centre"), (late["case"], "centre", "medical-desk")):
        opened = cli(desk, "case", "slip", case)
        expect(opened[0] == 0 and json.loads(opened[1])["slip"] == WORDS, f"{desk}: {opened}")
        boxes[case] = base64.urlsafe_b64decode(slip(case, desk)[2]["box"] + "==")
        for who in (other, "power-desk"):
            refused((404, "not_found"), slip(case, who))
        refused((404, "not_found"), slip(case, "aozora-hp"))
        flags = [{i["case"]: "slip" in i for i in Client(hub, w).get("/v1/inbox")[2]["items"]} for w in (desk, other)]
        expect(flags[0][case] and not flags[1][case], f"the inbox: {flags}")
    expect("does not open" in cli("medical-desk", "case", "slip", own["case"], "--key", hub.dir + "/centre/duty-key.pem")[2], "another key")
    # A key that is not the desk's, whoever hands it out; a desk that the report does not come to.
    for cert in ("centre/duty-cert.pem", "medical-desk/cert.pem", "escrow-a/cert.pem", "server.pem"):
        got = leave("medical-ceptoar", 3, "--duty-cert", hub.dir + "/" + cert)
        expect(got[0] == 1 and "cannot be trusted" in got[2] and not got[1], f"{cert}: {got}")
    expect("/slip/to" in leave("centre", 1)[2], "left for a desk that never sees it")
    # The words stand nowhere; the box in the keeper's database alone, and there not for ever.
    for word in WORDS.split():
        hit = subprocess.run(["grep", "-rlaF", word, hub.dir, hub.dir + ".log", base + "/aozora-hp"], capture_output=True, text=True, check=False)
        expect(not hit.stdout, f"{word} stands in {hit.stdout}")
    held = lambda case: any(boxes[case] in open(os.path.join(d, f), "rb").read() for d, _, fs in os.walk(hub.dir) for f in fs if ".db" in f)
    expect(held(own["case"]) and held(late["case"]) and len(set(map(len, boxes.values()))) == 1, "where is the box?")
    expect(cli("medical-desk", "case", "close", own["case"])[0] == 0, "close")
    refused((404, "not_found"), slip(own["case"], "medical-desk"))
    wait_for("the box to leave the files", lambda: not held(own["case"]))
    at(72 * 3600 - 120)
    time.sleep(2.5 * SLOWER)
    expect(slip(late["case"], "centre")[0] == 200, "it ended too early")
    at(72 * 3600 + 60)
    wait_for("the end of the slip", lambda: slip(late["case"], "centre")[0] == 404 and not held(late["case"]))
print("slips opened for their desk, and were gone at closure and after 72 h")
