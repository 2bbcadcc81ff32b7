# SPDX-License-Identifier: Apache-2.0
"""Seven of a sector group have drawn, four of them banks: a bank's blind report waits for the fifth bank."""
import json
import os

from council import cli, held, the_file
from drawn import MEMBERS, current, draw, send, text
from hub import Blind, Client, Hub, expect, replace, wait_for

TMP = os.environ.get("TEST_TMP", "/tmp")
CARDS = ["asagao-card", "himawari-card", "kaede-card"]
FIFTH, ME = MEMBERS[0], MEMBERS[4]
replace(TMP + "/report.json", json.dumps(text("銀行の件")).encode())

with Hub() as hub:
    banks, cards = [draw(hub, m)[0] for m in MEMBERS[1:4]], [draw(hub, m)[0] for m in CARDS]
    wait_for("my own batch", lambda: cli(hub, ME, "tokens")[0] == 0 and [h["left"] for h in held(hub, ME)] == [20], 240)
    shown = lambda: current(hub, "aozora-hp", "finance")[1]
    wait_for("seven to be known", lambda: shown()["drawn"] == 7)
    expect({c: n for c, n in shown()["ceptoars"].items() if n} == {"bank-ceptoar": 4, "credit-ceptoar": 3}, f"{shown()}")
    expect("credit-ceptoar" in shown()["ceptoars"] and "medical-ceptoar" not in shown()["ceptoars"], "the group's own, and no others")
    # The hub: whoever's token it is, the report's CEPTOAR is counted, and a token that was not taken is still good.
    for token, slug in ((banks[0], "bank-ceptoar"), (cards[0], "bank-ceptoar"), (cards[0], "credit-ceptoar"), (banks[0], "securities-ceptoar")):
        expect(send(Blind(hub), token, text(ceptoar=slug)) == (409, "k_too_small"), f"a report of {slug}")
    # The client: nothing leaves, and it says why.
    report = lambda: cli(hub, ME, "--yes", "report", "--blind", TMP + "/report.json")
    expect("4 of bank-ceptoar: too few" in cli(hub, ME, "tokens")[1], "the number of banks")
    code, said = report()
    expect(code == 1 and "4 members of bank-ceptoar drew" in said and "Nothing was sent" in said, f"{code} {said}")
    expect(held(hub, ME)[0]["left"] == 20, "a token went all the same")
    # A file that an earlier version kept: the hub refuses, the client says that it does not know.
    kept = json.load(open(the_file(hub, ME), encoding="utf-8"))
    del kept["drawn"][0]["ceptoars"]
    replace(the_file(hub, ME), json.dumps(kept).encode())
    code, said = report()
    expect(code != 0 and "is not known here" in said and "k_too_small" in said, f"{code} {said}")
    expect(cli(hub, ME, "tokens")[0] == 0 and held(hub, ME)[0]["ceptoars"]["bank-ceptoar"] == 4, "the next scheduled run")
    expect(Client(hub, "bank-desk").get("/v1/inbox")[2]["items"] == [], "something was stored")
    # The fifth bank.
    draw(hub, FIFTH)
    wait_for("five to be known", lambda: "5 of bank-ceptoar\n" in cli(hub, ME, "tokens")[1])
    code, said = report()
    expect(code == 0 and "5 members of bank-ceptoar drew" in said, f"{code} {said}")
    expect(send(Blind(hub), banks[0], text())[0] == 201 and send(Blind(hub), cards[0], text(ceptoar="credit-ceptoar"))[0] == 409, "banks alone")
print("a bank's blind report waits for k banks, at the hub and at the client; others of its group hide nobody")
