# SPDX-License-Identifier: Apache-2.0
"""Two hubs: what one has imported, its readers believe; nothing else that the other signs."""
import glob
import json
import os

from council import cli
from hub import Client, Hub, expect, replace, report, wait_for

BASE = os.environ.get("TEST_TMP", "/tmp")
FILE, OURS, THEIRS, TEXT, PASSED = (f"{BASE}/{n}" for n in ("out", "a.jwks", "b.jwks", "text.json", "passed.json"))
canonical = lambda bulletin: json.dumps(bulletin, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

with Hub(BASE + "/a") as a, Hub(BASE + "/b") as b:
    keys = lambda hub: Client(hub, "aozora-hp").get("/.well-known/jwks.json")[2]
    newest = lambda hub: Client(hub, "hibari-hp").get("/v1/bulletins")[2]["bulletins"][-1]
    verify = lambda *args: cli(a, "hibari-hp", "verify", *args)
    own, others = keys(a), keys(b)
    expect(own["foreign"] == others["foreign"] == [] and own["keys"] != others["keys"], "two hubs")
    replace(THEIRS, json.dumps(others).encode())
    expect(Client(b, "aozora-hp").post("/v1/reports", report("渡す", 3))[0] == 201, "a warning there")
    code, text = b.ctl("export", "--ceptoar", "medical-ceptoar", "--since", "2020-01-01", "--out", FILE)
    expect(code == 0 and "1 new" in a.ctl("import", FILE, "--trust", THEIRS)[1], text)
    expect(keys(a) == {"foreign": others["keys"], "keys": own["keys"]}, f"apart: {keys(a)}")
    replace(OURS, json.dumps(keys(a)).encode())
    got = wait_for("the relay", lambda: newest(a))
    replace(PASSED, canonical(got))
    for args in ((got["number"],), (PASSED,), ("--jwks", OURS, PASSED)):
        code, text = verify(*args)
        expect(code == 0 and text.count("verified") == 2, f"the relay and the original in it: {text}")
    expect("WARNING" not in cli(a, "hibari-hp", "show", got["number"])[1], "show")
    # What was never carried over, and even what was, is no word of this hub.
    expect(Client(b, "aozora-hp").post("/v1/reports", report("渡さない", 3))[0] == 201, "another warning there")
    for theirs in (newest(b), got["relay"]["original"]):
        replace(TEXT, canonical(theirs))
        expect(verify("--jwks", THEIRS, TEXT)[0] == 0, "it is the other hub's")
        for args in ((TEXT,), ("--jwks", OURS, TEXT)):
            code, text = verify(*args)
            expect(code == 1 and "another hub" in text, f"{args}: {text}")
    # A set that was kept before the hub told them apart is asked for anew.
    (pinned,) = glob.glob(a.dir + "/state/hub-keys-*.json")
    replace(pinned, json.dumps({"keys": own["keys"] + others["keys"]}).encode())
    code, text = verify(TEXT)
    expect(code == 1 and "no longer shows" not in text and json.load(open(pinned, encoding="utf-8")) == keys(a), f"kept before: {text}")
    # Who trusts this hub's files does not trust those of the hub behind it.
    code, text = b.ctl("export", "--ceptoar", "medical-ceptoar", "--since", "2020-01-01", "--out", FILE)
    expect(code == 0 and a.ctl("import", FILE, "--trust", OURS)[0] == 1, "a file of the other hub, with this hub's set")
    expect("2 rows" in text and " 1 new" in a.ctl("import", FILE, "--trust", THEIRS)[1], text)
    expect(a.ctl("signing-key", "list")[1].count("foreign") == 1 and a.ctl("signing-key", "rotate", "--overlap", "0")[0] == 0, "the keys' list")
    # A key that the other hub has lost is believed no more, by readers who kept it neither; an import is trust anew.
    kid = next(k["kid"] for k in json.loads(a.ctl("--json", "signing-key", "list")[1])["keys"] if k["state"] == "foreign")
    expect(a.ctl("signing-key", "retire", kid)[0] == 0 and keys(a)["foreign"] == [], "dropped")
    code, text = verify(got["number"])
    expect(code == 1 and text.count("verified") == 1 and "the hub shows no such key" in text, f"the original of a dropped key: {text}")
    expect("signing-key.drop" in a.ctl("audit", "list")[1], "in the audit log")
    expect(Client(b, "aozora-hp").post("/v1/reports", report("三つ目", 3))[0] == 201, "a third")
    code, text = b.ctl("export", "--ceptoar", "medical-ceptoar", "--since", "2020-01-01", "--out", FILE)
    expect(code == 0 and a.ctl("import", FILE, "--trust", THEIRS)[0] == 0 and verify(got["number"])[0] == 0, "trusted anew")
print("believed inside a relay, and nowhere else")
