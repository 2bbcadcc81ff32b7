# SPDX-License-Identifier: Apache-2.0
"""Links put into the keeper's table, as the courier's mails hold them, and a browser that follows them."""
import base64
import contextlib
import hashlib
import re
import secrets
import sqlite3
import time

from hub import Client, Hub, expect, report

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
tokens = {name: secrets.token_bytes(16) for name in ("good", "scanned", "old", "astray")}
path = lambda token: "/a/" + base64.urlsafe_b64encode(token).decode().rstrip("=")


def rows(hub, sql, *values):
    with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db", isolation_level=None)) as db:
        return db.execute(sql, values).fetchall()


def put_links(hub, bulletin, first, second):
    now = int(time.time())
    for name, who, sent in (("good", first, now - 60), ("scanned", second, now + 3600), ("old", first, now - 40 * 86400), ("astray", second, now - 60)):
        rows(hub, "INSERT INTO links (token_sum, bulletin, revision, receiver, sent_at) VALUES (?, ?, 1, ?, ?)",
             hashlib.sha256(tokens[name]).digest(), bulletin, who, sent)


with Hub() as hub:
    bulletin = Client(hub, "aozora-hp").post("/v1/reports", report("題名は出ない"))[2]["bulletin"]
    for member in ("hibari-hp", "wakaba-hp"):
        expect(Client(hub, member).post("/v1/acks", {"acks": [{"id": bulletin["id"], "status": "received"}]})[0] == 200, "an acknowledgement by client")
    hub.stop()
    (first,), (second,) = rows(hub, "SELECT receiver FROM acks ORDER BY receiver")
    put_links(hub, bytes.fromhex(bulletin["id"]), first, second)
    hub.start()
    browser = Client(hub, None, "CEPTOAR_ANSWERS_URL")
    for _ in range(3):  # a scanner looks as often as it likes
        status, head, page = browser.get(path(tokens["good"]))
        expect(status == 200 and bulletin["number"].encode() in page and "題名".encode() not in page, f"the page: {status} {page}")
    for name, want in (("Content-Security-Policy", "default-src 'none'"), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY")):
        expect(want in head[name], f"{name}: {head[name]}")
    seal = lambda page: re.search(rb'name="seal" value="([^"]{27})"', page)[1].decode()
    post = lambda name, status, seal: browser.request("POST", path(tokens[name]), f"status={status}&seal={seal}&forwarded=4".encode(), FORM)
    expect(post("good", "read", "")[0] == 409, "without the page there is no seal")
    expect(post("good", "read", seal(browser.get(path(tokens["scanned"]))[2]))[0] == 409, "the seal of another link")
    expect(post("good", "read", seal(page))[0] == 200, "the answer")
    expect(post("scanned", "acted", seal(browser.get(path(tokens["scanned"]))[2]))[0] == 409, "too soon")
    expect(browser.get(path(tokens["scanned"]))[0] == 200, "the link of a scanned mail stays")
    expect(post("astray", "not_me", seal(browser.get(path(tokens["astray"]))[2]))[0] == 200, "not for me")
    gone = [browser.get(path(t)) for t in (tokens["good"], tokens["old"], tokens["astray"], secrets.token_bytes(16), b"x")]
    gone.append(post("good", "acted", seal(page)))
    expect({g[0] for g in gone} == {404} and len({g[2] for g in gone}) == 1, f"used, ended and unknown are one: {gone}")
    hub.stop()
    acks = rows(hub, "SELECT receiver, status, flagged, forwarded FROM acks WHERE evidence = 2 ORDER BY flagged")
    expect(acks == [(first, 2, 0, 4), (second, 3, 1, 4)], f"what is recorded: {acks}")
