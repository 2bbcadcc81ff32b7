# SPDX-License-Identifier: Apache-2.0
"""What the desks can read of the night: reach by grade of evidence, escalations, calls; and how it is printed."""
import collections
import json

from cast import ASLEEP, desk_of
from hub import Client, expect, wait_for
from stage import patient

GRADES = ("client", "link", "telephone", "relay")


class Figures:
    def __init__(self, stage):
        self.stage, self.hub = stage, stage.hub
        self.centre, self.at, self.quiet = Client(stage.hub, "centre/duty-1"), {}, {}

    def measure(self, made, minute):
        """The centre's line of all receivers, of the alarm itself."""
        got = patient(self.centre, "GET", f"/v1/bulletins/{made['number']}/deliveries?revision=1&limit=1")
        self.at[minute] = next(s for s in got[2]["summary"] if s["ceptoar"] is None)

    def brought(self, made):
        """Pages, mails and calls of webhooks about it so far."""
        pages = [m for m in self.stage.pages()[1] if m["number"] == made["number"]]
        hooks = [1 for h in self.stage.hooks for _, _, body, _ in list(h.got) if json.loads(body)["number"] == made["number"]]
        return len(pages) + len(hooks) + len([m for m in list(self.stage.mail.mails) if made["number"] in str(m["m"]["Subject"])])

    def silences(self, made):
        """How many each desk's list of the silent names, once the time is over."""
        for who in ["centre/duty-1", *(desk_of(s) + "/night" for s in self.stage.cast.desks)]:
            def listed(who=who):
                return [v for v in patient(Client(self.hub, who), "GET", "/v1/inbox?limit=1")[2]["silences"] if v["number"] == made["number"] and v["revision"] == 1]
            self.quiet[who] = wait_for("the list of " + who, listed, 60)[0]

    def lines(self, made, revision):
        """Every receiver's line at the desk that it belongs to, and the offices' at the centre."""
        rows = {}
        for who in ["centre/duty-1", *(desk_of(s) + "/night" for s in self.stage.cast.desks)]:
            client, after = Client(self.hub, who), ""
            while after is not None:
                got = patient(client, "GET", f"/v1/bulletins/{made['number']}/deliveries?revision={revision}&limit=500{after}")
                rows.update((r["receiver"], r) for r in got[2]["deliveries"])
                after = f"&cursor={got[2]['next']}" if got[2]["next"] else None
            client.close()
        return rows

    def show(self, attack, crowd, made):
        stage, waited = self.stage, sorted(attack.waited.values())
        calls, alarms = stage.pages()
        print(f"\nHotline: {len(waited)} calls from {len(attack.called)} sectors, {len(calls)} messages paged by thresholds and rounds of the roster")
        for p in sorted(attack.pages.values(), key=lambda p: p["since"]):
            print(f"    {p['group']:<16} {p['calls']:3} calls  paged: {' '.join(r['who'] for r in p['paged'])}  then {p['state']}")
        print(f"    time to first contact: median {waited[len(waited) // 2]}, 90 % {waited[len(waited) * 9 // 10]}, longest {waited[-1]} min")
        print(f"    other pages of the gateway, bulletins of level 4 and their steps: {len(alarms)}")
        print(f"\nReach of the alarm {made['number']}, share of {self.at[5]['entitled']} entitled, and by grade of evidence")
        for minute, s in self.at.items():
            share = lambda n, s=s: f"{100 * n / s['entitled']:.1f} %"
            grades = ", ".join(f"{g} {s['evidence'][g]['received']}" for g in GRADES)
            print(f"    after {minute:3} min: sent {share(s['sent'])}, acknowledged {share(s['stages']['received'])} (read {share(s['stages']['read'])}); {grades}")
        self.rows = {v: self.lines(made, v) for v in (1, 2)}
        print("\nEscalations")
        for v in (1, 2):
            steps = collections.Counter(f"{r['brought_by'].replace('_', ' ')} by {r['route']}" for row in self.rows[v].values() for r in row["routes"] if r["brought_by"] != "release")
            print(f"    revision {v}: " + (", ".join(f"{n} {what}" for what, n in sorted(steps.items())) or "none"))
        of_centre = self.quiet["centre/duty-1"]
        print(f"    after 30 min the centre's one figure: {of_centre['silent']} of {of_centre['entitled']} silent; {len(self.quiet) - 1} desks have one list each")
        relays = {s: self.relayed(s, made["number"]) for s in ASLEEP}
        print("    passed on by standing orders while the desk slept: " + ", ".join(f"{s} as {n}" for s, n in relays.items()))
        print("\nWhat each role saw (bulletins, updates, bells of an inbox, changes of mode)")
        for name, s in crowd.watched.items():
            counts = [len(s.of(kind)) for kind in ("bulletin", "update", "inbox", "mode")]
            print(f"    {name:<38} " + " ".join(f"{n:4}" for n in counts))

    def relayed(self, slug, number):
        """The number under which an affiliate of that desk has it."""
        who = next(r for r in self.stage.cast.all if r.role == "affiliate" and r.ceptoar == slug)
        got = patient(Client(self.hub, who.id, "CEPTOAR_URL"), "GET", "/v1/bulletins?limit=100")[2]["bulletins"]
        found = [b["number"] for b in got if b.get("relay", {}).get("original", {}).get("number") == number]
        expect(len(found) == 1, f"the standing order of {slug}: {found}")
        return found[0]
