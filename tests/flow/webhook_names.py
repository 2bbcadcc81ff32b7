# SPDX-License-Identifier: Apache-2.0
"""Receivers whose names hang, lie, or change between two tries; the courier's own resolver looks them up."""
import time

from hooks import TMP, Hook, answer, certificate, hub_with
from hub import SLOWER, Client, expect, report, wait_for
from names import Names
from networks import OUTSIDE, network, outside

network(TMP)
tries = {"rebind.example.jp": 0}


def rebind(kind):
    """Outside when it is checked the first time, inside ever after."""
    tries["rebind.example.jp"] += kind == 1
    return [OUTSIDE] if tries["rebind.example.jp"] <= 1 else ["127.0.0.1"]


names = Names({"well.example.jp": [OUTSIDE], "hang.example.jp": None, "rebind.example.jp": rebind,
               "mixed.example.jp": [OUTSIDE] * 20 + ["10.1.2.3"], "mapped.example.jp": ["::ffff:10.0.0.1"], "self.example.jp": ["127.0.0.1"],
               "own.example.jp": ["8.8.8.1"]})
cert = certificate("*.example.jp")
well, busy = (outside(lambda p=p, s=s: Hook(s, cert=cert, at=(OUTSIDE, p))) for p, s in ((8443, answer()), (443, answer(503))))
traps = [Hook(cert=cert, at=(a, p)) for a in ("127.0.0.1", "8.8.8.1") for p in (443, 8443)]
urls = {n: f"https://{n}.example.jp:{8443 if n != 'rebind' else 443}/in" for n in ("well", "hang", "rebind", "mixed", "mapped", "self", "own", "none")}
contacts = {"name-" + n: [{"webhook": u, "secret": well.secret.hex()}] for n, u in urls.items()}
with hub_with(contacts, loopback=False, ca=cert, lease="60s") as hub:
    start = time.monotonic()
    number = Client(hub, "aozora-hp").post("/v1/reports", report("件"))[2]["bulletin"]["number"]
    wait_for("the one that is well", lambda: well.got)
    expect(well.got[0][3] - start < 1.5 * SLOWER, f"the one that is well waited {well.got[0][3] - start:.2f} s")

    def reasons():
        rows = Client(hub, "medical-desk").get(f"/v1/bulletins/{number}/deliveries?limit=500")[2]["deliveries"]
        return sorted((r["state"], r["reason"].removeprefix("down: ")) for row in rows for r in row["routes"] if r["route"] == "webhook")

    inside = ("queued", "address is not allowed")
    want = sorted([inside] * 5 + [("queued", "name is unknown"), ("queued", "name lookup timed out"), ("sent", "")])
    wait_for("what is said of each", lambda: reasons() == want, 15)
    expect(time.monotonic() - start > 4, "the name that hangs was not waited for")
    expect(len(busy.got) == 1 and tries["rebind.example.jp"] >= 2, f"outside once, then inside: {len(busy.got)} {tries}")
    expect(len(well.got) == 1 and not any(t.tried for t in traps), "nothing was connected to inside")
    expect(hub.status()["courier"]["addresses_refused"] >= 5, "counted")
print(f"{len(urls)} names, {len(names.asked)} questions")
