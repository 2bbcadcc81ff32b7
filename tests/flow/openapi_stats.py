# SPDX-License-Identifier: Apache-2.0
"""The desks' statistics, and what the centre finds of a case, against the description."""
import secrets

from hub import expect, open_case


def check_stats(call, op, desk, centre, ministry):
    for path in ("/v1/stats", "/v1/stats.csv"):
        call(desk, "GET", path, 200)
        call(centre, "GET", path + "?year=2025", 200)
        call(desk, "GET", path + "?year=25", 400, None, "bad_request")
        call(desk, "GET", path + "?who=1", 400, None, "bad_request")
        call(ministry, "GET", path, 403, None, "forbidden")
        call(op, "GET", path, 404, None, "not_found")
    call(desk, "GET", "/v1/stats", 200, headers={"Accept": "text/csv;q=1, */*"})
    expect("live" in call(centre, "GET", "/v1/stats", 200) and "live" not in call(desk, "GET", "/v1/stats", 200), "live")
    path, mine = open_case(op, "後から評価", 3)
    case, template = path.rpartition("/")[2], "/v1/reports/{id}/assessment"
    post = lambda c, want, body, code=None, headers=None, i=case: call(c, "POST", f"/v1/reports/{i}/assessment", want, body, code, headers, template)
    once = {"Idempotency-Key": secrets.token_urlsafe(24)}
    first = post(centre, 201, {"severity_assessed": {"safety": 4}}, None, once)
    expect(post(centre, 200, {"severity_assessed": {"safety": 4}}, None, once) == first, "the same answer")
    post(centre, 422, {"severity_assessed": 1}, "idempotency_mismatch", once)
    post(centre, 422, {}, "missing_field")
    post(centre, 400, b"{", "json_syntax")
    post(desk, 403, {"severity_assessed": 1}, "forbidden")
    post(centre, 404, {"severity_assessed": 1}, "not_found", None, "0" * 32)
    item = next(i for i in call(desk, "GET", "/v1/inbox?limit=500", 200)["items"] if i["case"] == case)
    expect(item["severity_assessed"] == first["severity_assessed"], f"{item}")
    expect(op.post(path + "/withdraw", {}, headers=mine)[0] == 200, "withdrawn")
    post(centre, 409, {"severity_assessed": 1}, "conflict")
