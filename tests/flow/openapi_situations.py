# SPDX-License-Identifier: Apache-2.0
"""The part of openapi.py about situations."""
import secrets

from hub import expect, open_case


def check_situations(call, sender, op, desk, other, centre):
    """From opening to the situation report; each answer that is described."""
    title, nobody = {"title": "広域障害"}, "/v1/situations/" + "0" * 32
    once = {"Idempotency-Key": secrets.token_urlsafe(24)}
    mine = "/v1/situations/" + call(desk, "POST", "/v1/situations", 201, title, None, once)["id"]
    call(desk, "POST", "/v1/situations", 200, title, None, once)
    at = lambda c, how, end, want, body=None, code=None, s=mine: call(
        c, how, s + end, want, body, code, None, "/v1/situations/{id}" + ("/tasks/{name}" if end.startswith("/tasks/") else end.split("?")[0]))
    big = "/v1/situations/" + call(centre, "POST", "/v1/situations", 201, title)["id"]
    call(op, "POST", "/v1/situations", 403, title, "forbidden")
    call(desk, "POST", "/v1/situations", 400, b"{", "json_syntax")
    call(desk, "POST", "/v1/situations", 422, {}, "missing_field")
    call(op, "GET", "/v1/situations", 403, None, "forbidden")
    call(desk, "GET", "/v1/situations?closed=5", 400, None, "bad_request")
    expect(len(call(desk, "GET", "/v1/situations", 200)["situations"]) >= 2, "its own, and the centre's")
    case = open_case(sender, "広域障害の一件", 3)[0].rpartition("/")[2]
    bodies = (("/entries", {"text": "電話で確認", "public": True}, 201), ("/members", {"cases": [case]}, 200), ("/tasks", {"text": "連絡", "who": "佐藤"}, 201),
              ("/tasks/1", {"done": True}, 200), ("/report", {"next_report_at": "2099-01-01"}, 201))
    for end, body, good in bodies:
        at(desk, "POST", end, 400, b"{", "json_syntax")
        at(desk, "POST", end, 422, {"nonsense": 1}, "unknown_field")
        at(op, "POST", end, 403, body, "forbidden")
        at(other, "POST", end, 404, body, "not_found")
        at(desk, "POST", end, good, body)
    at(desk, "POST", "/report", 409, {}, "conflict")
    at(desk, "POST", "/entries", 403, {"text": "x"}, "forbidden", big)
    at(desk, "POST", "/members", 200, {"cases": [case]}, None, big)
    expect(at(centre, "GET", "", 200, s=big)["counts"]["reports"] == 1 and at(desk, "GET", "", 200)["counts"]["reports"] is None, "figures")
    at(desk, "GET", "", 200, s=big)
    at(desk, "GET", "?after=x", 400, None, "bad_request")
    at(op, "GET", "", 403, None, "forbidden")
    for c, end, want, code in ((other, "", 404, "not_found"), (op, "/close", 403, "forbidden"), (desk, "/reopen", 409, "conflict")):
        at(c, "POST" if end else "GET", end, want, None, code)
    at(desk, "POST", "/close", 404, None, "not_found", nobody)
    at(desk, "POST", "/reopen", 404, None, "not_found", nobody)
    at(op, "POST", "/reopen", 403, None, "forbidden")
    at(desk, "POST", "/close", 200)
    at(desk, "POST", "/close", 409, None, "conflict")
    for end, body, _ in bodies:
        at(desk, "POST", end, 409, body, "conflict")
    at(desk, "POST", "/reopen", 200)
    while other.post("/v1/situations", title)[0] == 201:
        pass
    call(other, "POST", "/v1/situations", 409, title, "conflict")
