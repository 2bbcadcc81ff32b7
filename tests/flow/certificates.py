# SPDX-License-Identifier: Apache-2.0
"""Names that lie, dates that are over, lists and keys that are too large."""
import glob
import os
import time

from certs import ask, dated, issue, resign
from hub import SLOWER, Client, Hub, Stream, expect, wait_for


def cpu(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


read = lambda path: open(path, "rb").read()
with Hub() as hub:
    add = lambda member, pair: hub.ctl("cert", "add", member, pair[0])[0]
    # A name that another member has, one that ends early in C, one that runs backwards.
    names = [("/CN=aozora-hp",), ("/CN=aozora-hpX.example", (b"hpX.", b"hp\0.")), ("/CN=\u202eph-arozoa",)]
    for i, (subject, *change) in enumerate(names):
        pair = resign(hub, issue(hub, f"name{i}", subject=subject), *change)
        expect(ask(hub, pair) == 403, f"{subject} got in by its name")
        expect(add("suzukaze-bank", pair) == 0, f"cert add {subject}")
        me = Client(hub, pair).get("/v1/me")[2]
        expect([r["ceptoar"] for r in me["roles"]] == ["bank-ceptoar"], f"{subject} is {me}")
    for log in glob.glob(hub.dir + "/log/*") + [hub.dir + ".log"]:
        expect(not any(t in read(log) for t in (b"aozora-hp\0", b"\0", "\u202e".encode())), f"{log} shows a certificate's name")

    # Its dates: the vault may know it or not, it is refused before that.
    for name, pair in (("over", dated(hub, "over", -100, -1)), ("early", dated(hub, "early", 3600))):
        add("wakaba-hp", pair)
        expect(not isinstance(ask(hub, pair), int), f"{name} got in")

    # Its size.
    ours, key = f"{hub.dir}/aozora-hp/cert.pem", f"{hub.dir}/aozora-hp/key.pem"
    ca, front = read(hub.dir + "/ca.pem"), hub.pids("front")[0]
    for path, count in (("list-10", 9), ("list-100k", 200)):
        with open(f"{hub.dir}/{path}", "wb") as f:
            f.write(read(ours) + ca * count)
    large = issue(hub, "large", key=("rsa", "rsa_keygen_bits:8192", "rsa_keygen_primes:4"))
    for name, pair in (("a list of ten", (hub.dir + "/list-10", key)), ("100 KB", (hub.dir + "/list-100k", key)), ("RSA 8192", large)):
        before = cpu(front)
        expect(not isinstance(ask(hub, pair), int), f"{name} got in")
        expect(cpu(front) - before < 0.06 * SLOWER, f"{name} cost {cpu(front) - before} s")

    # It ends while a stream is open and another connection is kept alive.
    short = dated(hub, "short", None, 8 * SLOWER)
    expect(add("wakaba-hp", short) == 0, "cert add")
    stream, kept, ends = Stream(hub, short), Client(hub, short), time.monotonic() + 8 * SLOWER
    expect(kept.get("/v1/me")[0] == 200, "before its end")
    time.sleep(max(0, ends + 1 - time.monotonic()))
    expect(kept.attempt("GET", "/v1/me")[0] in (0, 403), "served after its end")
    wait_for("the end of the stream", lambda: stream.closed, 60)
    expect([e[2]["reason"] for e in stream.of("bye")] == ["revoked"], f"{stream.events}")
    expect(ask(hub, (ours, key)) == 200, "the member itself afterwards")
print("names, dates, lists and keys")
