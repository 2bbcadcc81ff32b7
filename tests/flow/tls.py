# SPDX-License-Identifier: Apache-2.0
"""Certificates that must not get in, and what each of them is told."""
import socket
import ssl
import subprocess
import time

from hub import Client, Hub, expect


def issue(hub, name, usage="clientAuth", days="30", ca=("ca.pem", "ca.key"), extra=()):
    """A certificate of the scratch hub's own authority; returns (cert, key)."""
    d, base = hub.dir, f"{hub.dir}/x-{name}"
    run = lambda *a: subprocess.run(["openssl", *a], check=True, capture_output=True)
    run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", base + ".key",
        "-subj", f"/CN={name}", "-out", base + ".csr")
    with open(base + ".ext", "w", encoding="utf-8") as f:
        f.write(f"basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage={usage}\n"
                "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    run("x509", "-req", "-in", base + ".csr", "-CA", f"{d}/{ca[0]}", "-CAkey", f"{d}/{ca[1]}", "-CAcreateserial",
        "-extfile", base + ".ext", "-days", days, "-out", base + ".pem", *extra)
    return base + ".pem", base + ".key"


def ask(hub, pair, version=None):
    """Status of GET /v1/me, or the text of the TLS error."""
    ctx = ssl.create_default_context(cafile=hub.env()["CEPTOAR_CA"])
    if version:
        ctx.minimum_version = ctx.maximum_version = version
    if pair:
        ctx.load_cert_chain(*pair)
    try:
        with socket.create_connection(hub.address(), 10) as raw, ctx.wrap_socket(raw, server_hostname="localhost") as s:
            s.sendall(b"GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = s.recv(4096)
            return int(answer.split()[1]) if answer else "closed"
    except (ssl.SSLError, ConnectionError, OSError) as e:
        return str(e) or "closed"


with Hub() as hub:
    good = (f"{hub.dir}/aozora-hp/cert.pem", f"{hub.dir}/aozora-hp/key.pem")
    expect(ask(hub, good) == 200, "the member itself")
    expect("rotocol" in str(ask(hub, good, ssl.TLSVersion.TLSv1_2)), "TLS 1.2 got in")
    expect(not isinstance(ask(hub, None), int), "no certificate got an answer")
    expect(ask(hub, issue(hub, "stranger")) == 403, "a certificate of our CA that no member has")
    expect(not isinstance(ask(hub, issue(hub, "srv", usage="serverAuth")), int), "a server's certificate got in")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", hub.dir + "/o.key", "-out", hub.dir + "/o.pem", "-subj", "/CN=Other CA"],
                   check=True, capture_output=True)
    expect(not isinstance(ask(hub, (hub.dir + "/o.pem", hub.dir + "/o.key")), int), "a self-signed certificate got in")
    expect(not isinstance(ask(hub, issue(hub, "other", ca=("o.pem", "o.key"))), int), "another CA's got in")
    for text in (b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-x\r\n", b"\x80\x2e\x01\x00\x02", b"\x00" * 64, b""):
        with socket.create_connection(hub.address(), 10) as raw:
            began = time.monotonic()
            raw.sendall(text)
            raw.settimeout(15)
            try:
                while raw.recv(4096):
                    pass
            except ConnectionError:
                pass
            expect(time.monotonic() - began < 7, f"{text[:10]} was kept open")
    expect(Client(hub, "aozora-hp").get("/v1/me", headers={"Early-Data": "1"})[0] == 425, "early data")
    expect(ask(hub, good) == 200, "the member afterwards")
print("versions, strangers, other authorities, purposes and plain text are refused as they must be")
