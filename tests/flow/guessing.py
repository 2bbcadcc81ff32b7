# SPDX-License-Identifier: Apache-2.0
"""Case secrets that do not fit: eight of a connection, and so many a minute of all together; 4,000 guesses."""
import collections
import secrets

from hub import Blind, Client, Hub, case_secret, expect, open_case, refused

wrong = lambda: {"Authorization": "Case " + case_secret()[0]}
many = (429, "rate_limited")
with Hub() as hub:
    op = Client(hub, "aozora-hp")
    case, mine = open_case(op)
    guess = lambda c, path=case, how="GET": c.request(how, path, {"text": "x"} if how == "POST" else None, wrong())
    # Whatever is tried, with whatever reason to fail, it is one count.
    ways = [(case, "GET"), (case + "/messages", "GET"), (case + "/messages", "POST"), (case + "/withdraw", "POST"),
            ("/v1/cases/" + "0" * 32, "GET"), ("/v1/cases/zz", "GET"), (case, "GET"), (case, "GET")]
    c = Client(hub, "hibari-hp")
    for path, how in ways:
        refused((404, "not_found"), guess(c, path, how))
    got = guess(c)
    refused(many, got)
    expect(c.http is None and got[1]["Connection"] == "close", "the connection goes on")
    # Secrets, cases, slips, bulletins, envelopes: not there, or not now, and never anything else.
    blind, desk, centre, seen = Blind(hub), Client(hub, "medical-desk"), Client(hub, "centre"), collections.Counter()
    ids = ((desk, "/v1/cases/*"), (desk, "/v1/cases/*/slip"), (op, "/v1/bulletins/*"), (centre, "/v1/reports/*/identity"))
    for _ in range(500):
        seen.update(guess(who, path.replace("*", secrets.token_hex(16)))[0] for who in (c, blind) for path in (case, "/v1/cases/*"))
        seen.update(who.get(path.replace("*", secrets.token_hex(16)))[0] for who, path in ids)
    expect(seen.keys() == {404, 429} and seen[404] + seen[429] == 4000, f"guesses were answered {seen}")
    expect(op.get(case, headers=mine)[0] == 200, "the right secret after all of them")
    # All together, however they are spread; whoever has the secret is served all the while.
    hub.reload("limits", case_failures_per_minute=5)
    seen = [guess(Client(hub, m)) for m in ("hibari-hp", "hikari-power", "shiokaze-port", "minatomirai-bank") for _ in range(4)]
    expect([g[0] for g in seen[-6:]] == [429] * 6 and "Retry-After" in seen[-1][1], f"{[g[0] for g in seen]}")
    for _ in range(20):
        expect(op.get(case, headers=mine)[0] == 200, "the right secret")
    refused(many, guess(Client(hub, "aozora-hp")))
print("guessing was slowed down, the right secret was not")
