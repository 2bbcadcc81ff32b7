# SPDX-License-Identifier: Apache-2.0
"""A TLS server that writes down what comes: recorder.py DIR OUT; prints its port, answers 503, then 201."""
import socket
import ssl
import sys

directory, out = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(directory + "/server.pem", directory + "/server.key")
context.load_verify_locations(directory + "/ca.pem")
context.verify_mode = ssl.CERT_REQUIRED
listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(60)
print(listener.getsockname()[1], flush=True)
ANSWERS = [("503 Service Unavailable", b'{"code":"unavailable","title":"away","status":503}'),
           ("201 Created", b'{"id":"%s","case":"%s","state":"received","read_by":{"who":{"ja":"x","en":"x"},"at":"t"}}'
            % (b"0" * 32, b"1" * 32))]
for line, body in ANSWERS:
    raw, _ = listener.accept()
    with context.wrap_socket(raw, server_side=True) as s, open(out, "ab") as f:
        s.settimeout(10)
        data = b""
        while b"\r\n\r\n" not in data:
            data += s.recv(65536)
        head, _, rest = data.partition(b"\r\n\r\n")
        length = [int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length")]
        while len(rest) < (length or [0])[0]:
            rest += s.recv(65536)
        f.write(head + b"\r\n\r\n" + rest + b"\n--\n")
        s.sendall(b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                  % (line.encode(), len(body)) + body)
