# SPDX-License-Identifier: Apache-2.0
"""Who is there at night: the members file, the roster, and what each receiver is going to do, by dice with a fixed seed."""
import json
import random

from hub import ROOT, replace

HIT = {"medical-ceptoar": "public-services", "bank-ceptoar": "finance", "power-ceptoar": "energy"}  # and their groups of sectors
ASLEEP = ("power-ceptoar", "gas-ceptoar")  # each other's deputies: nobody decides for them
OFFICES = (("ministry-health", "ministry"), ("ministry-other", "ministry"), ("sensor-agency", "agency"), ("watch-observer", "observer"))
NEVER = 10**6

# Of a hundred operators so many: how they get it, and how many of a hundred ever say so.
WAYS = (("stream", 5, 100), ("poll", 62, 90), ("webhook", 7, 75), ("mail", 12, 55), ("phone", 9, 85), ("pager", 4, 93), ("none", 1, 0))
# Minutes after the alarm, in the middle, and how far they spread (log-normal).
WHEN = {"stream": (2, 0.5), "poll": (45, 1.3), "webhook": (3, 0.9), "mail": (50, 1.0), "pager": (9, 0.6), "affiliate": (60, 1.0)}
CALLS_A_MINUTE = 0.5  # that one secretary makes


class Receiver:
    """One member that the night is about; `at`: minutes after the alarm at which it answers, NEVER: not at all."""

    def __init__(self, ident, ceptoar, way, role="operator"):
        self.id, self.ceptoar, self.way, self.role, self.at = ident, ceptoar, way, role, NEVER
        self.contacts, self.always, self.status = [], way == "pager", "read"
        self.cursor, self.seen, self.acked, self.came = "earliest", set(), {}, 0

    def entry(self):
        number = self.id.rpartition("-")[2]
        made = {"id": self.id, "names": {"ja": f"架空事業者第{number}号", "en": f"Fictional Undertaking {number}"}, "roles": [{"role": self.role, "ceptoar": self.ceptoar}]}
        made.update({"contacts": self.contacts} if self.contacts else {})
        made.update({"around_the_clock": True} if self.always else {})
        return made


def slugs():
    with open(ROOT + "/conf/ceptoars.json", encoding="utf-8") as f:
        return [c["slug"] for c in json.load(f)["ceptoars"]]


def desk_of(ceptoar):
    return ceptoar.removesuffix("ceptoar") + "desk"


class Cast:
    def __init__(self, size, seed, hooks, gone):
        """hooks: receivers of webhooks; gone: a port where nobody listens."""
        self.dice, self.all, self.hooks, self.gone, self.desks = random.Random(seed), [], hooks, gone, slugs()
        offices = len(self.desks) + 1 + len(OFFICES)
        affiliates = max(4, size // 50)
        for i in range(size - offices - affiliates):
            self.all.append(Receiver(f"member-{i:05d}", self.desks[i % len(self.desks)], self.way(i)))
        for i in range(affiliates):
            self.all.append(Receiver(f"branch-{i:05d}", ASLEEP[i % 2], "affiliate", "affiliate"))
        for n, r in enumerate(self.all):
            self.play(r, n)
        self.by = {r.id: r for r in self.all}

    @staticmethod
    def way(n):
        """Spread evenly: 37 has no divisor in common with 100, nor has the number of CEPTOARs."""
        at = n * 37 % 100
        for way, share, _ in WAYS:
            if at < share:
                return way
            at -= share
        raise AssertionError

    def play(self, r, n):
        said = {w: s for w, _, s in WAYS}.get(r.way, 80)
        answers = self.dice.random() * 100 < said
        if r.way == "phone":
            turn = sum(1 for o in self.all[:n] if o.way == "phone" and o.ceptoar == r.ceptoar)
            answers = answers and r.ceptoar not in ASLEEP
            r.at = 3 + int(turn / CALLS_A_MINUTE)
        elif r.way != "none":
            middle, spread = WHEN[r.way]
            r.at = max(1, int(self.dice.lognormvariate(0, spread) * middle))
        r.at = r.at if answers else NEVER
        r.status = self.dice.choices(("received", "read", "acted"), (30, 60, 10))[0]
        self.contact(r, n)

    def contact(self, r, n):
        if r.way == "webhook":
            hook = self.hooks[n % len(self.hooks)]
            port = hook.port if r.at < NEVER or n % 2 else self.gone
            r.contacts = [{"webhook": f"https://localhost:{port}/{r.id}", "secret": hook.secret.hex()}]
        elif r.way == "mail":
            r.contacts = [{"mail": f"csirt@{r.id}.example.jp"}]
        elif r.way == "phone":
            r.contacts = [{"telephone": f"0{n:05d}-00-{n:05d}"}]
        elif r.way == "pager":
            r.contacts = [{"sms": f"090-{n:06d}-1"}, {"sms": f"090-{n:06d}-2"}, {"voice": f"03-{n:06d}-3"}]

    def of(self, *ways):
        return [r for r in self.all if r.way in ways]

    def refused(self):
        """Mail addresses of silent ones that their server does not know."""
        return {r.contacts[0]["mail"]: "550 no such user" for r in self.of("mail")[::3] if r.at == NEVER}

    def write(self, members, roster, day):
        """The members file, and the roster of those who are awake that day."""
        entries, shifts = [r.entry() for r in self.all], []
        for slug in self.desks:
            entries.append({"id": desk_of(slug), "names": {"en": f"Fictional secretariat {slug}"}, "roles": [{"role": "secretariat", "ceptoar": slug}],
                            "persons": [{"id": "night", "duties": ["desk"]}]})
            if slug not in ASLEEP:
                shifts.append({"member": desk_of(slug), "person": "night", "from": day, "to": day})
        entries.append({"id": "centre", "names": {"en": "Fictional Cyber Centre"}, "roles": [{"role": "centre"}], "contacts": [{"voice": "080-9999-0009"}],
                        "persons": [{"id": f"duty-{n}", "duties": ["desk", "duty_officer"], "contacts": [{"sms": f"080-9999-000{n}"}]} for n in (1, 2, 3)]})
        shifts += [{"member": "centre", "person": f"duty-{n}", "from": day, "to": day, "order": n} for n in (1, 2, 3)]
        for ident, role in OFFICES:
            entries.append({"id": ident, "names": {"en": f"Fictional office {ident}"}, "roles": [{"role": role}]})
        replace(members, json.dumps({"members": entries}, ensure_ascii=False).encode())
        replace(roster, json.dumps({"shifts": shifts}).encode())
        return len(entries)
