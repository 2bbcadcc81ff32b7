# SPDX-License-Identifier: Apache-2.0
"""A place behind a switch whose cable can be taken out: packets vanish and nobody is told, as when power fails.

The hub stands on 127.0.0.1 of this network; the place has no loopback of its own and finds that address by
its cable.  Needs lib-netns.sh.
"""
import ctypes
import os
import subprocess

from hub import Stream, expect, wait_for

HERE, THERE = "10.99.0.1", "10.99.0.2"
NEW_NET = 0x40000000  # CLONE_NEWNET
libc = ctypes.CDLL(None, use_errno=True)


def do(*command):
    r = subprocess.run(command, capture_output=True, text=True, check=False)
    expect(r.returncode == 0, f"no network for this test: {' '.join(command)}: {r.stderr.strip()}")


class Far:
    def __init__(self):
        self.switch, self.place = self.network(), self.network()
        at = lambda proc, *command: do("nsenter", "-t", str(proc.pid), "-n", *command)
        self.at_switch = lambda *command: at(self.switch, *command)
        do("ip", "link", "add", "far0", "type", "veth", "peer", "name", "port1", "netns", str(self.switch.pid))
        self.at_switch("ip", "link", "add", "port2", "type", "veth", "peer", "name", "far1", "netns", str(self.place.pid))
        self.at_switch("ip", "link", "add", "switch", "up", "type", "bridge")
        for port in ("port1", "port2"):
            self.at_switch("ip", "link", "set", port, "master", "switch", "up")
        mac = "02:00:00:00:00:0"
        for run, name, own, other, n in ((do, "far0", HERE, THERE, "1"), (lambda *c: at(self.place, *c), "far1", THERE, HERE, "2")):
            run("ip", "link", "set", name, "address", mac + n, "up")
            run("ip", "addr", "add", own + "/24", "dev", name)
            # As behind a router: that the other end is gone is not seen by who is a neighbour.
            run("ip", "neigh", "replace", other, "lladdr", mac + ("2" if n == "1" else "1"), "dev", name, "nud", "permanent")
            run("sh", "-c", f"echo 1 >/proc/sys/net/ipv4/conf/{name}/route_localnet")
        at(self.place, "ip", "route", "add", "127.0.0.1/32", "via", HERE, "dev", "far1", "src", THERE)

    @staticmethod
    def network():
        """A process that holds a network until this one ends."""
        proc = subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE)
        own = os.readlink("/proc/self/ns/net")
        wait_for("a network", lambda: proc.poll() is None and os.readlink(f"/proc/{proc.pid}/ns/net") != own)
        return proc

    def run(self, *command, **kw):
        return subprocess.Popen(["nsenter", "-t", str(self.place.pid), "-n", *command], **kw)

    def enter(self):
        """This thread is there from now on."""
        with open(f"/proc/{self.place.pid}/ns/net", "rb") as f:
            expect(libc.setns(f.fileno(), NEW_NET) == 0, f"setns: {os.strerror(ctypes.get_errno())}")

    def cut(self):
        self.at_switch("ip", "link", "set", "port2", "nomaster")

    def mend(self):
        self.at_switch("ip", "link", "set", "port2", "master", "switch")


class FarStream(Stream):
    """A stream read there, which gives up one that has been silent for 35 s, as clients should."""
    silence = 35

    def __init__(self, far, *args, **kw):
        self.far = far
        super().__init__(*args, **kw)

    def run(self):
        self.far.enter()
        super().run()
