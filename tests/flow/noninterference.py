# SPDX-License-Identifier: Apache-2.0
"""The same script as member A on one hub, and as member B on another: no byte that others see may differ.

Both hubs are copies of one that has made its keys and seen its members draw tokens, at one place, one after the other.
"""
import os
import shutil
import sys

import traces
from council import cli, held, signed
from hub import BUILD, Hub, expect, replace, wait_for
from twins import A, B, BASE, DREW, ByToken, Sealed, at, members, play

HUB, FRESH = BASE + "/twins", BASE + "/fresh"
KIND = {"sealed": Sealed, "blind": ByToken}[sys.argv[1]]


def start():
    at(-59.3)  # far from a minute's ends; both modes warn.  No key is made, no page goes its second round (by the tick: pace) meanwhile
    replace(BASE + "/auto.conf", b"[policy]\nblind_auto = yes\n[tokens]\nkeys_ahead = 0\n[hotline]\nlevel = 1h\n")
    return Hub(directory=HUB, members=members(), conf=BASE + "/auto.conf", build=BUILD + "/tc")


def prepare():
    """Until nothing more comes by itself: all keys are signed, each client has its batch and knows of the others'."""
    with start() as hub:
        signed(hub, who=DREW[0])
        for many in (1, len(DREW)):
            for m in DREW if KIND.blind else ():
                wait_for("the batch of " + m, lambda m=m, n=many: cli(hub, m, "tokens")[0] == 0 and held(hub, m)[0]["drawn"] >= n)
    shutil.rmtree(HUB + "/run")
    os.rename(HUB, FRESH)


def seen(who):
    """(what others see, what the sender is answered) of a fresh hub."""
    shutil.copytree(FRESH, HUB)
    names = traces.Names()
    with start() as hub:
        before, sender = traces.sizes(hub), KIND(hub, who["id"])
        streams, slip = play(hub, sender)
        own = [("answer", names.text(a)) for a in sender.answers]
        lines = [(f"stream of {w}", names.text(traces.event(e))) for w, s in streams.items() for e in s.events]
        lines += [("slip", slip), *traces.answers(hub, names)]
        wait_for("the ends", lambda: hub.status()["front-admin-1"]["connections"] == len(streams))
        lines += traces.machine(hub, names)
        for s in streams.values():
            s.stop()
    lines += [*traces.files(hub, before), *traces.databases(hub, names)]
    os.rename(HUB, f"{BASE}/as-{who['id']}")
    return lines, own


prepare()
(one, own_one), (two, own_two) = seen(A), seen(B)
for what, first in (("what others see", traces.differ(one, two)), ("the sender's own answers", traces.differ(own_one, own_two))):
    expect(first is None, f"{what} tells A from B: {first}")
expect(len(one) > 1000 and "［組織名］" in str(one), "too little was compared")
print(f"{len(one)} lines that others see and {len(own_one)} answers are the same, whichever of the two sends")
