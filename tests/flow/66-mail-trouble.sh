#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a mail server that hangs at any step, or shows a bad certificate, gets neither the password nor a
# mail before its time; the mails come later, under the same id, and webhooks wait for none of them.
exec /usr/bin/python3 "$(dirname "$0")/mail_trouble.py" # Debian's own, as the other flows of mail
