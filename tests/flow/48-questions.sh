#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: readers ask about a bulletin and nobody learns who; the desk answers one or all; how many
# were hit too is told from k up; over kill -9 nobody is counted who was not reached.
exec python3 "$(dirname "$0")/questions.py"
