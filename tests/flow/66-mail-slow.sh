#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a mail server that thinks about each mail before it takes it holds up neither the other mails nor a webhook.
exec /usr/bin/python3 "$(dirname "$0")/mail_slow.py" # Debian's own, as the other flows of mail
