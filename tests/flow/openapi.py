# SPDX-License-Identifier: Apache-2.0
"""Calls every endpoint of proto/openapi.yaml on a running hub and checks status, type and body."""
import base64
import json
import re
import secrets

import jsonschema
import yaml

import openapi_drafts
import openapi_drills
import openapi_hotline
import openapi_mode
import openapi_recall
import openapi_stats
import openapi_situations
import openapi_triage
from hub import ROOT, Blind, Client, Hub, Stream, case_secret, expect, reader, report, wait_for

with open(ROOT + "/proto/openapi.yaml", encoding="utf-8") as f:
    API = yaml.safe_load(f)
RESOLVER = jsonschema.RefResolver("", API)
done = set()


def resolve(node):
    while "$ref" in node:
        node = RESOLVER.resolve(node["$ref"])[1]
    return node


def fits(name, value, where):
    schema = name if isinstance(name, dict) else {"$ref": "#/components/schemas/" + name}
    errors = list(jsonschema.Draft202012Validator(schema, resolver=RESOLVER).iter_errors(value))
    if errors:
        at = "/".join(str(p) for p in errors[0].absolute_path)
        expect(False, f"{where}: /{at}: {errors[0].message[:500]}")


def call(client, method, path, want, body=None, code=None, headers=None, op=None):
    """One request; the answer must be described, and be the wanted one."""
    template = op or path.split("?")[0]
    got, head, data = client.request(method, path, body, headers)
    where = f"{method} {path} as {client.member}: {got}"
    expect(got == want, f"{where}, wanted {want}: {data}")
    operation = API["paths"][template][method.lower()]
    answers = operation["responses"]
    expect(str(got) in answers, f"{where} is not described")
    kind = head.get("Content-Type", "")
    content = resolve(answers[str(got)])["content"]
    expect(kind in content, f"{where}: {kind} is not described")
    fits(content[kind]["schema"], data.decode() if isinstance(data, bytes) else data, where)
    if got >= 400 and "json" in kind:
        expect(data["status"] == got and (code is None or data["code"] == code), f"{where}: {data}")
    done.add((method, template, got))
    return data


def check_tables():
    """The description and the tables of the programs say the same."""
    with open(ROOT + "/daemon/front/route.c", encoding="utf-8") as f:
        text = f.read()
    names = dict(re.findall(r"#define (\w+)\s+\(?((?:ROLE|ON_)[^)\n]*)\)?", text))
    every = {"operator", "secretariat", "affiliate", "centre", "ministry", "agency", "observer", "subscriber"}
    routes = {}
    for method, path, on, roles in re.findall(r'\{ HTTP_(\w+), "([^"]+)", (\w+), ([\w |]+),', text):
        on, roles = names.get(on, on), "|".join(names.get(r, r) for r in roles.split(" | "))
        on = {r.lower() for r in re.findall(r"ON_(\w+)", on)}
        duties = {"desk", "duty_officer"} if roles == "ROLE_SUBSCRIBES" else set()
        roles = every if roles in ("ROLES_ALL", "ROLE_SUBSCRIBES") else {r.lower() for r in re.findall(r"ROLE_(\w+)", roles)}
        routes[method, path.replace("*", "{id}", 1).replace("*", "{name}")] = on, roles, duties
    told = {(m.upper(), p): (set(o.get("x-listeners", ["members"])), set(o["x-roles"]), set(o.get("x-duties", []))) for p, item in API["paths"].items() for m, o in item.items()}
    expect(routes.keys() == told.keys(), f"routes differ: {routes.keys() ^ told.keys()}")
    for key, row in routes.items():
        expect(row == told[key], f"{key}: listeners, roles and duties {row} and {told[key]}")
    of = lambda o: {p["name"] for p in (API["components"]["parameters"][q["$ref"].rpartition("/")[2]] if "$ref" in q else q for q in o.get("parameters", ())) if p["in"] == "query"}
    asks = {p.replace("*", "{id}"): set(re.findall(r'"(\w+)"', q)) for p, q in re.findall(r'\{ "([^"]+)",\s*\{ ([^}]+) \} \}', text)}
    differ = [(m, p) for p, item in API["paths"].items() for m, o in item.items() if of(o) != (asks.pop(p, set()) if m == "get" else set())]
    expect(not differ and not asks, f"queries differ: {differ} {asks}")
    with open(ROOT + "/proto/problem.h", encoding="utf-8") as f:
        codes = {c for s, c in re.findall(r'X\(\w+,\s*(\d+),\s*"(\w+)"', f.read()) if s != "200"}
    expect(codes == set(API["components"]["schemas"]["ProblemCode"]["enum"]), "problem codes differ")
    for name, ours in (("report", "ReportFields"), ("bulletin", "Bulletin")):
        with open(f"{ROOT}/proto/{name}.schema.json", encoding="utf-8") as f:
            theirs, ours = json.load(f), API["components"]["schemas"][ours]
        differ = theirs["properties"].keys() ^ ours["properties"].keys()
        expect(not differ, f"{name}.schema.json and openapi.yaml differ in {differ}")
        expect(set(theirs["required"]) == set(ours["required"]), name + ": required fields differ")


def check_reports(op, ministry):
    post = lambda want, body, code=None, **kw: call(op, "POST", "/v1/reports", want, body, code, **kw)
    examples = API["paths"]["/v1/reports"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for example in examples.values():
        fits("ReportWithApproval", example["value"], "an example")
        post(201, example["value"])
    post(422, dict(report(), member_id="x"), "unknown_field")
    post(422, {"kind": "incident", "title": "x"}, "missing_field")
    post(400, b'{"a":1,"a":2}', "json_duplicate")
    key = {"Idempotency-Key": secrets.token_urlsafe(24)}
    first = post(201, report("key"), headers=key)
    expect(post(200, report("key"), headers=key) == first, "the same answer")
    post(422, report("other"), "idempotency_mismatch", headers=key)
    call(ministry, "POST", "/v1/reports", 403, report(), "forbidden")
    seen = call(op, "POST", "/v1/reports/preview", 200, report("青空中央病院"))
    expect(seen["replacements"], "the preview shows what it replaced")
    call(op, "POST", "/v1/reports/preview", 422, {}, "missing_field")
    call(op, "POST", "/v1/reports/preview", 400, b"{]", "json_syntax")
    post(201, dict(report("青空中央病院"), approved=seen["approved"]))
    post(409, dict(report("another"), approved=seen["approved"]), "text_changed")
    call(ministry, "POST", "/v1/reports/preview", 403, report(), "forbidden")


def check_blind(blind, op):
    """Each call exists where it says so, and nobody is let in by a certificate there."""
    for path, item in API["paths"].items():
        for method, operation in item.items():
            on = "blind" in operation.get("x-listeners", [])
            got = blind.request(method.upper(), path.replace("{id}", "0" * 32).replace("{name}", "a.txt"))[0]
            expect((got != 404) == on, f"{method} {path} on the blind listener: {got}")
    post = lambda want, body, code, **kw: call(blind, "POST", "/v1/reports", want, body, code, **kw)
    token = {"Authorization": 'PrivateToken token="' + "A" * 606 + '"'}
    post(401, report(ceptoar="medical-ceptoar"), "unauthorized")
    post(401, report(ceptoar="medical-ceptoar"), "token_invalid", headers=token)
    post(422, report(), "missing_field", headers=token)
    post(400, report(member="x"), "names_sender", headers=token)
    post(400, report(), "names_sender", headers={"X-Forwarded-For": "192.0.2.1"})
    secret, commitment = case_secret()
    receipt = call(op, "POST", "/v1/reports", 201, report("sealed", case_commitment=commitment))
    auth, path = {"Authorization": "Case " + secret}, "/v1/cases/" + receipt["case"]
    call(blind, "GET", path, 200, None, None, auth, "/v1/cases/{id}")
    call(blind, "POST", path + "/reports", 201, report("more", ceptoar="medical-ceptoar"), None, auth, "/v1/cases/{id}/reports")
    call(blind, "POST", path + "/withdraw", 200, None, None, auth, "/v1/cases/{id}/withdraw")


def check_answers(reader):
    """The page behind a mail's link; what a link answers that is one is flow 65's affair."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path, item in API["paths"].items():
        for method, operation in item.items():
            got = reader.attempt(method.upper(), path.replace("{id}", "0" * 22))[0]
            expect(got != 200 and (got != 404 or path != "/a/{id}" or method == "get"), f"{method} {path} on the answers' listener: {got}")
    at = lambda how, want, body=None, **kw: call(reader, how, "/a/" + "A" * 22, want, body, op="/a/{id}", **kw)
    at("GET", 404)
    at("POST", 404, b"seal=&status=read&forwarded=", headers=form)
    at("POST", 400, b"seal=&status=read&who=me", code="bad_request", headers=form)
    at("POST", 413, b"seal=" + b"A" * 1020, code="too_large", headers=form)
    at("POST", 415, b"{}", code="media_type")


def check_cases(op):
    secret, commitment = case_secret()
    auth = {"Authorization": "Case " + secret}
    case = call(op, "POST", "/v1/reports", 201, report("case", case_commitment=commitment))["case"]
    state = lambda want, code=None, headers=auth, i=case: call(
        op, "GET", "/v1/cases/" + i, want, None, code, headers, "/v1/cases/{id}")
    more = lambda want, body, code=None, headers=auth: call(
        op, "POST", f"/v1/cases/{case}/reports", want, body, code, headers, "/v1/cases/{id}/reports")
    back = lambda want, code=None, headers=auth: call(
        op, "POST", f"/v1/cases/{case}/withdraw", want, None, code, headers, "/v1/cases/{id}/withdraw")
    state(200)
    state(401, "unauthorized", {})
    wrong = {"Authorization": "Case " + case_secret()[0]}
    state(404, "not_found", wrong)
    state(404, "not_found", auth, "0" * 32)
    more(201, report("case, more", stage="follow_up"))
    once = dict(auth, **{"Idempotency-Key": secrets.token_urlsafe(24)})
    expect(more(201, report("more"), None, once) == more(200, report("more"), None, once), "the same answer")
    more(400, b"", "json_syntax")
    more(404, report("x"), "not_found", wrong)
    more(401, report("x"), "unauthorized", {})
    more(422, {"kind": "incident"}, "missing_field")
    expect(state(200)["reports"] == 3, "three versions")
    back(404, "not_found", wrong)
    back(401, "unauthorized", {})
    expect(back(200)["state"] == "withdrawn", "withdrawn")
    more(409, report("after"), "conflict")


def check_channel(op, desk, other):
    """Messages, the end by the desk, the slip: as the holder of the secret and as desks."""
    secret, commitment = case_secret()
    auth = {"Authorization": "Case " + secret}
    slip = {"to": "medical-ceptoar", "box": "c2xpcA"}
    case = call(op, "POST", "/v1/reports", 201, report("case", case_commitment=commitment, slip=slip))["case"]
    at = lambda c, how, tail, want, body=None, code=None, headers=None: call(
        c, how, f"/v1/cases/{case}{tail}", want, body, code, headers, "/v1/cases/{id}" + tail)
    at(desk, "GET", "", 200)
    at(other, "GET", "", 404, None, "not_found")
    at(desk, "POST", "/messages", 201, {"text": {"ja": "問"}})
    once = dict(auth, **{"Idempotency-Key": secrets.token_urlsafe(24)})
    expect(at(op, "POST", "/messages", 201, {"text": "答"}, None, once) == at(op, "POST", "/messages", 200, {"text": "答"}, None, once), "the same")
    at(op, "POST", "/messages", 422, {"text": "他"}, "idempotency_mismatch", once)
    at(op, "POST", "/messages", 413, {"text": "x" * 4097}, "too_large", auth)
    at(op, "POST", "/messages", 400, b"{", "json_syntax", auth)
    at(op, "POST", "/messages", 401, {"text": "x"}, "unauthorized")
    at(other, "POST", "/messages", 404, {"text": "x"}, "not_found")
    expect(len(at(desk, "GET", "/messages", 200)["messages"]) == 2, "both")
    at(op, "GET", "/messages", 401, None, "unauthorized")
    at(other, "GET", "/messages", 404, None, "not_found")
    expect(at(desk, "GET", "/slip", 200) == slip, "the slip")
    at(other, "GET", "/slip", 404, None, "not_found")
    for c, want, code in ((op, 404, "not_found"), (Client(op.hub, "kosei-ministry"), 403, "forbidden")):
        at(c, "GET", "/slip", want, None, code)
        at(c, "POST", "/close", want, None, code)
    at(other, "POST", "/close", 404, None, "not_found")
    expect(at(desk, "POST", "/close", 200)["state"] == "closed", "closed")
    at(op, "POST", "/messages", 409, {"text": "x"}, "conflict", auth)
    expect(call(op, "GET", "/v1/duty-keys", 200)["keys"], "the desks have keys")


def check_reading(op, sec):
    get = lambda c, path, want, code=None, op_=None: call(c, "GET", path, want, None, code, None, op_)
    stream = Stream(op.hub, op.member, "?cursor=earliest")
    stream.wait(1, "sync")
    expect({e[0] for e in stream.events} >= {"hello", "bulletin", "update", "cancel", "sync"}, "all kinds of events")
    for name, ident, data, _ in stream.events:
        fits(API["paths"]["/v1/stream"]["get"]["x-events"][name], data, "event " + name)
    done.add(("GET", "/v1/stream", 200))
    stream.stop()
    get(op, "/v1/stream?cursor=x", 400, "cursor_invalid")
    page = get(op, "/v1/events?cursor=earliest&wait=0", 200)
    expect(page["events"] and page["cursor"], "events")
    get(op, "/v1/events?nonsense=1", 400, "bad_request")
    get(sec, "/v1/events?cursor=earliest&wait=0", 200)
    one = get(op, "/v1/bulletins?limit=1", 200)
    expect(len(one["bulletins"]) == 1 and one["next"], f"a page of one: {one}")
    rest = get(op, "/v1/bulletins?cursor=" + one["next"], 200)
    expect(rest["bulletins"], "the next page")
    get(op, "/v1/bulletins?limit=0", 400)
    b = one["bulletins"][0]
    for ref in (b["id"], b["number"], b["id"] + "?revision=1"):
        get(op, "/v1/bulletins/" + ref, 200, op_="/v1/bulletins/{id}")
    get(op, "/v1/bulletins/" + "0" * 32, 404, "not_found", "/v1/bulletins/{id}")
    get(op, "/v1/bulletins/" + b["id"] + "?revision=x", 400, None, "/v1/bulletins/{id}")
    ack = lambda want, acks, code=None: call(op, "POST", "/v1/acks", want, {"acks": acks}, code)
    ack(200, [{"id": b["id"], "status": "read", "forwarded_to": 3, "note": "了解"}, {"id": "0" * 32, "status": "read"}])
    got = ack(200, [{"id": b["id"], "status": "received"}])
    expect(got["results"][0]["status"] == "read", f"never backwards: {got}")
    ack(404, [{"id": "0" * 32, "status": "read"}], "not_found")
    ack(422, [{"id": b["id"], "status": "affected"}])
    ack(422, [])
    call(op, "POST", "/v1/acks", 400, b"[", "json_syntax")
    me = get(op, "/v1/me", 200)
    expect(me["roles"], "roles")
    items = get(sec, "/v1/inbox?limit=2", 200)
    expect(items["items"] and items["next"] is not None, f"the inbox: {items}")
    get(sec, "/v1/inbox?page=" + str(items["next"]), 200)
    get(sec, "/v1/inbox?page=x", 400)
    for path in ("/v1/inbox", "/v1/bulletins", "/v1/events", "/v1/stream"):
        get(sec, path + "?min_severity=5", 422, "invalid_field")
    for path in ("/v1/inbox", "/v1/trends"):
        get(op, path, 404, "not_found")
        get(Client(op.hub, op.member, "CEPTOAR_DESK_URL"), path, 403, "forbidden")
    many = get(sec, "/v1/trends?limit=2", 200)
    expect(many["trends"] and get(sec, "/v1/trends?page=9", 200)["trends"] == [], f"trends: {many}")
    get(sec, "/v1/trends?sector=medical", 400, "bad_request")
    get(op, "/v1/transparency", 200)
    get(op, "/.well-known/jwks.json", 200)
    told = get(sec, "/v1/names?person=" + reader(op.hub, "medical-desk", "sato"), 200)
    expect(told == {"id": "sato", "names": {"ja": "佐藤 葵", "en": "Aoi Sato"}}, f"names: {told}")
    called = get(sec, "/v1/names?member=aozora-hp", 200)
    expect(called == get(sec, "/v1/names?receiver=" + called["receiver"], 200) and called["id"] == "aozora-hp", f"a member's receiver: {called}")
    many = called["receiver"] + "," + "0" * 32
    expect(get(sec, "/v1/names?receivers=" + many, 200) == {"names": [called]}, "the names of a list")
    get(sec, f"/v1/names?receivers={many}&bulletin=2026-ZZZZZ", 404, "not_found")
    for bad in ("member=", "member=" + "x" * 64, "member=aozora-hp&receiver=" + called["receiver"], "receivers=", "receivers=1", f"receivers={many}&member=aozora-hp"):
        get(sec, "/v1/names?" + bad, 400, "bad_request")
    get(sec, "/v1/names?receiver=" + "0" * 32, 404, "not_found")
    get(sec, "/v1/names?receiver=1", 400, "bad_request")
    get(Client(op.hub, op.member, "CEPTOAR_DESK_URL"), "/v1/names?receiver=" + "0" * 32, 403, "forbidden")
    page = get(sec, "/v1/audit?limit=1", 200)
    expect([r["action"] for r in page["rows"]] == ["names.look"], f"the audit log: {page}")
    more = get(sec, "/v1/audit?limit=1&cursor=" + page["next"], 200)
    expect(more["rows"] and more["next"] not in (None, page["next"]), f"its next page: {more}")
    for query, code in (("page=1", "bad_request"), ("cursor=x", "cursor_invalid"), ("cursor=" + one["next"], "cursor_invalid")):
        get(sec, "/v1/audit?" + query, 400, code)
    get(sec, "/v1/events?wait=0&cursor=" + page["next"], 400, "cursor_invalid")
    get(op, "/v1/audit", 404, "not_found")
    get(Client(op.hub, "kosei-ministry"), "/v1/audit", 403, "forbidden")


def check_relay(op, desk, other):
    """Passing on, and orders to do so."""
    number = call(op, "POST", "/v1/reports", 201, report("渡す", 3))["bulletin"]["number"]
    relay = lambda c, want, body, code=None: call(c, "POST", f"/v1/bulletins/{number}/relay", want, body, code, None, "/v1/bulletins/{id}/relay")
    there = Client(op.hub, op.member, "CEPTOAR_DESK_URL")
    relay(there, 403, {}, "forbidden")
    relay(other, 404, {}, "not_found")
    relay(desk, 422, {"tlp": "TLP:CLEAR"}, "invalid_field")
    relay(desk, 400, b"{", "json_syntax")
    made = relay(desk, 201, {"note": "至急"})
    fits("Bulletin", call(desk, "GET", "/v1/bulletins/" + made["id"], 200, op="/v1/bulletins/{id}"), "a wrapper")
    relay(desk, 409, {}, "conflict")
    order = {"ceptoar": "medical-ceptoar", "from": "any", "min_severity": 3, "when": "always"}
    put = lambda c, want, code=None, **kw: call(c, "PUT", "/v1/orders", want, dict(order, **kw), code)
    put(there, 403, "forbidden")
    put(other, 403, "forbidden")
    put(desk, 422, "invalid_field", when="never")
    call(desk, "PUT", "/v1/orders", 400, b"{", "json_syntax")
    first = put(desk, 200)
    expect(call(desk, "GET", "/v1/orders", 200)["orders"] == [first], "the order")
    call(there, "GET", "/v1/orders", 403, None, "forbidden")
    number = call(op, "POST", "/v1/reports", 201, report("渡させる", 3))["bulletin"]["number"]
    relay(desk, 200, {"note": "後から"})
    drop = lambda c, want, code=None, i=first["id"]: call(c, "DELETE", "/v1/orders/" + i, want, None, code, None, "/v1/orders/{id}")
    drop(other, 404, "not_found")
    drop(there, 403, "forbidden")
    drop(desk, 200)


def check_reach(op, sec, other):
    """Deliveries, what was said on the telephone, questions."""
    b = call(op, "GET", "/v1/bulletins?limit=1", 200)["bulletins"][0]["id"]
    at = lambda c, how, tail, want, body=None, code=None, headers=None, query="": call(
        c, how, f"/v1/bulletins/{b}/{tail}{query}", want, body, code, headers, "/v1/bulletins/{id}/" + tail)
    me = at(op, "GET", "deliveries", 200)["deliveries"][0]["receiver"]
    page = at(sec, "GET", "deliveries", 200, query="?limit=1")
    expect(page["summary"] and page["next"], f"deliveries: {page}")
    at(sec, "GET", "deliveries", 200, query="?limit=1&cursor=" + page["next"])
    at(sec, "GET", "deliveries", 400, None, "bad_request", query="?state=x")
    at(other, "GET", "deliveries", 404, None, "not_found")
    at(sec, "GET", "deliveries.csv", 200)
    at(sec, "GET", "deliveries.csv", 400, None, "bad_request", query="?limit=1")
    at(other, "GET", "deliveries.csv", 404, None, "not_found")
    said = {"id": b, "receiver": me, "status": "read", "via": "phone"}
    post = lambda want, body, code=None, c=sec: call(c, "POST", "/v1/acks/for", want, body, code)
    post(200, said)
    post(404, dict(said, id="0" * 32), "not_found")
    post(403, dict(said, receiver="0" * 32), "forbidden")
    post(422, dict(said, via="mail"), "invalid_field")
    post(400, b"{", "json_syntax")
    at(sec, "GET", "deliveries", 200, query="?state=read&silent=0")
    secret, commitment = case_secret()
    once = {"Idempotency-Key": secrets.token_urlsafe(24)}
    question = {"text": "問", "commitment": commitment}
    first = at(op, "POST", "questions", 201, question, None, once)
    expect(at(op, "POST", "questions", 200, question, None, once) == first, "the same question")
    at(op, "POST", "questions", 422, {"text": "他"}, "idempotency_mismatch", once)
    at(op, "POST", "questions", 413, {"text": "x" * 4097}, "too_large")
    at(op, "POST", "questions", 400, b"{", "json_syntax")
    at(other, "POST", "questions", 404, {"text": "x"}, "not_found")
    answer = lambda want, body, code=None, c=sec, head=None: call(c, "POST", f"/v1/questions/{first['id']}/answer", want, body, code, head, "/v1/questions/{id}/answer")
    once = {"Idempotency-Key": secrets.token_urlsafe(24)}
    expect(answer(200, {"text": {"ja": "答"}, "to": "all"}, head=once) == answer(200, {"text": {"ja": "答"}, "to": "all"}, head=once), "the same answer")
    answer(409, {"text": "別", "to": "all"}, "conflict")
    answer(200, {"text": {"ja": "答"}, "to": "all", "replace": True})
    answer(422, {"text": "答"}, "missing_field")
    answer(413, {"text": "x" * 4097, "to": "one"}, "too_large")
    answer(400, b"{", "json_syntax")
    answer(404, {"text": "x", "to": "one"}, "not_found", other)
    expect(at(op, "GET", "questions", 200)["questions"], "answered to all")
    at(other, "GET", "questions", 404, None, "not_found")
    expect(call(sec, "GET", "/v1/questions?open=0", 200)["questions"], "the desk's list")
    call(sec, "GET", "/v1/questions?limit=0", 400, None, "bad_request")
    mine = lambda want, code, head: call(op, "GET", "/v1/questions/" + first["id"], want, None, code, head, "/v1/questions/{id}")
    expect(mine(200, None, {"Authorization": "Case " + secret})["answer"]["to"] == "all", "the answer")
    mine(401, "unauthorized", {})
    mine(404, "not_found", {"Authorization": "Case " + case_secret()[0]})


def check_named(op, centre):
    consent = {"publish": "none", "identity": "named", "named_to": [centre.member]}
    post = lambda want, **kw: call(op, "POST", "/v1/reports", want, report("named", 1, consent=consent), **kw)
    get = lambda c, want, i, code=None: call(c, "GET", f"/v1/reports/{i}/identity", want, None, code, None, "/v1/reports/{id}/identity")
    i = post(201)["id"]
    get(centre, 200, i)
    get(centre, 404, "0" * 32, "not_found")
    get(op, 404, i, "not_found")
    get(Client(op.hub, "medical-desk"), 403, i, "forbidden")
    items = call(centre, "GET", "/v1/inbox", 200)["items"]
    expect([x["named"] for x in items if x["id"] == i] == [True], f"the mark: {items}")
    consent["named_to"] = ["nobody"]
    post(422, code="invalid_field")


def check_tokens(op, sec):
    """Any number below the modulus is an element: what it blinds only its maker knows."""
    get = lambda: call(sec, "GET", "/v1/tokens", 200)
    wait_for("the council's statement", lambda: get()["statement"], 60)
    op.close()  # idle for longer than a connection is kept
    now = get()
    element = lambda: base64.urlsafe_b64encode(b"\1" + secrets.token_bytes(383)).decode()
    draw = {"group": "public-services", "epoch": now["epoch"], "blinded": [element() for _ in range(now["batch"])]}
    post = lambda want, body, code=None, c=op: call(c, "POST", "/v1/tokens", want, body, code)
    expect(post(200, draw) == post(200, draw), "a retry gets the same signatures")
    post(429, dict(draw, blinded=[element() for _ in draw["blinded"]]), "rate_limited")
    post(422, dict(draw, epoch=now["epoch"] + 1), "invalid_field")
    post(422, dict(draw, blinded=draw["blinded"][1:]), "invalid_field")
    post(403, dict(draw, group="finance"), "forbidden")
    post(403, draw, "forbidden", sec)
    post(400, b"{", "json_syntax")
    wait_for("the member to be counted", lambda: any(k["ceptoars"].get("medical-ceptoar") == 1 for k in get()["keys"]), 10)


def check_subscription(op):
    put = lambda want, body, code=None: call(op, "PUT", "/v1/subscription", want, body, code)
    before = call(op, "GET", "/v1/subscription", 200)
    content = API["paths"]["/v1/subscription"]["put"]["requestBody"]["content"]["application/json"]
    fits(content["schema"], content["example"], "the example")
    put(200, content["example"])
    expect(call(op, "GET", "/v1/subscription", 200)["min_severity"] == 2, "kept")
    again = call(op, "GET", "/v1/subscription", 200)
    expect(put(200, again) == again, "what is read can be sent back")
    put(200, before)
    put(422, {"min_severity": 5})
    put(422, {"nonsense": 1}, "unknown_field")
    put(400, b"{", "json_syntax")


check_tables()
with Hub() as hub:
    hospital, desk = Client(hub, "aozora-hp"), Client(hub, "medical-desk")
    check_reports(hospital, Client(hub, "centre"))
    check_cases(hospital)
    check_channel(hospital, desk, Client(hub, "bank-desk"))
    openapi_drafts.check_drafts(call, Client(hub, "aozora-hp", "CEPTOAR_DESK_URL"), desk, Client(hub, "bank-desk"), Client(hub, "centre"))
    openapi_recall.check_files(call, hospital, Client(hub, "aozora-hp", "CEPTOAR_DESK_URL"), desk, Client(hub, "bank-desk"))
    openapi_triage.check_triage(call, hospital, *(Client(hub, m) for m in ("medical-desk/sato", "medical-desk/ito", "bank-desk", "kosei-ministry")), Blind(hub))
    openapi_hotline.check_hotline(call, hospital, Client(hub, "aozora-hp", "CEPTOAR_DESK_URL"), Client(hub, "centre"))
    check_blind(Blind(hub), hospital)
    check_answers(Client(hub, None, "CEPTOAR_ANSWERS_URL"))
    for member in ("hibari-hp", "wakaba-hp", "tsukimi-hp", "minamo-hp", "komugi-clinic", "aozora-hp"):
        Client(hub, member).post("/v1/reports", report("同じ", indicators=[{"type": "ipv4", "value": "203.0.113.9"}]))
    check_relay(hospital, desk, Client(hub, "bank-desk"))
    openapi_stats.check_stats(call, hospital, desk, Client(hub, "centre"), Client(hub, "kosei-ministry"))
    openapi_drills.check_drills(call, hospital, *(Client(hub, m) for m in ("medical-desk", "bank-desk", "centre", "kosei-ministry")))
    check_named(hospital, Client(hub, "centre"))
    openapi_mode.check_mode(call, hospital, desk, Client(hub, "centre"))
    openapi_mode.check_centre(call, hospital, desk, Client(hub, "centre"))
    openapi_situations.check_situations(call, hospital, Client(hub, "aozora-hp", "CEPTOAR_DESK_URL"), desk, Client(hub, "bank-desk"), Client(hub, "centre"))
    check_reading(hospital, desk)
    check_reach(hospital, desk, Client(hub, "bank-desk"))
    check_subscription(hospital)
    check_tokens(hospital, desk)
every = {(m.upper(), p, int(s)) for p, item in API["paths"].items() for m, o in item.items() for s in o["responses"]}
# What cannot be made to happen here has flows of its own (limits, full disk, programs away).
rest = {e for e in every - done if e[2] not in (410, 429, 503, 507) and (e[1] != "/a/{id}" or e[2] not in (200, 409, 422))}
expect(not rest, f"described and never seen: {sorted(rest)}")
print(f"{len(done)} kinds of answers fit the description")
