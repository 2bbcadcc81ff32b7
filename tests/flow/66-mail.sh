#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: bulletins arrive as mails through a real server; their link takes an answer, once and not at
# once; what is refused for good is a dead letter, what is put off is tried again under the same id.
exec /usr/bin/python3 "$(dirname "$0")/mail.py" # Debian's own, which python3-aiosmtpd belongs to
