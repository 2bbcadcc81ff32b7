# SPDX-License-Identifier: Apache-2.0
"""Receivers of webhooks with real TLS, well-behaved and not, and a hub that delivers to them."""
import base64
import hashlib
import hmac
import json
import os
import signal
import socket
import ssl
import threading
import time

from certs import openssl
from hub import ROOT, SLOWER, Client, Hub, expect, replace, wait_for

TMP = os.environ.get("TEST_TMP", "/tmp")


def certificate(name="localhost", days="30"):
    """A certificate that is its own authority, and its key, in one file."""
    base = f"{TMP}/hook-{name}-{days}"
    if not os.path.exists(base + ".pem"):
        openssl("req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", f"/CN={name}",
                "-addext", f"subjectAltName=DNS:{name}", "-days", "30", "-keyout", base + ".key", "-out", base + ".crt")
        openssl("x509", "-in", base + ".crt", "-signkey", base + ".key", "-days", days, "-out", base + ".crt")
        replace(base + ".pem", open(base + ".crt", "rb").read() + open(base + ".key", "rb").read())
    return base + ".pem"


def pin_of(cert):
    """What a members file says of the key of this certificate."""
    key = openssl("pkey", "-pubin", "-outform", "DER", data=openssl("x509", "-in", cert, "-noout", "-pubkey"))
    return "sha256//" + base64.b64encode(hashlib.sha256(key).digest()).decode()


def answer(status=200, *headers, body=b""):
    """What a receiver says; a function of its connection."""
    head = f"HTTP/1.1 {status} X\r\n" + "".join(h + "\r\n" for h in headers) + f"Content-Length: {len(body)}\r\n\r\n"
    return lambda s: s.sendall(head.encode() + body)


def silent(seconds=12):
    """Says nothing more for a while."""
    return lambda s: time.sleep(seconds)


def then(text, more):
    """First this, then something else."""
    return lambda s: (s.sendall(text), more(s))


def again(text, times=10**6):
    """The same for ever, or nearly."""
    return lambda s: [s.sendall(text) for _ in range(times)]


def old_tls(ctx):
    ctx.set_ciphers("DEFAULT@SECLEVEL=0")
    ctx.minimum_version, ctx.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1


class Hook:
    """One receiver on a port of its own: `says` is done after each request, `raw` before TLS, `tls` changes its context."""

    def __init__(self, says=answer(), raw=None, tls=None, cert=None, deaf=False, pin=None, at=("127.0.0.1", 0)):
        self.says, self.raw, self.got, self.tried, self.pin = says, raw, [], [], pin
        self.secret = hashlib.sha256(os.urandom(16)).digest()
        self.ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ctx.load_cert_chain(cert or certificate())
        if tls:
            tls(self.ctx)
        self.listener = socket.create_server(at, backlog=0 if deaf else 64)
        self.port = self.listener.getsockname()[1]
        if deaf:  # its queue is full: a connection is not even made
            self.stuck = [socket.socket() for _ in range(4)]
            for s in self.stuck:
                s.setblocking(False)
                s.connect_ex(("127.0.0.1", self.port))
            return
        threading.Thread(target=self.run, daemon=True).start()

    def contact(self):
        pin = {"pin": self.pin} if self.pin else {}
        return {"webhook": f"https://localhost:{self.port}/in?x=1", "secret": self.secret.hex(), **pin}

    def run(self):
        while True:
            try:
                raw = self.listener.accept()[0]
            except OSError:
                return
            self.tried.append(time.monotonic())
            threading.Thread(target=self.serve, args=(raw,), daemon=True).start()

    def serve(self, raw):
        try:
            with raw:
                if self.raw:
                    self.raw(raw)
                raw.settimeout(30)
                with self.ctx.wrap_socket(raw, server_side=True) as s:
                    self.got.append(self.read(s))
                    self.says(s)
        except (OSError, ValueError, LookupError):
            pass

    @staticmethod
    def read(s):
        f = s.makefile("rb")
        line, head = f.readline().decode(), {}
        while (h := f.readline().decode().rstrip("\r\n")):
            name, _, value = h.partition(":")
            head[name.lower()] = value.strip()
        return line, head, f.read(int(head["content-length"])), time.monotonic()

    def bulletins(self):
        return [(json.loads(body), head) for _, head, body, _ in list(self.got)]

    def signed(self, head, body, secret=None):
        """Is one of the signatures that of this secret?"""
        text = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
        want = "v1," + base64.b64encode(hmac.new(secret or self.secret, text, "sha256").digest()).decode()
        return want in head["webhook-signature"].split(" ")


def hub_with(hooks, more="", loopback=True, always=(), hub=None, **settings):
    """A hub whose members (named by the keys) have these receivers, or these parts of their entries; the demo's others as they are.  more: of its configuration;
    always: who of them works around the clock; hub: what it is started with beside that."""
    with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
        data = json.load(f)
    by = {m["id"]: m for m in data["members"]}
    for name, hook in hooks.items():
        if name not in by:
            by[name] = {"id": name, "names": {"en": "Receiver " + name}, "roles": [{"role": "operator", "ceptoar": "medical-ceptoar"}]}
            data["members"].append(by[name])
        by[name]["around_the_clock"] = name in always
        by[name].update(hook if isinstance(hook, dict) else {"contacts": [hook.contact()] if isinstance(hook, Hook) else hook})
    replace(TMP + "/members.json", json.dumps(data, ensure_ascii=False).encode())
    conf = {"ca": certificate(), "retry_first": "1s", "lease": "4s", **settings}
    replace(TMP + "/hooks.conf", ("[courier]\n" + "".join(f"{k} = {v}\n" for k, v in conf.items()) + more).encode())
    return Hub(members=TMP + "/members.json", conf=TMP + "/hooks.conf", more=["--allow-loopback-webhooks"] if loopback else [], **(hub or {}))


def deliveries(hub):
    """Rows of deliveries by receiver, once the hub has stopped: (route, state, tries, reason)."""
    import sqlite3
    with sqlite3.connect(hub.dir + "/keeper.db") as db:
        rows = {}
        for receiver, *rest in db.execute("SELECT hex(receiver), route, state, tries, reason FROM deliveries"):
            rows.setdefault(receiver, []).append(tuple(rest))
    return rows


def nobody_looks_up_names(hub):
    """The courier's child dies: nothing could go out, and so another courier comes."""
    old = hub.pids("courier")
    children = f"/proc/{old[0]}/task/{old[0]}/children"
    os.kill(int(wait_for("its child", lambda: open(children, encoding="ascii").read())), signal.SIGKILL)
    wait_for("another courier", lambda: hub.pids("courier") not in ([], old))


def mail_routes(hub, number):
    """What the desk reads of a bulletin's mails, and the centre of its own: {(state, reason)}."""
    lines = [line for who in ("medical-desk", "centre") for line in Client(hub, who).get(f"/v1/bulletins/{number}/deliveries?limit=500")[2]["deliveries"]]
    return {(r["state"], r["reason"].removeprefix("down: ")) for line in lines for r in line["routes"] if r["route"] == "mail"}


def in_time(seconds, since):
    expect(time.monotonic() - since < seconds * SLOWER, f"it took more than {seconds} s")
