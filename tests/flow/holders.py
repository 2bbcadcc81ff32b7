# SPDX-License-Identifier: Apache-2.0
"""ceptoarctl escrow prepare and check, without a hub."""
import os
import stat
import subprocess

from hub import BUILD, PHRASE, expect

base = os.environ["TEST_TMP"]
mine = base + "/holder"


def ctl(*args, words=None, status=0, text=""):
    r = subprocess.run([f"{BUILD}/ceptoarctl", "escrow", *args], input=words, capture_output=True, text=True, start_new_session=True, check=False)
    expect(r.returncode == status and text in r.stdout + r.stderr, f"{args}: {r.returncode} {r.stdout} {r.stderr}")


def openssl(*args):
    return subprocess.run(["openssl", *args], capture_output=True, text=True, check=False).stdout


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


for holder, curve, more, words in (("a", "prime256v1", ["--passphrase"], f"{PHRASE}\n" * 2), ("b", "secp384r1", ["--curve", "P-384", "--days", "400"], None)):
    prepare = ["prepare", "--holder", holder, "--out", mine, *more]
    cert, key = f"{mine}/escrow-{holder}.pem", f"{mine}/escrow-{holder}-key.pem"
    ctl(*prepare, words=words, text=cert)
    kept = read(key), read(cert)
    expect(stat.S_IMODE(os.stat(key).st_mode) == 0o600 and ("ENCRYPTED" in kept[0]) == (holder == "a"), f"the key of {holder}")
    shown = openssl("x509", "-in", cert, "-noout", "-text")
    expect("Key Agreement" in shown and "CA:FALSE" in shown and f"Escrow holder {holder.upper()}" in shown and curve in shown, shown)
    public = openssl("pkey", "-in", key, "-pubout", "-passin", "pass:" + PHRASE)
    expect(public and public == openssl("x509", "-in", cert, "-noout", "-pubkey"), "key and certificate do not belong together")
    if holder == "a":
        expect(not openssl("pkey", "-in", key, "-pubout", "-passin", "pass:wrong"), "any passphrase opens the key")
    # Nothing is overwritten, whichever of the two files is there.
    ctl(*prepare, words=words, status=1)
    os.remove(cert)
    ctl(*prepare, words=words, status=1, text="exists")
    expect(read(key) == kept[0] and not os.path.exists(cert), "a key was overwritten")
    os.rename(key, key + ".away")
    with open(cert, "w", encoding="utf-8") as f:
        f.write(kept[1])
    ctl(*prepare, words=words, status=1, text="already")
    os.rename(key + ".away", key)
ctl("prepare", "--holder", "a", "--out", base + "/other", "--passphrase", words="short\nshort\n", status=1, text="12 characters")
ctl("prepare", "--holder", "a", "--out", base + "/other", "--passphrase", words=f"{PHRASE}\n{PHRASE}x\n", status=1)
for wrong in (["--holder", "c"], ["--holder", "a", "--curve", "P-521"], ["--holder", "a", "--days", "0"], ["--holder", "a", "--days", "3x"]):
    ctl("prepare", "--out", base + "/other", *wrong, status=2)
expect(not os.path.exists(base + "/other"), "something was made all the same")

a, b = f"{mine}/escrow-a.pem", f"{mine}/escrow-b.pem"
ctl("check", a, b, text="pair ")
for one, two, text in ((a, a, "two holders"), (a, a.replace(".pem", "-key.pem"), "no certificate"), (a, "/nowhere", "no certificate")):
    ctl("check", one, two, status=1, text=text)
print("keys made once, kept, and checked")
