# SPDX-License-Identifier: Apache-2.0
"""What a program writes and syncs, recorded by strace, and the disks that a power cut may leave of it; a disk that is full."""
import contextlib
import os
import re
import subprocess
import time

from hub import expect, wait_for

TMP, SECTOR = os.environ.get("TEST_TMP", "/tmp"), 512
CALL = re.compile(r'^([\d.]+) (pwrite64|fdatasync|fsync|ftruncate)\((\d+)(?:, "([^"]*)", \d+)?(?:, (\d+))?\) += \d+')


@contextlib.contextmanager
def recorded(pid, calls):
    """Appends (time, name, file, bytes, offset or length) of every such call to calls, once it is over."""
    files = {fd: os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
    tracer = subprocess.Popen(["strace", "-qq", "-xx", "-ttt", "-s", "1000000", "-o", TMP + "/calls", "-e",
                               "trace=pwrite64,fdatasync,fsync,ftruncate", "-p", str(pid)])
    wait_for("the tracer", lambda: "TracerPid:\t0" not in open(f"/proc/{pid}/status", encoding="ascii").read())
    yield
    time.sleep(0.1)
    tracer.terminate()
    tracer.wait(20)
    with open(TMP + "/calls", encoding="ascii") as f:
        for line in f:
            m = CALL.match(line)
            expect(m or "<detached" in line, f"not understood: {line[:80]}")
            if m:
                data = bytes.fromhex(m[4].replace("\\x", "")) if m[4] else b""
                calls.append((float(m[1]), m[2], os.path.basename(files[m[3]]), data, int(m[5] or 0)))


def apply(disk, call, arrives=lambda: True):
    """One call on the bytes of its file; `arrives` says of each sector whether it reached the disk."""
    _, name, file, data, at = call
    if name == "ftruncate":
        disk[file] = disk[file][:at].ljust(at, b"\0")
        return
    new = bytearray(disk[file].ljust(at + len(data), b"\0"))
    for i in range(0, len(data), SECTOR):
        if arrives():
            new[at + i:at + i + SECTOR] = data[i:i + SECTOR]
    disk[file] = bytes(new)


def after_cuts(start, calls, times, dice):
    """(time, disk) so many times: the power fails before a call; of what was not synced until then all arrives,
    or nothing, or any of it, in any order and in pieces."""
    synced, pending = dict(start), []
    for at, call in enumerate(calls):
        for _ in range(times * (at + 1) // len(calls) - times * at // len(calls)):
            disk, kind = dict(synced), dice.randrange(6)
            some = [pending, []][kind] if kind < 2 else dice.sample(pending, dice.randint(0, len(pending)))
            for one in some:
                torn = kind > 1 and dice.random() < 0.3
                apply(disk, one, lambda torn=torn: not torn or dice.random() < 0.5)
            yield call[0], disk
        if "sync" in call[1]:
            for one in [p for p in pending if p[2] == call[2]]:
                apply(synced, one)
            pending = [p for p in pending if p[2] != call[2]]
        else:
            pending.append(call)


def fill(junk):
    """Writes all that its disk takes into this file."""
    with open(junk, "ab", buffering=0) as f:
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while f.write(b"x" * size):
                    pass
