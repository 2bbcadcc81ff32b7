# SPDX-License-Identifier: Apache-2.0
"""Certificates that must not get in, and what each of them is told."""
import socket
import ssl
import subprocess
import time

from certs import ask, issue
from hub import Client, Hub, expect

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
