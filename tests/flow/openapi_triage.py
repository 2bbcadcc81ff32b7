# SPDX-License-Identifier: Apache-2.0
"""The part of openapi.py about triage, pasted text and approvals."""
import secrets

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


def check_paste(call, desk, ministry):
    paste = lambda want, body, code=None, c=desk, **kw: call(c, "POST", "/v1/drafts/paste", want, body, code, **kw)
    once, text = {"Idempotency-Key": secrets.token_urlsafe(24)}, {"text": "件名: 注意喚起\n\nTLP:GREEN hxxp://evil[.]example/ CVE-2026-12345"}
    first = paste(201, text, headers=once)
    expect(paste(200, text, headers=once) == first and first["indicators"] == 1, f"the same: {first}")
    paste(400, b"{", "json_syntax")
    paste(403, text, "forbidden", ministry)
    paste(413, {"text": "x" * 131073}, "too_large")
    paste(422, {"lang": "ja"}, "missing_field")


def check_approval(call, op, desk, other, ministry, blind, draft, case, mine):
    ask = lambda c, want, code=None, d=draft: call(c, "POST", d + "/approval", want, None, code, None, "/v1/drafts/{id}/approval")
    give = lambda c, want, body, code=None, headers=mine, p=case: call(
        c, "POST", p + "/approval", want, body, code, headers, "/v1/cases/{id}/approval")
    give(op, 409, {"sha256": "0" * 64, "approve": True}, "conflict")
    ask(ministry, 403, "forbidden")
    ask(other, 404, "not_found")
    sha = ask(desk, 200)["sha256"]
    shown = call(op, "GET", case, 200, None, None, mine, "/v1/cases/{id}")["approval"]
    expect(shown["sha256"] == sha and "cases" not in shown["draft"], f"what the reporter sees: {shown}")
    word = {"sha256": sha, "approve": True, "note": "青空中央病院です"}
    give(op, 400, b"{", "json_syntax")
    give(op, 401, word, "unauthorized", {})
    give(op, 404, word, "not_found", {"Authorization": "Case " + case_secret()[0]})
    give(op, 422, {"approve": True}, "missing_field")
    give(op, 409, dict(word, sha256="0" * 64), "text_changed")
    give(op, 200, word)
    said = call(desk, "GET", case + "/messages", 200, None, None, None, "/v1/cases/{id}/messages")["messages"][-1]["text"]["ja"]
    expect("青空" not in said, f"the note is masked: {said}")
    give(blind, 200, {"sha256": sha, "approve": False})
    lone = "/v1/drafts/" + call(desk, "POST", "/v1/drafts", 201, {"severity": 1, "title": "件"})["id"]
    ask(desk, 409, "conflict", lone)
