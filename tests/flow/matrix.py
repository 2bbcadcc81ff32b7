# SPDX-License-Identifier: Apache-2.0
"""The role matrix: proto/openapi.yaml says what every caller is answered about every object; here each is asked.

The description is the table (x-callers, x-listeners, x-roles, x-objects); this file makes the world that it
speaks of: who the callers are, and for each name of an object one that is such a thing.  Whatever the
description has and this file cannot make, or makes and the description has not, is a failure.
"""
import base64
import http.client
import json
import os
import secrets
import socket
import ssl
import sys
import time

import yaml

import certs
from drawn import MEMBERS, current, draw, send, text
from hub import ROOT, SLOWER, Blind, Client, Hub, case_secret, expect, open_case, problem_is_clean, reader, replace, report, wait_for

with open(ROOT + "/proto/openapi.yaml", encoding="utf-8") as f:
    API = yaml.safe_load(f)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
CODE = {401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 409: "conflict"}
PUBLIC = {(o, r) for r in ("affiliate", "subscriber") for o in ("getBulletin", "postAcks", "getDeliveries", "getBulletinQuestions", "postQuestion")}  # what is for everybody; no rule makes such a bulletin
PUBLIC |= {("cancelBulletin", "centre"), ("falseAlarm", "centre")}  # with two persons only: see postSecond
PUBLIC |= {("confirmBulletin", "centre")}  # once for each bulletin: see flow 59
NO_ID, SECRET = "0" * 32, "Case "

# -------- the description: who is answered what


def resolved(node):
    """With what a $ref beside its own lines stands for; the own lines win."""
    if not isinstance(node, dict) or "$ref" not in node:
        return node
    there = API
    for part in node["$ref"].removeprefix("#/").split("/"):
        there = there[part]
    return {**there, **{k: v for k, v in node.items() if k != "$ref"}}


class Operation:
    def __init__(self, path, method, told):
        self.path, self.method, self.name, self.told = path, method.upper(), told["operationId"], told
        self.listeners, self.roles, self.duties = set(told["x-listeners"]), set(told["x-roles"]), set(told.get("x-duties", []))
        self.objects = {o: resolved(row) for o, row in resolved(told.get("x-objects", {"": {"any": "ok"}})).items()}
        self.success = 201 if "201" in told["responses"] else 200

    def example(self):
        content = self.told["requestBody"]["content"]
        if "application/json" not in content:
            return content["application/x-www-form-urlencoded"]["example"].encode()
        content = content["application/json"]
        return content["example"] if "example" in content else content["examples"]["short"]["value"]


CALLERS = API["x-callers"]
OPERATIONS = [Operation(p, m, o) for p, item in API["paths"].items() for m, o in item.items()]
AT_DESK = {"desk", "duty_officer"}
DUTIES = {"operator": {"reporter"}, "affiliate": {"reporter"}, "agency": {"reporter"}, "secretariat": AT_DESK, "centre": AT_DESK, "ministry": AT_DESK, "observer": set(), "subscriber": set()}
EVERY = set(DUTIES)
NOBODY = ("blind", "answers")  # listeners where no certificate is asked for
listener = lambda caller: CALLERS[caller].get("listener", "members")
at = lambda caller, path: {o.method: o for o in OPERATIONS if o.path == path and listener(caller) in o.listeners}


def answer(said, success):
    """(status, code) of a word of the description."""
    if said == "ok":
        return success, None
    status, _, code = str(said).partition(" ")
    return int(status), code or CODE[int(status)]


def gate(caller, method, path):
    """What is answered before any object is looked at, or None."""
    here, refusal = at(caller, path), CALLERS[caller].get("answer")
    if refusal == "alert":
        return refusal
    if method == "TRACE":  # known to no path: the request itself is refused
        return answer(405, 0)
    if refusal:
        return answer(refusal, 0)
    if not here or method not in here:
        return answer(405 if here else 404, 0)
    if listener(caller) not in NOBODY and not may(caller, here[method]):
        return answer(403, 0)
    return None


def may(caller, o):
    """By its roles, and of a person by the duties that they go with."""
    roles, duties = set(CALLERS[caller]["roles"]), CALLERS[caller].get("duties")
    if duties is None:
        return o.roles & roles
    if o.roles == EVERY:
        return not o.duties or o.duties & set(duties)
    return o.roles & {r for r in roles if DUTIES[r] & set(duties)}


def line(caller, row):
    """The line of an object's row that speaks of this caller."""
    told = CALLERS[caller]
    desk = {"secretariat", "centre"} & set(told["roles"]) and listener(caller) == "desk" and AT_DESK & set(told.get("duties", AT_DESK))
    return next(k for k in (caller, *([told["like"]] if "like" in told else []), *(["desk"] if desk else []), "any") if k in row)


def wanted(caller, o, thing):
    return gate(caller, o.method, o.path) or answer(o.objects[thing][line(caller, o.objects[thing])], o.success)


def check_description():
    """It says something of everything, and nothing that no caller could hear."""
    roles = set(API["components"]["schemas"]["Me"]["properties"]["roles"]["items"]["properties"]["role"]["enum"])
    expect({r for c in CALLERS.values() for r in c["roles"]} == roles == {r for o in OPERATIONS for r in o.roles}, "roles and callers")
    for o in OPERATIONS:
        expect("{" not in o.path or o.objects.keys() != {""}, f"{o.name} names an object, and nothing is said of it")
        for thing, row in o.objects.items():
            heard = {line(c, row) for c in CALLERS if gate(c, o.method, o.path) is None}
            expect(row.keys() == heard, f"{o.name}, {thing}: nobody hears {row.keys() - heard}")
        for role in o.roles if o.listeners != {"answers"} else ():  # nobody has one there
            alone = [c for c in CALLERS if CALLERS[c]["roles"] == [role]]
            expect(any(wanted(c, o, t)[0] < 400 for c in alone for t in o.objects) or (o.name, role) in PUBLIC, f"{o.name} lets {role} in, for nothing")


# -------- the world: callers and objects


def in_an_hour():
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 3600))


class Caller(Client):
    """Like a client, but sends a request in one piece, gives the bytes of the answer, and of a stream the head only."""
    sock, tls, used = None, None, 0

    def ask(self, method, path, body=None, headers=None):
        """(status, code, headers without the date, bytes), or the TLS alert in place of a status."""
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        kind = "application/x-www-form-urlencoded" if path.startswith("/a/") else "application/json"
        head = {"Host": "localhost", "Content-Length": str(len(data)), "Content-Type": kind, **(headers or {})}
        lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in head.items() if data or not k.startswith("Content-"))]
        if time.monotonic() - self.used > 10:
            self.hang_up()  # the hub does after 30 s
        self.used = time.monotonic()
        try:
            if self.sock is None:
                raw = socket.create_connection(self.hub.address(self.url), 20 * SLOWER)
                self.tls = self.tls or self.hub.context(self.member)
                self.sock = self.tls.wrap_socket(raw, server_hostname="localhost")
            self.sock.sendall("\r\n".join([*lines, "\r\n"]).encode() + data)
            got = http.client.HTTPResponse(self.sock, method=method)
            got.begin()
        except ssl.SSLError as e:
            self.hang_up()
            return ("alert" if "CERTIFICATE_REQUIRED" in str(e) else str(e)), None, (), b""
        stream = "event-stream" in got.headers.get("Content-Type", "")
        raw = b"" if stream else got.read()
        if stream or got.will_close or SECRET in head.get("Authorization", "") and got.status == 404:
            self.hang_up()  # the ninth secret of one connection that does not fit would be told so
        problem_is_clean(raw.decode() if got.status >= 400 else "")
        kept = tuple((k, v) for k, v in got.headers.items() if k != "Date")
        if "html" in got.headers.get("Content-Type", ""):  # a page for people has no code
            return got.status, CODE.get(got.status), kept, raw
        return got.status, json.loads(raw)["code"] if got.status >= 400 and raw else None, kept, raw

    def request(self, method, path, body=None, headers=None, seconds=20):
        status, _, kept, raw = self.ask(method, path, body, headers)
        return status, dict(kept), json.loads(raw)

    def hang_up(self):
        if self.sock is not None:
            self.sock.close()
        self.sock = None


class BlindCaller(Caller):
    url = Blind.url


class World:
    """Who the callers are; and whatever an object's name stands for, made when it is first asked for."""
    members = {"operator": "aozora-hp", "other_operator": "shiokaze-port", "subscriber": "hikari-power", "affiliate": "nagisa-clinic",
               "agency": "sensor-agency", "secretariat": "medical-desk", "other_secretariat": "bank-desk", "two_roles": "tachibana-hp",
               "centre": "centre", "ministry": "kosei-ministry", "other_ministry": "kotsu-ministry", "observer": "kenkyu-observer", "of_community": "ginnan-univ",
               "disabled": "wakaba-hp", "revoked": "tsukimi-hp", "nobody": None, "nobody_at_desk": None, "reader": None,
               "duty_officer": "medical-desk/night", "machine_at_desk": "medical-desk/robot", "reporter": "aozora-hp/ward",
               "secretariat_at_members": "medical-desk", "operator_at_desk": "aozora-hp"}
    urls = {"members": "CEPTOAR_URL", "desk": "CEPTOAR_DESK_URL", "answers": "CEPTOAR_ANSWERS_URL"}
    groups = {"other_operator": "transport", "subscriber": "energy"}

    def __init__(self, hub):
        self.hub, self.made = hub, {}
        hub.reload("limits", case_failures_per_minute=0)
        unknown = certs.issue(hub, "unknown")
        self.callers = {c: Caller(hub, unknown if c == "unknown" else self.members[c], self.urls[listener(c)]) for c in CALLERS if listener(c) != "blind"}
        self.callers.update((c, BlindCaller(hub, None)) for c in CALLERS if listener(c) == "blind")
        self.elsewhere = Caller(hub, "minatomirai-bank")
        self.sato = Caller(hub, "medical-desk/sato")  # a person of the secretariat's
        everything = {"min_severity": 0, "cross_sector": 0, "sectors": [], "products": [], "exercise": True}
        for c in ("affiliate", "agency", "other_ministry"):
            expect(self.callers[c].request("PUT", "/v1/subscription", everything)[0] == 200, f"{c} subscribes")
        for caller, client in self.callers.items():
            if "answer" not in CALLERS[caller] and listener(caller) not in NOBODY:
                me = client.get("/v1/me")[2]
                expect({r["role"] for r in me["roles"]} == set(CALLERS[caller]["roles"]), f"{caller}: {me}")
        self.subscription = {c: self.callers[c].get("/v1/subscription")[2] for c in self.members if "answer" not in CALLERS[c] and listener(c) not in NOBODY}
        expect(hub.ctl("member", "disable", self.members["disabled"])[0] == 0, "member disable")
        expect(hub.ctl("cert", "revoke", f"{hub.dir}/{self.members['revoked']}/cert.pem")[0] == 0, "cert revoke")
        for group in ("public-services", *self.groups.values()):
            wait_for("the key of " + group, lambda: current(hub, self.members["operator"], group), 150)
        self.tokens = [t for m in MEMBERS for t in draw(hub, m)]
        self.blind = wait_for("five to be known", lambda: (s := send(Blind(hub), self.tokens[0], text()))[0] == 201 and s[1])

    def once(self, name, make):
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    # What a report and its case can be: (level, who sent it, more).
    kinds = {"own": (1, "operator", {}), "both": (3, "operator", {}), "elsewhere": (1, "elsewhere", {}), "agency": (1, "agency", {}),
             "named": (1, "operator", {"consent": {"publish": "none", "identity": "named", "named_to": ["kosei-ministry"]}})}

    def new_case(self, kind):
        """(path, the header that its holder shows)"""
        level, sender, more = self.kinds[{"withdrawn": "own", "closed": "own"}.get(kind, kind)]
        path, mine = open_case(self.elsewhere if sender == "elsewhere" else self.callers[sender], "件", level, "none", **more)
        if kind == "withdrawn":
            expect(self.callers["operator"].post(path + "/withdraw", None, headers=mine)[0] == 200, "withdraw")
        if kind == "closed":
            expect(self.callers["secretariat"].post(path + "/close", None)[0] == 200, "close")
        return path, mine

    def case(self, kind, fresh=False):
        return self.new_case(kind) if fresh else self.once("case " + kind, lambda: self.new_case(kind))

    def named(self, *to):
        consent = {"publish": "none", **({"identity": "named", "named_to": [self.members[m] for m in to]} if to else {})}
        return self.once(f"named {to}", lambda: self.callers["operator"].post("/v1/reports", report("件", 1, consent=consent))[2]["id"])

    def slip(self, desk, end=None):
        def make():
            more = {"slip": {"to": desk, "box": "c2xpcA"}}
            path, mine = open_case(self.callers["operator"], "件", 3, "none", **more)
            if end:
                who, head = ("operator", mine) if end == "withdraw" else ("secretariat", {})
                expect(self.callers[who].post(f"{path}/{end}", None, headers=head)[0] == 200, end)
            return path
        return self.once(f"slip {desk} {end}", make)

    def bulletin(self, name):
        """id and number"""
        sender, level, publish, tlp = {
            "own": ("operator", 3, "ceptoar", "TLP:AMBER"), "cancelled": ("operator", 3, "ceptoar", "TLP:AMBER"),
            "all_sectors_amber": ("operator", 4, "cross_sector", "TLP:AMBER"), "all_sectors_green": ("operator", 4, "cross_sector", "TLP:GREEN"),
            "of_another_ceptoar": ("elsewhere", 3, "ceptoar", "TLP:AMBER")}[name]

        def make():
            secret, commitment = case_secret()
            client, mine = self.elsewhere if sender == "elsewhere" else self.callers[sender], {"Authorization": SECRET + secret}
            got = client.post("/v1/reports", report(name, level, publish, tlp=tlp, case_commitment=commitment))[2]
            expect("bulletin" in got, f"{name} was not released: {got}")
            if name == "own":
                more = report(name, level, publish, tlp=tlp, stage="follow_up")
                expect(client.post(f"/v1/cases/{got['case']}/reports", more, headers=mine)[0] == 201, "a second revision")
            if name == "cancelled":
                expect(client.post(f"/v1/cases/{got['case']}/withdraw", None, headers=mine)[0] == 200, "cancel")
            return got["bulletin"]
        return self.once("bulletin " + name, make)


    def situation(self, who="secretariat", closed=False, fresh=False):
        """A situation, with a task."""
        def make():
            ident = self.callers[who].post("/v1/situations", {"title": "件"})[2]["id"]
            expect(self.callers[who].post(f"/v1/situations/{ident}/tasks", {"text": "x"})[0] == 201, "a task")
            expect(not closed or self.callers[who].post(f"/v1/situations/{ident}/close", None)[0] == 200, "close")
            return ident
        return make() if fresh or closed else self.once("situation of " + who, make)

    # What a desk has written: each anew, for a call may use it up.
    def draft(self, who="secretariat", **more):
        more = {"audience": {"government": {"centre": True}}} if who == "centre" else more
        got = self.callers[who].post("/v1/drafts", {"severity": 1, "title": "案", **more})
        expect(got[0] == 201, f"a draft: {got}")
        return got[2]["id"]

    def group(self, who, level):
        """A group of this desk with copies of one report, which nothing else is a copy of."""
        def make():
            path, _ = open_case(self.callers["operator"], "束 " + "甲乙"[level > 1], level, "none")
            items = self.callers[who].get("/v1/triage?limit=100")[2]["items"]
            return next(i["group"] for i in items if path.rpartition("/")[2] in i["cases"])
        return self.once("group " + who, make)

    def draft_of_case(self, who="secretariat", kind="own"):
        made = {"severity": 1, "title": "案", "cases": [self.new_case(kind)[0].rpartition("/")[2]]}
        return self.callers[who].post("/v1/drafts", made)[2]["id"]

    def asked(self):
        """A case whose reporter is asked to approve a text, and that text's sum beside the header."""
        path, mine = self.new_case("own")
        got = self.callers["secretariat"].post(f"/v1/drafts/{self.draft(cases=[path.rpartition('/')[2]])}/approval", None)
        expect(got[0] == 200, f"an approval is asked for: {got}")
        self.made["sha256"] = got[2]["sha256"]
        return path, mine

    def with_file(self, who="secretariat", release=False, **more):
        draft = self.draft(who, **more)
        expect(self.callers[who].ask("PUT", f"/v1/drafts/{draft}/attachments/list.csv", b"a,b\n1,2\n")[0] == 201, "a file")
        if not release:
            return draft
        got = self.callers[who].post(f"/v1/drafts/{draft}/release", {})
        if got[0] == 409:
            asked = next(x["id"] for x in self.callers["centre"].get("/v1/second")[2]["second"] if x.get("draft", {}).get("id") == draft)
            got = self.callers["centre"].post("/v1/second/" + asked, {"agree": True})
        return got[2]["bulletin"]["id"]

    def desk_bulletin(self, end=None, who="secretariat"):
        got = self.callers[who].post(f"/v1/drafts/{self.draft(who)}/release", {})
        expect(got[0] == 201, f"a release: {got}")
        if end:
            expect(self.callers["secretariat"].post(f"/v1/bulletins/{got[2]['bulletin']['id']}/{end}", None)[0] == 200, end)
        return got[2]["bulletin"]["id"]

    def relayed(self):
        """What the secretariat has passed on to affiliates."""
        draft = self.draft()
        number = self.callers["secretariat"].post(f"/v1/drafts/{draft}/release", {})[2]["bulletin"]["number"]
        got = self.callers["secretariat"].post(f"/v1/bulletins/{number}/relay", {})
        expect(got[0] == 201, f"a relay: {got}")
        return got[2]["id"]

    def drill(self, who):
        """One that runs or has run."""
        def make():
            more = {"audience": {"ceptoars": ["medical-ceptoar"]}} if who == "secretariat" else {}  # nothing for a second person
            got = self.callers[who].post("/v1/drills", {"kind": "down", "title": "訓練", "deadline": in_an_hour(), **more})
            expect(got[0] == 201, f"a drill: {got}")
            return got[2]["id"]
        return self.once("drill " + who, make)

    def open_drill(self, who):
        """One that can still be ended."""
        if self.callers[who].get("/v1/drills/" + self.drill(who))[2]["state"] == "ended":
            del self.made["drill " + who]
        return self.drill(who)

    def request_for_second(self, who):
        draft = self.draft(audience={"all": True})
        expect(who.post(f"/v1/drafts/{draft}/release", {})[0] == 409, "it waits")
        waiting = self.callers["centre"].get("/v1/second")[2]["second"]
        return next(x["id"] for x in waiting if x.get("draft", {}).get("id") == draft)

    def order(self):
        put = next(o for o in OPERATIONS if o.name == "putOrder").example()
        expect(self.callers["secretariat"].request("PUT", "/v1/orders", put)[0] == 200, "an order")
        return "medical-ceptoar.centre"

    def called(self, what):
        """A call that pages the centre: its case, or the page."""
        def make():
            path, _ = open_case(self.callers["operator"], "呼", 1, "none", hotline="page")
            calls = {c["case"]: c for c in self.callers["centre"].get("/v1/hotline")[2]["calls"]}
            return calls[path.rpartition("/")[2]]
        return self.once("call", make)[what]

    def sender(self, bulletin):
        return self.elsewhere if bulletin == "of_another_ceptoar" else self.callers["operator"]

    def receiver(self, bulletin, who):
        """The id of a member, as its own line of deliveries shows it."""
        path = f"/v1/bulletins/{self.bulletin(bulletin)['id']}/deliveries"
        return self.once("receiver " + who, lambda: self.sender(bulletin).get(path)[2]["deliveries"][0]["receiver"])

    def question(self, bulletin):
        """(id, the header that whoever asked shows)"""
        def make():
            secret, commitment = case_secret()
            got = self.sender(bulletin).post(f"/v1/bulletins/{self.bulletin(bulletin)['id']}/questions", {"text": "問", "commitment": commitment})
            expect(got[0] == 201, f"a question: {got}")
            return got[2]["id"], {"Authorization": SECRET + secret}
        return self.once("question " + bulletin, make)


BULLETINS = ("own", "cancelled", "all_sectors_amber", "all_sectors_green", "of_another_ceptoar")


def case_objects(w):
    """name -> (path, header); what a call may use up is made anew for it."""
    own = lambda: w.case("own")
    stranger = {"Authorization": SECRET + case_secret()[0]}
    bare = lambda kind: lambda fresh: (w.case(kind, fresh)[0], {})
    return {
        "its_secret": lambda fresh: w.case("own", fresh),
        "its_secret_of_an_agency": lambda fresh: w.case("agency", fresh),
        "secret_of_another": lambda fresh: (own()[0], w.case("both")[1]),
        "unknown_case_with_secret": lambda fresh: ("/v1/cases/" + NO_ID, own()[1]),
        "malformed_with_secret": lambda fresh: ("/v1/cases/" + NO_ID[1:], stranger),
        "withdrawn": lambda fresh: w.case("withdrawn"), "closed": lambda fresh: w.case("closed"),
        "on_own_desk": bare("own"), "on_both_desks": bare("both"), "of_another_ceptoar": bare("elsewhere"), "of_an_agency": bare("agency"),
        "names_ministry": bare("named"), "closed_on_own_desk": lambda fresh: (w.case("closed")[0], {}),
        "with_secret_of_another_ceptoar": lambda fresh: w.case("elsewhere", fresh),
        "unknown": lambda fresh: ("/v1/cases/" + NO_ID, {}), "malformed": lambda fresh: ("/v1/cases/x", {}),
        "slip_for_own_desk": lambda fresh: (w.slip("medical-ceptoar"), {}), "slip_for_centre": lambda fresh: (w.slip("centre"), {}),
        "slip_of_withdrawn": lambda fresh: (w.slip("medical-ceptoar", "withdraw"), {}),
        "asked": lambda fresh: w.asked(),
        "slip_of_closed": lambda fresh: (w.slip("medical-ceptoar", "close"), {})}


def other_objects(w):
    """operation -> name -> what stands for {id}, or for the whole request."""
    bulletin = {n: lambda n=n: w.bulletin(n)["id"] for n in BULLETINS}
    bulletin.update({
        "own_by_number": lambda: w.bulletin("own")["number"], "own_earlier_revision": lambda: w.bulletin("own")["id"] + "?revision=1",
        "own_revision_to_come": lambda: w.bulletin("own")["id"] + "?revision=3", "unreleased_report": w.named,
        "case": lambda: w.case("own")[0].rpartition("/")[2], "unknown": lambda: NO_ID, "unknown_number": lambda: "2026-00000", "malformed": lambda: "x"})
    acks = {n: bulletin[n] for n in ("own", "own_revision_to_come", "all_sectors_green", "of_another_ceptoar", "unreleased_report", "unknown")}
    identity = {"names_centre": lambda: w.named("centre"), "names_ministry": lambda: w.named("ministry"),
                "names_both": lambda: w.named("centre", "ministry"), "sealed": w.named, "blind": lambda: w.blind["id"],
                "unknown": lambda: NO_ID, "malformed": lambda: "x"}
    drafts = {"own_draft": w.draft, "centre_draft": lambda: w.draft("centre"), "unknown_draft": lambda: NO_ID, "malformed_draft": lambda: "x"}
    recalls = {"desk_bulletin": w.desk_bulletin, "ended_desk_bulletin": lambda: w.desk_bulletin("false-alarm"),
               "centre_bulletin": lambda: w.desk_bulletin(who="centre"), "relayed": w.relayed, "unknown": lambda: NO_ID}
    groups = {"own_group": lambda: w.group("secretariat", 1), "centre_group": lambda: w.group("centre", 3),
              "unknown_group": lambda: NO_ID, "malformed_group": lambda: "x"}
    situations = {"own_situation": w.situation, "centre_situation": lambda: w.situation("centre"), "unknown_situation": lambda: NO_ID}
    drills = {"own_drill": lambda: w.drill("secretariat"), "centre_drill": lambda: w.drill("centre"), "unknown": lambda: NO_ID}
    test_of = lambda who: lambda: w.once("contact test " + who, lambda: w.callers[who].post("/v1/contact-test", None)[2]["id"])
    tests = {"own_test": test_of("secretariat"), "unknown": lambda: NO_ID}
    token = w.tokens[1:].pop
    reports = {"no_token": lambda: ({}, {}), "spent_token": lambda: ({"Authorization": w.tokens[0]}, {"ceptoar": "bank-ceptoar"}),
               "token": lambda: ({"Authorization": w.once("token", token)}, {"ceptoar": "bank-ceptoar"}),
               "token_of_another_group": lambda: ({"Authorization": w.once("another", token)}, {"ceptoar": "medical-ceptoar"})}
    deliveries = {n: bulletin[n] for n in ("own", "own_earlier_revision", "own_revision_to_come", "all_sectors_green", "of_another_ceptoar", "unknown", "malformed")}
    table = {n: bulletin[n] for n in ("own", "of_another_ceptoar", "unknown")}
    asked = {n: bulletin[n] for n in ("own", "all_sectors_green", "of_another_ceptoar", "unknown")}
    call_of = {"member_of_own": lambda: (w.bulletin("own")["id"], w.receiver("own", "operator")), "unknown": lambda: (NO_ID, w.receiver("own", "operator")),
               "member_of_another": lambda: (w.bulletin("own")["id"], w.receiver("of_another_ceptoar", "elsewhere")),
               "of_another_ceptoar": lambda: (w.bulletin("of_another_ceptoar")["id"], w.receiver("of_another_ceptoar", "elsewhere"))}
    question = {"its_secret": lambda: w.question("own"), "secret_of_another": lambda: (w.question("own")[0], w.question("of_another_ceptoar")[1]),
                "without_secret": lambda: (w.question("own")[0], {}), "unknown_with_secret": lambda: (NO_ID, w.question("own")[1])}
    answer_to = {"own": lambda: w.question("own")[0], "of_another_ceptoar": lambda: w.question("of_another_ceptoar")[0], "unknown": lambda: NO_ID, "malformed": lambda: "x"}
    hotline = {"call": lambda: w.called("case"), "page": lambda: w.called("page"), "unknown_call": lambda: NO_ID, "malformed_call": lambda: "x"}
    link = {"unknown": lambda: "A" * 22, "malformed": lambda: "x"}
    query = lambda *who: f"{'person' if who[1:] else 'receiver'}={reader(w.hub, *who)}"
    names = {"member_of_a": lambda: query("aozora-hp"), "member_of_b": lambda: query("minatomirai-bank"), "person_of_a": lambda: query("aozora-hp", "ward"),
             "person_of_desk_a": lambda: query("medical-desk", "sato"), "person_of_centre": lambda: query("centre", "duty-1"), "desk_b": lambda: query("bank-desk"),
             "ministry": lambda: query("kosei-ministry"), "unknown_receiver": lambda: "receiver=" + NO_ID, "unknown_person": lambda: "person=" + NO_ID,
             "list": lambda: f"receivers={reader(w.hub, 'aozora-hp')},{reader(w.hub, 'minatomirai-bank')}", "list_of_unknown": lambda: "receivers=" + NO_ID,
             "list_of_own_bulletin": lambda: f"receivers={reader(w.hub, 'aozora-hp')}&bulletin={w.bulletin('own')['number']}",
             "list_of_unknown_bulletin": lambda: f"receivers={reader(w.hub, 'aozora-hp')}&bulletin={NO_ID}",
             "id_of_member_of_a": lambda: "member=aozora-hp", "id_of_member_of_b": lambda: "member=minatomirai-bank", "id_of_desk_b": lambda: "member=bank-desk", "unknown_member": lambda: "member=nobody"}
    case_id = lambda kind: w.case(kind)[0].rpartition("/")[2]
    assessed = {"case_on_both_desks": lambda: case_id("both"), "case_on_own_desk": lambda: case_id("own"), "unknown": lambda: NO_ID, "malformed": lambda: "x",
                "report_on_both_desks": lambda: next(i["id"] for i in w.callers["centre"].get("/v1/inbox?limit=500")[2]["items"] if i["case"] == case_id("both"))}
    return {"postAssessment": assessed, "getAnswer": link, "postAnswer": link, "getNames": names, "getBulletin": bulletin, "postAcks": acks, "getIdentity": identity, "postReport": reports,
            "postTokens": {"own_group": lambda: None, "another_group": lambda: "finance"},
            **{o: drafts for o in ("getDraft", "putDraft", "deleteDraft", "getDraftAudience", "releaseDraft")},
            **{o: drills for o in ("getDrill", "getDrillCsv", "getDrillPage")},
            "endDrill": {"own_drill": lambda: w.open_drill("secretariat"), "centre_drill": lambda: w.open_drill("centre"), "unknown": lambda: NO_ID},
            "getContactTest": dict(tests, test_of_all=test_of("centre")), "getContactTestCsv": tests, "putAttachment": drafts,
            **{o: {"own_draft_with_file": w.with_file, "centre_draft_with_file": lambda: w.with_file("centre"), "own_draft": w.draft,
                   "unknown_draft": lambda: NO_ID} for o in ("getAttachment", "deleteAttachment")},
            "getBulletinFile": {"own_with_file": lambda: w.once("file", lambda: w.with_file(release=True)), "own": bulletin["own"],
                                "public_with_file": lambda: w.once("public", lambda: w.with_file(release=True, tlp="CLEAR", audience={"public": True})),
                                "unknown": lambda: NO_ID},
            **{o: recalls for o in ("updateBulletin", "cancelBulletin", "falseAlarm")},
            **{o: groups for o in ("getTriageItem", "lockGroup", "unlockGroup", "setAside", "bringBack", "askGroup", "mergeGroup")},
            "askApproval": {"draft_of_case": w.draft_of_case, "centre_draft_of_case": lambda: w.draft_of_case("centre", "both"), "unknown_draft": lambda: NO_ID},
            "postSecond": {"own_request": lambda: w.request_for_second(w.callers["secretariat"]), "request": lambda: w.request_for_second(w.sato),
                           "unknown_request": lambda: NO_ID},
            **{o: situations for o in ("getSituation", "addEntry", "joinSituation", "addTask")},
            "finishTask": {"own_task": w.situation, "centre_task": lambda: w.situation("centre"), "own_situation": w.situation, "unknown_situation": lambda: NO_ID},
            "draftSituationReport": {"own_situation": lambda: w.situation(fresh=True), "centre_situation": lambda: w.situation("centre", fresh=True), "unknown_situation": lambda: NO_ID},
            "closeSituation": {"own_situation": lambda: w.situation(fresh=True), "centre_situation": lambda: w.situation("centre", fresh=True), "unknown_situation": lambda: NO_ID},
            "reopenSituation": {"closed_situation": lambda: w.situation(closed=True), "closed_centre_situation": lambda: w.situation("centre", closed=True), "own_situation": w.situation, "unknown_situation": lambda: NO_ID},
            "confirmBulletin": {n: bulletin[n] for n in ("own", "all_sectors_amber", "cancelled", "unknown", "malformed")},
            "postRelay": {n: bulletin[n] for n in ("own", "cancelled", "of_another_ceptoar", "unknown", "malformed")},
            "putOrder": {"order_of_a": lambda: None}, "deleteOrder": {"order_of_a": w.order, "unknown": lambda: "x.y"},
            "getDeliveries": deliveries, "getDeliveriesCsv": table, "getBulletinQuestions": asked, "postQuestion": asked, "postAckFor": call_of,
            "getQuestion": question, "answerQuestion": answer_to, "ackHotline": hotline}


def body_of(w, o, caller, value, more):
    """A body that is accepted, so that a success is one."""
    if o.name == "putSubscription":
        return w.subscription.get(caller, o.example())
    if o.name == "postAcks":
        ident, _, revision = value.partition("?revision=")
        return {"acks": [{"id": ident, "revision": int(revision or 1), "status": "received"}]}
    if o.name == "postAckFor":
        return {"id": value[0], "receiver": value[1], "status": "received", "via": "phone"}
    if o.name == "postTokens":
        told = w.once("epoch", lambda: w.callers["operator"].get("/v1/tokens")[2])
        element = lambda: base64.urlsafe_b64encode(b"\1" + secrets.token_bytes(383)).decode()
        return {"group": value or w.groups.get(caller, "public-services"), "epoch": told["epoch"], "blinded": [element() for _ in range(told["batch"])]}
    if o.name == "postApproval":
        return dict(o.example(), sha256=w.made.get("sha256", "0" * 64))
    if o.name in ("previewReport", "postFollowUp"):
        first = next(x for x in OPERATIONS if x.name == "postReport").example()
        return dict(first, **({"ceptoar": "medical-ceptoar"} if caller == "blind" else {}))
    if o.name == "answerQuestion":
        return dict(o.example(), replace=True)
    if o.name == "postDrill":
        return dict(o.example(), deadline=in_an_hour())
    if o.name == "putAttachment":
        return b"a,b\n1,2\n"
    if "requestBody" not in o.told:
        return None
    if o.name == "postAnswer":
        return o.example()
    return dict(o.example(), **(more if caller == "blind" else {}))


class Walk:
    def __init__(self, w):
        self.w, self.cases, self.others = w, case_objects(w), other_objects(w)
        self.asked, self.nothing, self.wrong = set(), {}, []
        told = [{t for o in OPERATIONS if "/cases/" in o.path for t in o.objects}]
        told += [{(o.name, t) for o in OPERATIONS if "/cases/" not in o.path for t in o.objects if t}]
        made = [set(self.cases), {(o, t) for o, things in self.others.items() for t in things}]
        expect(told == made, f"objects that are described or made only: {[a ^ b for a, b in zip(told, made)]}")

    def request(self, o, caller, thing, fresh):
        """(path, headers, body)"""
        path, headers, value, more = o.path, {}, None, {}
        if "/cases/" in o.path:
            path, headers = self.cases[thing](fresh)
            path += o.path.removeprefix("/v1/cases/{id}")
        elif thing:
            value = self.others[o.name][thing]()
            if o.name == "postReport":
                headers, more = value
            if o.name == "getQuestion":
                value, headers = value
        if "{id}" in path:
            ident, mark, query = value.partition("?")
            path = path.replace("{id}", ident).replace("{name}", {"own_task": "1", "centre_task": "1", "own_situation": "499"}.get(thing, "list.csv")) + mark + query
        if o.name == "getNames":
            path += "?" + value
        if o.name == "getEvents":
            path += "?wait=0"
        return path, headers, body_of(self.w, o, caller, value, more)

    def compare(self, want, got, where, there):
        """there: is it the object that decides, and not already the way to it?"""
        want, head = want if isinstance(want, tuple) else (want, None), where.startswith("HEAD")
        if got[0] != want[0] or got[1] != want[1] and not head:
            self.wrong.append(f"{where}: {got[0]} {got[1]}, described is {want[0]} {want[1]}")
        if got[0] == 404 and not head and b"<html" not in got[3]:  # whatever is not there, it is said with the same bytes
            self.nothing.setdefault((got[2] if there else "any headers", got[3]), where)

    def objects(self):
        for o in OPERATIONS:
            for thing in o.objects:
                for caller in CALLERS:
                    want = wanted(caller, o, thing)
                    path, headers, body = self.request(o, caller, thing, want == (o.success, None) and o.method != "GET")
                    got = self.w.callers[caller].ask(o.method, path, body, headers)
                    self.compare(want, got, f"{o.method} {o.path} ({thing or 'no object'}) as {caller}", gate(caller, o.method, o.path) is None)
                    described = {*o.told["responses"], "403", "404"}  # of the listener and the role
                    expect(got[0] == "alert" or str(got[0]) in described, f"{o.name} ({thing}) as {caller}: {got} is not described")
                    self.asked.add((o.name, caller, thing))

    def methods(self):
        """Every method on every path, where the path does not have it."""
        count = 0
        for path in API["paths"]:
            for caller in CALLERS:
                for method in set(METHODS) - at(caller, path).keys():
                    got = self.w.callers[caller].ask(method, path.replace("{id}", NO_ID).replace("{name}", "list.csv"))
                    where = f"{method} {path} as {caller}"
                    self.compare(gate(caller, method, path), got, where, False)
                    if got[0] == 405:
                        allowed = set(dict(got[2])["Allow"].split(", "))
                        every = {o.method for o in OPERATIONS} if method == "TRACE" else at(caller, path).keys()
                        expect(allowed == every, f"{where}: Allow is {allowed}")
                    count += 1
        return count

    def lists(self):
        """What is handed out in lists is what may be read one by one, and nothing else."""
        read = next(o for o in OPERATIONS if o.name == "getBulletin")
        case = next(o for o in OPERATIONS if o.name == "getCase")
        ids = {self.w.bulletin(b)["id"]: b for b in BULLETINS}
        desks = {self.w.case(kind)[0].rpartition("/")[2]: t for kind, t in
                 (("own", "on_own_desk"), ("both", "on_both_desks"), ("elsewhere", "of_another_ceptoar"), ("agency", "of_an_agency"), ("named", "names_ministry"))}
        for caller, subscription in self.w.subscription.items():
            client = self.w.callers[caller]
            may = {b for b in BULLETINS if wanted(caller, read, b)[0] == 200}
            got = {ids.get(b["id"]) for b in client.get("/v1/bulletins?limit=500")[2]["bulletins"] if b.get("origin") not in ("secretariat", "centre", "relay")}
            expect(got == may, f"bulletins of {caller} ({subscription}): {got}, may read {may}")
            rows = [e["data"] for e in client.get("/v1/events?wait=0&cursor=earliest")[2]["events"] if e["event"] in ("bulletin", "update", "cancel") and e["data"].get("origin") not in ("secretariat", "centre", "relay")]
            expect({ids.get(r["id"]) for r in rows} <= may, f"events of {caller}: {rows}, may read {may}")
            if gate(caller, "GET", "/v1/inbox") is None:
                lie = {t for t in desks.values() if wanted(caller, case, t)[0] == 200} | ({"names_ministry"} if caller == "ministry" else set())
                items = client.get("/v1/inbox?limit=500")[2]
                expect(items["next"] is None, "the inbox has another page")
                expect({desks[i["case"]] for i in items["items"] if i["case"] in desks} == lie, f"the inbox of {caller}, not {lie}")

    def untouched(self):
        """Whoever was refused has changed nothing."""
        for kind in self.w.kinds:
            path, mine = self.w.case(kind)
            state = self.w.callers["operator"].get(path, headers=mine)[2]
            expect((state["state"], state["reports"], state["messages"]) == ("received", 1, 0), f"the case {kind}: {state}")


def members():
    """The sample members with some persons more, one that has two roles in two CEPTOARs, and one of a community."""
    with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as file:
        data = json.load(file)
    data["members"].append({"id": "tachibana-hp", "names": {"en": "Tachibana Employees' Hospital"}, "domains": ["tachibana-hp.example.or.jp"], "roles": [
        {"role": "operator", "ceptoar": "medical-ceptoar"}, {"role": "secretariat", "ceptoar": "bank-ceptoar"}]})
    data["members"].append({"id": "ginnan-univ", "names": {"en": "Ginnan University"}, "domains": ["ginnan-univ.example.ac.jp"],
                            "roles": [{"role": "subscriber", "community": "universities"}]})
    by = {m["id"]: m for m in data["members"]}
    by["medical-desk"]["persons"] += [{"id": "night", "duties": ["duty_officer"]}, {"id": "robot", "duties": ["machine"]}]
    by["aozora-hp"]["persons"].append({"id": "chief", "duties": ["desk"]})
    path = os.path.join(os.environ["TEST_TMP"], "members.json")
    replace(path, json.dumps(data, ensure_ascii=False).encode())
    return path


check_description()
with Hub(members=members()) as hub:
    world = World(hub)
    walk = Walk(world)
    walk.objects()
    methods = walk.methods()
    if walk.wrong:
        sys.exit("FAIL: " + "\n".join([f"{len(walk.wrong)} answers are not the described ones", *walk.wrong]))
    expect(len(walk.nothing) <= 2 and len({raw for _, raw in walk.nothing}) == 1, f"one 404 differs from another: {list(walk.nothing.values())}")
    walk.lists()
    walk.untouched()
    table = {(o.name, c, t) for o in OPERATIONS for c in CALLERS for t in o.objects}
    expect(walk.asked == table, f"never asked: {table - walk.asked}")
kinds = {t for _, _, t in walk.asked if t}
print(f"{len(OPERATIONS)} operations x {len(CALLERS)} callers x {len(kinds)} kinds of objects: {len(walk.asked)} answers;"
      f" {methods} with methods that are not there")
