#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""never_read.py HOST PORT CA CERT KEY N READYFILE: N streams that ask and never read."""
import socket
import ssl
import sys
import time

host, port, ca, cert, key, count, ready = sys.argv[1:8]
ctx = ssl.create_default_context(cafile=ca)
ctx.load_cert_chain(cert, key)
ctx.minimum_version = ssl.TLSVersion.TLSv1_3
held = []
for _ in range(int(count)):
    raw = socket.socket()
    # A small window fills at once, so that the hub sees a reader that takes nothing.
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect((host, int(port)))
    tls = ctx.wrap_socket(raw, server_hostname="localhost")
    tls.sendall(b"GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    held.append(tls)
open(ready, "w").close()
time.sleep(300)
