# SPDX-License-Identifier: Apache-2.0
"""strace on a running program that spoils some of its system calls; needs lib-ptrace.sh."""
import subprocess

from hub import wait_for


class Tracer:
    """Injects `what` (as strace calls it) into these calls of a program, from when this returns; `with` ends it."""

    def __init__(self, pid, calls, what):
        self.pid = pid
        self.proc = subprocess.Popen(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + calls, "-e",
                                      f"inject={calls}:{what}", "-p", str(pid)], stderr=subprocess.DEVNULL)
        wait_for("the tracer", self.there)

    def there(self):
        """Whether it traces; a program that it has killed already counts."""
        try:
            with open(f"/proc/{self.pid}/status", encoding="ascii") as f:
                return "TracerPid:\t0" not in f.read()
        except OSError:
            return True

    def stop(self):
        self.proc.terminate()
        self.proc.wait(20)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()
