# SPDX-License-Identifier: Apache-2.0
"""Certificates of a scratch hub's own authority, also such as no decent one would issue."""
import base64
import datetime
import socket
import ssl
import subprocess


def openssl(*args, data=None):
    return subprocess.run(["openssl", *args], check=True, capture_output=True, input=data).stdout


def issue(hub, name, usage="clientAuth", days="30", ca=("ca.pem", "ca.key"), key=("ec", "ec_paramgen_curve:prime256v1"),
          subject=None):
    """Returns (cert, key); key: an algorithm with its options, or a file."""
    d, base = hub.dir, f"{hub.dir}/x-{name}"
    new = ["-key", key] if isinstance(key, str) else ["-newkey", key[0], *(a for o in key[1:] for a in ("-pkeyopt", o)), "-keyout", base + ".key"]
    openssl("req", "-new", "-nodes", "-utf8", *new, "-subj", subject or f"/CN={name}", "-out", base + ".csr")
    with open(base + ".ext", "w", encoding="utf-8") as f:
        f.write(f"basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage={usage}\n"
                "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    openssl("x509", "-req", "-in", base + ".csr", "-CA", f"{d}/{ca[0]}", "-CAkey", f"{d}/{ca[1]}", "-CAcreateserial",
            "-extfile", base + ".ext", "-days", days, "-out", base + ".pem")
    return base + ".pem", key if isinstance(key, str) else base + ".key"


def utc(text):
    """A date of openssl's as it stands in a certificate."""
    return datetime.datetime.strptime(text, "%b %d %H:%M:%S %Y GMT").strftime("%y%m%d%H%M%SZ").encode()


def dated(hub, name, before=None, after=None):
    """A certificate that is valid in this span of seconds from now (None: as issued)."""
    pair = issue(hub, name)
    old = [utc(l.split("=")[1]) for l in openssl("x509", "-in", pair[0], "-noout", "-dates").decode().splitlines()]
    now = datetime.datetime.now(datetime.timezone.utc)
    new = [(now + datetime.timedelta(seconds=s or 0)).strftime("%y%m%d%H%M%SZ").encode() for s in (before, after)]
    return resign(hub, pair, *[(o, n) for o, n, s in zip(old, new, (before, after)) if s is not None])


def resign(hub, pair, *changes):
    """The certificate with bytes replaced by as many others, signed anew by the authority."""
    length = lambda n: bytes([n]) if n < 128 else bytes([0x82, n >> 8, n & 255])
    der = ssl.PEM_cert_to_DER_cert(open(pair[0], encoding="ascii").read())
    tbs = der[4:8 + int.from_bytes(der[6:8], "big")]  # both lengths take two bytes
    for old, new in changes:
        assert len(old) == len(new) and old in tbs, f"{old} is not in the certificate"
        tbs = tbs.replace(old, new)
    sign = openssl("dgst", "-sha256", "-sign", hub.dir + "/ca.key", data=tbs)
    algorithm = bytes.fromhex("300a06082a8648ce3d040302")  # ecdsa-with-SHA256
    body = tbs + algorithm + b"\x03" + length(len(sign) + 1) + b"\x00" + sign
    with open(pair[0], "w", encoding="ascii") as f:
        text = base64.encodebytes(b"\x30" + length(len(body)) + body).decode()
        f.write(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")
    return pair


def ask(hub, pair, version=None):
    """Status of GET /v1/me, or the text of the TLS error."""
    ctx = ssl.create_default_context(cafile=hub.env()["CEPTOAR_CA"])
    if version:
        ctx.minimum_version = ctx.maximum_version = version
    if pair:
        ctx.load_cert_chain(*pair)
    try:
        with socket.create_connection(hub.address(), 10) as raw, ctx.wrap_socket(raw, server_hostname="localhost") as s:
            s.sendall(b"GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = s.recv(4096)
            return int(answer.split()[1]) if answer else "closed"
    except (ssl.SSLError, ConnectionError, OSError) as e:
        return str(e) or "closed"
