# SPDX-License-Identifier: Apache-2.0
"""A network of this process's own, and "the public one" behind it."""
import ctypes
import os
import subprocess

from hub import expect, replace

OUTSIDE = "8.8.8.8"  # of the receivers; nothing of this leaves the machine
NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def ip(*args):
    subprocess.run(["ip", *args], check=True)


def outside(do):
    """do(), in the other network; a socket that it makes stays there."""
    expect(libc.setns(public, NEWNET) == 0, "setns")
    try:
        return do()
    finally:
        expect(libc.setns(own, NEWNET) == 0, "setns back")


def network(tmp):
    """Before any thread is started: its own network, and names asked for at 127.0.0.1."""
    global own, public
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    expect(libc.unshare(NEWNET) == 0, "unshare")
    public = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    expect(libc.setns(own, NEWNET) == 0, "setns")
    ip("link", "set", "lo", "up")
    ip("link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", f"/proc/{os.getpid()}/fd/{public}")
    ip("addr", "add", "8.8.8.1/24", "dev", "v0")
    ip("link", "set", "v0", "up")
    outside(lambda: (ip("addr", "add", OUTSIDE + "/24", "dev", "v1"), ip("link", "set", "v1", "up")))
    for name, text in (("resolv.conf", b"nameserver 127.0.0.1\n"), ("nsswitch.conf", b"hosts: files dns\n")):
        replace(f"{tmp}/{name}", text)
        subprocess.run(["mount", "--bind", f"{tmp}/{name}", "/etc/" + name], check=True)
