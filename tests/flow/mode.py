# SPDX-License-Identifier: Apache-2.0
"""Normal and large-scale: one switch, seen everywhere, and kept."""
from hub import Client, Hub, Stream, cli, expect, refused, report, wait_for

LARGE = {"mode": "large-scale", "reason": {"ja": "広域の通信障害", "en": "Wide outage of telecom"}}
DRAFT = {"severity": 3, "title": {"ja": "件名"}, "ack": {"required": True}}
with Hub() as hub:
    centre, desk, bank = Client(hub, "centre/duty-1"), Client(hub, "medical-desk"), Client(hub, "minatomirai-bank")
    members = Client(hub, "hibari-hp")
    stream = Stream(hub, "minatomirai-bank")
    expect(stream.of("hello")[0][2]["mode"] == "normal" and members.get("/v1/me")[2]["mode"] == "normal", "at first")
    refused((403, "forbidden"), desk.post("/v1/mode", LARGE))
    refused((404, "not_found"), Client(hub, "centre", "CEPTOAR_URL").request("DELETE", "/v1/mode/x"))
    refused((422, "missing_field"), centre.post("/v1/mode", {"mode": "large-scale"}))

    def released():
        """The newest bulletin of the medical desk, with its own CEPTOAR as audience."""
        draft = desk.post("/v1/drafts", dict(DRAFT, audience={"ceptoars": ["medical-ceptoar"]}))[2]["id"]
        got = desk.post(f"/v1/drafts/{draft}/release", {})
        expect(got[0] == 201, f"{got}")
        return members.get("/v1/bulletins/" + got[2]["bulletin"]["number"])[2]

    def wide():
        draft = desk.post("/v1/drafts", DRAFT)[2]["id"]
        return desk.get(f"/v1/drafts/{draft}/audience")[2]

    before = released()
    expect(before["mode"] == "normal" and not wide()["second_person"], f"{before}")
    code, said = cli(hub, "centre/duty-1", "mode", "large-scale", "--reason", "広域の通信障害")
    expect(code == 0 and "large-scale" in said, said)
    row = stream.wait(1, "mode")[0][2]
    expect(row["mode"] == "large-scale" and row["reason"] == {"ja": "広域の通信障害"} and "person" not in row, f"{row}")
    wait_for("me", lambda: members.get("/v1/me")[2]["mode"] == "large-scale")
    after = released()
    expect(after["mode"] == "large-scale" and after["ack"]["deadline"] < before["ack"]["deadline"], f"{after}")
    figures = wide()
    expect(figures["second_person"], f"to all, with two persons: {figures}")
    hub.kill("keeper")
    hub.kill("front")
    # Each front hears of it from the keeper before it lets anybody in.
    wait_for("the hub", lambda: bank.attempt("GET", "/v1/mode")[0] == 200)
    expect(Stream(hub, "hibari-hp").of("hello")[0][2]["mode"] == "large-scale", "a restart keeps it")
    expect("person" in centre.get("/v1/mode")[2] and "person" not in bank.get("/v1/mode")[2], "who, for the centre")
    code, said = cli(hub, "minatomirai-bank", "mode")
    expect(code == 0 and "large-scale" in said, said)
    expect(cli(hub, "centre/duty-1", "mode", "normal", "--reason", "収束")[0] == 0, "back")
    expect(not wide()["second_person"] and Client(hub, "aozora-hp").post("/v1/reports", report("x", 1))[0] == 201, "as before")
    rows = [r["action"] for r in centre.get("/v1/audit")[2]["rows"]]
    expect(rows.count("mode.switch") == 2, f"{rows}")
print("switched, seen, kept, and back")
