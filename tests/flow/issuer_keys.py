# SPDX-License-Identifier: Apache-2.0
"""What a hub, or whoever has the council's key, could show a member to tell it from the others."""
import os
import secrets

from council import b64, cli, held, publish, shown, signed
from hub import Hub, expect

TMP = os.environ.get("TEST_TMP", "/tmp")


def refuses(hub, who, words, *args, status=1):
    code, text = cli(hub, who, "tokens", *args)
    expect(code == status and words in text, f"{who}, {words!r} expected: {code} {text}")


with Hub(directory=TMP + "/keys-hub") as hub:
    said = signed(hub)
    expect(cli(hub, "yamabiko-bank", "tokens")[0] == 0, "a first draw")
    # The key of another council; no council at all.
    expect(hub.ctl("council", "init", TMP + "/other")[0] == 0, "another council")
    refuses(hub, "suzukaze-bank", "not signed by the council", "--council", TMP + "/other/council.pem")
    refuses(hub, "suzukaze-bank", "cannot be read", "--council", TMP + "/nowhere.pem", status=2)
    expect(held(hub, "suzukaze-bank") == [], "drawn all the same")

    # The same statement again, and an older one, are not published.
    code, text = publish(hub, said)
    expect(code == 1 and "serial" in text, f"published twice: {text}")

    # Another key for the running epoch, signed, without a word about the first.
    now = shown(hub)["epoch"]
    mine = lambda k: k["group"] == "finance" and k["epoch"] == now
    true = next(k for k in said["keys"] if mine(k))
    second = dict(true, key_id=b64(secrets.token_bytes(32)))
    lie = dict(said, serial=1000, keys=[second if mine(k) else k for k in said["keys"]])
    expect(publish(hub, lie) == (0, "published\n"), "the second statement")
    refuses(hub, "yamabiko-bank", f"two keys for finance, epoch {now}")
    refuses(hub, "suzukaze-bank", f"for epoch {now} the hub shows another key than the council signed")
    expect(cli(hub, "hikari-power", "tokens")[0] == 0, "another group's key is as it was")

    # No key for it at all.
    expect(publish(hub, dict(said, serial=1001, keys=[k for k in said["keys"] if not mine(k)]))[0] == 0, "1001")
    refuses(hub, "hotaru-bank", f"the council has not signed a key for epoch {now}")

    # Revoked: what was drawn of it is gone, and nothing more is drawn.
    expect([h["group"] for h in held(hub, "yamabiko-bank")] == ["finance"], "its batch")
    gone = dict(said, serial=1002, keys=[k for k in said["keys"] if not mine(k)], revoked=[true["key_id"]])
    expect(publish(hub, gone)[0] == 0, "1002")
    refuses(hub, "yamabiko-bank", f"the council has revoked the key of epoch {now}")
    expect(held(hub, "yamabiko-bank") == [], "tokens of a revoked key are kept")
print("another council, a second key, an unsigned and a revoked one: refused and named")
