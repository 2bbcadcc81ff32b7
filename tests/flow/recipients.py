# SPDX-License-Identifier: Apache-2.0
"""Whose key an envelope of a named report is for."""
import base64
import os
import subprocess

from hub import BUILD, Client, Hub, expect, opened, report

with Hub() as hub:
    def ctl(*args, status=0, text=""):
        got, out = hub.ctl(*args)
        expect(got == status and text in out, f"{args}: {got} {out}")
        return out

    own = lambda who: (f"{hub.dir}/{who}/cert.pem", f"{hub.dir}/{who}/key.pem")
    centre = Client(hub, "centre")
    consent = lambda to: {"publish": "none", "identity": "named", "named_to": [to]}
    post = lambda to: Client(hub, "aozora-hp").post("/v1/reports", report("x", 1, consent=consent(to)))
    cms = lambda i: base64.b64decode(centre.get(f"/v1/reports/{i}/identity")[2]["cms"])

    listed = ctl("recipient", "list")
    expect([l.split()[0] for l in listed.splitlines()] == ["centre", "kosei-ministry", "kotsu-ministry"], listed)
    expect(listed.count("its own certificate") == 3, listed)
    first = post("centre")[2]["id"]
    # Another key, of a machine without a network: new envelopes are for it, old ones stay as they are.
    ctl("recipient", "set", "centre", "--cert", own("escrow-a")[0])
    second = post("centre")[2]["id"]
    expect("member: aozora-hp\n" in opened(cms(first), own("centre")) and not opened(cms(first), own("escrow-a")), "the old envelope")
    expect("member: aozora-hp\n" in opened(cms(second), own("escrow-a")) and not opened(cms(second), own("centre")), "the new envelope")
    ctl("member", "import", f"{hub.dir}/members.json", "--certs", hub.dir)
    expect("a key for this alone" in ctl("recipient", "list"), "an import took the key away")
    ctl("member", "show", "centre", text="may be named")
    # The desk is told how to go on when the key is not there, and gets the file.
    ask = [os.path.join(BUILD, "ceptoar"), "--as", f"{hub.dir}/centre", "identity"]
    r = subprocess.run([*ask, second], capture_output=True, text=True, check=False)
    expect(r.returncode == 1 and "--out FILE" in r.stderr, f"{r.stdout} {r.stderr}")
    saved = os.environ["TEST_TMP"] + "/named.der"
    expect(subprocess.run([*ask, "--out", saved, second], check=False).returncode == 0 and open(saved, "rb").read() == cms(second), "--out")
    # What cannot be.
    ctl("recipient", "set", "medical-desk", "--cert", own("escrow-a")[0], status=1)
    ctl("recipient", "set", "nobody", "--cert", own("escrow-a")[0], status=1)
    ctl("recipient", "set", "centre", "--cert", hub.dir + "/ca.pem", status=1, text="keyAgreement")
    ctl("recipient", "set", "centre", "--cert", "/nowhere", status=1)
    ctl("recipient", "drop", "kosei-ministry")
    ctl("recipient", "drop", "kosei-ministry", status=1)
    ctl("member", "disable", "kotsu-ministry")
    for who in ("kosei-ministry", "kotsu-ministry"):
        status, _, body = post(who)
        expect((status, body["pointer"]) == (422, "/consent/named_to"), f"{who}: {status} {body}")
    ctl("member", "enable", "kotsu-ministry")
    expect(post("kotsu-ministry")[0] == 201, "it is active again")
print("recipients listed, set, dropped; each envelope for the key of its day")
