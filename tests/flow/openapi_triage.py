# SPDX-License-Identifier: Apache-2.0
"""The part of openapi.py about triage."""
import secrets

from openapi_approval import check_approval, check_paste
from hub import case_secret, expect, report

ASIDE = {"code": "duplicate", "reason": {"ja": "重複", "en": "twice"}}


def check_triage(call, op, desk, second, other, ministry, blind):
    def sent(title):
        secret, commitment = case_secret()
        case = call(op, "POST", "/v1/reports", 201, report(title, 1, case_commitment=commitment))["case"]
        return case, {"Authorization": "Case " + secret}
    case, mine = sent("束")
    group = "/v1/triage/" + next(i["group"] for i in call(desk, "GET", "/v1/triage?limit=100", 200)["items"] if case in i["cases"])
    at = lambda c, how, end, want, body=None, code=None, headers=None, g=group: call(
        c, how, g + end, want, body, code, headers, "/v1/triage/{id}" + end.split("?")[0])
    call(desk, "GET", "/v1/triage?state=x", 400, None, "bad_request")
    call(ministry, "GET", "/v1/triage", 403, None, "forbidden")
    at(desk, "GET", "?limit=0", 400)
    calls = (("GET", "", None), ("POST", "/lock", {}), ("DELETE", "/lock", None), ("POST", "/aside", ASIDE), ("POST", "/back", None),
             ("POST", "/ask", {"text": "いつ"}), ("POST", "/merge", {}))
    at(second, "POST", "/lock", 200, {"take": False})
    for how, end, body in calls:
        at(ministry, how, end, 403, body, "forbidden")
        at(other, how, end, 404, body, "not_found")
        if end:
            at(desk, how, end, 409, body, "conflict")
    at(desk, "POST", "/lock", 200, {"take": True, "reason": "交代"})
    at(desk, "POST", "/lock", 422, {"take": 1}, "wrong_type")
    for end in ("/aside", "/ask"):
        at(desk, "POST", end, 400, b"{", "json_syntax")
        at(desk, "POST", end, 422, {"nonsense": 1})
    at(desk, "POST", "/ask", 413, {"text": "x" * 4097}, "too_large")
    at(desk, "POST", "/merge", 422, {"groups": ["x"]}, "invalid_field")
    for how, end, body in calls[:-1]:
        at(desk, how, end, 200, body)
    once = {"Idempotency-Key": secrets.token_urlsafe(24)}
    merged = at(desk, "POST", "/merge", 201, {}, None, once)
    expect(at(desk, "POST", "/merge", 200, {}, None, once) == merged, "the same draft")
    check_paste(call, desk, ministry)
    check_approval(call, op, desk, other, ministry, blind, "/v1/drafts/" + merged["draft"], "/v1/cases/" + case, mine)
    call(op, "POST", "/v1/cases/" + case + "/withdraw", 200, None, None, mine, "/v1/cases/{id}/withdraw")
