#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a secretariat writes down what its own members say on the telephone, of nobody else; who
# is not concerned learns of no deliveries; the table for spreadsheets holds no formula.
exec python3 "$(dirname "$0")/telephone.py"
