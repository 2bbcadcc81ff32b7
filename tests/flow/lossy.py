# SPDX-License-Identifier: Apache-2.0
"""A way to the hub on which the answer to a large request is lost."""
import socket
import threading

LARGE, ANSWER = 22000, 8000  # bytes: more than a handshake and a padded GET; less than an answer


def pump(source, sink, sent, back):
    """Passes bytes on; on the way back none any more once a large request has gone out, and the
    end of the connection when the answer has come."""
    lost = 0
    try:
        while lost < ANSWER and (data := source.recv(65536)):
            if back and sent[0] > LARGE:
                lost += len(data)
                continue
            sent[0] += 0 if back else len(data)
            sink.sendall(data)
    except OSError:
        pass
    for s in (source, sink):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def relay(hub, listener):
    while True:
        near, far, sent = listener.accept()[0], socket.create_connection(hub.address()), [0]
        for way in ((near, far, sent, False), (far, near, sent, True)):
            threading.Thread(target=pump, args=way, daemon=True).start()


def lossy_url(hub):
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=relay, args=(hub, listener), daemon=True).start()
    return f"https://127.0.0.1:{listener.getsockname()[1]}"
