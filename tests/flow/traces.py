# SPDX-License-Identifier: Apache-2.0
"""All that others than the sender can see of a hub after the script of twins.py, as lines that two hubs can be compared by.

What is drawn at random is named anew by its first appearance, with its length; where rows have no order of their own
they are sorted by all the rest.  Each table says which of its columns are random; every other one must be identical.
"""
import json
import os
import re
import urllib.request

from hub import Client, wait_for
from twins import DESK, FAR, READER, WATCHERS, database

# Ids, numbers of bulletins, cursors, hashes; a name that was given already stays.
RANDOM = re.compile(r"(?<![0-9A-Za-z_=-])(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64}|(?:EX-)?\d{4}-[0-9A-HJKMNP-TV-Z]{5}|[A-Za-z0-9_-]{22}|[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{86})"
                    r"(?![0-9A-Za-z_-])")
# Columns of random bytes; "#" before a name: its length may differ as well, since what DER and base64 make of them does.
KEEPER = {"meta": "#epoch cursor_key chain", "log": "prev sum", "reports": "id case_id bulletin sum", "cases": "id commitment report bulletin",
          "inbox": "report", "idem": "key mac report", "bulletins": "id case_id report", "revisions": "bulletin",
          "acks": "bulletin receiver person", "subscriptions": "receiver", "named": "receiver report", "statement": "#jws", "spent": "id",
          "messages": "case_id key mac", "slips": "case_id box", "duty_keys": "#cert", "gates": "report", "shown": "case_id",
          "topics": "case_id", "trends": "report", "orders": "person", "relays": "bulletin original", "signing_keys": "kid point", "signing_private": "kid #der",
          "audit": "person receiver ref prev sum", "audit_points": "sum #jws",
          "audit_keys": "public", "audit_private": "#der",
          "outbox": "bulletin after", "deliveries": "bulletin receiver #state #tries #next_at #lease_until #reason #queued_at #sent_at #person",
          "links": "#token_sum bulletin receiver #sent_at", "gone": "receiver mark", "ways": "receiver #works #minute",
          "triage": "id person bulletin", "triage_keys": "grp", "triage_cases": "case_id grp report", "triage_locks": "grp person receiver",
          "triage_traits": "case_id", "triage_drafts": "draft grp", "approvals": "draft case_id", "refusals": "case_id",
          "drafts": "id bulletin", "draft_revisions": "draft person", "bulletin_meta": "bulletin person second draft", "bulletin_cases": "bulletin case_id",
          "seconds": "id person draft bulletin second", "attachments": "draft", "desk_idem": "key mac call",
          "stats": "", "stats_cases": "case_id", "assessments": "case_id report", "entitled": "bulletin", "questions": "id bulletin commitment",
          "escalations": "bulletin", "escalation_steps": "bulletin #after", "silences": "bulletin",
          "hotline_calls": "case_id page person", "hotline_pages": "id person", "hotline_counts": "page", "hotline_paged": "page",
          "mode": "person", "situations": "id person draft", "situation_entries": "situation person ref", "situation_cases": "situation case_id",
          "situation_bulletins": "situation bulletin", "situation_tasks": "situation person",
          "drills": "id person draft bulletin same", "drill_rows": "drill", "drill_reports": "drill",
          "steady": "boot #minute #ahead #since #jump"}
LOOSE = {"streamed", "streamed_as"}  # how far streams have come, written every few seconds: pace, of readers
VAULT = {"meta": "receiver_key ticket_secret", "members": "", "terms": "", "certs": "spki #not_after", "pairs": "pair",
         "envelopes": "report_id envelope pair", "recipients": "#cert spki", "named": "report_id envelope", "exports": "report_id prev sum",
         "tokens": "#keeper", "issuer_keys": "id modulus", "issuer_private": "id #der", "issued": "id blinded signature", "sectors": "",
         "contacts": "", "contact_secrets": "secret old", "persons": "", "names": "", "shifts": ""}
# Figures of the machine's own pace: how writes fell into records and turns, what stands in the write-ahead log now, and how far
# the courier has come with what it tries.
PACE = re.compile(r'^(ceptoar_front_(records_total|stream_bytes_total) |\s*"(crl_left_s|wal_bytes|batches|in_hand|queued|leased|sent|retried|failed|dropped|connections)":)', re.M)


class Names:
    """Random values by the order of their first appearance."""

    def __init__(self):
        self.of = {}

    def give(self, value):
        return self.of.setdefault(value, f"<{len(self.of) + 1}:{len(value)}>")

    def text(self, text, new=True):
        return RANDOM.sub(lambda m: self.give(m[0]) if new else self.of.get(m[0], f"<?:{len(m[0])}>"), text)

    def cell(self, value, random, new):
        """random: None: as it is; "": named anew; "#": only that it is there."""
        if value is None or random == "#":
            return "NULL" if value is None else "*"
        if isinstance(value, bytes):
            try:
                plain = value.decode() if random is None and value[:1] == b"{" else value.hex()
            except UnicodeDecodeError:
                plain = value.hex()
            if random is None and value[:1] != b"{":  # an id of a known thing inside, as in a row's head
                for known, name in self.of.items():
                    plain = plain.replace(known, name) if len(known) == 32 else plain
                return plain
            value = plain
        if random == "":
            return self.give(value) if new else self.of.get(value, f"<?:{len(value)}>")
        return self.text(str(value), new)


def rows(names, path, tables):
    """Every row of every table; a table that is not listed ends the test."""
    with database(path) as db:
        # Pages before their deliveries, many of which are alike but for their page.
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name != 'hotline_pages', name").fetchall():
            if table in LOOSE:
                continue
            marks = dict((c.lstrip("#"), "#" if c[0] == "#" else "") for c in tables[table].split())
            got = db.execute(f"SELECT * FROM {table}")  # pylint: disable=W0640
            heads, data = [d[0] for d in got.description], got.fetchall()
            show = lambda row, new: " ".join(f"{h}={names.cell(v, marks.get(h), new)}" for h, v in zip(heads, row))
            for row in sorted(data, key=lambda r: show(r, False)):
                yield f"{os.path.basename(path)} {table}", show(row, True)


def event(e):
    """One of a stream; the number of the database is drawn at random, and of no one length."""
    name, ident, data, _ = e
    return f"{name} {ident} {json.dumps(dict(data, epoch='*') if name == 'hello' else data, ensure_ascii=False)}"


def answers(hub, names):
    """What others are told: lists, single ones, inboxes, figures; with heads and lengths."""
    def ask(who, path):
        c = Client(hub, who)
        status, head, got = c.get(path)
        c.close()
        got = got if isinstance(got, (dict, list)) else got.decode()
        yield f"{who} GET {names.text(path)}", names.text(f"{status} {head.items()}")
        whole = json.dumps(got, ensure_ascii=False, indent=1)
        for line in whole.splitlines():
            yield f"{who} GET {names.text(path)}", names.text(line)

    for who in WATCHERS:
        for path in ("/v1/me", "/v1/subscription", "/v1/bulletins", "/v1/events?cursor=earliest&wait=0", "/v1/transparency"):
            yield from ask(who, path)
    for who in (DESK, "centre"):
        yield from ask(who, "/v1/inbox")
        yield from ask(who, "/v1/trends")
        yield from ask(who, "/v1/audit")
    for item in Client(hub, READER).get("/v1/bulletins")[2]["bulletins"]:
        for who in (READER, FAR):
            yield from ask(who, "/v1/bulletins/" + item["id"])
    for item in Client(hub, DESK).get("/v1/inbox")[2]["items"]:
        yield from ask(DESK, f"/v1/cases/{item['case']}")
        yield from ask(DESK, f"/v1/cases/{item['case']}/messages")


def metrics(url):
    with urllib.request.urlopen(url + "/metrics", timeout=20) as a:
        return a.read().decode()


def machine(hub, names):
    """What the administrator sees while it runs."""
    for url in hub.env()["CEPTOAR_LOCAL"].split():
        # A question of the hub's own may be on its way at any moment.
        text = wait_for("no open question", lambda url=url: (lambda t: None if re.search(r"_calls [1-9]", t) else t)(metrics(url)))
        yield from (("/metrics", line) for line in text.splitlines() if not PACE.match(line))
    status = lambda: json.dumps(hub.status(), indent=1, sort_keys=True)
    text = wait_for("no open question", lambda: (lambda t: None if re.search(r'"calls": [1-9]', t) else t)(status()))
    yield from (("status", line) for line in text.splitlines() if not PACE.match(line))
    for cmd in (("member", "list"), ("envelope", "log"), ("escrow", "status")):
        for line in hub.ctl(*cmd)[1].splitlines():
            yield "ceptoarctl " + " ".join(cmd), names.text(line)


def logs(hub):
    folder = hub.dir + "/log"
    return [hub.dir + ".log"] + sorted(os.path.join(folder, f) for f in os.listdir(folder))


def sizes(hub):
    """How far each log has come; an empty one is none."""
    return {p: os.path.getsize(p) for p in logs(hub) if os.path.getsize(p)}


def files(hub, before):
    """After the stop: lines of the logs since `before`, and which files there are."""
    for path in logs(hub):
        with open(path, "rb") as f:
            f.seek(before.get(path, 0))
            for line in f.read().decode().splitlines():
                yield os.path.basename(path).replace(os.path.basename(hub.dir), "hub"), line
    for folder, _, found in sorted(os.walk(hub.dir)):
        if os.path.basename(folder) != "state":  # of our own command line
            yield from (("file", os.path.relpath(os.path.join(folder, re.sub(r"\d+$", "", n)), hub.dir)) for n in sorted(found))


def databases(hub, names):
    yield from rows(names, hub.dir + "/keeper.db", KEEPER)
    yield from rows(names, hub.dir + "/vault.db", VAULT)


def differ(one, two, around=3):
    """The first line in which the two lists differ, readably; None: they do not."""
    for i in range(max(len(one), len(two))):
        a, b = (x[i] if i < len(x) else ("the end", "") for x in (one, two))
        if a != b:
            at = next((k for k in range(min(len(a[1]), len(b[1]))) if a[1][k] != b[1][k]), min(len(a[1]), len(b[1])))
            cut = lambda t: f"{t[0]}: ...{t[1][max(0, at - 60):at + 100]}"
            shared = "".join(f"\n   = {t[0]}: {t[1][:160]}" for t in one[max(0, i - around):i])
            return f"line {i + 1}, character {at + 1}{shared}\n   A {cut(a)}\n   B {cut(b)}"
    return None
