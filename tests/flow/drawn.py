# SPDX-License-Identifier: Apache-2.0
"""Blind reports, and tokens drawn by a client of its own making: RFC 9474 by Python's integers, no line shared with the programs."""
import base64
import contextlib
import hashlib
import json
import secrets
import sqlite3

from hub import ROOT, Blind, Client, case_secret, expect, report, wait_for

GROUPS = [g["slug"] for g in json.load(open(ROOT + "/conf/ceptoars.json", encoding="utf-8"))["groups"]]
E, LEN, SALT = 65537, 384, 48
MEMBERS = ["akebono-trust", "kobushi-shinkin", "suzukaze-bank", "yamabiko-bank", "hotaru-bank"]  # of banks


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def pss(message):
    """EMSA-PSS-ENCODE (RFC 8017) with SHA-384 for 3072 bits, as an integer."""
    digest, salt = hashlib.sha384(message).digest(), secrets.token_bytes(SALT)
    h = hashlib.sha384(bytes(8) + digest + salt).digest()
    block = bytes(LEN - SALT - 48 - 2) + b"\1" + salt
    mask = b"".join(hashlib.sha384(h + i.to_bytes(4, "big")).digest() for i in range(7))[:len(block)]
    masked = bytearray(a ^ b for a, b in zip(block, mask))
    masked[0] &= 0x7f
    return int.from_bytes(bytes(masked) + h + b"\xbc", "big")


def current(hub, member, group):
    """What the hub says, and of it the key that signs now: a new hub takes seconds to make its keys."""
    told = Client(hub, member).get("/v1/tokens")[2]
    key = [k for k in told["keys"] if k["group"] == group and k["state"] == "current"]
    return (told, key[0]) if key else None


def draw(hub, member, group="finance"):
    """A batch of the current epoch: values of the Authorization header."""
    told, key = wait_for("the key of " + group, lambda: current(hub, member, group), 150)
    n, epoch, index = int.from_bytes(unb64(key["key"]), "big"), key["epoch"], GROUPS.index(group)
    head = bytes([1, index]) + epoch.to_bytes(4, "big")
    made, blinded = [], []
    for _ in range(told["batch"]):
        nonce, prefix, r = secrets.token_bytes(32), secrets.token_bytes(32), 2 + secrets.randbelow(n - 3)
        m = pss(prefix + b"CEPTOAR token" + head + hashlib.sha256(unb64(key["key"])).digest() + nonce)
        made.append((nonce, prefix, r))
        blinded.append(b64((m * pow(r, E, n) % n).to_bytes(LEN, "big")))
    status, _, answer = Client(hub, member).post("/v1/tokens", {"group": group, "epoch": epoch, "blinded": blinded})
    expect(status == 200, f"POST /v1/tokens as {member}: {status} {answer}")
    tokens = []
    for (nonce, prefix, r), signed in zip(made, answer["signatures"]):
        s = int.from_bytes(unb64(signed), "big") * pow(r, -1, n) % n
        tokens.append(f'PrivateToken token="{b64(head + nonce + prefix + s.to_bytes(LEN, "big"))}"')
    return tokens


def text(title="匿名で", ceptoar="bank-ceptoar", **more):
    return report(title, 1, "none", ceptoar=ceptoar, **more)


def send(client, token, body, **headers):
    """(status, code or receipt); a broken connection is status 0."""
    status, _, got = client.attempt("POST", "/v1/reports", body, dict(headers, Authorization=token))
    return status, got["code"] if status >= 400 else got


def forged(token, at, value):
    raw = bytearray(unb64(token.split('"')[1]))
    raw[at:at + len(value)] = value
    return f'PrivateToken token="{b64(bytes(raw))}"'


def check_case(hub, take):
    """A blind report's case from its first retry to its end."""
    secret, commitment = case_secret()
    auth, key, token = {"Authorization": "Case " + secret}, {"Idempotency-Key": secrets.token_urlsafe(24)}, take()
    status, receipt = send(Blind(hub), token, text("続く", case_commitment=commitment), **key)
    expect(status == 201, f"{status} {receipt}")
    expect(send(Blind(hub), token, text("続く", case_commitment=commitment), **key) == (200, receipt), "a retry is no second use")
    case, blind = "/v1/cases/" + receipt["case"], Blind(hub)
    expect(blind.get(case, headers=auth)[2]["state"] == "received", "the state")
    expect(blind.post(case + "/reports", text("続報"), headers=auth)[0] == 201, "a follow-up needs no token")
    expect(blind.get(case, headers={"Authorization": "Case " + case_secret()[0]})[0] == 404, "another secret")
    expect(blind.post(case + "/withdraw", {}, headers=auth)[2]["state"] == "withdrawn", "withdrawn")


def element():
    """Something to be signed: the signer cannot tell it from a blinded token."""
    return base64.urlsafe_b64encode(b"\1" + secrets.token_bytes(383)).decode()


def ids(keys):
    return {k["key_id"] for k in keys.values()}


def ask(path, sql):
    """One figure of a database."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()[0][0]


class Issuer:
    """The issuer's side as members see it."""

    def __init__(self, hub):
        self.hub = hub

    def tokens(self):
        return Client(self.hub, "medical-desk").get("/v1/tokens")[2]

    def keys(self, state):
        return {k["group"]: k for k in self.tokens()["keys"] if k["state"] == state}

    def draw(self, epoch, elements):
        body = {"group": "public-services", "epoch": epoch, "blinded": elements}
        return Client(self.hub, "aozora-hp").post("/v1/tokens", body)

    def whole(self, state, last=None):
        """All groups have a key of this state, and the council has signed another statement."""
        def check():
            now = self.tokens()
            return len(self.keys(state)) == len(GROUPS) and now["statement"] not in (None, last) and now
        return wait_for("keys and statement", check, 300)
