/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/cmd.h"

/* Manuals of what the centre leads. */

const char help_mode[] =
    "NAME\n"
    "    ceptoar mode - the hub's operating mode\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar mode\n"
    "    ceptoar mode large-scale --reason TEXT\n"
    "    ceptoar mode normal --reason TEXT\n"
    "\n"
    "DESCRIPTION\n"
    "    Shows the mode: normal (通常時) or large-scale\n"
    "    (大規模重要インフラサービス障害対応時).  A person of the centre switches it; "
    "the\n"
    "    reason is read by everybody.  In large-scale mode the time to acknowledge is\n"
    "    shorter where a draft does not say until when, and drafts from level 2 that\n"
    "    name no audience go to all CEPTOARs, as far as the reporters and k allow.  It\n"
    "    is renewed by the same command every 24 hours: the bell rings, and after\n"
    "    another 24 hours without it the hub is back to normal and says so.\n";

const char help_backlog[] =
    "NAME\n"
    "    ceptoar backlog - what waits on all desks (the centre)\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar backlog\n"
    "\n"
    "DESCRIPTION\n"
    "    For each desk on which something waits, the furthest behind first: how many\n"
    "    reports, by level, and since when the oldest does.  Reports that are kept from\n"
    "    the government are not counted.\n";

const char help_confirm[] =
    "NAME\n"
    "    ceptoar confirm - passes an unverified warning on across sectors (the centre)\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar confirm NUMBER\n"
    "\n"
    "DESCRIPTION\n"
    "    As a second reporter would: the warning goes to subscribers of other sectors\n"
    "    too, still as unverified.  It is refused where the reporter keeps it in its "
    "own\n"
    "    CEPTOAR, and where too few members could have sent it.\n";

const char help_situation[] =
    "NAME\n"
    "    ceptoar situation - what a desk deals with as one\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar situation [list [--closed]]\n"
    "    ceptoar situation new TITLE\n"
    "    ceptoar situation show ID\n"
    "    ceptoar situation note [--public] ID TEXT\n"
    "    ceptoar situation join ID --case|--group|--bulletin ID ...\n"
    "    ceptoar situation leave ID --case|--group|--bulletin ID ...\n"
    "    ceptoar situation task ID TEXT [--who NAME] [--due TIME]\n"
    "    ceptoar situation done ID N\n"
    "    ceptoar situation report ID [--next TIME] [--severity N]\n"
    "    ceptoar situation close ID\n"
    "    ceptoar situation reopen ID\n"
    "\n"
    "DESCRIPTION\n"
    "    For secretariats and the centre.  A situation (事案) groups reports and\n"
    "    bulletins, with a timeline (クロノロ), tasks, and how many reports of which\n"
    "    sectors there are: from k up; the centre sees live figures by group of\n"
    "    sectors.  The hub adds to the timeline what joins, is released, is\n"
    "    acknowledged by half, three quarters, 90 % or all, and switches of the mode.\n"
    "    A secretariat's is its own CEPTOAR's; it may join its reports to one of the\n"
    "    centre's, which shows the centre a figure and no text that it may not read.\n"
    "\n"
    "    report makes the next 状況報告 (第n報) as a draft in Japanese and English:\n"
    "    figures from k up, what was noted with --public, and when the next one comes.\n"
    "    It is released as any draft (ceptoar draft).\n";
