# SPDX-License-Identifier: Apache-2.0
"""Drills and contact tests against the description."""
import secrets
import time

from hub import expect


def check_drills(call, op, desk, bank, centre, ministry):
    until = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 3600))
    plan = {"kind": "down", "title": {"ja": "=通報<訓練>", "en": "Drill"}, "deadline": until}
    once, post = {"Idempotency-Key": secrets.token_urlsafe(24)}, lambda c, want, body, code=None, **kw: call(c, "POST", "/v1/drills", want, body, code, **kw)
    made = post(desk, 201, plan, headers=once)
    expect(post(desk, 200, plan, headers=once) == made and made["status"] == "exercise", "the same answer")
    post(desk, 422, dict(plan, kind="up"), "idempotency_mismatch", headers=once)
    post(desk, 422, dict(plan, exercise=False), "unknown_field")
    post(desk, 400, b"{", "json_syntax")
    post(desk, 403, dict(plan, audience={"all": True}), "forbidden")
    post(ministry, 403, plan, "forbidden")
    post(desk, 409, dict(plan, tlp="TLP:RED"), "conflict")
    at, get = lambda i, end="": f"/v1/drills/{i}{end}", lambda c, want, i, end="", code=None: call(c, "GET", f"/v1/drills/{i}{end}", want, None, code, None, "/v1/drills/{id}" + end)
    expect([d["id"] for d in call(desk, "GET", "/v1/drills", 200)["drills"]] == [made["id"]], "the list")
    call(ministry, "GET", "/v1/drills", 403, None, "forbidden")
    for end in ("", ".csv", ".html"):
        got = get(desk, 200, made["id"], end)
        page = got.decode() if end else ""
        expect(not end or "【訓練】" in page and "EXERCISE" in page and "<script" not in page and "<訓練>" not in page, f"marked: {page}")
        get(bank, 404, made["id"], end, "not_found")
        get(ministry, 403, made["id"], end, "forbidden")
    end = lambda c, want, i, code=None: call(c, "POST", at(i, "/end"), want, None, code, None, "/v1/drills/{id}/end")
    end(ministry, 403, made["id"], "forbidden")
    end(bank, 404, made["id"], "not_found")
    end(centre, 403, made["id"], "forbidden")
    expect(end(desk, 200, made["id"])["state"] == "ended", "by hand")
    end(desk, 409, made["id"], "conflict")
    again = post(desk, 201, plan)
    expect(get(desk, 200, again["id"])["before"]["id"] == made["id"], "compared with the last one")
    end(desk, 200, again["id"])

    test = lambda c, want, code=None, headers=None: call(c, "POST", "/v1/contact-test", want, None, code, headers)
    once = {"Idempotency-Key": secrets.token_urlsafe(24)}
    first = test(desk, 201, headers=once)
    expect(test(desk, 200, headers=once) == first, "the same answer")
    test(ministry, 403, "forbidden")
    for _ in range(3):
        test(desk, 201)
    test(desk, 409, "conflict")
    one, table = "/v1/contact-test/{id}", "/v1/contact-test/{id}/deliveries.csv"
    see = lambda c, want, path=one, query="", code=None, i=first["id"]: call(c, "GET", path.replace("{id}", i) + query, want, None, code, None, path)
    expect(len(see(op, 200)["deliveries"]) == 1 and len(see(desk, 200)["routes"]) == 4, "its own line; the desk's figures")
    see(desk, 200, table)
    for path in (one, table):
        see(desk, 400, path, "?who=1", "bad_request")
        see(desk, 404, path, code="not_found", i="0" * 32)
    see(ministry, 403, table, code="forbidden")
