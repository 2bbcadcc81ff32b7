# SPDX-License-Identifier: Apache-2.0
"""`ceptoar report --blind` through two socats, each with an address of its own; then every artefact is searched."""
import json
import os
import socket

from drawn import MEMBERS
from hub import Client, Hub, expect, replace, wait_for
from relay import BASE, cli, relay, search, shown

CLIENT, OFFICE = "127.0.0.78", "127.0.0.77"  # the member's machine, and the relay's as the hub could see it

with Hub() as hub:
    replace(BASE + "/report.json", json.dumps({"kind": "incident", "title": "ほたる銀行のATM停止", "severity_claimed": 2,
                                               "description": "担当 03-1234-5678", "consent": {"publish": "none"}}).encode())
    replace(BASE + "/slip", "内線 4321".encode())
    slip = ("--slip", BASE + "/slip", "--slip-to", "bank-ceptoar")
    refused = cli(hub, "hotaru-bank", "report", "--blind", "--yes", BASE + "/report.json", want=1)
    expect("no token of finance" in refused, f"without a token: {refused}")
    for m in MEMBERS:
        wait_for("the batch of " + m, lambda: "20 left" in cli(hub, m, "tokens", want=None), 240)
    wait_for("five to be known", lambda: "drawn by 5" in cli(hub, "hotaru-bank", "tokens"))
    office, to = relay(OFFICE, ":".join(map(str, hub.address("CEPTOAR_BLIND_URL"))))
    member, way = relay(CLIENT, to)
    os.rename(f"{hub.dir}/hotaru-bank/cert.pem", BASE + "/cert.pem")  # none is needed
    told = cli(hub, "hotaru-bank", "report", "--blind", "--relay", way, "--yes", *slip, BASE + "/report.json")
    expect("［組織名］のATM停止" in told and "5 members of bank-ceptoar" in told and "\nstored " in told, told)
    case = told.split("\ncase ")[1].split()[0]
    expect("内線 4321" in cli(hub, "bank-desk", "case", "slip", case), "the slip, by the duty key that was kept with the tokens")
    expect("state: received" in cli(hub, "hotaru-bank", "case", "show", case), "the state, by the way of the report")
    cli(hub, "hotaru-bank", "case", "follow-up", "--yes", case, BASE + "/report.json")
    member.terminate()
    cli(hub, "hotaru-bank", "case", "show", case, want=3)  # and by no other
    expect("state: withdrawn" in cli(hub, "hotaru-bank", "case", "withdraw", case, "--relay", to), "withdrawn")
    # The hub's machine does see the relay: a connection of ours is in its table now.
    through = hub.context(None).wrap_socket(socket.create_connection(to.split(":")), server_hostname="localhost")
    peers = open("/proc/net/tcp", encoding="ascii").read()
    expect(" 4D00007F:" in peers, "the relay's address is no peer of the hub: the test sees nothing")
    expect(hub.ctl("backup", hub.dir + "/backup")[0] == 0, "backup")
    words = [a.encode() for a in (CLIENT, OFFICE)] + [socket.inet_aton(a) for a in (CLIENT, OFFICE)]
    expect(not search(hub, words, shown(hub)), f"the address stands in {search(hub, words, shown(hub))}")
    texts = json.dumps(Client(hub, "bank-desk").get("/v1/inbox")[2], ensure_ascii=False)
    expect(texts.count("［組織名］のATM停止") == 2 and "ほたる" not in texts and "1234" not in texts, f"the inbox: {texts}")
    through.close()
    office.terminate()
expect(not search(hub, words, {}), f"after the stop it stands in {search(hub, words, {})}")
print("a blind report through a relay: no artefact of the hub holds its address")
