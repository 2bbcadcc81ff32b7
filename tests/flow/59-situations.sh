#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: reports of two CEPTOARs become one situation of the centre's; the centre sees figures and
# what waits, passes a warning on, and reports twice; no secretariat sees a figure below k.
exec /usr/bin/python3 "$(dirname "$0")/situations.py"
