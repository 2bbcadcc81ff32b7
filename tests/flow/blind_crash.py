# SPDX-License-Identifier: Apache-2.0
"""A token and its report across kill -9 of the keeper; the case of a blind report; the vault away."""
import os
import secrets
import signal
import socket
import threading
import time

from drawn import MEMBERS, check_case, draw, send, text
from hub import Blind, Client, Hub, expect, wait_for


def titles(hub):
    return [i["report"]["title"]["ja"] for i in Client(hub, "bank-desk").get("/v1/inbox?limit=500")[2]["items"]]


def check_crashes(hub, take):
    """The token and its report are both there after kill -9, or neither."""
    for i in range(6):
        token, title = take(), f"途中で {i}"
        t = threading.Thread(target=lambda: send(Blind(hub), token, text(title)))
        t.start()
        time.sleep(secrets.randbelow(12) / 1000)
        hub.kill("keeper")
        t.join()
        last = wait_for("the keeper", lambda: (lambda a: a if a[0] in (201, 409) else None)(send(Blind(hub), token, text(title))))
        expect(last[0] == 201 or last[1] == "token_spent", f"{last}")
        expect(titles(hub).count(title) == 1, f"{last[0]}, and in the inbox {titles(hub).count(title)} times")


def check_cap(hub):
    """All callers together are limited, and the members' listener does not notice."""
    hub.reload("limits", blind_connections=2)
    call = lambda: socket.create_connection(hub.address(Blind.url), 2)
    held = [hub.context(None).wrap_socket(call(), server_hostname="localhost") for _ in range(2)]
    try:
        hub.context(None).wrap_socket(call(), server_hostname="localhost")
        expect(False, "a third connection was served")
    except TimeoutError:
        pass
    expect(Client(hub, "hotaru-bank").get("/v1/me")[0] == 200, "members are served all the same")
    held.clear()


with Hub() as hub:
    tokens = [t for m in MEMBERS for t in draw(hub, m)]
    wait_for("five to be known", lambda: send(Blind(hub), tokens[0], text())[0] == 201)
    check_case(hub, tokens.pop)
    check_crashes(hub, tokens.pop)
    # With the vault away, whoever holds a token can use it.
    vault = hub.pids("vault")[0]
    os.kill(vault, signal.SIGSTOP)
    expect(send(Blind(hub), tokens.pop(), text())[0] == 201, "the vault does not answer")
    os.kill(vault, signal.SIGCONT)
    check_cap(hub)
print("both or neither across 6 crashes, the same answer to a retry, and the case goes on")
