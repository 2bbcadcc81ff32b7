# SPDX-License-Identifier: Apache-2.0
"""Two holders make their keys, take over from the holders before, and these retire."""
import json
import os
import shutil
import stat
import subprocess

from hub import BUILD, Client, Hub, edit_vault, expect, report

base = os.environ["TEST_TMP"]


def ctl(*args, words=None, status=0, text=""):
    r = subprocess.run([f"{BUILD}/ceptoarctl", *args], input=words, capture_output=True, text=True, start_new_session=True, check=False)
    expect(r.returncode == status and text in r.stdout + r.stderr, f"{args}: {r.returncode} {r.stdout} {r.stderr}")
    return r.stdout


def opened(path, holders):
    """Holder B's layer, then holder A's; each is (certificate, key)."""
    for cert, key in holders:
        r = subprocess.run(["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", path, "-recip", cert, "-inkey", key,
                            "-passin", "pass:correct horse battery", "-out", path + "+"], capture_output=True, check=False)
        if r.returncode != 0:
            return ""
        path += "+"
    return open(path, encoding="utf-8").read()


mine = base + "/holder"
for holder, more, words in (("a", ["--passphrase"], "correct horse battery\n" * 2), ("b", ["--curve", "P-384", "--days", "400"], None)):
    ctl("escrow", "prepare", "--holder", holder, "--out", mine, *more, words=words)
    key = f"{mine}/escrow-{holder}-key.pem"
    before = open(key, encoding="utf-8").read()
    expect(stat.S_IMODE(os.stat(key).st_mode) == 0o600 and ("ENCRYPTED" in before) == (holder == "a"), f"the key of {holder}")
    ctl("escrow", "prepare", "--holder", holder, "--out", mine, status=1)
    os.remove(f"{mine}/escrow-{holder}.pem")
    ctl("escrow", "prepare", "--holder", holder, "--out", mine, status=1, text="exists")
    expect(open(key, encoding="utf-8").read() == before, "a key was overwritten")
    os.remove(key)
    ctl("escrow", "prepare", "--holder", holder, "--out", mine, *more, words=words)
new = [f"{mine}/escrow-{h}.pem" for h in "ab"]
ctl("escrow", "check", *new, text="pair ")
ctl("escrow", "check", new[0], new[0], status=1, text="two holders")

with Hub() as hub:
    run = ["--run", hub.dir + "/run", "--conf", hub.dir + "/ceptoar.conf"]
    client = Client(hub, "aozora-hp")
    pairs = lambda: json.loads(ctl(*run, "--json", "escrow", "status"))["pairs"]
    rotate = lambda a, b, **kw: ctl(*run, "escrow", "rotate", "--a", a, "--b", b, **kw)
    old = client.post("/v1/reports", report("old"))[2]["id"]
    for h in "ab":
        shutil.copy(f"{hub.dir}/escrow-{h}/cert.pem", f"{base}/before-{h}.pem")
    # What makes no pair changes nothing.
    for a, b in ((hub.dir + "/ca.pem", new[1]), (new[1], new[1]), ("/nowhere", new[1])):
        rotate(a, b, status=1)
    expect(open(f"{hub.dir}/escrow-a/cert.pem", "rb").read() == open(f"{base}/before-a.pem", "rb").read(), "a file was put")
    rotate(*new, text="pair ")
    fresh = client.post("/v1/reports", report("new"))[2]["id"]
    was, now = pairs()[1]["pair"], pairs()[0]["pair"]
    expect([(p["state"], p["envelopes"]) for p in pairs()] == [("in use", 1), ("opens old envelopes", 1)], f"{pairs()}")
    for pair, word, status in ((was, "1 envelopes", 1), (now, "in use", 1), ("0123456789abcdef", "ever made", 1), ("x", "16 hex", 2)):
        ctl(*run, "escrow", "retire", pair, status=status, text=word)
    # Each envelope opens with its own pair, and not with the other one.
    holders = [[(f"{base}/before-{h}.pem", f"{hub.dir}/escrow-{h}/key.pem") for h in "ba"], [(f"{mine}/escrow-{h}.pem", f"{mine}/escrow-{h}-key.pem") for h in "ba"]]
    for i, name, right in ((old, "/old", 0), (fresh, "/new", 1)):
        ctl(*run, "envelope", "export", "--report", i, "--reason", "exercise of the holders", "--out", base + name)
        got = [opened(base + name, holders[k]) for k in (right, 1 - right)]
        expect(f"report: {i}\n" in got[0] and "member: aozora-hp\n" in got[0] and not got[1], f"{name}: {got}")
    # When the last envelope of the pair before is destroyed, its keys may be.
    edit_vault(hub, f"DELETE FROM envelopes WHERE report_id = x'{old}'")
    ctl(*run, "escrow", "retire", was, text="destroy")
    expect(pairs()[1]["state"] == "may be retired", f"{pairs()}")
print("prepared, checked, rotated, opened, retired")
