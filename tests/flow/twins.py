# SPDX-License-Identifier: Apache-2.0
"""Two members who are alike in all that is registered, and the script that either of them plays on a hub.

The clock comes from the test build: each step is at its own minute of a day that both hubs share.
"""
import contextlib
import json
import os
import shutil
import sqlite3
import tempfile
import time

from council import cli
from hub import ROOT, Client, Stream, case_secret, expect, replace, report, wait_for

BASE = os.environ.get("TEST_TMP", "/tmp")
CLOCK = os.environ["CEPTOAR_TEST_CLOCK"] = BASE + "/clock"
NOON = (int(time.time()) // 86400 + 2) * 86400 + 3 * 3600  # in Japan
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ALIKE = {"region": "kanto", "class": "hospital", "size": "large", "roles": [{"role": "operator", "ceptoar": "medical-ceptoar"}]}
SLOT = "medical-ceptoar"
A = {"id": "akatsuki-hp", "names": {"ja": "医療法人社団暁会 あかつき病院", "en": "Akatsuki Hospital"}, "aliases": ["暁会", "AKTK"],
     "domains": ["akatsuki-hp.example.or.jp"], "networks": ["192.0.2.16/29"], "host_prefixes": ["AKT-"], "sites": ["暁ヶ丘市"],
     "people": [{"ja": "山名 花", "en": "Hana Yamana"}], "contacts": [{"telephone": "03-0000-4411"}], **ALIKE}
B = {"id": "nishi-yugure-general-clinic", "names": {"ja": "株式会社西夕暮総合診療所", "en": "Nishi Yugure General Clinic, Ltd."},
     "aliases": ["西夕暮診療所", "NYGC"], "domains": ["med.nishi-yugure.example.co.jp"], "networks": ["198.51.100.200/29"],
     "host_prefixes": ["NYGCLIN-"], "sites": ["夕暮町字西ノ沢"], "people": [{"ja": "五百旗頭 宗次郎", "en": "Sojiro Iokibe"}],
     "contacts": [{"telephone": "0120-000-448"}], **ALIKE}
OWN = {A["id"]: {"addr": "192.0.2.18", "mail": "hana@akatsuki-hp.example.or.jp"},
       B["id"]: {"addr": "198.51.100.203", "mail": "s.iokibe@med.nishi-yugure.example.co.jp"}}
THIRD, READER, DESK, FAR = "kita-hp-0", "kita-hp-1", "medical-desk", "kita-bank-0"
WATCHERS = [A["id"], B["id"], THIRD, READER, DESK, "centre", FAR, "kosei-ministry", "kenkyu-observer"]
DREW = [A["id"], B["id"], *(f"kita-hp-{i}" for i in range(4))]


def members(path=BASE + "/twins.json"):
    """The sample's desks and authorities, A, B and 20 like them, and a bank that listens to other sectors."""
    with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
        rest = [m for m in json.load(f)["members"] if m["roles"][0]["role"] not in ("operator", "affiliate")]
    rest += [A, B] + [{"id": f"kita-hp-{i}", "names": {"en": f"Kita Hospital no. {i}"}, **ALIKE} for i in range(20)]
    rest.append({"id": FAR, "roles": [{"role": "operator", "ceptoar": "bank-ceptoar"}], "subscriptions": {"cross_sector": 0}})
    replace(path, json.dumps({"members": rest}, ensure_ascii=False).encode())
    return path


def at(minute):
    """Now it is the beginning of that minute after noon."""
    replace(CLOCK, str(int(NOON + 60 * minute + 1 - time.time())).encode())


def own(text, who):
    """A text with the terms of one of the two in it."""
    m = A if who == A["id"] else B
    return text.format(ja=m["names"]["ja"], en=m["names"]["en"], alias=m["aliases"][0], sign=m["aliases"][1], site=m["sites"][0],
                       domain=m["domains"][0], prefix=m["host_prefixes"][0], person=m["people"][0]["ja"], name=m["people"][0]["en"],
                       tel=m["contacts"][0]["telephone"], **OWN[who])


def told(who, title, level, publish="ceptoar", **more):
    text = ("{ja}（{alias}、{sign}）の{site}で、サーバ {prefix}EMR01（{addr}）が11月8日に停止。連絡先 {person} {mail}、電話 {tel}。"
            "攻撃者 http://evil.example/a 。{en}, contact {name}, www.{domain}.")
    r = report(own(title + " {alias} {sign}", who), level, publish, description=own(text, who), actions=own("{person} が切断", who),
               service_impact={"status": "stopped", "text": own("{site}の外来", who)}, ceptoar=SLOT)
    r.update(more)
    return r


class Sealed:
    """Sends over the members' listener; every answer is kept."""
    blind = False

    def __init__(self, hub, who):
        self.hub, self.who, self.answers, self.cases = hub, who, [], {}

    def call(self, method, path, body=None, **headers):
        c = Client(self.hub, self.who)
        status, head, got = c.request(method, path, body, headers)
        c.close()
        got = got if isinstance(got, dict) else {"text": got.decode()}
        shown = {k: v for k, v in got.items() if k != "replacements"}  # of a preview: what it was before
        heads = [h for h in head.items() if "replacements" not in got or h[0] != "Content-Length"]
        self.answers.append(f"{method} {status} {heads} {json.dumps(shown, ensure_ascii=False)}")
        return status, got

    def auth(self, name):
        case, secret = self.cases[name]
        return "/v1/cases/" + case, {"Authorization": "Case " + secret}

    def report(self, name, body, want=201, **headers):
        secret, commitment = case_secret()
        status, got = self.call("POST", "/v1/reports", dict(body, case_commitment=commitment), **headers)
        expect(status == want, f"{name}: {status} {got}")
        self.cases[name] = (got["case"], secret)

    def slip(self, name, body):
        self.report(name, dict(body, slip={"to": SLOT, "box": "sAxe"}))

    def follow_up(self, name, body):
        path, auth = self.auth(name)
        expect(self.call("POST", path + "/reports", body, **auth)[0] == 201, "follow-up")

    def answer(self, name, text):
        path, auth = self.auth(name)
        expect(self.call("POST", path + "/messages", {"text": {"ja": text}}, **auth)[0] == 201, "answer")

    def read(self, name):
        path, auth = self.auth(name)
        self.call("GET", path, **auth)
        self.call("GET", path + "/messages", **auth)

    def withdraw(self, name):
        path, auth = self.auth(name)
        expect(self.call("POST", path + "/withdraw", {}, **auth)[0] == 200, "withdraw")

    def only_here(self, step):
        """What has no blind counterpart: a retry, errors, a preview, a named report, own subscription."""
        body, key = told(self.who, "再送", 1, "none", case_commitment=case_secret()[1]), {"Idempotency-Key": case_secret()[0]}
        once = [self.call("POST", "/v1/reports", b, **key)[0] for b in (body, body, dict(body, title="他"))]
        expect(once == [201, 200, 422], f"once: {once}")
        bad = [self.call("POST", "/v1/reports", dict(told(self.who, "誤", 3), **m))[0] for m in ({"approved": "x" * 43}, {"foo": 1}, {"tlp": "x"})]
        expect(bad == [409, 422, 422], f"errors: {bad}")
        expect(self.call("POST", "/v1/reports/preview", told(self.who, "下見", 4, "cross_sector"))[0] == 200, "preview")
        step()
        consent = {"publish": "none", "identity": "named", "named_to": ["centre"]}
        expect(self.call("POST", "/v1/reports", told(self.who, "記名", 1, consent=consent))[0] == 201, "named")


class ByToken(Sealed):
    """Sends by the command line, which scrubs with the sender's terms, over the blind listener."""
    blind = True

    def cli(self, *args):
        code, text = cli(self.hub, self.who, "--json", "--yes", *args)
        expect(code == 0, f"{args}: {code} {text}")
        self.answers.append(text)
        return text

    def file(self, body):
        replace(BASE + "/body.json", json.dumps(body, ensure_ascii=False).encode())
        return BASE + "/body.json"

    def report(self, name, body, want=201, **headers):
        text = self.cli("report", "--blind", *headers.get("options", ()), self.file(body))
        self.cases[name] = (json.loads(text[text.index("{"):text.rindex("}") + 1])["case"], None)

    def slip(self, name, body):
        replace(BASE + "/slip", own("{name} {tel}", self.who).encode())
        self.report(name, body, options=("--slip", BASE + "/slip", "--slip-to", SLOT, "--duty-cert", self.hub.dir + "/medical-desk/duty-cert.pem"))

    def follow_up(self, name, body):
        self.cli("case", "follow-up", self.cases[name][0], self.file(body))

    def answer(self, name, text):
        self.cli("case", "answer", self.cases[name][0], text)

    def read(self, name):
        self.cli("case", "show", self.cases[name][0])
        self.cli("case", "messages", self.cases[name][0])

    def withdraw(self, name):
        self.cli("case", "withdraw", self.cases[name][0])

    def only_here(self, step):
        pass


@contextlib.contextmanager
def database(path):
    """A copy of how it lies on the disk now; a running program holds its own locked."""
    with tempfile.TemporaryDirectory() as copy:
        for part in ("", "-wal"):
            if os.path.exists(path + part):
                shutil.copy(path + part, copy)
        with contextlib.closing(sqlite3.connect(f"{copy}/{os.path.basename(path)}")) as db:
            yield db


def reach_everybody(hub):
    """Nobody of the roster can be rung, so the newest page goes on by the courier's and the tick's pace."""
    def level():
        with database(hub.dir + "/keeper.db") as db:
            return db.execute("SELECT level FROM hotline_pages ORDER BY first DESC LIMIT 1").fetchone()[0]
    wait_for("its page to reach everybody", lambda: level() == 4, 60)


def play(hub, sender):
    """The script, a step a minute; the streams of all watchers, and a slip as its desk gets it before it is destroyed."""
    who, minute = sender.who, iter(range(1, 60))
    streams = {w: Stream(hub, w) for w in WATCHERS}
    step = lambda: at(next(minute))

    def others(member, path, body, want=200):
        c = Client(hub, member)
        status, _, got = c.post(path, body)
        c.close()
        expect(status == want, f"{member} {path}: {status} {got}")

    step()
    sender.report("low", told(who, "零", 0, "none"))
    step()
    facts = {"facility": {"region": "kanto", "class": "hospital", "size": "large"}, "products": ["電子カルテX"], "systems": ["it"],
             "indicators": [{"type": "sha256", "value": HASH}, {"type": "ipv4", "value": "203.0.113.54"}]}
    sender.report("main", told(who, "主", 3, "cross_sector", **facts))
    first = streams[READER].wait(1)[0][2]["id"]
    step()
    sender.report("alarm", told(who, "警報", 4, "cross_sector"))
    reach_everybody(hub)
    step()
    sender.report("held", told(who, "待つ", 3, consent={"publish": "ceptoar", "k": 500}))
    step()
    sender.report("hotline", told(who, "相談", 2, "none", hotline="consult"))
    step()
    sender.slip("slip", told(who, "折返し", 3))
    step()
    case = "/v1/cases/" + sender.cases["main"][0]
    others(DESK, case + "/messages", {"text": {"ja": "いつですか。"}}, 201)
    step()
    sender.answer("main", own("{person} です。{site} の {prefix}DC1、{mail}、{tel}。", who))
    step()
    sender.follow_up("main", told(who, "続報", 3, "cross_sector", stage="follow_up", **facts))
    streams[READER].wait(1, "update")
    step()
    for member, status in ((READER, "read"), (FAR, "received"), ("centre", "acted")):
        seen = streams[member].wait(1)[0][2]["id"] if member == FAR else first
        others(member, "/v1/acks", {"acks": [{"id": seen, "revision": 1, "status": status}]})
    step()
    others(THIRD, "/v1/reports", report("同じもの", 3, "cross_sector", indicators=facts["indicators"]), 201)
    step()
    sender.read("main")
    step()
    sender.withdraw("alarm")
    streams[FAR].wait(1, "cancel")
    step()
    case = "/v1/cases/" + sender.cases["slip"][0]
    slip = Client(hub, DESK).get(case + "/slip")[2]
    others(DESK, case + "/close", {})
    step()
    sender.only_here(step)
    step()
    others(THIRD, "/v1/reports", report("終", 4, "cross_sector"), 201)
    for w in (A["id"], B["id"], THIRD, READER, FAR):
        wait_for("the last one at " + w, lambda w=w: "終" in str(streams[w].of("bulletin")[-1:]))
    reach_everybody(hub)
    time.sleep(0.5)
    return streams, f"{slip['to']}, {len(slip['box'])} characters"
