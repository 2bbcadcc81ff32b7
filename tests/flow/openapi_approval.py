# SPDX-License-Identifier: Apache-2.0
"""The part of openapi.py about pasted text and approvals."""
import secrets

from hub import case_secret, expect


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
