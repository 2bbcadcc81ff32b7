# SPDX-License-Identifier: Apache-2.0
"""The signature of bulletins: published keys, verify, rotation with overlap, altered bytes, pinned keys."""
import base64
import glob
import json
import os

from council import cli
from hub import Blind, Client, Hub, Stream, expect, replace, report

BASE = os.environ.get("TEST_TMP", "/tmp")
FILE, KEYS = BASE + "/bulletin.json", BASE + "/jwks.json"
canonical = lambda bulletin: json.dumps(bulletin, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def kid_of(bulletin):
    return json.loads(base64.urlsafe_b64decode(bulletin["signature"].split(".")[0] + "=="))["kid"]


def warn(title):
    n = len(stream.of("bulletin"))
    expect(op.post("/v1/reports", report(title))[0] == 201, title)
    return stream.wait(n + 1)[-1][2]


with Hub() as hub:
    op = Client(hub, "aozora-hp")
    stream = Stream(hub, "hibari-hp")
    verify = lambda *args: cli(hub, "hibari-hp", "verify", *args)
    get = lambda c: c.get("/.well-known/jwks.json")
    status, head, keys = get(op)
    expect((status, head["Content-Type"]) == (200, "application/jwk-set+json"), f"{status} {head}")
    first = warn("一")
    expect(get(Client(hub, "centre"))[2] == get(Blind(hub))[2] == keys and kid_of(first) == keys["keys"][0]["kid"], "the same for everybody")
    replace(FILE, canonical(first) + b"\n")
    replace(KEYS, json.dumps(keys).encode())
    expect(verify("--jwks", KEYS, FILE)[0] == verify(first["number"])[0] == verify(FILE)[0] == 0, "verifies offline, and with the hub's keys")
    for old, new in ((b"\xe4\xb8\x80", b"\xe4\xb8\x81"), (b'"severity":3', b'"severity":2'), (b'"revision":1', b'"revision": 1'), (b"..", b"..A")):
        replace(FILE, canonical(first).replace(old, new, 1))
        expect(verify("--jwks", KEYS, FILE)[0] == verify(FILE)[0] == 1, f"{new} is not what was signed")
    # A rotation with an overlap publishes, and goes on with the old key; without one the new key signs.
    expect(hub.ctl("signing-key", "rotate", "--overlap", "1")[0] == 0, "rotate")
    expect(len(get(op)[2]["keys"]) == 2 and kid_of(warn("二")) == kid_of(first), "the old key signs yet")
    new, key = [k["kid"] for k in get(op)[2]["keys"] if k["kid"] != kid_of(first)][0], lambda *args: hub.ctl("signing-key", *args)
    expect(key("rotate", "--overlap", "0")[0] == 1, "one that waits comes first")
    expect(key("retire", new)[0] == 0 and key("retire", kid_of(first))[0] == 1, "the last one that can sign stays")
    expect(key("rotate", "--overlap", "0")[0] == 0 and kid_of(warn("三")) not in (new, kid_of(first)), "a new key signs at once")
    expect(key("retire", kid_of(first))[0] == 0 and key("list")[1].count("retired") == 2, "the old one is retired")
    wrote = [r["action"] + r["ref"] for r in json.loads(hub.ctl("--json", "audit", "list")[1])["rows"]]
    expect(wrote == [f"signing-key.{w}" for w in ("rotate", "retire" + new, "rotate", "retire" + kid_of(first))], f"{wrote}")
    expect("WARNING" not in cli(hub, "hibari-hp", "show", first["number"])[1], "show verifies")
    # The machine has pinned another key than this hub's: show and watch say so, and do not take it silently.
    other = dict(get(op)[2]["keys"][0], kid="0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
                 x="l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", y="9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA")
    (pinned,) = glob.glob(hub.dir + "/state/hub-keys-*.json")
    replace(pinned, json.dumps({"keys": [other]}).encode())
    text = cli(hub, "hibari-hp", "show", first["number"])[1]
    expect("no longer shows 1 of the keys" in text and other["kid"] in open(pinned, encoding="utf-8").read(), f"a pinned key that is gone is said, and kept: {text}")
    expect(cli(hub, "hibari-hp", "--json", "watch", "--count", "3", "--cursor", "earliest")[1].count('"verified":true') == 3, "watch verifies")
print("signed by the hub, to the byte, over a rotation")
