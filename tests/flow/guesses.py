# SPDX-License-Identifier: Apache-2.0
"""So many guesses of 128-bit ids, pipelined, and of case secrets as fast as they are let through (fault 54)."""
import collections
import re
import secrets
import sys
import threading
import time

from hub import SLOWER, Blind, Client, Hub, case_secret, expect, open_case

many, AT_ONCE, A_MINUTE = int(sys.argv[1]), 100, 600  # the last: case_failures_per_minute
IDS = ("/v1/bulletins/*", "/v1/bulletins/*/deliveries", "/v1/bulletins/*/attachments/1")
seen, lock, done = collections.Counter(), threading.Lock(), threading.Event()


def guess(hub, member, url, paths, n):
    """n guesses on one connection, AT_ONCE before their answers are read."""
    with hub.connect(member, url=url) as s:
        for at in range(0, n, AT_ONCE):
            path = paths[at // AT_ONCE % len(paths)]
            s.sendall("".join(f"GET {path.replace('*', secrets.token_hex(16))} HTTP/1.1\r\nHost: localhost\r\n\r\n" for _ in range(AT_ONCE)).encode())
            got = b""
            while got.count(b"HTTP/1.1 ") < AT_ONCE or not got.endswith(b"}"):
                more = s.recv(1 << 20)
                expect(more, "the connection ended")
                got += more
            with lock:
                seen.update(re.findall(rb"HTTP/1.1 (\d+)", got))


def secrets_of(hub, case, counts):
    """Wrong secrets for a case that is there, over both listeners, new connections whenever one is refused."""
    while not done.is_set() or sum(counts.values()) < 2 * A_MINUTE:
        for c in (Client(hub, "hikari-power"), Blind(hub)):
            counts[c.attempt("GET", case, None, {"Authorization": "Case " + case_secret()[0]})[0]] += 1


with Hub() as hub:
    op, counts, worst = Client(hub, "aozora-hp"), collections.Counter(), 0.0
    case, mine = open_case(op)
    began = time.monotonic()
    threads = [threading.Thread(target=guess, args=(hub, m, u, p, many // 2)) for m, u, p in (
        ("hibari-hp", "CEPTOAR_URL", IDS), ("medical-desk", "CEPTOAR_DESK_URL", ("/v1/drafts/*", "/v1/bulletins/*")))]
    slow = threading.Thread(target=secrets_of, args=(hub, case, counts))
    for t in [*threads, slow]:
        t.start()
    while any(t.is_alive() for t in threads):
        asked = time.monotonic()
        expect(op.get(case, headers=mine)[0] == 200, "the right secret meanwhile")
        worst = max(worst, time.monotonic() - asked)
        time.sleep(0.2)
    took, _ = time.monotonic() - began, done.set()
    slow.join()
    minutes = (time.monotonic() - began) / 60 + 1
    expect(seen == {b"404": many // 2 // AT_ONCE * AT_ONCE * 2}, f"guesses of ids were answered {seen}")
    expect(set(counts) <= {404, 429} and counts[404] <= A_MINUTE * minutes, f"in {minutes - 1:.1f} minutes secrets were tried as {counts}")
    expect(worst < 2 * SLOWER, f"who has the secret waited {worst:.2f} s")
print(f"{sum(seen.values())} ids guessed in {took:.0f} s ({sum(seen.values()) / took:.0f}/s), none there; {counts[404]} secrets let through "
      f"and {counts[429]} refused; the right one answered in {1000 * worst:.0f} ms at most")
