# SPDX-License-Identifier: Apache-2.0
"""Databases that the keeper must not run on."""
import os
import sqlite3
import subprocess

from hub import BUILD, Client, Hub, Stream, expect, replace, report, wait_for

read = lambda path: open(path, "rb").read()


def refused(hub, what, words):
    r = subprocess.run([BUILD + "/ceptoar-keeper", "--conf", hub.dir + "/ceptoar.conf"], capture_output=True, text=True,
                       timeout=60, check=False)
    expect(r.returncode != 0 and words in r.stderr, f"{what}: {r.returncode} {r.stderr}")


with Hub() as hub:
    path, client, live = hub.dir + "/keeper.db", Client(hub, "aozora-hp"), Stream(hub, "hibari-hp")
    post = lambda i: expect(client.post("/v1/reports", report(f"TITLE{i}"))[0] == 201, f"report {i}")
    for i in range(9):
        post(i)
    try:
        expect(not sqlite3.connect(path, timeout=0.2).execute("SELECT 1 FROM reports").fetchall(), "another process read it")
    except sqlite3.OperationalError as e:
        expect("locked" in str(e), f"{e}")
    refused(hub, "a second keeper", "in use")
    post(9)
    live.wait(10)

whole = read(path)
for what, sql, words in (("newer", "PRAGMA user_version = 99", "newer program"),
                         ("another program's", "PRAGMA application_id = 7", "no keeper database"),
                         ("cut in half", None, "damaged"), ("nonsense", None, "")):
    if sql:
        db = sqlite3.connect(path, isolation_level=None)
        db.execute(sql)
        db.close()
    else:
        replace(path, whole[: len(whole) // 2] if words == "damaged" else b"nonsense" * 1000)
    changed = read(path)
    refused(hub, what, words)
    expect(read(path) == changed, f"{what}: the file was changed")
    replace(path, whole)

# One bit of a bulletin's text, which no check of the file as a whole can see.
mark = b'"title":{"ja":"TITLE'
replace(path, whole.replace(mark + b"4", mark + b"5"))
hub.start()
with hub:
    wait_for("the damage to be told", lambda: hub.status()["keeper"].get("write_stop"))
    expect(hub.ctl("status")[0] == 1, "status of a damaged store ends with 0")
    client = Client(hub, "hibari-hp")
    for call in (("GET", "/v1/bulletins"), ("GET", "/v1/events?wait=0&cursor=earliest"), ("POST", "/v1/reports", report("x"))):
        got = client.attempt(*call)
        expect(got[0] == 503, f"{call}: {got}")
replace(path, whole)
hub.start()
with hub:
    Stream(hub, "hibari-hp", "?cursor=earliest").wait(10)
print("in use, newer, foreign, cut and changed databases")
