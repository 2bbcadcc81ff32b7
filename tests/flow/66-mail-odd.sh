#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a mail server that answers out of turn, without end, or not at all gets no text before its time, and the mails come later.
exec /usr/bin/python3 "$(dirname "$0")/mail_odd.py" # Debian's own, as the other flows of mail
