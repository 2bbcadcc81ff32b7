# SPDX-License-Identifier: Apache-2.0
"""The part of openapi.py about drafts, releases, second persons and recalls."""
import secrets

from hub import expect

DRAFT = {"severity": 2, "title": {"ja": "件名", "en": "Title"}, "summary": "概要"}
WIDE = dict(DRAFT, audience={"all": True})


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
    expect(call(desk, "GET", "/v1/drafts", 200)["drafts"], "drafts")
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
        at(centre, "POST", number + end, 403, body, "forbidden", None, end)
        at(desk, "POST", number + end, 400, b"{", "json_syntax", None, end)
        at(desk, "POST", number + end, 422, {"nonsense": 1}, None, None, end)
        at(desk, "POST", number + end, good, body, None, key, end)
        at(desk, "POST", number + end, 200, body, None, key, end)
        at(desk, "POST", number + end, 409, body if what == "cancel" else {"content": WIDE}, None, None, end)
    recalled(at, call, op, desk, other, centre, draft)


def recalled(at, call, op, desk, other, centre, draft):
    b = "/v1/bulletins/" + at(desk, "POST", draft() + "/release", 201, {}, None, None, "/release")["bulletin"]["id"]
    for c, want in ((op, 403), (other, 404), (desk, 200), (desk, 409)):
        at(c, "POST", b + "/false-alarm", want, None, None, None, "/false-alarm")
    at(desk, "POST", draft(WIDE) + "/release", 409, {}, "second_person_required", None, "/release")
    call(op, "GET", "/v1/second", 403, None, "forbidden")
    asked = [x for x in call(centre, "GET", "/v1/second", 200)["second"] if not x["mine"] and "bulletin" not in x][0]["id"]
    for c, body, want in ((op, {"agree": True}, 403), (other, {"agree": True}, 404), (desk, {"agree": True}, 409), (centre, b"{", 400),
                          (centre, {}, 422), (centre, {"agree": True}, 200)):
        at(c, "POST", "/v1/second/" + asked, want, body)
