# SPDX-License-Identifier: Apache-2.0
"""Drawing tokens: one answer is lost on its way, and weeks pass by a clock that is moved."""
import json
import os
import secrets
import stat

from council import b64, cli, held, shown, signed, the_file
from hub import BUILD, Client, Hub, expect, replace, wait_for
from lossy import lossy_url

TMP = os.environ.get("TEST_TMP", "/tmp")
SIX = ["minatomirai-bank", "yamabiko-bank", "suzukaze-bank", "kobushi-shinkin", "akebono-trust", "hotaru-bank"]


def drawn(hub, count):  # the hub tells it once a second
    key = lambda: next(k for k in shown(hub)["keys"] if (k["group"], k["state"]) == ("finance", "current"))
    wait_for(f"{count} members that drew", lambda: key()["drawn"] == count)


clock = os.environ["CEPTOAR_TEST_CLOCK"] = os.path.join(TMP, "clock")
replace(clock, b"0")
with Hub(directory=TMP + "/tokens-hub", build=BUILD + "/tc") as hub:
    signed(hub)
    expect(cli(hub, SIX[0], "tokens")[0] == 0, "the first draw")
    first = json.load(open(the_file(hub, SIX[0])))
    expect(cli(hub, SIX[1], "--url", lossy_url(hub), "tokens")[0] == 3, "the answer was not lost")
    expect(held(hub, SIX[1]) == [], "tokens without an answer")
    drawn(hub, 2)
    for i, who in enumerate(SIX):
        code, text = cli(hub, who, "tokens")
        expect(code == 0 and [h["left"] for h in held(hub, who)] == [20], f"{who}: {text}")
        drawn(hub, max(i + 1, 2))
        kept = json.load(open(the_file(hub, who)))
        expect(stat.S_IMODE(os.stat(the_file(hub, who)).st_mode) == 0o600, "others can read the tokens")
        expect(not any(t in text for t in kept["drawn"][0]["tokens"]) and not kept["asked"], "a token is shown")
    expect(cli(hub, SIX[0], "tokens")[1].count("drawn by 6 members (k 5)\n    6 of bank-ceptoar\n") == 1, "six drew")
    expect(first["drawn"][0]["tokens"] == json.load(open(the_file(hub, SIX[0])))["drawn"][0]["tokens"], "it drew twice")
    # What is asked for again is signed again; more is not.
    epoch = first["drawn"][0]["epoch"]
    ask = {"group": "finance", "epoch": epoch, "blinded": [b64(b"\1" + secrets.token_bytes(383)) for _ in range(20)]}
    other = Client(hub, "kaede-card")
    got = [other.post("/v1/tokens", ask)[::2] for _ in range(2)]
    expect(got[0][0] == 200 and got[0] == got[1], f"a retry: {got}")
    expect(other.post("/v1/tokens", dict(ask, blinded=ask["blinded"][::-1]))[0] == 200, "in another order")
    ask["blinded"][7] = b64(b"\1" + secrets.token_bytes(383))
    expect(other.post("/v1/tokens", ask)[0] == 429, "above the quota")
    expect("rate_limited" in cli(hub, "kaede-card", "tokens")[1], "a batch that was drawn elsewhere")
    expect(cli(hub, "aozora-hp", "tokens")[0] == 0 and held(hub, "aozora-hp")[0]["group"] == "public-services", "own groups")
    expect(cli(hub, "centre", "tokens")[0] == 1, "the centre draws none")

    # A week later: a batch of the next epoch, and the last one's is still held.
    signed(hub, 1)
    replace(clock, b"%d" % (7 * 86400))
    wait_for("the next epoch", lambda: shown(hub)["epoch"] == epoch + 1)
    expect(cli(hub, SIX[0], "tokens")[0] == 0, "the next batch")
    drawn(hub, 1)
    expect([(h["epoch"] - epoch, h["left"]) for h in held(hub, SIX[0])] == [(0, 20), (1, 20)], "two batches")
    expect(Client(hub, "kaede-card").post("/v1/tokens", ask)[0] == 422, "a key of the last epoch signs no more")
print("one batch for each epoch and group, whatever was lost; above it nothing")
