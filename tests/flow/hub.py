# SPDX-License-Identifier: Apache-2.0
"""A real hub and real clients for the flow tests: standard library only, every wait bounded."""
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import canary  # pylint: disable=wrong-import-position

BUILD = os.environ.get("BUILD", "build")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PHRASE = "correct horse battery"  # of the keys that a flow makes with one
SLOWER = 4 if os.environ.get("SANITIZED") else 1


def wait_for(what, check, seconds=20):
    """Calls check until it gives something true; fails the test after the time."""
    end = time.monotonic() + seconds * SLOWER
    while time.monotonic() < end:
        got = check()
        if got:
            return got
        time.sleep(0.02)
    sys.exit(f"FAIL: waited {seconds} s in vain for {what}")


def expect(condition, text):
    if not condition:
        sys.exit("FAIL: " + text)


def replace(path, data):
    """A file anew, the way an administrator should: by rename."""
    with open(path + ".new", "wb") as f:
        f.write(data)
    os.replace(path + ".new", path)


def problem_is_clean(text):
    """An error tells nothing of the machine: no path, no SQL, no version, no address in memory."""
    said = re.sub(r'"(type|pointer)":"[^"]*"|/v1/\w+', "", text)
    dirty = re.search(r"(/\w+){2}|sqlite|\b(SELECT|INSERT|UPDATE|DELETE)\b|\d+\.\d+\.\d+|0x[0-9a-f]{6}|\.[ch]:\d", said)
    expect(not dirty, f"an error body says too much: {text}")


class Hub:
    patience = 60  # seconds until it is ready: many members' certificates take longer

    def __init__(self, directory=None, members=None, conf=None, fronts=1, build=BUILD, env=None, more=()):
        base = os.environ.get("TEST_TMP", "/tmp")
        self.dir = directory or os.path.join(base, "hub")
        self.args = [os.path.join(build, "ceptoard"), "--scratch", self.dir, "--fronts", str(fronts)]
        self.args += ["--members", members] if members else []
        self.args += ["--conf", conf] if conf else []
        self.args += more
        self.extra, self.proc = env or {}, None
        self.start()

    def start(self):
        self.log = open(self.dir + ".log", "ab")
        env = dict(os.environ, **self.extra)
        self.proc = subprocess.Popen(self.args, stdout=subprocess.PIPE, stderr=self.log, env=env)
        end = time.monotonic() + self.patience * SLOWER
        line = b""
        os.set_blocking(self.proc.stdout.fileno(), False)
        while time.monotonic() < end and b"ready" not in line and self.proc.poll() is None:
            line += self.proc.stdout.read() or b""
            time.sleep(0.02)
        if b"ready" not in line:
            sys.exit(f"FAIL: the hub did not start, see {self.dir}.log\n" + open(self.dir + ".log").read()[-3000:])

    def env(self):
        with open(self.dir + "/hub.env", encoding="utf-8") as f:
            pairs = (l.strip().partition("=") for l in f if "=" in l)
            return {k.removeprefix("export "): v.strip("'\"") for k, _, v in pairs}

    def pids(self, name):
        for part in self.env()["CEPTOAR_PIDS"].split():
            key, _, value = part.partition("=")
            if key == name:
                return [int(v) for v in value.split(",") if v]
        return []

    def kill(self, name, sig=signal.SIGKILL):
        """Ends one program and waits until the supervisor has put a new one in its place."""
        old = self.pids(name)
        os.kill(old[0], sig)
        wait_for(name + " to be started again", lambda: old[0] not in self.pids(name) and self.pids(name))

    def ctl(self, *args):
        """(status, output) of ceptoarctl on this hub."""
        r = subprocess.run([os.path.join(os.path.dirname(self.args[0]), "ceptoarctl"), "--run", self.dir + "/run",
                            *args], capture_output=True, text=True, timeout=60 * SLOWER, check=False)
        return r.returncode, r.stdout + r.stderr

    def reload(self, section, **values):
        """Sets values in the hub's file and waits until every front has read it anew."""
        lines = [l for l in open(self.dir + "/ceptoar.conf", encoding="utf-8").read().splitlines() if l.split(" = ")[0] not in values]
        at = lines.index(f"[{section}]") + 1
        lines[at:at] = [f"{k} = {v}" for k, v in values.items()]
        replace(self.dir + "/ceptoar.conf", "\n".join(lines).encode() + b"\n")
        logs = [f"{self.dir}/log/{f}.log" for f in ("desk-1", *(f"front-{i + 1}" for i in range(len(self.pids("front")))))]
        count = lambda: [open(l, encoding="utf-8").read().count("front: reloaded") for l in logs]
        before = count()
        self.proc.send_signal(signal.SIGHUP)
        wait_for("the reload", lambda: all(n > b for n, b in zip(count(), before)))

    def status(self):
        """What ceptoarctl says, by program."""
        return json.loads(self.ctl("--json", "status")[1])

    def stop(self, sig=signal.SIGTERM):
        canary.live(self.dir)
        self.proc.send_signal(sig)
        try:
            code = self.proc.wait(30 * SLOWER)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            sys.exit("FAIL: the hub did not stop in time")
        expect(code == 0, f"the hub ended with status {code}\n" + open(self.dir + ".log").read()[-3000:])

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.proc.poll() is None:
            if kind is None:
                self.stop()
            else:
                self.proc.terminate()
                try:
                    self.proc.wait(20)
                except subprocess.TimeoutExpired:
                    self.proc.kill()

    def context(self, member):
        """For a member, for a pair of files, or without a certificate."""
        ctx = ssl.create_default_context(cafile=self.env()["CEPTOAR_CA"])
        ctx.minimum_version = ssl.TLSVersion.TLSv1_3
        if isinstance(member, tuple):
            ctx.load_cert_chain(*member)
        elif member:
            ctx.load_cert_chain(f"{self.dir}/{member}/cert.pem", f"{self.dir}/{member}/key.pem")
        return ctx

    def address(self, url="CEPTOAR_URL"):
        url = urllib.parse.urlsplit(self.env()[url])
        return url.hostname, url.port

    def url_of(self, member):
        """Where a member's client goes: a desk's, and that of a ministry which reports name, to the desks' front."""
        own = f"{self.dir}/{member.partition('/')[0]}/member.json" if isinstance(member, str) else ""
        if not os.path.exists(own):
            return "CEPTOAR_URL"
        with open(own, encoding="utf-8") as f:
            roles = {r["role"] for r in json.load(f)["roles"]}
        return "CEPTOAR_DESK_URL" if roles & {"secretariat", "centre", "ministry"} else "CEPTOAR_URL"

    def connect(self, member, seconds=20, url="CEPTOAR_URL"):
        raw = socket.create_connection(self.address(url), seconds * SLOWER)
        return self.context(member).wrap_socket(raw, server_hostname="localhost")


class Client:
    """One keep-alive connection of a member; connects again when it is gone.  A desk's goes to the desks' front."""
    url = None

    def __init__(self, hub, member, url=None):
        self.hub, self.member, self.http = hub, member, None
        self.url = url or self.url or hub.url_of(member)

    def request(self, method, path, body=None, headers=None, seconds=20):
        """(status, headers, JSON or text); raises OSError when the connection breaks."""
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body, ensure_ascii=False).encode()
        head = {"Content-Type": "application/json"} if data is not None else {}
        head.update(headers or {})
        if self.http is None:
            host, port = self.hub.address(self.url)
            self.http = http.client.HTTPSConnection(host, port, timeout=seconds * SLOWER, context=self.hub.context(self.member))
        try:
            self.http.request(method, path, body=data, headers=head)
            answer = self.http.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as e:
            self.close()
            raise OSError(str(e)) from e
        if answer.will_close:
            self.close()
        kind = answer.headers.get("Content-Type", "")
        if answer.status >= 400:
            problem_is_clean(text.decode())
        return answer.status, answer.headers, json.loads(text) if "json" in kind and text else text

    def get(self, path, **kw):
        return self.request("GET", path, **kw)

    def post(self, path, body, **kw):
        return self.request("POST", path, body, **kw)

    def attempt(self, *args, **kw):
        """The same, with status 0 when the connection breaks."""
        try:
            return self.request(*args, **kw)
        except OSError as e:
            return 0, {}, str(e)

    def close(self):
        if self.http is not None:
            self.http.close()
        self.http = None


class Blind(Client):
    """One connection to the blind listener; no certificate, unless a pair of files is to be tried."""
    url = "CEPTOAR_BLIND_URL"

    def __init__(self, hub, member=None):
        super().__init__(hub, member)


class Stream(threading.Thread):
    """Reads /v1/stream in the background; events are (name, id, data, monotonic time)."""
    silence = 120  # seconds, then it is given up

    def __init__(self, hub, member, query="", again=False, last_id=None, url="CEPTOAR_URL"):
        super().__init__(daemon=True)
        self.url = url
        self.hub, self.member, self.query, self.again = hub, member, query, again
        self.events, self.last_id, self.status, self.closed, self.sock = [], last_id, None, False, None
        self.start()
        wait_for(f"hello on the stream of {member}", lambda: self.of("hello") or (self.status not in (None, 200)))

    def of(self, *names):
        return [e for e in list(self.events) if e[0] in names]

    def run(self):
        while True:
            try:
                self.once()
            except (OSError, ValueError, IndexError):  # the last: closed before a word
                pass
            if not self.again or self.closed:
                self.closed = True
                return
            time.sleep(0.05)

    def once(self):
        with self.hub.connect(self.member, url=self.url) as s:
            self.sock = s
            last = f"Last-Event-ID: {self.last_id}\r\n" if self.last_id else ""
            s.sendall(f"GET /v1/stream{self.query} HTTP/1.1\r\nHost: localhost\r\n{last}\r\n".encode())
            s.settimeout(self.silence)
            f = s.makefile("rb")
            self.status = int(f.readline().split()[1])
            while f.readline() not in (b"\r\n", b""):
                pass
            name, ident, data = "message", None, []
            for raw in f:
                line = raw.decode().rstrip("\n")
                if line == "" and (data or ident or name != "message"):
                    value = json.loads("\n".join(data)) if data else None
                    self.events.append((name, ident, value, time.monotonic()))
                    self.last_id = ident or self.last_id
                    name, ident, data = "message", None, []
                key, _, value = line.partition(":")
                value = value.removeprefix(" ")
                name = value if key == "event" else name
                ident = value if key == "id" else ident
                if key == "data":
                    data.append(value)

    def wait(self, count, *names, seconds=20):
        names = names or ("bulletin",)
        wait_for(f"{count} {names} on the stream of {self.member}", lambda: len(self.of(*names)) >= count, seconds)
        return self.of(*names)

    def stop(self):
        self.closed, self.again = True, False
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            pass


def crowd(ceptoar, n, **facility):
    """The sample members and n more operators of one CEPTOAR; a file for Hub(members=)."""
    with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
        data = json.load(f)
    data["members"] += [{"id": f"{ceptoar}-{i}", "names": {"en": f"Crowd {i} of {ceptoar}"}, **facility,
                         "roles": [{"role": "operator", "ceptoar": ceptoar}]} for i in range(n)]
    path = os.path.join(os.environ.get("TEST_TMP", "/tmp"), f"{ceptoar}.json")
    replace(path, json.dumps(data, ensure_ascii=False).encode())
    return path


def cli(hub, member, *args):
    """(status, output) of ceptoar as this member; its case secrets lie in the hub's folder."""
    r = subprocess.run([os.path.join(BUILD, "ceptoar"), "--as", f"{hub.dir}/{member}", "--lang", "ja", "--state-dir",
                        f"{hub.dir}/state", *args], capture_output=True, text=True, timeout=60 * SLOWER, check=False)
    return r.returncode, r.stdout + r.stderr


def opened(envelope, *keys):
    """The text of an envelope, opened layer by layer with openssl as a holder would; keys are (certificate, key)."""
    for cert, key in keys:
        r = subprocess.run(["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-recip", cert, "-inkey", key,
                            "-passin", "pass:" + PHRASE], input=envelope, capture_output=True, check=False)
        if r.returncode != 0:
            return ""
        envelope = r.stdout
    return envelope.decode()


def edit_vault(hub, *sql, keep=None):
    """What somebody with the disk can do: stops the hub, edits the vault's database, starts it."""
    hub.stop()
    path = hub.dir + "/vault.db"
    if keep:
        shutil.copy(path, keep)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        for s in sql:
            db.execute(s)
    hub.start()


def receiver_key(hub):
    """What the vault makes the ids of receivers with; read from a copy of its database."""
    with tempfile.TemporaryDirectory() as copy:
        for part in ("", "-wal"):
            if os.path.exists(f"{hub.dir}/vault.db{part}"):
                shutil.copy(f"{hub.dir}/vault.db{part}", f"{copy}/vault.db{part}")
        with contextlib.closing(sqlite3.connect(copy + "/vault.db")) as db:
            return db.execute("SELECT receiver_key FROM meta").fetchone()[0]


def reader(hub, member, person=None, key=None):
    """The id of a member or person in rights, as the vault makes it; key: what receiver_key gave."""
    text = f"person{member}/{person}" if person else "receiver" + member
    return hmac.new(key or receiver_key(hub), text.encode(), hashlib.sha256).hexdigest()[:32]


def report(title="件名", level=3, publish="ceptoar", **more):
    r = {"kind": "incident", "title": title, "description": "説明", "severity_claimed": level,
         "tlp": "TLP:AMBER", "consent": {"publish": publish}}
    r.update(more)
    return r


def case_secret():
    """(secret, commitment) as base64url, the way a client makes them."""
    import base64
    raw = secrets.token_bytes(32)
    text = lambda b: base64.urlsafe_b64encode(b).rstrip(b"=").decode()
    return text(raw), text(hashlib.sha256(raw).digest())


def open_case(client, *args, **more):
    """A report with a channel: the path of its case, and the header that its holder shows."""
    secret, commitment = case_secret()
    status, _, receipt = client.post("/v1/reports", report(*args, case_commitment=commitment, **more))
    expect(status == 201, f"{status} {receipt}")
    return "/v1/cases/" + receipt["case"], {"Authorization": "Case " + secret}


def refused(want, got):
    """Is this answer the problem of that status and code?"""
    expect((got[0], got[2]["code"]) == want, f"{want}: {got[0]} {got[2]}")
