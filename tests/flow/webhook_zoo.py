# SPDX-License-Identifier: Apache-2.0
"""One bulletin to all of them; what became of each stands in the keeper's database afterwards."""
import collections
import gzip
import sqlite3
import time

from hooks import TMP, Hook, again, answer, certificate, hub_with, old_tls, pin_of, silent, then
from hub import SLOWER, Client, Stream, expect, replace, report, wait_for

trap, well = Hook(), Hook()
expired = certificate("localhost", "-1")
other, ours = pin_of(expired), pin_of(certificate())
redirect = lambda code, to: Hook(answer(code, "Location: " + to))
to = [f"https://localhost:{trap.port}/", f"http://127.0.0.1:{trap.port}/", "file:///etc/passwd", "http://169.254.169.254/"]
zoo = {  # name: (receiver, state: 1 again later, 3 sent, 4 given up; the reason that is kept)
    "connect": (Hook(deaf=True), 1, "timeout"), "handshake": (Hook(raw=silent()), 1, "timeout"), "headers": (Hook(silent()), 1, "timeout"),
    "body": (Hook(then(b"HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nx", silent())), 1, "timeout"),
    "closed": (Hook(raw=lambda s: s.close()), 1, None), "plain": (Hook(raw=lambda s: s.sendall(b"HTTP/1.1 200 OK\r\n\r\n")), 1, None),
    "301": (redirect(301, to[0]), 1, "status 301"), "302": (redirect(302, to[1]), 1, "status 302"),
    "307": (redirect(307, to[2]), 1, "status 307"), "308": (redirect(308, to[3]), 1, "status 308"),
    "expired": (Hook(cert=expired), 1, "certificate"), "other-host": (Hook(cert=certificate("other.example")), 1, "certificate"),
    "self-signed": (Hook(cert=certificate("localhost", "29")), 1, "certificate"), "tls-1-1": (Hook(tls=old_tls), 1, None),
    "bomb": (Hook(answer(200, "Content-Encoding: gzip", body=gzip.compress(bytes(10**7)))), 3, ""), "endless": (Hook(then(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", again(b"400\r\n" + b"x" * 1024 + b"\r\n"))), 3, ""),
    "large-head": (Hook(answer(200, "X: " + "y" * 10**6)), 1, "headers too long"), "many-1xx": (Hook(again(b"HTTP/1.1 102 Wait\r\n\r\n")), 1, "headers too long"),
    "http-0-9": (Hook(lambda s: s.sendall(b"hello\n")), 1, "no HTTP/1.1"), "500": (Hook(answer(500)), 1, "status 500"),
    "gone": (Hook(answer(410)), 4, "gone"), "busy-long": (Hook(answer(429, "Retry-After: 999999999999")), 1, "status 429"),
    "busy-past": (Hook(answer(429, "Retry-After: -7")), 1, "status 429"),
    "busy-date": (Hook(answer(503, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT")), 1, "status 503"), "well": (well, 3, ""),
    "pin": (Hook(pin=ours), 3, ""), "next-pin": (Hook(pin=f"{other};{ours}"), 3, ""), "revoked-pin": (Hook(pin=other), 1, "pin"),
}
replace(TMP + "/ca", b"".join(open(p, "rb").read() for p in (certificate(), expired, certificate("other.example"))))
with hub_with({"zoo-" + n: z[0] for n, z in zoo.items()}, ca=TMP + "/ca", retry_first="30s", lease="60s") as hub:
    desk, client = Stream(hub, "medical-desk"), Client(hub, "aozora-hp")
    draft = Client(hub, "medical-desk").post("/v1/drafts", {"kind": "attack_method", "severity": 1, "title": {"ja": "件"}, "summary": "件"})[2]["id"]
    for n in (1, 2):  # the second while the first hangs in most of them
        start = time.monotonic()
        expect(client.post("/v1/reports", report(f"件 {n}", 3))[0] == 201, "refused")
        wait_for("the one that is well", lambda: len(well.got) == n)
        expect(well.got[-1][3] - start < 1.5 * SLOWER, f"the one that is well waited {well.got[-1][3] - start:.2f} s")
    wait_for("the desk to be told", lambda: [e for e in desk.of("inbox") if e[2].get("delivery")])
    wait_for("all to have been tried", lambda: hub.status()["courier"]["in_hand"] == 0 or None, 30)
    # Of all that fail one is known not to work; nor does the mail of five, for this hub has no server for it.
    preview = Client(hub, "medical-desk").get(f"/v1/drafts/{draft}/audience")[2]["sentence"]["en"]
    expect(preview.endswith("; 6 members have no working contact"), preview)
    end, gone = time.time(), len(zoo["gone"][0].got)
    expect(1 <= gone <= 2 and not trap.tried, f"{gone} tries of what is gone, {len(trap.tried)} that followed a redirect")
vague = [n for n in ("handshake", "plain", "expired", "other-host", "self-signed", "tls-1-1", "revoked-pin") if zoo[n][0].got]
expect(not vague, f"a bulletin was sent before it was known who is there: {vague}")
rows = sqlite3.connect(hub.dir + "/keeper.db").execute("SELECT receiver, state, tries, reason, next_at FROM deliveries WHERE route = 2").fetchall()
expect(len(rows) == 2 * len(zoo), f"{len(rows)} deliveries")
have = collections.Counter((state, reason.removeprefix("down: ")) for _, state, _, reason, _ in rows)
want = collections.Counter({(state, reason): 0 for _, state, reason in zoo.values() if reason is not None})
for _, state, reason in zoo.values():
    want[(state, reason)] += 2 if reason is not None else 0
expect(all(have[k] >= n for k, n in want.items()), f"not as it should have ended: {want - have} of {have}")
expect(sum(v for (s, r), v in have.items() if s == 3) == 10 and sum(v for (s, r), v in have.items() if s == 4) == 2, f"{have}")
late = sorted(next_at - end for _, state, _, reason, next_at in rows if state == 1 and reason in ("status 429", "status 503"))
expect(all(x < 3601 for x in late) and sum(x > 3500 for x in late) == 4 and late[0] < 41 and late[1] < 41, f"{late}")
print(f"{len(zoo)} receivers: {dict(have)}")
