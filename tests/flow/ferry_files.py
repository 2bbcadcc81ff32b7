# SPDX-License-Identifier: Apache-2.0
"""Files over to a closed network; a receiver by name; a mail as it was sent."""
import base64
import json
import os

from hub import Client, Hub, Stream, expect, replace, wait_for

BASE = os.environ.get("TEST_TMP", "/tmp")
FILE, OURS = BASE + "/out", BASE + "/a.jwks"
TABLE = b"host,seen\n" + b"".join(b"host-%d,%d\n" % (i % 999, i) for i in range(70000))  # three pieces
PLAIN = "対象の一覧\n".encode()
MAIL = b"From: =?ISO-2022-JP?B?GyRCN1lKcxsoQg==?= <a@example.jp>\nSubject: =?ISO-2022-JP?B?GyRCN1lKcxsoQg==?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=ISO-2022-JP\nContent-Transfer-Encoding: base64\n\n"


def released(desk, draft, files=()):
    at = "/v1/drafts/" + desk.post("/v1/drafts", draft)[2]["id"]
    for name, body in files:
        got = desk.request("PUT", f"{at}/attachments/{name}", body, headers={"Content-Type": "application/octet-stream"})
        expect(got[0] == 201, f"{name}: {got[:2]}")
    got = desk.post(at + "/release", {})
    expect(got[0] == 201, f"release: {got}")
    return got[2]["bulletin"]["id"]


fetched = lambda hub, member, bulletin, name: Client(hub, member).get(f"/v1/bulletins/{bulletin}/attachments/{name}")


with Hub(BASE + "/a") as a, Hub(BASE + "/b") as b:
    replace(OURS, json.dumps(Client(a, "aozora-hp").get("/.well-known/jwks.json")[2]).encode())
    desk, one, two = Client(a, "medical-desk"), Stream(a, "aozora-hp"), Stream(a, "hibari-hp")
    with_files = released(desk, {"severity": 3, "title": "一覧つき"}, [("hosts.csv", TABLE), ("note.txt", PLAIN)])
    wait_for("it arrives", lambda: one.of("bulletin") and two.of("bulletin"))
    # By name: the id is that of the deliveries; nobody else is told that there is something.
    lines = desk.get(f"/v1/bulletins/{with_files}/deliveries")[2]["deliveries"]
    name_of = lambda r: desk.get("/v1/names?receiver=" + r)[2].get("id")
    named = next(x["receiver"] for x in lines if name_of(x["receiver"]) == "aozora-hp")
    red = released(desk, {"severity": 3, "title": "名指し", "tlp": "TLP:RED", "audience": {"receivers": [named]}}, [("red.txt", PLAIN)])
    got = one.wait(2)[-1][2]
    expect(got["id"] == red and got["audience"] == "named" and fetched(a, "aozora-hp", red, "red.txt")[0] == 200, f"the named one: {got}")
    released(desk, {"severity": 3, "title": "そのあと"})
    wait_for("what comes after it", lambda: "そのあと" in str(two.of("bulletin")[-1]))
    expect("名指し" not in str(two.of("bulletin")) and len(two.of("bulletin")) == 2, "not on another's stream")
    for who in ("hibari-hp", "centre", "bank-desk"):
        reader = Client(a, who)
        expect(reader.get("/v1/bulletins/" + red)[0] == fetched(a, who, red, "red.txt")[0] == 404 and red not in str(reader.get("/v1/bulletins")[2]), who)
    # Over, with the files and without what is RED; altered, cut or twice.
    code, text = a.ctl("export", "--ceptoar", "medical-ceptoar", "--since", "2020-01-01", "--out", FILE)
    expect(code == 0 and red not in open(FILE, encoding="utf-8").read(), f"export: {text}")
    said = b.ctl("import", FILE, "--trust", OURS)
    expect(said[0] == 0 and "2 new" in said[1] and "2 files" in said[1], f"import: {said}")
    got = [fetched(b, "hibari-hp", with_files, name) for name in ("hosts.csv", "note.txt")]
    expect([x[2] for x in got] == [TABLE, PLAIN], f"as they were: {[(x[0], len(x[2])) for x in got]}")
    expect(fetched(b, "bank-desk", with_files, "note.txt")[0] == 404, "files are for its readers")
    expect("0 new" in b.ctl("import", FILE, "--trust", OURS)[1] and fetched(b, "hibari-hp", with_files, "note.txt")[0] == 200, "twice")
    got = desk.post("/v1/drafts/paste", {"lang": "ja", "text": MAIL.decode() + base64.b64encode("本文 evil[.]example".encode("iso-2022-jp")).decode()})
    expect(got[0] == 201 and got[2]["indicators"] == 1, f"paste: {got}")
    draft = desk.get("/v1/drafts/" + got[2]["draft"])[2]["draft"]
    expect(draft["title"]["ja"] == "警報" and "本文" in draft["body"]["ja"], f"a mail in ISO-2022-JP: {draft}")
print("files over, RED by name, a mail read")
