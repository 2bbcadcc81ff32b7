#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/leaks/run.py [NAME...]: each anonymity check is seen failing.

A copy of the tree gets one leak of leaks.json at a time, is built, and the check that is meant for it must
fail; without the leak it must pass.  The defects stand here and nowhere in the product.
A leak: name, check (words for tests/run), `tc` when that runs on the build with a movable clock, and
edits: file, old (a text that stands once in the file), new.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def copy_tree(to):
    names = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, names.stdout.decode().split("\0")):
        if os.path.exists(os.path.join(ROOT, name)):
            os.makedirs(os.path.dirname(os.path.join(to, name)), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, name), os.path.join(to, name))


def build(tree, flows, tc):
    """What the checks need; a leak may leave a variable unused, which is no matter here."""
    make = ["make", "-s", f"-j{os.cpu_count()}", "DEV=0"]
    for target in (["all"] if flows else ["tests"]) + (["tc"] if tc else []):
        run = subprocess.run([*make, target], cwd=tree, capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"make {target}:\n{run.stderr[-3000:]}")


def check(tree, words):
    run = subprocess.run(["tests/run", *words.split()[:1], "build", *words.split()[1:]], cwd=tree, capture_output=True, text=True)
    return run.returncode, run.stdout


def edit(tree, leak, back=False):
    for e in leak["edits"]:
        old, new = (e["new"], e["old"]) if back else (e["old"], e["new"])
        path = os.path.join(tree, e["file"])
        with open(path, encoding="utf-8") as f:
            text = f.read()
        if text.count(old) != 1:
            sys.exit(f"{leak['name']}: {e['file']} holds {text.count(old)} times: {old}")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))


def main(names):
    with open(os.path.join(HERE, "leaks.json"), encoding="utf-8") as f:
        leaks = [l for l in json.load(f)["leaks"] if not names or l["name"] in names]
    seen, missed = 0, []
    with tempfile.TemporaryDirectory() as tree:
        copy_tree(tree)
        flows = lambda some: all(l["check"].startswith("flow ") for l in some)
        build(tree, flows(leaks), any(l.get("tc") for l in leaks))
        for words in sorted({l["check"] for l in leaks}):
            code, out = check(tree, words)
            if code != 0:
                sys.exit(f"{words} fails without a leak:\n{out[-2000:]}")
        for leak in leaks:
            edit(tree, leak)
            build(tree, flows([leak]), leak.get("tc"))
            code, out = check(tree, leak["check"])
            edit(tree, leak, back=True)
            said = next((l for l in out.splitlines() if "FAIL: " in l or "[  ERROR" in l), out[-200:]).strip("| ")
            print(f"{'ok   ' if code != 0 else 'FAIL '} {leak['name']}: {leak['check']}\n      {said[:200]}", flush=True)
            seen, missed = seen + (code != 0), missed + ([leak["name"]] if code == 0 else [])
    print(f"{seen} passed, {len(missed)} failed")
    return 1 if missed or not seen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
