# SPDX-License-Identifier: Apache-2.0
"""Replays tests/data/http_framing.txt over TLS, each case on a connection of its own.

Against a hub of its own, or against a running one:
    framing.py DIR MEMBER      DIR holds hub.env and MEMBER/{cert,key}.pem
    framing.py --corpus DIR    writes seeds for the fuzz harnesses instead
"""
import os
import re
import socket
import ssl
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "..", "data", "http_framing.txt")
SLOWER = 4 if os.environ.get("SANITIZED") else 1
QUIET = 0.5  # a case "wait" is answered by nothing for so long


def cases():
    """Blocks as dictionaries; `send` lines put together, still as text."""
    found, seen = [], set()
    with open(FILE, encoding="ascii") as f:
        for raw in f:
            line = raw.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            key, value = line[:4], line[6:]
            assert line[4:6] == ": " and key in ("name", "send", "want", "live"), line
            if key == "name":
                assert value not in seen, value
                seen.add(value)
                found.append({"name": value, "send": ""})
            elif key == "send":
                found[-1]["send"] += value
            else:
                found[-1][key] = value
    return found


def escapes(text):
    plain = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}
    out = b""
    for m in re.finditer(r"\\x([0-9a-f]{2})|\\(.)|([^\\]+)", text):
        out += bytes.fromhex(m[1]) if m[1] else plain[m[2]] if m[2] else m[3].encode("ascii")
    return out


def raw_bytes(text, name, port):
    text = text.replace("{host}", f"{name}:{port}").replace("{name}", name).replace("{port}", str(port))
    out = b""
    for part in re.split(r"(\{[^{}]*\*\d+\})", text):
        m = re.fullmatch(r"\{(.*)\*(\d+)\}", part, re.S)
        out += escapes(m[1]) * int(m[2]) if m else escapes(part)
    return out


class Target:
    """Where the hub is and who we are."""

    def __init__(self, directory, member):
        with open(os.path.join(directory, "hub.env"), encoding="utf-8") as f:
            env = dict(line.strip().removeprefix("export ").split("=", 1) for line in f if "=" in line)
        url = urllib.parse.urlsplit(env["CEPTOAR_URL"].strip("'\""))
        self.name, self.port = url.hostname, url.port
        self.context = ssl.create_default_context(cafile=env["CEPTOAR_CA"].strip("'\""))
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.load_cert_chain(f"{directory}/{member}/cert.pem", f"{directory}/{member}/key.pem")

    def connect(self):
        raw = socket.create_connection((self.name, self.port), 10 * SLOWER)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.context.wrap_socket(raw, server_hostname=self.name)


class Answer:
    """Reads answers off one connection; `closed` once the hub has ended it."""

    def __init__(self, conn):
        self.conn, self.data, self.closed = conn, b"", False

    def more(self, seconds):
        self.conn.settimeout(max(seconds, 0.001))
        try:
            got = self.conn.recv(65536)
        except TimeoutError:
            return
        except OSError:  # a reset after the answer: the hub had not read all we sent
            got = b""
        self.data += got
        self.closed = not got

    def next(self, seconds, head_only=False):
        """(status, headers, body), or None when there is none in time."""
        end = time.monotonic() + seconds
        while b"\r\n\r\n" not in self.data:
            if self.closed or time.monotonic() > end:
                return None
            self.more(max(0, end - time.monotonic()))
        head, _, rest = self.data.partition(b"\r\n\r\n")
        lines = head.decode("ascii").split("\r\n")
        status = int(re.fullmatch(r"HTTP/1\.1 (\d{3}) [ -~]+", lines[0])[1])
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
        size = 0 if status == 100 or head_only else int(headers.get("content-length", 0))
        while len(rest) < size and not self.closed and time.monotonic() < end:
            self.more(max(0, end - time.monotonic()))
            rest = self.data.partition(b"\r\n\r\n")[2]
        self.data = rest[size:]
        return status, headers, rest[:size]

    def ends(self, seconds):
        """True when the hub closes within the time and says nothing more."""
        end = time.monotonic() + seconds
        while not self.closed and time.monotonic() < end:
            self.more(max(0, end - time.monotonic()))
        return self.closed and not self.data


def send(conn, data):
    """All of it, or as much as the hub takes before it closes."""
    try:
        conn.sendall(data)
    except OSError:
        pass


def judge(case, conn, data, to_head):
    """None when the hub does what the case wants, else what is wrong."""
    send(conn, data)
    answer, want = Answer(conn), case["want"]
    got = answer.next(QUIET if want == "wait" else 10 * SLOWER, head_only=to_head)
    if want == "wait":
        return None if got is None and not answer.closed else f"{got and got[0]} instead of silence"
    if got is None:
        return "no answer" + (" and closed" if answer.closed else "")
    status, headers, body = got
    if want.startswith("ok") or want == "100":
        wanted = 100 if want == "100" else int(case.get("live", 200))
        if status != wanted:
            return f"{status} {body[:200]!r} instead of {wanted}"
        if to_head:
            answer.more(QUIET)
            return f"{answer.data[:80]!r} behind the answer to HEAD" if answer.data else None
        if want == "ok close":
            return None if answer.ends(5 * SLOWER) else "stays open"
        return "says close" if status == 200 and headers.get("connection") == "close" else None
    wanted, code = want.split()
    if to_head:  # its answer has no body, nor may one follow
        body = f'"code":"{code}"'.encode()
    if status != int(wanted) or f'"code":"{code}"'.encode() not in body:
        return f"{status} {body[:200]!r} instead of {want}"
    if headers.get("content-type") != "application/problem+json":
        return f"content type {headers.get('content-type')}"
    # 415 of a known body may be drained and the connection kept; all else must end it.
    if code != "media_type" and headers.get("connection") != "close":
        return "does not say Connection: close"
    return None if code == "media_type" or answer.ends(5 * SLOWER) else "stays open"


def run_case(target, case, pieces):
    data = raw_bytes(case["send"], target.name, target.port)
    to_head = data.startswith(b"HEAD ")
    try:
        with target.connect() as conn:
            if pieces and len(data) < 400:
                for i in range(len(data) - 1):
                    send(conn, data[i:i + 1])
                data = data[-1:]
            return judge(case, conn, data, to_head)
    except (OSError, ValueError, TypeError) as e:
        return f"{type(e).__name__}: {e}"


def pipelined(target, count=1000):
    """Requests in one go: answered one after another and in order, or the connection closed."""
    one = f"GET /v1/me HTTP/1.1\r\nHost: {target.name}\r\n\r\n".encode()
    with target.connect() as conn:
        send(conn, one * count)
        answer, n = Answer(conn), 0
        while n < count:
            got = answer.next(10 * SLOWER)
            if got is None:
                break
            if got[0] != 200:
                return f"answer {n}: {got[0]}"
            n += 1
    return None if n == count or (n > 0 and answer.closed) else f"{n} answers and then silence"


def corpus(directory):
    """Seeds: cut in the middle (first byte 0x80), heads for one harness, chunks for the other."""
    for kind in ("http_request", "http_body"):
        os.makedirs(f"{directory}/{kind}", exist_ok=True)
    for case in cases():
        data = raw_bytes(case["send"], "hub.example", 8443)
        head, _, body = data.partition(b"\r\n\r\n")
        if len(data) < 700 and not case["name"].startswith("chunk"):
            with open(f"{directory}/http_request/{case['name']}", "wb") as f:
                f.write(b"\x80" + data)
        if b"chunked" in head and 5 < len(body) < 700:
            with open(f"{directory}/http_body/{case['name']}", "wb") as f:
                f.write(b"\x01\x03" + body)


def replay(target):
    every = cases()
    with ThreadPoolExecutor(8) as pool:
        whole = list(pool.map(lambda c: run_case(target, c, False), every))
        some = [c for c in every if c["want"] != "wait"]
        pieces = list(pool.map(lambda c: run_case(target, c, True), some))
    bad = [f"{c['name']}: {why}" for c, why in zip(every, whole) if why]
    bad += [f"{c['name']} (byte by byte): {why}" for c, why in zip(some, pieces) if why]
    why = pipelined(target)
    bad += [f"pipelined: {why}"] if why else []
    print("\n".join(bad) if bad else f"{len(every)} cases, as one record and byte by byte")
    return bool(bad)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--corpus":
        return corpus(sys.argv[2])
    if len(sys.argv) == 3:
        return replay(Target(sys.argv[1], sys.argv[2]))
    import hub
    with hub.Hub() as h:
        return replay(Target(h.dir, "aozora-hp"))


if __name__ == "__main__":
    sys.exit(main())
