# SPDX-License-Identifier: Apache-2.0
"""A canary member whose every term is unique goes through the flows; then all files are searched."""
import json
import os
import secrets
import subprocess

from hub import Client, Hub, Stream, case_secret, expect, report

WORDS = ["kanaria-saezuri", "カナリア囀り", "Kanaria Saezuri Works", "KNRQ", "囀谷", "Saezuridani", "金糸雀 太郎", "Kinshijaku",
         "kanaria.example.jp", "203.0.113.250"]
MEMBER = {"id": "kanaria-saezuri", "names": {"ja": "株式会社カナリア囀り", "en": "Kanaria Saezuri Works"}, "aliases": ["KNRQ"],
          "domains": ["kanaria.example.jp"], "sites": ["囀谷", "Saezuridani"], "networks": ["203.0.113.250/32"],
          "people": ["金糸雀 太郎", "Taro Kinshijaku"], "roles": [{"ceptoar": "medical-ceptoar", "role": "operator"}]}
desk = {"id": "desk", "roles": [{"ceptoar": "medical-ceptoar", "role": "secretariat"}]}
base, others = os.environ["TEST_TMP"], [{"id": f"other-{i}", "roles": MEMBER["roles"]} for i in range(20)]  # so that k lets all out
with open(base + "/members.json", "w", encoding="utf-8") as f:
    json.dump({"members": [MEMBER, *others, desk, {"id": "centre", "roles": [{"role": "centre"}]}]}, f)
TEXT = ("株式会社カナリア囀り（ＫＮＲＱ）の囀谷で発生。連絡先 金糸雀 太郎 taro@kanaria.example.jp、KNRQ-SRV1、203.0.113.250。"
        "Kanaria Saezuri Works at Saezuridani, contact Taro Kinshijaku.")

with Hub(members=base + "/members.json") as hub:
    client, name = Client(hub, "kanaria-saezuri"), "kanaria-saezuri"
    streams = [Stream(hub, m) for m in ("desk", "centre", name)]
    secret, commitment = case_secret()
    auth = {"Authorization": "Case " + secret}
    for level in (0, 3, 4):
        r = report("KNRQ " + TEXT[:60], level, "cross_sector", description=TEXT, actions=TEXT, case_commitment=commitment,
                   service_impact={"status": "stopped", "text": TEXT})
        status, _, receipt = client.post("/v1/reports", r, headers={"Idempotency-Key": secrets.token_urlsafe(24)})
        expect(status == 201 and ("bulletin" in receipt) == (level > 2), f"{status} {receipt}")
    case = "/v1/cases/" + receipt["case"]
    answers = [client.post(case + "/reports", report("続報 KNRQ", 2, "ceptoar", description=TEXT), headers=auth)]
    answers += [client.post("/v1/reports", dict(report(TEXT), nonsense=TEXT)), client.post("/v1/reports", report(TEXT * 99)),
                client.post("/v1/reports", report("x", references=["https://kanaria.example.jp/"])),
                client.post("/v1/reports", b'{"kind": "' + TEXT.encode()), client.get("/v1/" + "KNRQ"),
                client.get(case, headers=auth), client.post(case + "/withdraw", {}, headers=auth)]
    expect(client.post("/v1/reports/preview", report("KNRQ", description=TEXT))[0] == 200, "preview")
    shown = json.dumps([a[2] if not isinstance(a[2], bytes) else a[2].decode() for a in answers], ensure_ascii=False)
    for s in streams:
        s.wait(1, "cancel")
        shown += json.dumps([e[2] for e in s.events], ensure_ascii=False)
    shown += json.dumps(Client(hub, "desk").get("/v1/inbox")[2], ensure_ascii=False)
    for p in ("front", "keeper"):
        shown += open(f"/proc/{hub.pids(p)[0]}/environ", "rb").read().decode(errors="replace")
    # The files of the running hub, WAL included, and again after it has stopped.
    def search(when):
        for word in WORDS:
            hit = subprocess.run(["grep", "-rlaiF", word, hub.dir, hub.dir + ".log"], capture_output=True, text=True).stdout.split()
            # The registry: in the vault's database, and as it was given to ceptoard.
            rest = [h for h in hit if not (h == hub.dir + "/members.json" or h.endswith(("/vault.db", "/vault.db-wal")) or f"/{name}/" in h)]
            expect(not rest, f"{when}: {word!r} stands in {rest}")
    for word in WORDS:
        expect(word.lower() not in shown.lower(), f"{word!r} was shown: ...{shown[max(0, shown.lower().find(word.lower()) - 80):][:200]}")
    search("running")
search("stopped")
# Inside the vault the terms stand in the registry only, and no envelope opens without the keys.
dump = subprocess.run(["sqlite3", hub.dir + "/vault.db", "SELECT hex(envelope) FROM envelopes"], capture_output=True, text=True, check=True).stdout
expect(len(dump.split()) >= 4 and "kanaria".encode().hex().upper() not in dump, "an envelope names the member")
print("no trace of the sender in", len(WORDS), "words over answers, streams, inbox, environments and files")
