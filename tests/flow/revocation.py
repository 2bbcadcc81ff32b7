# SPDX-License-Identifier: Apache-2.0
"""Three members lose their right in three ways, each with everything open that they can have."""
import socket
import subprocess
import threading
import time

from hub import SLOWER, Client, Hub, Stream, expect, report, wait_for


class Guest:
    """A stream, a connection kept alive, a long poll and a TLS session to resume."""
    def __init__(self, hub, member):
        self.address, self.member, self.ctx, self.poll = hub.address(), member, hub.context(member), []
        self.session, self.reused = None, False
        expect(self.ask() == 200 and self.ask() == 200 and self.reused, f"{member}: the session is not resumed")
        self.stream, self.kept, third = Stream(hub, member), Client(hub, member), Client(hub, member)
        path = "/v1/events?wait=8&cursor=" + self.kept.get("/v1/events?wait=0&cursor=earliest")[2]["cursor"]
        self.waiting = threading.Thread(target=lambda: self.poll.append(third.attempt("GET", path)))
        self.waiting.start()

    def ask(self):
        """Status of GET /v1/me on a new connection that offers the last session; or the TLS error."""
        try:
            with socket.create_connection(self.address, 10) as raw, self.ctx.wrap_socket(
                    raw, server_hostname="localhost", session=self.session) as s:
                s.sendall(b"GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")
                status, self.session, self.reused = int(s.recv(4096).split()[1]), s.session, s.session_reused
                return status
        except (OSError, IndexError) as e:
            return str(e) or "closed"


with Hub(fronts=2) as hub:
    post = lambda title: expect(Client(hub, "aozora-hp").post("/v1/reports", report(title))[0] == 201, title)
    post("前")
    watch, guests = Stream(hub, "aozora-hp"), [Guest(hub, m) for m in ("hibari-hp", "tsukimi-hp", "wakaba-hp")]
    by_vault, by_list, disabled = guests
    expect(hub.ctl("cert", "revoke", f"{hub.dir}/hibari-hp/cert.pem")[0] == 0 and by_vault.ask() == 403, "cert revoke")
    subprocess.run([hub.args[0], "--scratch", hub.dir, "--revoke", f"{hub.dir}/tsukimi-hp/cert.pem"], check=True)
    expect(hub.ctl("member", "disable", "wakaba-hp")[0] == 0 and disabled.ask() == 403, "member disable")
    wait_for("the authority's list", lambda: not isinstance(by_list.ask(), int), 5)
    time.sleep(0.5 * SLOWER)  # each front asks the vault anew, a few members every tenth of a second
    for g in guests:
        wait_for(f"the end of the stream of {g.member}", lambda: g.stream.closed, 60)
        expect([e[2]["reason"] for e in g.stream.of("bye")] == ["revoked"], f"{g.member}: {g.stream.events}")
        expect(g.kept.attempt("GET", "/v1/bulletins")[0] in (0, 403), f"{g.member} is still served on its old connection")
    post("後")
    watch.wait(1)
    for g in guests:
        g.waiting.join()
        expect("後" not in str(g.poll[0][2]), f"{g.member} heard it in a long poll: {g.poll}")
    expect(hub.ctl("member", "enable", "wakaba-hp")[0] == 0 and disabled.ask() == 200, "the suspended one may not come back")
    expect(by_vault.ask() == 403 and not isinstance(by_list.ask(), int), "a revoked certificate came back")
    Stream(hub, "wakaba-hp", "?cursor=earliest").wait(2)
print("revoked and suspended members are out, on every way that was open to them")
