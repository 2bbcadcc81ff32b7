#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: bulletins below the level of a mail of their own come once a day, as one; a server without
# TLS gets nothing, and what is meant for it waits.
exec /usr/bin/python3 "$(dirname "$0")/mail_daily.py"
