# SPDX-License-Identifier: Apache-2.0
"""The same script as member A on one hub, and as member B on another: no byte that others see may differ."""
import sys

import traces
from council import cli, held, signed
from hub import BUILD, Client, Hub, expect, wait_for
from twins import A, B, BASE, DREW, ByToken, Sealed, at, members, play


def ready(hub, blind):
    """Both hubs come to the script the same way."""
    if not blind:
        return
    signed(hub)
    for m in DREW:
        wait_for("the batch of " + m, lambda m=m: cli(hub, m, "tokens")[0] == 0 and held(hub, m)[0]["left"] == 20, 240)
    for m in DREW:  # how many have drawn is known to each
        wait_for("six to be known", lambda m=m: cli(hub, m, "tokens")[0] == 0 and held(hub, m)[0]["drawn"] == len(DREW))


def seen(kind, who, path):
    """(what others see, what the sender is answered) of a new hub."""
    names = traces.Names()
    at(-60)
    with Hub(directory=path, members=members(), build=BUILD + "/tc") as hub:
        ready(hub, kind.blind)
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
    return lines, own


for mode, kind in (("sealed", Sealed), ("blind", ByToken)):
    if len(sys.argv) > 1 and sys.argv[1] != mode:
        continue
    (one, own_one), (two, own_two) = (seen(kind, m, f"{BASE}/{mode}-{n}") for m, n in ((A, "a"), (B, "b")))
    for what, a, b in (("what others see", one, two), ("the sender's own answers", own_one, own_two)):
        first = traces.differ(a, b)
        expect(first is None, f"{mode}: {what} tells A from B: {first}")
    expect(len(one) > 1000 and "［組織名］" in str(one), f"only {len(one)} lines were compared")
    print(f"{mode}: {len(one)} lines that others see and {len(own_one)} answers are the same, whichever of the two sends")
