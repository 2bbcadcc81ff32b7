# SPDX-License-Identifier: Apache-2.0
"""The part of openapi.py about false alarms, second persons and files."""
from hub import expect, open_case

DRAFT = {"severity": 1, "title": {"ja": "件名", "en": "Title"}, "summary": "概要"}
WIDE = dict(DRAFT, audience={"all": True})


def recalled(at, call, op, desk, other, centre, draft):
    b = "/v1/bulletins/" + at(desk, "POST", draft() + "/release", 201, {}, None, None, "/release")["bulletin"]["id"]
    for c, want in ((op, 403), (other, 404), (centre, 422), (desk, 200), (desk, 409)):
        at(c, "POST", b + "/false-alarm", want, None, None, None, "/false-alarm")
    at(desk, "POST", draft(WIDE) + "/release", 409, {}, "second_person_required", None, "/release")
    call(op, "GET", "/v1/second", 403, None, "forbidden")
    asked = [x for x in call(centre, "GET", "/v1/second", 200)["second"] if not x["mine"] and "bulletin" not in x][0]["id"]
    for c, body, want in ((op, {"agree": True}, 403), (other, {"agree": True}, 404), (desk, {"agree": True}, 409), (centre, b"{", 400),
                          (centre, {}, 422), (centre, {"agree": True}, 200)):
        at(c, "POST", "/v1/second/" + asked, want, body)


def check_files(call, op, intruder, desk, other):
    end = "/attachments/{name}"
    at = lambda c, how, path, want, body=None, code=None, head=None: call(c, how, path, want, body, code, head, "/v1/" + path.split("/")[2] + "/{id}" + end)
    draft = "/v1/drafts/" + call(desk, "POST", "/v1/drafts", 201, DRAFT)["id"]
    for name, body in (("a.csv", b"x,-1\n"), ("b.txt", "文".encode()), ("c.pdf", b"%PDF-1.7\n")):
        at(desk, "PUT", f"{draft}/attachments/{name}", 201, body)
        at(desk, "GET", f"{draft}/attachments/{name}", 200)
    for name, body in (("a.csv", b"x,=1+1\n"), ("b.txt", b"\xff"), ("c.pdf", b"%PD"), ("d.exe", b"MZ"), ("e.txt", b"")):
        at(desk, "PUT", f"{draft}/attachments/{name}", 422, body, "invalid_field")
    at(desk, "PUT", f"{draft}/attachments/a.txt", 413, b"x", "too_large", {"Content-Length": str(2 * 1024 * 1024 + 1)})
    for c, want in ((intruder, 403), (other, 404)):
        for how, body in (("PUT", b"x"), ("GET", None), ("DELETE", None)):
            at(c, how, f"{draft}/attachments/b.txt", want, body)
    at(desk, "DELETE", f"{draft}/attachments/c.pdf", 200)
    b = "/v1/bulletins/" + call(desk, "POST", draft + "/release", 201, {}, None, None, "/v1/drafts/{id}/release")["bulletin"]["number"]
    for how, body in (("PUT", b"x"), ("DELETE", None)):
        at(desk, how, f"{draft}/attachments/b.txt", 409, body, "conflict")
    expect(at(op, "GET", b + "/attachments/b.txt", 200) == "文".encode(), "the file")
    at(other, "GET", b + "/attachments/b.txt", 404, None, "not_found")
    case, mine = open_case(op, "件", 1, "ceptoar")
    expect(op.post(case + "/withdraw", None, headers=mine)[0] == 200, "withdraw")
    call(desk, "POST", "/v1/drafts", 409, dict(DRAFT, cases=[case.rpartition("/")[2]]), "conflict")
