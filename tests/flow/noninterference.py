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


def start():
    at(-60)
    replace(BASE + "/auto.conf", b"[policy]\nblind_auto = yes\n")  # the script's warnings go out in both modes
    return Hub(directory=HUB, members=members(), conf=BASE + "/auto.conf", build=BUILD + "/tc")


def prepare():
    """Until nothing more comes by itself: the council has signed all keys, each client has its batch and knows of the others'."""
    with start() as hub:
        for ahead in (0, 1):
            signed(hub, ahead, who=DREW[0])
        for many in (1, len(DREW)):
            for m in DREW:
                wait_for("the batch of " + m, lambda m=m, n=many: cli(hub, m, "tokens")[0] == 0 and held(hub, m)[0]["drawn"] >= n)
    for socket in os.listdir(HUB + "/run"):
        os.unlink(f"{HUB}/run/{socket}")
    os.rename(HUB, FRESH)


def seen(kind, who):
    """(what others see, what the sender is answered) of a fresh hub."""
    shutil.copytree(FRESH, HUB)
    names = traces.Names()
    with start() as hub:
        before, sender = traces.sizes(hub), kind(hub, who["id"])
        streams = play(hub, sender)
        own = [("answer", names.text(line)) for line in sender.answers]
        lines = [(f"stream of {w}", names.text(traces.event(e))) for w, s in streams.items() for e in s.events]
        lines += traces.answers(hub, names)
        wait_for("closed connections", lambda: hub.status()["front-admin-1"]["connections"] == len(streams))
        lines += traces.machine(hub, names)
        for s in streams.values():
            s.stop()
    lines += traces.files(hub, before)
    lines += traces.databases(hub, names)
    os.rename(HUB, f"{BASE}/{'blind' if kind.blind else 'sealed'}-{who['id']}")
    return lines, own


prepare()
for mode, kind in (("sealed", Sealed), ("blind", ByToken)):
    if len(sys.argv) > 1 and sys.argv[1] != mode:
        continue
    (one, own_one), (two, own_two) = seen(kind, A), seen(kind, B)
    for what, a, b in (("what others see", one, two), ("the sender's own answers", own_one, own_two)):
        first = traces.differ(a, b)
        expect(first is None, f"{mode}: {what} tells A from B: {first}")
    expect(len(one) > 1000 and "［組織名］" in str(one), f"only {len(one)} lines were compared")
    print(f"{mode}: {len(one)} lines that others see and {len(own_one)} answers are the same, whichever of the two sends")
