# SPDX-License-Identifier: Apache-2.0
"""How long an answer takes tells neither which of two like members asks, nor that k has held a bulletin back.

Two kinds of request alternate at random on one hub.  The median of their differences is known between two of the
sorted differences (sign test, 1 error in 10,000); rounds are added until that lies inside the bound, or outside of it.
"""
import random
import tempfile
import time

from hub import SLOWER, Client, Hub, expect
from twins import A, B, members, told

BOUND, ROUND, MOST, Z = 0.5 * SLOWER, 100, 30, 3.9  # ms; pairs; rounds; standard deviations


def took(client, path, body, want):
    began = time.perf_counter()
    status, _, got = client.post(path, body)
    ended = time.perf_counter()
    expect(status in (200, 201) and got.get("state", want) == want, f"{path}: {status} {got}")
    return (ended - began) * 1000


def alike(what, one, two):
    differences, pair = [], [one, two]
    for _ in range(MOST):
        for _ in range(ROUND):
            first = random.randrange(2)
            times = {first: took(*pair[first]), 1 - first: took(*pair[1 - first])}
            differences.append(times[0] - times[1])
        d, n = sorted(differences), len(differences)
        k = int(n / 2 - Z * n ** 0.5 / 2)
        low, high = d[k], d[n - 1 - k]
        if -BOUND < low and high < BOUND:
            return print(f"{what}: {low:+.3f} to {high:+.3f} ms apart, {n} pairs")
        expect(low < BOUND and high > -BOUND, f"{what}: {low:+.3f} to {high:+.3f} ms apart over {n} pairs")
    sys_exit = f"{what}: {low:+.3f} to {high:+.3f} ms apart after {n} pairs: not known well enough"
    return expect(False, sys_exit)


# In memory, where a disk's own pace hides nothing.
with tempfile.TemporaryDirectory(dir="/dev/shm") as memory, Hub(directory=memory + "/hub", members=members()) as hub:
    a, b = Client(hub, A["id"]), Client(hub, B["id"])
    for path, level, state in (("/v1/reports", 1, "received"), ("/v1/reports", 3, "released"), ("/v1/reports/preview", 3, None)):
        publish = "none" if level == 1 else "ceptoar"
        pair = [(c, path, told(c.member, "同時に", level, publish), state) for c in (a, b)]
        alike(f"A and B, {path}, level {level}", *pair)
    held = told(A["id"], "待つか", 3, consent={"publish": "ceptoar", "k": 500})
    free = told(A["id"], "待つか", 3, consent={"publish": "ceptoar", "k": 5})
    alike("held back by k and released", (a, "/v1/reports", held, "received"), (a, "/v1/reports", free, "released"))
