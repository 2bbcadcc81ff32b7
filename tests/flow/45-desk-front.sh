#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: desks' calls exist at the desks' front only; a members' front, even one that asks what
# it never asks, gets no inbox; the desks' front comes back alone and nobody else notices.
exec python3 "$(dirname "$0")/desk_front.py"
