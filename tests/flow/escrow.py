# SPDX-License-Identifier: Apache-2.0
"""Two new holders take over from the holders before, and these retire."""
import json
import os
import shutil
import subprocess

from hub import BUILD, PHRASE, Client, Hub, edit_vault, expect, opened, replace, report

base = os.environ["TEST_TMP"]
mine = base + "/holder"


def ctl(*args, words=None, status=0, text=""):
    r = subprocess.run([f"{BUILD}/ceptoarctl", *args], input=words, capture_output=True, text=True, start_new_session=True, check=False)
    expect(r.returncode == status and text in r.stdout + r.stderr, f"{args}: {r.returncode} {r.stdout} {r.stderr}")
    return r.stdout


for holder, more in (("a", ["--passphrase"]), ("b", ["--curve", "P-384"])):
    ctl("escrow", "prepare", "--holder", holder, "--out", mine, *more, words=f"{PHRASE}\n" * 2)
new = [f"{mine}/escrow-{h}.pem" for h in "ab"]

with Hub() as hub:
    run = ["--run", hub.dir + "/run", "--conf", hub.dir + "/ceptoar.conf"]
    client = Client(hub, "aozora-hp")
    pairs = lambda: json.loads(ctl(*run, "--json", "escrow", "status"))["pairs"]
    rotate = lambda a, b, **kw: ctl(*run, "escrow", "rotate", "--a", a, "--b", b, **kw)
    placed = lambda: [open(f"{hub.dir}/escrow-{h}/cert.pem", "rb").read() for h in "ab"]
    expect([(p["state"], p["envelopes"]) for p in pairs()] == [("in use", 0)], f"{pairs()}")
    old = client.post("/v1/reports", report("old"))[2]["id"]
    before = placed()
    for h in "ab":
        shutil.copy(f"{hub.dir}/escrow-{h}/cert.pem", f"{base}/before-{h}.pem")
    # What makes no pair changes nothing.
    for a, b in ((hub.dir + "/ca.pem", new[1]), (new[1], new[1]), ("/nowhere", new[1])):
        rotate(a, b, status=1)
    conf = open(hub.dir + "/ceptoar.conf", "rb").read()
    replace(hub.dir + "/ceptoar.conf", conf + b"\n[vault]\nenvelope_days = many\n")  # the vault will not read this
    rotate(*new, status=1, text="old certificates are in their places")
    replace(hub.dir + "/ceptoar.conf", conf)
    expect(placed() == before, "a file was put")
    rotate(*new, text="pair ")
    fresh = client.post("/v1/reports", report("new"))[2]["id"]
    was, now = pairs()[1]["pair"], pairs()[0]["pair"]
    expect([(p["state"], p["envelopes"]) for p in pairs()] == [("in use", 1), ("opens old envelopes", 1)], f"{pairs()}")
    for pair, word, status in ((was, "1 envelopes", 1), (now, "in use", 1), ("0123456789abcdef", "ever made", 1), ("x", "16 hex", 2)):
        ctl(*run, "escrow", "retire", pair, status=status, text=word)
    # Each envelope opens with its own pair, and not with the other one.
    holders = [[(f"{base}/before-{h}.pem", f"{hub.dir}/escrow-{h}/key.pem") for h in "ba"],
               [(f"{mine}/escrow-{h}.pem", f"{mine}/escrow-{h}-key.pem") for h in "ba"]]
    for i, name, right in ((old, "/old", 0), (fresh, "/new", 1)):
        ctl(*run, "envelope", "export", "--report", i, "--reason", "exercise of the holders", "--out", base + name)
        got = [opened(open(base + name, "rb").read(), *holders[k]) for k in (right, 1 - right)]
        expect(f"report: {i}\n" in got[0] and "member: aozora-hp\n" in got[0] and not got[1], f"{name}: {got}")
    # When the last envelope of the pair before is destroyed, its keys may be.
    edit_vault(hub, f"DELETE FROM envelopes WHERE report_id = x'{old}'")
    ctl(*run, "escrow", "retire", was, text="destroy")
    expect(pairs()[1]["state"] == "may be retired", f"{pairs()}")
print("rotated, opened, retired")
