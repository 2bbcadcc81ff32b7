# SPDX-License-Identifier: Apache-2.0
"""The part of openapi.py about drafts, releases, second persons and recalls."""
import secrets

import openapi_recall
from hub import expect
from openapi_recall import DRAFT, WIDE


def check_drafts(call, op, desk, other, centre):
    at = lambda c, how, path, want, body=None, code=None, headers=None, end="": call(
        c, how, path, want, body, code, headers, "/v1/" + path.split("/")[2] + "/{id}" + end)
    once = lambda: {"Idempotency-Key": secrets.token_urlsafe(24)}

    def draft(body=None):
        return "/v1/drafts/" + call(desk, "POST", "/v1/drafts", 201, body or DRAFT)["id"]

    key = once()
    expect(call(desk, "POST", "/v1/drafts", 201, DRAFT, headers=key) == call(desk, "POST", "/v1/drafts", 200, DRAFT, headers=key), "the same")
    call(desk, "POST", "/v1/drafts", 422, {"severity": 2}, "missing_field")
    call(desk, "POST", "/v1/drafts", 400, b"{", "json_syntax")
    call(op, "POST", "/v1/drafts", 403, DRAFT, "forbidden")
    call(op, "GET", "/v1/drafts", 403, None, "forbidden")
    mine = draft()
    page = call(desk, "GET", "/v1/drafts?limit=1", 200)
    expect(page["drafts"][0] not in call(desk, "GET", "/v1/drafts?cursor=" + page["next"], 200)["drafts"], f"drafts: {page}")
    for query, code in (("page=1", "bad_request"), ("limit=0", "bad_request"), ("cursor=x", "cursor_invalid")):
        call(desk, "GET", "/v1/drafts?" + query, 400, None, code)
    change = {"revision": 1, "draft": dict(DRAFT, title="変更")}
    for how, end, body, good in (("GET", "", None, 200), ("PUT", "", change, 200), ("GET", "/audience", None, 200), ("POST", "/release", {}, 201)):
        at(other, how, mine + end, 404, body, "not_found", None, end)
        at(op, how, mine + end, 403, body, "forbidden", None, end)
        if how in ("PUT", "POST"):
            at(desk, how, mine + end, 400, b"{", "json_syntax", None, end)
            at(desk, how, mine + end, 422, {"nonsense": 1}, None, None, end)
        at(desk, how, mine + end, good, body, None, None, end)
    at(desk, "GET", mine + "?revision=1", 200)
    at(desk, "GET", mine + "?revision=x", 400)
    at(desk, "PUT", mine, 409, change, "conflict")
    at(desk, "POST", mine + "/release", 409, {}, "conflict", None, "/release")
    at(op, "DELETE", mine, 403, None, "forbidden")
    at(desk, "DELETE", mine, 409, None, "conflict")
    at(desk, "DELETE", draft(), 200)
    at(desk, "DELETE", "/v1/drafts/" + "0" * 32, 404, None, "not_found")
    key, mine = once(), draft()
    first = at(desk, "POST", mine + "/release", 201, {}, None, key, "/release")
    expect(at(desk, "POST", mine + "/release", 200, {}, None, key, "/release") == first, "the same")
    number = "/v1/bulletins/" + first["bulletin"]["number"]
    for what, body, good in (("update", {"content": DRAFT}, 201), ("cancel", {"reason": "誤り"}, 200)):
        end, key = "/" + what, once()
        at(other, "POST", number + end, 404, body, "not_found", None, end)
        at(op, "POST", number + end, 403, body, "forbidden", None, end)
        refused = (403, "forbidden") if what == "update" else (409, "second_person_required")
        at(centre, "POST", number + end, refused[0], body, refused[1], None, end)
        at(desk, "POST", number + end, 400, b"{", "json_syntax", None, end)
        at(desk, "POST", number + end, 422, {"nonsense": 1}, None, None, end)
        at(desk, "POST", number + end, good, body, None, key, end)
        at(desk, "POST", number + end, 200, body, None, key, end)
        at(desk, "POST", number + end, 409, body if what == "cancel" else {"content": WIDE}, None, None, end)
    openapi_recall.recalled(at, call, op, desk, other, centre, draft)
