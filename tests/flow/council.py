# SPDX-License-Identifier: Apache-2.0
"""For the flows about blind tokens: a member's command line and file, and the scratch hub's council."""
import base64
import hashlib
import json
import os
import subprocess

from hub import SLOWER, Client, wait_for


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def cli(hub, who, *args):
    """(status, output) of the member's command line."""
    run = [os.path.join(os.path.dirname(hub.args[0]), "ceptoar"), "--as", f"{hub.dir}/{who}", "--state-dir", hub.dir + "/state", *args]
    r = subprocess.run(run, capture_output=True, text=True, timeout=60 * SLOWER, check=False)
    return r.returncode, r.stdout + r.stderr


def held(hub, who):
    return json.loads(cli(hub, who, "--json", "tokens", "--list")[1])


def the_file(hub, who):
    folder = os.path.realpath(f"{hub.dir}/{who}").encode()
    return f"{hub.dir}/state/tokens-{hashlib.sha256(folder).hexdigest()[:16]}.json"


def shown(hub, who="aozora-hp"):
    return Client(hub, who).get("/v1/tokens")[2]


def statement(hub, who="aozora-hp"):
    """What the statement says that the hub shows now; None: none."""
    jws = shown(hub, who).get("statement")
    return jws and json.loads(base64.urlsafe_b64decode(jws.split(".")[1] + "=="))


def signed(hub, ahead=0, groups=5, who="aozora-hp"):
    """Waits until the council has signed each group's key of the epoch; what it says then."""
    def ready():
        s, now = statement(hub, who), shown(hub, who)["epoch"] + ahead
        return s and [k["epoch"] for k in s["keys"]].count(now) == groups and s
    return wait_for("the council's statement", ready, 240)


def publish(hub, said):
    """Signs and publishes what `said` says; the command's status and output."""
    part = lambda j: b64(json.dumps(j, sort_keys=True, separators=(",", ":")).encode())
    text = part({"alg": "ES256", "typ": "ceptoar-keys"}) + "." + part(said)
    der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", hub.dir + "/council/key.pem"], input=text.encode(),
                         capture_output=True, check=True).stdout
    r, s = der[4:4 + der[3]], der[6 + der[3]:]
    raw = b"".join(x.lstrip(b"\0").rjust(32, b"\0") for x in (r, s))
    with open(hub.dir + "/said.jws", "w", encoding="ascii") as f:
        f.write(text + "." + b64(raw) + "\n")
    return hub.ctl("council", "publish", hub.dir + "/said.jws")
