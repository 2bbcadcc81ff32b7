#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: receivers that hang, redirect, show bad certificates or answer without end each come
# to the end that they should, and one that is well is served at once beside them.
exec python3 "$(dirname "$0")/webhook_zoo.py"
