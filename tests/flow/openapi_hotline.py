# SPDX-License-Identifier: Apache-2.0
"""The part of openapi.py about the hotline."""
from hub import expect, open_case


def check_hotline(call, op, intruder, centre):
    at = lambda c, ref, want, code=None, head=None: call(c, "POST", f"/v1/hotline/{ref}/ack", want, None, code, head, "/v1/hotline/{id}/ack")
    gone, mine = open_case(op, "誤", 1, "none", hotline="page")
    expect(op.post(gone + "/withdraw", {}, headers=mine)[0] == 200, "taken back")
    at(centre, gone.rpartition("/")[2], 409, "conflict")
    case = open_case(op, "呼", 1, "none", hotline="page")[0].rpartition("/")[2]
    call(intruder, "GET", "/v1/hotline", 403, None, "forbidden")
    told = call(centre, "GET", "/v1/hotline", 200)
    expect([c["state"] for c in told["calls"] if c["case"] == case] == ["open"] and told["pages"], f"{told}")
    at(intruder, case, 403, "forbidden")
    at(centre, "0" * 32, 404, "not_found")
    at(centre, case, 422, "invalid_field", {"Idempotency-Key": "short"})
    at(centre, case, 200)
    again = at(centre, case, 200)
    expect(again["taken"] == 0 and again["mine"] is True and again["person"] and again["taken_at"], f"{again}")
    at(centre, told["pages"][0]["id"], 200)
    for c, want, body, code in ((intruder, 403, {}, "forbidden"), (centre, 400, b"{", None), (centre, 422, {"name": "x"}, "unknown_field"),
                                (centre, 422, {"ceptoar": "x"}, "invalid_field"), (centre, 422, {"listener": "x"}, "invalid_field")):
        call(c, "POST", "/v1/hotline", want, body, code)
    expect(call(centre, "POST", "/v1/hotline", 201, {"ceptoar": "medical-ceptoar"})["words"].count("\n") == 6, "six lines")
    call(centre, "GET", "/v1/hotline", 200)
