# SPDX-License-Identifier: Apache-2.0
"""strace sends SIGKILL at the N-th call, N = 1, 2, ...: before and after every write of a batch."""
import subprocess
import sys

from books import Books
from hub import Hub, wait_for

points = int(sys.argv[1])
SWEEPS = ("pwrite64", "fdatasync", "sendmsg,sendto,write,writev", "pwrite64,fdatasync,ftruncate,unlink")
with Hub() as hub:
    books, kills = Books(hub), 0
    for calls in SWEEPS:
        for when in range(1, points + 1, 1 if calls == SWEEPS[0] else 3):
            books.progress()
            keeper = hub.pids("keeper")[0]
            tracer = subprocess.Popen(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e",
                                       f"inject={calls}:signal=SIGKILL:when={when}", "-p", str(keeper)])
            wait_for(f"the keeper's end at call {when} of {calls}", lambda: hub.pids("keeper") not in ([keeper], []))
            tracer.wait(10)
            kills += 1
    books.finish()
print(f"{kills} kills, {books.compare()}")
