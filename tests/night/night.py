# SPDX-License-Identifier: Apache-2.0
"""A scripted wave of ransomware against a real hub, its figures, and what must hold at the end.  Run by night.sh.
"""
import os
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "flow"), os.path.dirname(os.path.abspath(__file__))]
from hub import wait_for  # pylint: disable=wrong-import-position
from crowd import Crowd  # pylint: disable=wrong-import-position
from figures import Figures  # pylint: disable=wrong-import-position
from proof import Proof  # pylint: disable=wrong-import-position
from stage import Stage  # pylint: disable=wrong-import-position
from wave import Centre, Wave  # pylint: disable=wrong-import-position

SHORT = "--short" in sys.argv
SIZE, CALLS, REPORTS = (300, 6, 30) if SHORT else (6400, 60, 300)
ALARM, DEADLINE, CORRECTED = 15, 30, 40  # minutes: of the night; after the alarm
STEPS = (1, 2, 3, 4, 5, 8, 11, 15, 21, 25, 30, 31, CORRECTED, 60, 90, 120, 180, 240)
began = time.monotonic()


def say(text):
    print(f"[{int(time.monotonic() - began):4d} s] {text}", flush=True)


def wave(stage, crowd, attack, centre):
    """The first ten minutes: who takes which calls when, a full disk from the eighth to the ninth."""
    late = None
    for n in range(10):
        stage.clock.at(n)
        if late:
            attack.disk_again(late)
            late = None
        if n == 8:
            late = attack.play_full(crowd, n)
        else:
            attack.play(crowd, n)
        if n == 6:
            centre.large_scale()
        if n >= 3:
            attack.take("centre/duty-1", "public-services")
        if n == 7:
            attack.turn("finance", "2")
        if n >= 7:
            attack.take("centre/duty-2", "finance")
    stage.clock.at(ALARM - 1)
    attack.turn("energy", "3")
    attack.take("centre/duty-3", "energy")


def alarm(stage, crowd, centre):
    """The centre's bulletin to all; a front is killed while it goes out.  (answer, when, milliseconds to each stream)."""
    content = {"severity": 4, "title": {"ja": "ランサムウェアの広域感染", "en": "Ransomware across sectors"}, "tlp": "TLP:AMBER",
               "body": {"ja": "遠隔保守の経路を遮断してください。", "en": "Close remote maintenance."}, "audience": {"all": True, "government": {"centre": True, "ministries": True, "agencies": True}},
               "ack": {"required": True, "deadline": stage.clock.text(ALARM + DEADLINE)}}
    stage.clock.at(ALARM)
    sent = time.monotonic()
    made = centre.bulletin(content)["bulletin"]
    stage.hub.kill("front")
    wait_for("the alarm on every stream", lambda: len(crowd.lags(made["number"], 1, sent)) == len(crowd.streams), 90)
    return made, content, sent


def main():
    stage = Stage(SIZE, 7)
    with stage.open():
        say(f"{stage.size} members, of whom {len(stage.cast.all)} are receivers of the wave; two hubs are up")
        crowd, centre = Crowd(stage), Centre(stage)
        attack, figures = Wave(stage, CALLS, REPORTS), Figures(stage)
        wave(stage, crowd, attack, centre)
        say(f"{len(attack.stored)} reports stored, {attack.full} times 507 in the minute of the full disk, to none that calls for help or is of level 3")
        made, content, sent = alarm(stage, crowd, centre)
        lags = crowd.lags(made["number"], 1, sent)
        say(f"the alarm {made['number']} is on {len(lags)} streams, one front killed: after {lags[len(lags) // 2]:.0f} ms (median), {lags[len(lags) * 95 // 100]:.0f} ms (95 %), {lags[-1]:.0f} ms (last)")
        since, revision, known = 0, 1, 0
        for step in STEPS:
            stage.clock.at(ALARM + step)
            crowd.until(since, step, made, revision)
            since = step
            if step in (5, 11, 21):
                # The keeper looks once a second of real time: what is due now, before the next is.
                wait_for("a step after silence", lambda known=known: figures.brought(made) > known)
            known = figures.brought(made)
            if step == 21:
                stage.carry()
            if step in (5, 30, 240):
                figures.measure(made, step)
                say(f"{step} minutes after the alarm")
            if step == 31:
                figures.silences(made)
            if step == CORRECTED:
                revision = 2
                sent = time.monotonic()
                centre.correct(made["number"], dict(content, severity=3, title={"ja": "ランサムウェアの広域感染（訂正）", "en": "Ransomware across sectors (corrected)"},
                                                    ack={"required": True, "deadline": stage.clock.text(ALARM + 240)}))
                wait_for("the correction on every stream", lambda: len(crowd.lags(made["number"], 2, sent)) == len(crowd.streams), 90)
            if step == 60:
                crowd.again(made, CORRECTED)
        figures.show(attack, crowd, made)
        proof = Proof(stage, crowd, attack, made)
        proof.live(figures)
    proof.books()
    say("nothing that was acknowledged is lost")


main()
