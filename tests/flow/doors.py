# SPDX-License-Identifier: Apache-2.0
"""Two ways to try the border between the fronts: a front's own frames to the keeper, and another front's tickets."""
import socket
import struct

from hub import expect

INBOX, CLOSE, SLIP, TRENDS = 16, 20, 21, 24  # daemon/INTERFACES.md
CENTRE = bytes(16) + bytes(48) + struct.pack("<HB", 8, 3) + bytes(16) + bytes([15])  # rights: receiver, slots, roles, ...
LIST = CENTRE + struct.pack("<BQIQ", 0, 0, 50, 0)


def ask(hub, door, kind, payload):
    """What the keeper answers on this socket to a frame that a front could send: (problem, bytes)."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(20)
        s.connect(f"{hub.dir}/run/{door}")
        s.sendall(struct.pack("<IHHQ", 12 + len(payload), kind, 0, 7) + payload)
        with s.makefile("rb") as f:
            n, _, status, call = struct.unpack("<IHHQ", f.read(16))
            expect(call == 7, "the answer of another call")
            return status, f.read(n - 12)


def resumed(hub, first, then):
    """Is a session of one listener taken by another?  Asks one thing, so that the tickets come."""
    ctx, session = hub.context("medical-desk"), None
    for url in (first, then):
        with ctx.wrap_socket(socket.create_connection(hub.address(url), 20), server_hostname="localhost", session=session) as s:
            s.sendall(b"GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")
            s.recv(4096)
            session = s.session
            last = s.session_reused
    return last
