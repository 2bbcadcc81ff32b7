# SPDX-License-Identifier: Apache-2.0
"""Reports and errors make no figure of their own, touch no entry of the register, and write no line into any log."""
import re
import urllib.request

import traces
from certs import dated
from hub import Client, Hub, expect, report
from twins import A, BASE, members, told

metrics = lambda: urllib.request.urlopen(hub.env()["CEPTOAR_LOCAL"].split()[0] + "/metrics", timeout=20).read().decode()
shape = lambda: re.sub(r"(?<=[ :])-?\d+\b|true|false", "N", metrics() + hub.ctl("--json", "status")[1])


def register():
    """The members, their terms and certificates and the secrets, as they are."""
    rows = traces.rows(traces.Names(), hub.dir + "/vault.db", {**traces.VAULT, "certs": "", "meta": ""})
    return [l for l in rows if l[0].split()[1] in ("meta", "members", "terms", "certs")]


with Hub(directory=BASE + "/figures", members=members()) as hub:
    me = Client(hub, A["id"])
    me.get("/v1/me")
    figures, registered, logged = shape(), register(), traces.sizes(hub)
    posts = [me.post("/v1/reports", told(A["id"], f"第{level}", level, "cross_sector"))[0] for level in (0, 1, 3, 4)]
    posts += [me.post("/v1/reports", dict(report("誤り"), **m))[0] for m in ({"foo": 1}, {"approved": "x" * 43})]
    posts += [me.post("/v1/reports/preview", told(A["id"], "下書き", 4))[0], me.get("/v1/cases/" + "0" * 32, headers={"Authorization": "Case x"})[0]]
    expect(posts == [201] * 4 + [422, 409, 200, 401], f"{posts}")

    # No figure of a member's own, no label that could be one's.
    expect(shape() == figures, f"a figure of its own: {set(shape().splitlines()) ^ set(figures.splitlines())}")
    labels = set(re.findall(r"^[^#\n]*\{(.*)\}", metrics(), re.M))
    expect(labels == {f'class="{i}xx"' for i in range(2, 6)}, f"labels: {labels}")
    # "Last seen".
    expect(register() == registered, "the submission moved something in the register")
    # A certificate that ends in a day is not spoken of when its member reports.
    pair = dated(hub, "soon", after=86400)
    expect(hub.ctl("cert", "add", A["id"], pair[0])[0] == 0, "cert add")
    soon = Client(hub, pair)
    expect(soon.get("/v1/me")[0] == 200 and soon.post("/v1/reports", report("間もなく", 1))[0] == 201, "with a day left")
    # No log says anything of all this, to the second or at all, that could be laid beside another.
    now = traces.sizes(hub)
    expect(now == logged, f"logged: {[(p, open(p, encoding='utf-8').read()[logged.get(p, 0):]) for p in now if now[p] != logged.get(p)]}")
print("no figure, no entry, no line")
