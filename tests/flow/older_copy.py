# SPDX-License-Identifier: Apache-2.0
"""keeper.db is put back by cp, as nobody should, while streams are open."""
import os
import shutil
import signal

from hub import Client, Hub, Stream, expect, report, wait_for

with Hub() as hub:
    path, client, live = hub.dir + "/keeper.db", Client(hub, "aozora-hp"), Stream(hub, "hibari-hp", again=True)
    post = lambda title: wait_for(title, lambda: client.attempt("POST", "/v1/reports", report(title))[0] == 201)
    titles = lambda: [e[2]["title"]["ja"] for e in live.of("bulletin")]
    post("A")
    live.wait(1)
    wait_for("the log to be folded in", lambda: os.path.getsize(path + "-wal") == 0)
    shutil.copy(path, path + ".old")
    for title in ("B", "C", "D"):
        post(title)
    live.wait(4)
    keeper = hub.pids("keeper")[0]
    hub.proc.send_signal(signal.SIGSTOP)  # so that it is not started before the file is there
    os.kill(keeper, signal.SIGKILL)
    wait_for("the keeper's end", lambda: open(f"/proc/{keeper}/stat", encoding="ascii").read().split()[2] == "Z")
    os.unlink(path + "-wal")
    os.replace(path + ".old", path)
    hub.proc.send_signal(signal.SIGCONT)
    wait_for("reset", lambda: live.of("reset"))
    for title in ("E", "F"):
        post(title)
    wait_for("what came after it", lambda: titles()[4:] == ["A", "E", "F"])
    expect(not live.closed, "the stream ended")
print("an older copy: reset, then everything that it has and what is new")
