# SPDX-License-Identifier: Apache-2.0
"""What was deleted is in no file; memory gets into none: no core, no swap, nothing in an environment."""
import base64
import glob
import os
import secrets

from hub import BUILD, ROOT, Client, Hub, expect, open_case, replace, wait_for
from twins import A, BASE, DESK, SLOT, at, members

WORD, DAY = "消えるべき言葉", 24 * 60
PROGRAMS = ("front", "vault", "keeper")


def held(data):
    """Files of the hub that hold these bytes."""
    return [p for d, _, names in os.walk(hub.dir) for p in (os.path.join(d, n) for n in names)
            if os.path.isfile(p) and data in open(p, "rb").read()]


def of_machine(pid, name):
    with open(f"/proc/{pid}/limits", encoding="ascii") as f:
        core = next(l for l in f if l.startswith("Max core file size")).split()
    expect(core[4:6] == ["0", "0"], f"{name} may leave a core file: {core}")
    with open(f"/proc/{pid}/environ", "rb") as f:
        env = f.read()
    for word in (A["id"], A["domains"][0], "members.json", "SSLKEYLOGFILE", "key.pem"):
        expect(word.encode() not in env, f"{word} in the environment of {name}")
    swap = [l.split()[1] for l in open(f"/proc/{pid}/status", encoding="ascii") if l.startswith("VmSwap")]
    expect(swap == ["0"], f"{name} lies in swap: {swap}")


at(0)
replace(BASE + "/short.conf", b"[keeper]\nkeep_reports = 30d\n")
with Hub(directory=BASE + "/remains", members=members(), conf=BASE + "/short.conf", build=BUILD + "/tc") as hub:
    me, desk, box = Client(hub, A["id"]), lambda: Client(hub, DESK), secrets.token_bytes(300)
    text = base64.urlsafe_b64encode(box).rstrip(b"=").decode()
    case, mine = open_case(me, WORD, 3, slip={"to": SLOT, "box": text})
    expect(me.post(case + "/messages", {"text": {"ja": WORD + "、答"}}, headers=mine)[0] == 201, "a message")
    expect(held(box) and held(WORD.encode()), "the test does not see what is stored")
    pids = [(p, i) for p in PROGRAMS for i in hub.pids(p)]
    pids += [("keysmith", int(c)) for p, i in pids if p == "vault" for c in open(f"/proc/{i}/task/{i}/children").read().split()]
    for name, pid in pids:
        of_machine(pid, name)
    # The slip ends with the case, and all of the report with its time: in the write-ahead log as well.
    expect(desk().post(case + "/close", {})[0] == 200, "close")
    wait_for(f"the slip to leave {held(box)}", lambda: not held(box), 5)
    expect(held(WORD.encode()), "the report went with the slip")
    for day in (20, 31):
        at(day * DAY)
        Client(hub, A["id"]).attempt("GET", "/v1/me")
    wait_for(f"the report to leave {held(WORD.encode())}", lambda: not held(WORD.encode()), 40)

for unit in glob.glob(ROOT + "/systemd/*.service"):
    lines = open(unit, encoding="utf-8").read().splitlines()
    expect("LimitCORE=0" in lines and "MemorySwapMax=0" in lines, f"{unit}: cores or swap")
print(f"nothing of {len(pids)} programs' memory gets into a file, and what is deleted leaves all")
