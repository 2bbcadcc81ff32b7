# SPDX-License-Identifier: Apache-2.0
"""tests/canary.py DIR: no file that a hub left behind names a member, but the register does.
tests/canary.py --live HUB: what only a running hub shows is kept in HUB/live, for that search.

Every hub below DIR is searched: databases, write-ahead logs, logs, backups, metrics, environments,
and the answers that the flow's clients were given.  What is searched for are the members' ids, names,
domains, people and addresses, and the hashes of their certificates' keys, each in the forms in
which a program would write them.  The register may hold them: the vault's database and its copies,
the members file, the members' own folders, and what the administrator's import said.  A named
report may say whom its sender chose to tell, and a bulletin that the centre wrote or may read it.
"""
import base64
import hashlib
import json
import os
import re
import ssl
import sys
import urllib.request

SHORTEST = 6  # bytes: shorter ones stand in random bytes by chance
REGISTER = re.compile(r"(^|/)(vault[^/]*\.db[^/]*|members\.json|ceptoarctl\.log|ca\.(pem|key)|crl\.pem)$|\.lock$")


def strings(value):
    """All texts of a part of the members file, in whatever language."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for v in value.values() if isinstance(value, dict) else value:
            yield from strings(v)


def key_hash(path):
    """SHA-256 of the SubjectPublicKeyInfo, which is of P-256 in every scratch hub."""
    with open(path, encoding="ascii") as f:
        der = ssl.PEM_cert_to_DER_cert(f.read())
    at = der.index(bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200"))
    return hashlib.sha256(der[at:at + 91]).digest()


def words_of(hub, member):
    """What must stand nowhere: (what it is, its bytes)."""
    texts = [member["id"], *strings([member.get(k) for k in ("names", "domains", "people", "contacts")])]
    texts += [n.split("/")[0] for n in strings(member.get("networks", []))]
    persons = member.get("persons", [])
    texts += strings([[p.get("names"), p.get("contacts")] for p in persons])
    for t in texts:
        if len(t.encode()) >= SHORTEST:
            yield t, t.encode()
    for cert in (os.path.join(hub, member["id"], p, "cert.pem") for p in ("", *(p["id"] for p in persons))):
        if not os.path.exists(cert):
            continue
        h = key_hash(cert)
        yield "a certificate's key", h
        yield "a certificate's key", h.hex().encode()
        yield "a certificate's key", base64.urlsafe_b64encode(h).rstrip(b"=")


def files(hub, ids):
    for folder, _, names in os.walk(hub):
        if os.path.relpath(folder, hub).split(os.sep)[0] in ids:
            continue
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not REGISTER.search(path):
                yield path


def chosen(members):
    """What a named report itself says of the centre and ministries that its sender chose to tell."""
    ids = [m["id"].encode() for m in members if {r.get("role") for r in m.get("roles", [])} & {"centre", "ministry"}]
    one = b'"(%s)"' % b"|".join(map(re.escape, ids))
    return re.compile(b'"named_to":\\[%s(,%s)?\\]' % (one, one)) if ids else re.compile(b"$.")


# Words of the contract, not of a member: who wrote a bulletin, which offices it is for, and whose a standing order passes on.
# A page of the database may end anywhere inside of them.
CONTRACT = re.compile(b'order\\.(put|delete)[a-z-]+\\.centre|"origin":"centre"|'
                      b'"government":\\{("(agencies|centre|ministries)":[a-z]{0,5},?)*("centre(?![^"\\x00]))?')

# A reserve of room is megabytes of zeros, and some member's hash may begin with one.
EMPTY, EMPTY_ENOUGH = re.compile(b"\\x00{64,}"), bytes(64)


def search(hub):
    with open(hub + "/members.json", encoding="utf-8") as f:
        members = json.load(f)["members"]
    words = sorted({w for m in members for w in words_of(hub, m)})
    any_of = re.compile(b"|".join(re.escape(w.lower()) for _, w in words) or b"$.")  # a hub without members
    found, count, told = [], 0, chosen(members)
    for path in files(hub, {m["id"] for m in members}):
        with open(path, "rb") as f:
            data = CONTRACT.sub(b"", told.sub(b'"named_to":[]', EMPTY.sub(EMPTY_ENOUGH, f.read())))
        if os.path.basename(path) == "duty-keys.json":  # a client's own, as everybody has it: whose desk a key is
            data = data.replace(b'"desk":"centre"', b"")
        count += 1
        for hit in any_of.finditer(data.lower()):
            what = next(t for t, w in words if w.lower() == hit.group())
            found.append(f"{path}: {what!r}: ...{data[max(0, hit.start() - 60):hit.end() + 20]!r}")
        if os.path.basename(path).startswith("core"):
            found.append(f"{path}: a core file")
    return found, count


def live(hub):
    """Metrics, environments, and that no program can leave its memory in a file."""
    os.makedirs(hub + "/live", exist_ok=True)
    with open(hub + "/hub.env", encoding="utf-8") as f:
        env = dict(l.strip().removeprefix("export ").split("=", 1) for l in f if "=" in l)
    for i, url in enumerate(env.get("CEPTOAR_LOCAL", "").strip("'\"").split()):
        try:
            with urllib.request.urlopen(url + "/metrics", timeout=10) as a, open(f"{hub}/live/metrics-{i}", "wb") as f:
                f.write(a.read())
        except OSError:  # a front that the flow has ended or blocked
            continue
    for part in env["CEPTOAR_PIDS"].strip("'\"").split():
        name, _, pids = part.partition("=")
        for pid in filter(None, pids.split(",")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as e, open(f"{hub}/live/environ-{name}-{pid}", "wb") as f:
                    f.write(e.read())
                with open(f"/proc/{pid}/limits", encoding="ascii") as f:
                    core = next(l for l in f if l.startswith("Max core file size"))
            except OSError:  # it has just been replaced
                continue
            if core.split()[4] != "0":
                sys.exit(f"FAIL: {name} may leave a core file: {core}")


def main(args):
    if args[:1] == ["--live"] and len(args) == 2:
        return live(args[1])
    if len(args) != 1:
        sys.exit(__doc__)
    found, count = [], 0
    for folder, _, names in os.walk(args[0]):
        if "members.json" in names and "ceptoar.conf" in names:
            more, n = search(folder)
            found, count = found + more, count + n
    if found:
        sys.exit("FAIL: a trace of a member:\n" + "\n".join(found[:20]))
    print(f"no trace of a member in {count} files")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
