# SPDX-License-Identifier: Apache-2.0
"""Writers post without pause while the keeper is killed; the books are compared afterwards."""
import os
import random
import sys
import time

from books import Books
from hub import Hub

rounds = int(sys.argv[1])
seed = int(os.environ.get("SEED", "7"))
print("seed", seed, "rounds", rounds)
dice = random.Random(seed)
with Hub() as hub:
    books = Books(hub)
    for i in range(rounds):
        books.progress()
        time.sleep(dice.random() * 0.05)
        hub.kill("keeper")
    books.finish()
print(f"{rounds} kills, {books.compare()}")
