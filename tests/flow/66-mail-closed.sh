#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what our own mail server refuses before it is told whom a mail is for kills no mail; what it says
# of a receiver, or of a mail's size, is the end of that mail alone.
exec /usr/bin/python3 "$(dirname "$0")/mail_closed.py" # Debian's own, as the other flows of mail
