# SPDX-License-Identifier: Apache-2.0
"""Questions and answers, "this happened to us too", and crashes in between."""
import secrets
import sqlite3

from hub import Client, Hub, Stream, case_secret, crowd, expect, report, wait_for

with Hub(members=crowd("medical-ceptoar", 6)) as hub:
    desk, asker, other = Client(hub, "medical-desk"), Client(hub, "hibari-hp"), Client(hub, "wakaba-hp")
    streams = {m: Stream(hub, m, again=True) for m in ("hibari-hp", "wakaba-hp")}
    made = Client(hub, "aozora-hp").post("/v1/reports", report("A"))[2]["bulletin"]
    path = f"/v1/bulletins/{made['number']}"
    secret, hashed = case_secret()
    key = {"Idempotency-Key": secrets.token_urlsafe(24)}
    ask = {"text": "ひばり病院です。03-1234-5678 に電話を", "commitment": hashed}
    first, again = [asker.post(path + "/questions", ask, headers=key) for _ in range(2)]
    expect(first[0] == 201 and set(first[2]) == {"id", "at"}, f"{first}")
    expect(again[0] == 200 and again[2] == first[2] and asker.post(path + "/questions", {"text": "x"}, headers=key)[0] == 422, "the key")
    plain = other.post(path + "/questions", {"text": {"ja": "いつ?", "en": "When?"}})
    for bad in ({"text": "x", "member": "y"}, {}, {"text": "x", "commitment": "y"}, {"text": "x" * 5000}):
        expect(asker.post(path + "/questions", bad)[0] in (400, 413, 422), f"{bad} is taken")
    expect(Client(hub, "himawari-card").post(path + "/questions", {"text": "x"})[0] == 404, "not its bulletin")
    # The desk sees both, and neither who asked nor how to reach them.
    listed = desk.get("/v1/questions?open=1")[2]["questions"]
    expect({q["id"] for q in listed} == {first[2]["id"], plain[2]["id"]} and "5678" not in str(listed), f"{listed}")
    expect(Client(hub, "bank-desk").get("/v1/questions")[2]["questions"] == [] and asker.get("/v1/questions")[0] == 404, "whose they are")
    more = desk.get("/v1/questions?limit=1&cursor=" + (page := desk.get("/v1/questions?limit=1")[2])["next"])[2]
    expect([q["id"] for q in page["questions"] + more["questions"]] == [q["id"] for q in listed], "page by page")
    mine, auth = "/v1/questions/" + first[2]["id"], {"Authorization": "Case " + secret}
    expect(asker.get(mine, headers=auth)[2]["answer"] is None and asker.get(mine)[0] == 401, "not yet")
    answer = lambda q, to, client=desk, **more: client.post(f"/v1/questions/{q}/answer", {"text": "はい", "to": to, **more})[0]
    expect(answer(first[2]["id"], "one") == answer(plain[2]["id"], "all") == 200 and answer("0" * 32, "all") == 404, "answers")
    expect(answer(plain[2]["id"], "some") == 422 and answer(plain[2]["id"], "all", Client(hub, "bank-desk")) == 404, "refused answers")
    expect([answer(plain[2]["id"], "all", **more) for more in ({}, {"replace": "x"}, {"replace": True})] == [409, 422, 200], "no answer is lost unasked")
    expect(asker.get(mine, headers=auth)[2]["answer"]["text"] == {"ja": "はい"}, "to the one who asked")
    wrong = {"Authorization": "Case " + case_secret()[0]}
    expect(other.get(mine, headers=wrong)[0] == other.get("/v1/questions/" + plain[2]["id"], headers=auth)[0] == 404, "another's secret")
    public = other.get(path + "/questions")[2]["questions"]
    expect([q["text"] for q in public] == [{"ja": "いつ?", "en": "When?"}] and public[0]["answer"]["text"] == {"ja": "はい"}, f"{public}")
    expect(desk.get("/v1/questions?open=1")[2]["questions"] == [], "none is open")
    # It happened to us too: as counted for the desk, from k up for readers.
    seen = lambda client: client.get(path + "/deliveries")[2]["seen_too"]
    for i, member in enumerate(("wakaba-hp", "komugi-clinic", "tsukimi-hp", "minamo-hp", *(f"medical-ceptoar-{n}" for n in range(6)))):
        expect(Client(hub, member).post("/v1/reports", report("B", 1, "none", seen_bulletin=made["number"]))[0] == 201, member)
        expect(seen(desk)["members"] == i + 1, f"the desk: {seen(desk)}")
        if i == 0:
            expect(seen(other) is None, f"below k: {seen(other)}")
    expect(seen(other)["members"] >= 10, f"from k up: {seen(other)}")
    # Whoever was on a stream was reached, nobody else, whatever dies.
    who = {m: Client(hub, m).get(path + "/deliveries")[2]["deliveries"][0]["receiver"] for m in (*streams, "komugi-clinic")}
    for program in ("front", "keeper", "keeper", "front"):
        hub.kill(program)
        warn = lambda: Client(hub, "aozora-hp").attempt("POST", "/v1/reports", report("C"))
        number = wait_for("the next", lambda: (s := warn())[0] == 201 and s[2]["bulletin"]["number"])
        told = lambda n=number: {r["receiver"] for r in desk.attempt("GET", f"/v1/bulletins/{n}/deliveries?limit=500")[2]["deliveries"] if r["streamed"]}
        wait_for(f"the streams after {program}", lambda: told() >= {who[m] for m in streams}, 60)
        expect(who["komugi-clinic"] not in told(), "one who was away is counted")
rows = sqlite3.connect(hub.dir + "/keeper.db").execute("SELECT count(*) FROM questions").fetchone()[0]
expect(rows == 2, f"{rows} questions")
print("asked, answered, counted")
