# SPDX-License-Identifier: Apache-2.0
"""Errors say the same on both listeners; one idempotency key, used on both, joins nothing."""
import re
import secrets

import traces
from drawn import draw
from hub import Blind, Client, Hub, case_secret, expect, open_case, report, wait_for
from twins import A, BASE, DESK, DREW, SLOT, members


def words(got):
    """Status, every header and the text; how long to wait is drawn at random, of one length."""
    heads = sorted((k, re.sub(r"\d", "N", v) if k == "Retry-After" else v) for k, v in got[1].items())
    return f"{got[0]} {heads} {got[2]}"


with Hub(directory=BASE + "/answers", members=members()) as hub:
    both = me, blind = Client(hub, A["id"]), Blind(hub)
    tokens = [t for m in DREW for t in draw(hub, m, "public-services")]
    token = {"Authorization": tokens.pop()}

    # 409, each kind that both listeners know: another text than was approved, and a case that has ended.
    body = report("件", 1, "none", ceptoar=SLOT)
    changed = [words(c.post("/v1/reports", dict(body, approved="x" * 43), headers=h)) for c, h in ((me, {}), (blind, token))]
    expect(changed[0].startswith("409") and changed[0] == changed[1], f"text_changed: {changed}")
    case, mine = open_case(me)
    expect(Client(hub, DESK).post(case + "/close", {})[0] == 200, "close")
    ended = [words(c.post(case + "/messages", {"text": {"ja": "x"}}, headers=mine)) for c in both]
    expect(ended[0].startswith("409") and ended[0] == ended[1], f"conflict: {ended}")

    # One key and one body, by certificate and by token: two reports, and no value that stands in both rows.
    key = {"Idempotency-Key": secrets.token_urlsafe(24)}
    body = report("一つの鍵", 1, "none", ceptoar=SLOT, case_commitment=case_secret()[1])
    ids = [wait_for("201", lambda c=c, h=h: (lambda g: g[0] in (200, 201) and g)(c.post("/v1/reports", body, headers={**key, **h})))[2]["id"]
           for c, h in ((me, {}), (blind, token))]
    expect(ids[0] != ids[1], "the second was taken for the first")
    again = [c.post("/v1/reports", body, headers={**key, **h}) for c, h in ((me, {}), (blind, {"Authorization": tokens.pop()}))]
    expect([(g[0], g[2]["id"]) for g in again] == [(200, i) for i in ids], f"each is known where it came: {again}")
    names = traces.Names()
    stored = [r for t, r in traces.rows(names, hub.dir + "/keeper.db", traces.KEEPER) if t == "keeper.db idem"]
    values = [v for r in stored for v in re.findall(r"<\d+:\d+>", r)]
    expect(len(stored) == 2 and len(values) == len(set(values)) == 6, f"joined by a value: {stored}")

    # 429: what is refused for its number, by the guesses at a case or by the reports.
    hub.reload("limits", case_failures_per_minute=1, reports_per_minute=1, blind_reports_per_minute=1)
    wrong = {"Authorization": "Case " + case_secret()[0]}
    guess = lambda c: wait_for("429", lambda: (lambda g: g[0] == 429 and g)(c.get(case, headers=wrong)))
    slow = [words(guess(c)) for c in both]
    expect(slow[0] == slow[1], f"429: {slow}")
    many = lambda c, h: wait_for("429", lambda: (lambda g: g[0] == 429 and g)(c.post("/v1/reports", report("多", 1, "none", ceptoar=SLOT), headers=h())))
    slow = [words(many(me, dict)), words(many(blind, lambda: {"Authorization": tokens.pop()}))]
    expect(slow[0] == slow[1], f"429: {slow}")
print("429 and 409 tell no listener from the other, and one key joins nothing")
