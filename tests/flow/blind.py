# SPDX-License-Identifier: Apache-2.0
"""Tokens on the blind listener: TLS, forgeries, k, 100 redemptions of one."""
import subprocess
import threading

from drawn import MEMBERS, draw, forged, send, text, unb64
from hub import SLOWER, Blind, Hub, expect, wait_for


def seen(hub, url):
    """What a client with a certificate at hand is asked for, and given to take along."""
    mine = ["-cert", hub.dir + "/aozora-hp/cert.pem", "-key", hub.dir + "/aozora-hp/key.pem", "-CAfile", hub.dir + "/ca.pem"]
    r = subprocess.run(["openssl", "s_client", "-connect", "%s:%s" % hub.address(url), "-msg", "-ign_eof", *mine], timeout=20 * SLOWER, check=False,
                       input=b"GET /v1/cases/0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", capture_output=True)
    expect(b"HTTP/1.1 4" in r.stdout, f"{url}: no answer came\n{r.stdout[-2000:]}{r.stderr}")
    return b"CertificateRequest" in r.stdout, b"NewSessionTicket" in r.stdout


def parallel(hub, token, count):
    answers, gate = [], threading.Barrier(count)

    def one():
        client = Blind(hub)
        client.get("/v1/cases/0")
        gate.wait()
        answers.append(send(client, token, text("一度だけ")))

    threads = [threading.Thread(target=one) for _ in range(count)]
    for step in ("start", "join"):
        for t in threads:
            getattr(t, step)()
    return [a[0] if a[0] == 201 else a[1] for a in answers]


def check_forgeries(hub, take):
    good, sig = take(), 70
    bad = {"epoch": forged(good, 2, bytes(4)), "coming epoch": forged(good, 5, bytes([unb64(good.split('"')[1])[5] + 1])),
           "group": forged(good, 1, b"\4"), "nonce": forged(good, 6, bytes(8)), "two bytes": forged(good, 452, b"\0\0"),
           "length": good.replace('"', "", 1)[:-20] + '"', "value 0": forged(good, sig, bytes(384)), "no base64": good.replace('="', '="!'),
           "value 1": forged(good, sig, bytes(383) + b"\1"), "value above n": forged(good, sig, b"\xff" * 384)}
    for what, token in bad.items():
        expect(send(Blind(hub), token, text()) == (401, "token_invalid"), f"{what}: {send(Blind(hub), token, text())}")
    expect(send(Blind(hub), good, text(ceptoar="medical-ceptoar")) == (401, "token_invalid"), "another sector group")
    expect(send(Blind(hub), good, dict(text(), member_id="x")) == (400, "names_sender"), "a field that names the sender")
    expect(send(Blind(hub), good, text(), **{"X-Forwarded-For": "192.0.2.1"}) == (400, "names_sender"), "such a header")
    expect(send(Blind(hub), good, text())[0] == 201, "a token that was not taken is still good")


with Hub(fronts=2) as hub:
    expect(seen(hub, "CEPTOAR_URL") == (True, True), "the members' listener asks and gives, and the test can see it")
    expect(seen(hub, "CEPTOAR_BLIND_URL") == (False, False), "a CertificateRequest or a ticket on the blind listener")
    tokens = [t for m in MEMBERS[:4] for t in draw(hub, m)]
    expect(send(Blind(hub), tokens[0], text()) == (409, "k_too_small"), "four have drawn")
    tokens += draw(hub, MEMBERS[4])
    wait_for("five to be known", lambda: send(Blind(hub), tokens[0], text())[0] == 201)
    expect(send(Blind(hub), tokens[0], text()) == (409, "token_spent"), "used up")
    codes = parallel(hub, tokens.pop(), 100)
    expect(codes.count(201) == 1 and codes.count("token_spent") == 99, f"100 at once: {codes}")
    check_forgeries(hub, tokens.pop)
print("100 at once: one 201, 99 token_spent; no certificate asked for, no ticket given; no forgery taken")
