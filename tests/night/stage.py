# SPDX-License-Identifier: Apache-2.0
"""What the night is played with: a clock that is set, real receivers of every kind, the hub, and a second one without a network."""
import contextlib
import datetime
import json
import logging
import os
import re
import socket
import time

from cast import ASLEEP, Cast, desk_of
from hooks import Hook, certificate
from hub import BUILD, ROOT, SLOWER, Client, Hub, expect, receiver_key, replace, wait_for
from mails import reload
from smtpd import Server, free_port

TMP, DISK, JAPAN = os.environ["TEST_TMP"], os.environ["TEST_TMP"] + "/disk", datetime.timezone(datetime.timedelta(hours=9))
CLOSED = "medical-ceptoar"  # whose association has a hub in a network of its own
SECRET_OF_GATEWAY = TMP + "/gateway.key"
logging.getLogger("mail.log").setLevel(logging.ERROR)  # that its library will change, at each session


def patient(client, *args, until=(200, 201), **kw):
    """The answer; asked again while the hub is away or its disk is full, and when the clock was set under the connection."""
    end = time.monotonic() + 60 * SLOWER
    while time.monotonic() < end:
        got = client.attempt(*args, **kw)
        if got[0] in until:
            return got
        expect(got[0] in (0, 503, 507), f"{args}: {got}")
        time.sleep(0.05)
    raise SystemExit(f"FAIL: {args} found nobody: {got}")


class Clock:
    """Minutes since 03:00 in Japan on the next day on which desks work; it never goes back."""

    def __init__(self):
        with open(ROOT + "/conf/holidays.json", encoding="utf-8") as f:
            holidays = f.read()
        today = datetime.datetime.now(JAPAN).date()
        self.day = next(d for d in (today + datetime.timedelta(days=i) for i in range(1, 30)) if d.weekday() < 5 and d.isoformat() not in holidays)
        self.zero = datetime.datetime(self.day.year, self.day.month, self.day.day, 3, 0, tzinfo=JAPAN).timestamp()
        self.path, self.offset = TMP + "/clock", 0
        self.at(0)

    def now(self):
        return (time.time() + self.offset - self.zero) / 60

    def at(self, minute):
        self.offset = max(self.offset, int(self.zero + minute * 60 - time.time()) + 1)
        replace(self.path, str(self.offset).encode())

    def text(self, minute):
        return datetime.datetime.fromtimestamp(self.zero + minute * 60, JAPAN).isoformat(timespec="seconds")


class Stage:
    """hub, closed (the other one), clock, cast; gate, mail and hooks are the receivers."""

    def __init__(self, size, seed):
        self.clock, self.gate, self.hooks = Clock(), Hook(), [Hook() for _ in range(4)]
        with socket.create_server(("127.0.0.1", 0)) as s:
            gone = s.getsockname()[1]
        self.cast, self.members = Cast(size, seed, self.hooks, gone), TMP + "/night-members.json"
        self.size = self.cast.write(self.members, TMP + "/night-roster.json", self.clock.day.isoformat())
        self.port = free_port()
        replace(SECRET_OF_GATEWAY, self.gate.secret.hex().encode() + b"\n")
        replace(TMP + "/password", b"open sesame\n")
        replace(TMP + "/night.conf", f"""[courier]\nca = {certificate()}\nretry_first = 1s\nlease = 10s\nlink_quiet = 1s
gateway = https://localhost:{self.gate.port}/gw\ngateway_secret = {SECRET_OF_GATEWAY}
[keeper]\nballast_mib = 16
[vault]\nballast_mib = 16
[mail]\nserver = smtp://localhost:{self.port}\nuser = hub\npassword_file = {TMP}/password\nca = {DISK}/hub/ca.pem
from = hub@hub.example\nfrom_name = セプターハブ\nanswers_url = https://localhost\n""".encode())

    @contextlib.contextmanager
    def open(self):
        Hub.patience = 420
        env = {"CEPTOAR_TEST_CLOCK": self.clock.path}
        with Hub(DISK + "/hub", members=self.members, conf=TMP + "/night.conf", fronts=2, build=BUILD + "/tc", env=env, more=["--allow-loopback-webhooks"]) as self.hub, \
                Hub(TMP + "/closed", self.association(), build=BUILD + "/tc", env=env) as self.closed:
            self.mail = Server(self.hub.dir + "/server.pem", self.hub.dir + "/server.key", self.port, refuse=self.cast.refused())
            try:
                reload(self.hub, answers_url=self.hub.env()["CEPTOAR_ANSWERS_URL"])
                code, said = self.hub.ctl("roster", "import", TMP + "/night-roster.json")
                expect(code == 0, f"the roster: {said}")
                self.key = receiver_key(self.hub)
                for slug in ASLEEP:
                    order = {"ceptoar": slug, "from": "centre", "min_severity": 3, "when": "asleep"}
                    patient(Client(self.hub, desk_of(slug) + "/night"), "PUT", "/v1/orders", order)
                yield self
            finally:
                self.mail.stop()

    @staticmethod
    def association():
        """Eight readers in a network of their own."""
        path = TMP + "/closed-members.json"
        entries = [{"id": f"inside-{i}", "names": {"en": f"Fictional inside {i}"}, "roles": [{"role": "operator", "ceptoar": CLOSED}]} for i in range(8)]
        replace(path, json.dumps({"members": entries}).encode())
        return path

    def carry(self):
        """A file from the hub to the closed network: its readers acknowledge, and their count comes back."""
        keys = {h: f"{h.dir}.jwks" for h in (self.hub, self.closed)}
        for h, who in ((self.hub, self.cast.all[0].id), (self.closed, "inside-0")):
            replace(keys[h], json.dumps(patient(Client(h, who, "CEPTOAR_URL"), "GET", "/.well-known/jwks.json")[2]).encode())
        over, back = TMP + "/over", TMP + "/back"
        for h, args in ((self.hub, ("export", "--ceptoar", CLOSED, "--since", "2020-01-01", "--out", over)), (self.closed, ("import", over, "--trust", keys[self.hub]))):
            code, said = h.ctl(*args)
            expect(code == 0, f"{args[0]}: {said}")
        for i in range(8):
            inside = Client(self.closed, f"inside-{i}", "CEPTOAR_URL")
            rows = wait_for("what came over", lambda c=inside: patient(c, "GET", "/v1/bulletins")[2]["bulletins"])
            patient(inside, "POST", "/v1/acks", {"acks": [{"id": b["id"], "revision": b["revision"], "status": "acted" if i % 2 else "read"} for b in rows]})
        code, said = self.closed.ctl("export", "--acks", "--hub", rows[0]["relay"]["hub"], "--ceptoar", CLOSED, "--out", back)
        expect(code == 0, f"export --acks: {said}")
        code, said = self.hub.ctl("import", back, "--trust", keys[self.closed])
        expect(code == 0, f"import of their word: {said}")
        return re.search(r"(\d+) recorded", said)

    def mailed(self, address, number):
        return [m for m in self.mail.to(address) if number in str(m["m"]["Subject"])]

    def hooked(self):
        """What each webhook was told: {member: {(number, revision)}}."""
        told = {}
        for hook in self.hooks:
            for line, _, body, _ in list(hook.got):
                b = json.loads(body)
                told.setdefault(line.split()[1].lstrip("/"), set()).add((b["number"], b["revision"]))
        return told

    def pages(self):
        """(of the hotline, of bulletins): what the gateway was told to send."""
        all_of = [m for m, _ in self.gate.bulletins()]
        is_call = lambda m: "ホットライン" in m["text"]["ja"]
        return [m for m in all_of if is_call(m)], [m for m in all_of if not is_call(m)]
