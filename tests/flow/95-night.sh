#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the short form of `make night`: a wave of ransomware at 300 receivers, a front killed and the
# disk full in it, and no call for help refused; pages by thresholds, everybody reached or named as silent, the correction where
# the alarm went, standing orders of two sleeping desks, nothing acknowledged lost.
exec bash "$(dirname "$0")/../night/night.sh" --short
