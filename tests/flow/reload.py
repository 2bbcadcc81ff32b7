# SPDX-License-Identifier: Apache-2.0
"""Each file is broken and mended while a stream stays open and reports go on."""
import re
import signal
import socket
import ssl

from hub import ROOT, Client, Hub, Stream, expect, replace, report, wait_for

SAMPLE = ROOT + "/tests/data/reports/SR-01.json"

with Hub() as hub:
    read = lambda name: open(f"{hub.dir}/{name}", "rb").read()
    hup = lambda: hub.proc.send_signal(signal.SIGHUP)
    client, live, ctx = Client(hub, "aozora-hp"), Stream(hub, "hibari-hp"), hub.context("aozora-hp")

    def shown():
        with socket.create_connection(hub.address(), 20) as raw, ctx.wrap_socket(raw, server_hostname="localhost") as s:
            return s.getpeercert(True)

    before, conf = shown(), read("ceptoar.conf")
    # The file, what is in it then, what status says of it.
    broken = [("server.pem", b"nonsense", "server.pem"), ("server.key", b"", "server.key"),
              ("server.key", read("aozora-hp/key.pem"), "server.key"), ("ca.pem", b"", "ca.pem"), ("ca.crl", b"", "ca.crl"),
              ("ca.crl", read("ca.pem"), "ca.crl"),
              ("ca.crl", read("ca.crl")[:-60] + b"\n-----END X509 CRL-----\n", "ca.crl"),
              ("escrow-a/cert.pem", b"nonsense", "escrow-a"),
              ("ceptoar.conf", conf.replace(b"streams_per_member = 10000", b"streams_per_member = many"), "streams_per_member: "),
              ("ceptoar.conf", conf + b"\n[policy]\nauto_own_level = 9\n", "auto_own_level"),
              ("ceptoar.conf", conf + b"\n[policy no-such-ceptoar]\nauto_own_level = 2\n", "no-such-ceptoar"),
              ("ceptoar.conf", conf.replace(b"/ceptoars.json", b"/taxonomy.json"), "taxonomy.json"),
              ("ceptoar.conf", b"\x00\xff nonsense", "ceptoar.conf")]
    for i, (name, data, told) in enumerate(broken):
        good = read(name)
        replace(f"{hub.dir}/{name}", data)
        hup()
        wait_for(f"status to tell of {name} ({told})", lambda: re.search("reload_error: .*" + told, hub.ctl("status")[1]))
        expect(hub.ctl("status")[0] == 1 and shown() == before, f"{name}: status ends with 0, or another certificate")
        expect(client.post("/v1/reports", report(f"B{i}"))[0] == 201, f"{name}: a report meanwhile")
        live.wait(i + 1)
        replace(f"{hub.dir}/{name}", good)
        hup()
        wait_for(f"a clean status after {name} ({told})", lambda: hub.ctl("status")[0] == 0)

    # All of it changes for good: certificate, limit, policy of one CEPTOAR.
    replace(hub.dir + "/server.pem", read("hibari-hp/cert.pem"))
    replace(hub.dir + "/server.key", read("hibari-hp/key.pem"))
    replace(hub.dir + "/ceptoar.conf", conf.replace(b"_minute = 0", b"_minute = 2") + b"\n[policy medical-ceptoar]\nauto_own_level = 5\n")
    hup()
    wait_for("the new policy", lambda: '"automatic":false' in hub.ctl("--json", "policy", "check", SAMPLE)[1])
    got = [client.post("/v1/reports", report("後"))[0] for _ in range(4)]
    expect(got == [201, 201, 429, 429], f"the limit was not taken: {got}")
    expect(len(live.of("bulletin")) == len(broken) and not live.closed, "the stream ended, or the policy was not taken")
    ctx.check_hostname, ctx.verify_mode = False, ssl.CERT_NONE
    expect(shown() == ssl.PEM_cert_to_DER_cert(read("hibari-hp/cert.pem").decode()), "the old certificate is still shown")
print(len(broken), "broken files kept the old settings; good ones were taken")
