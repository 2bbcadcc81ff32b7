# SPDX-License-Identifier: Apache-2.0
"""The member's command line, socat as a relay with an address of its own, and a search of all that a hub leaves."""
import os
import socket
import subprocess
import urllib.request

from hub import BUILD, SLOWER, expect, wait_for

BASE = os.environ["TEST_TMP"]
os.makedirs(BASE + "/home", exist_ok=True)


def cli(hub, member, *args, want=0):
    env = dict(os.environ, HOME=BASE + "/home", LC_ALL="C.UTF-8")
    r = subprocess.run([BUILD + "/ceptoar", "--as", f"{hub.dir}/{member}", *args], capture_output=True, text=True, env=env,
                       stdin=subprocess.DEVNULL, timeout=90 * SLOWER, check=False)
    expect(want is None or r.returncode == want, f"{args}: {r.returncode}\n{r.stdout}{r.stderr}")
    return r.stdout + r.stderr


def relay(address, to):
    """socat as a plain TCP relay that calls on from `address`; (process, HOST:PORT)."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    p = subprocess.Popen(["socat", f"TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr", f"TCP:{to},bind={address}"], stderr=subprocess.DEVNULL)
    wait_for("socat", lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
    return p, f"127.0.0.1:{port}"


def search(hub, words, extra):
    """Names of files below the hub, and of what else it shows, that hold one of the words."""
    hits = []
    for word in words:
        hex_ = "".join(f"\\x{b:02x}" for b in word)
        hits += subprocess.run(["grep", "-rlaP", hex_, hub.dir, hub.dir + ".log"], capture_output=True, text=True, check=False).stdout.split()
        hits += [name for name, data in extra.items() if word in data]
    return hits


def shown(hub):
    told = {f"environment of {p} {i}": open(f"/proc/{i}/environ", "rb").read() for p in ("front", "keeper", "vault") for i in hub.pids(p)}
    for url in hub.env()["CEPTOAR_LOCAL"].split():
        told["metrics " + url] = urllib.request.urlopen(url + "/metrics", timeout=20).read()
    told["status"] = hub.ctl("--json", "status")[1].encode()
    return told
