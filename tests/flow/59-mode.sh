#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the centre switches to large-scale mode; streams, bulletins, hello and "me" say so, drafts
# go further and are to be answered sooner; a restart keeps it; nobody else switches.
exec /usr/bin/python3 "$(dirname "$0")/mode.py"
