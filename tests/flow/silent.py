# SPDX-License-Identifier: Apache-2.0
"""A hub that falls silent: silent.py DIR OUT; hello and a row, then nothing; the next time only hello."""
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
open_ones = []
for rows in (ROW, ROW + NEXT):  # what was shown comes a second time
    raw, _ = listener.accept()
    s = context.wrap_socket(raw, server_side=True)
    head = s.recv(65536)
    with open(out, "ab") as f:
        f.write(b"at %d\n" % int(time.time()) + head)
    s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + HELLO + rows)
    open_ones.append(s)
time.sleep(5)
