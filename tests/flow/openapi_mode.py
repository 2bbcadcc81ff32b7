# SPDX-License-Identifier: Apache-2.0
"""The part of openapi.py about modes, the backlog, and passing on."""
from hub import expect, report


def check_mode(call, op, desk, centre):
    large, normal = ({"mode": m, "reason": "広域停電"} for m in ("large-scale", "normal"))
    expect(call(op, "GET", "/v1/mode", 200) == {"mode": "normal"}, "at first")
    post = lambda c, want, body, code=None: call(c, "POST", "/v1/mode", want, body, code)
    post(desk, 403, large, "forbidden")
    post(op, 405, large, "method_not_allowed")  # on the members' listener it is only read
    post(centre, 400, b"{", "json_syntax")
    post(centre, 422, {"mode": "war", "reason": "x"}, "invalid_field")
    post(centre, 409, normal, "conflict")
    expect(post(centre, 200, large)["renew_by"] and post(centre, 200, large)["person"], "on")
    expect("person" not in call(op, "GET", "/v1/mode", 200), "not to everybody")
    expect(post(centre, 200, normal)["mode"] == "normal", "off")


def check_centre(call, op, desk, centre):
    """The backlog, and the one button."""
    number = lambda publish: call(op, "POST", "/v1/reports", 201, report("渡す", 3, publish))["bulletin"]["number"]
    confirm = lambda c, want, i, code=None: call(c, "POST", f"/v1/bulletins/{i}/confirm", want, None, code, None, "/v1/bulletins/{id}/confirm")
    one = number("cross_sector")
    confirm(desk, 403, one, "forbidden")
    confirm(centre, 404, "0" * 32, "not_found")
    confirm(centre, 409, number("ceptoar"), "consent_exceeded")
    expect(confirm(centre, 200, one)["bulletin"]["revision"] == 2, "passed on")
    confirm(centre, 409, one, "conflict")
    call(desk, "GET", "/v1/backlog", 403, None, "forbidden")
    row = next(d for d in call(centre, "GET", "/v1/backlog", 200)["desks"] if d["desk"] == "medical-ceptoar")
    expect(sum(row["by_level"]) == row["waiting"] > 0 and row["oldest"], f"{row}")
