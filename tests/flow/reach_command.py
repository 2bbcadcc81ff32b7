# SPDX-License-Identifier: Apache-2.0
"""ceptoar deliveries, ack --phone and question, as a desk and as a member."""
import csv
import io
import json
import os
import subprocess

from hub import BUILD, SLOWER, Client, Hub, expect, report

with Hub() as hub:
    def run(member, *args, want=0):
        at = ["--as", f"{hub.dir}/{member}", "--state-dir", f"{hub.dir}/state-{member}", "--lang", "en"]
        r = subprocess.run([os.path.join(BUILD, "ceptoar"), *at, *args], capture_output=True, timeout=60 * SLOWER, check=False)
        expect(r.returncode == want, f"{member} {args}: {r.returncode} {r.stdout} {r.stderr}")
        return r.stdout.decode("utf-8-sig") if want == 0 else r.stderr.decode()

    number = Client(hub, "aozora-hp").post("/v1/reports", report("A"))[2]["bulletin"]["number"]
    run("hibari-hp", "ack", "--status", "read", "--forwarded-to", "4", number)
    own = json.loads(run("minamo-hp", "deliveries", "--own", "--json", number))["deliveries"]
    expect(len(own) == 1, f"its own line: {own}")
    receiver = own[0]["receiver"]
    expect("by telephone" in run("medical-desk", "ack", "--phone", receiver, "--status", "acted", number), "the call")
    run("bank-desk", "ack", "--phone", receiver, number, want=1)
    shown = run("medical-desk", "deliveries", number)
    looks = [r for r in Client(hub, "medical-desk").get("/v1/audit?limit=50")[2]["rows"] if r["action"] == "names.look"]
    lines = [line for line in shown.splitlines() if "  telephone:acted" in line or "  client:read" in line]
    expect(len(lines) == 2 and receiver not in shown and "Hospital" in shown, f"by name: {lines}")
    expect([r["ref"] for r in looks] == [number], f"one question for all names: {looks}")
    figures = [line for line in shown.splitlines() if line.startswith("medical-ceptoar: ")]
    expect(len(figures) == 1 and "received 2" in figures[0] and "by telephone: received 1, read 1, acted 1" in shown, shown)
    expect("client:read" in shown and "telephone:acted" in shown, shown)
    silent = run("medical-desk", "deliveries", "--silent", number)
    expect(len(silent.splitlines()) == len(shown.splitlines()) - 2 and "client:read" not in silent, silent)
    table = list(csv.DictReader(io.StringIO(run("medical-desk", "deliveries", "--csv", number))))
    line = [r for r in table if r["receiver"] == receiver]
    expect(len(line) == 1 and line[0]["state"] == "acted" and "name" in line[0], f"{table}")
    expect(len([r for r in table if r["evidence"] == "client:read" and r["forwarded_to"] == "4"]) == 1, f"{table}")
    expect("--own" in run("hibari-hp", "deliveries", number, want=1), "a member is told what it may do")
    run("medical-desk", "deliveries", "--state", "x", number, want=1)
    run("medical-desk", "deliveries", want=2)
    # Questions.
    asked = run("hibari-hp", "question", "ask", number, "いつからですか。").split()[1]
    expect("no questions" in run("wakaba-hp", "question", "list", number), "not answered yet")
    expect(asked in run("medical-desk", "question", "list", "--open"), "the desk's list")
    run("wakaba-hp", "question", "show", asked, want=1)
    run("medical-desk", "question", "answer", asked, "from noon on")
    expect("from noon on" in run("hibari-hp", "question", "show", asked), "the answer")
    expect("no questions" in run("wakaba-hp", "question", "list", number), "to one")
    text = run("medical-desk", "question", "answer", asked, "from noon on", "--all", want=1)
    expect("replace" in text, f"it is answered: {text}")
    run("medical-desk", "question", "answer", asked, "from noon on", "--all", "--replace")
    expect("いつからですか。" in run("wakaba-hp", "question", "list", number), "to all")
    run("hibari-hp", "question", "answer", asked, "x", want=1)
    run("hibari-hp", "question", want=2)
print("a desk's words for who was reached")
