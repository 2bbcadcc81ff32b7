#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a drill goes out by stream, webhook, mail and pager, marked in each, and its result stays; the
# second kind counts reports; a contact test tries every way and is on no stream.
exec /usr/bin/python3 "$(dirname "$0")/drills.py" # Debian's own, which python3-aiosmtpd belongs to
