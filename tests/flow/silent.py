# SPDX-License-Identifier: Apache-2.0
"""A hub that falls silent: silent.py DIR OUT; hello and a row, then nothing; the next time the row again, and another.

It has no keys to verify bulletins with; that is asked for beside the stream, and is not written to OUT.
"""
import socket
import ssl
import sys
import time

directory, out = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(directory + "/server.pem", directory + "/server.key")
listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(90)
print(listener.getsockname()[1], flush=True)
HELLO = b'retry: 1000\n\nid: C0\nevent: hello\ndata: {"resume":"live","cursor":"C0","epoch":1}\n\n'
ROW = b'id: C1\nevent: bulletin\ndata: {"id":"%s","revision":1,"title":{"en":"t"}}\n\n' % (b"a" * 32)
NEXT = b'id: C2\nevent: bulletin\ndata: {"id":"%s","revision":1,"title":{"en":"t"}}\n\n' % (b"b" * 32)
open_ones, streams = [], [ROW, ROW + NEXT]  # what was shown comes a second time
while streams:
    raw, _ = listener.accept()
    s = context.wrap_socket(raw, server_side=True)
    head = s.recv(65536)
    if not head.startswith(b"GET /v1/stream"):
        s.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        s.close()
        continue
    rows = streams.pop(0)
    with open(out, "ab") as f:
        f.write(b"at %d\n" % int(time.time()) + head)
    s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + HELLO + rows)
    open_ones.append(s)
listener.settimeout(5)
try:
    while True:
        listener.accept()[0].close()
except TimeoutError:
    pass
