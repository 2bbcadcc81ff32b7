/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/cmd.h"

const char help_verify[] =
    "NAME\n"
    "    ceptoar verify - is a bulletin what the hub has signed?\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar verify [--jwks FILE] FILE|-|NUMBER\n"
    "\n"
    "DESCRIPTION\n"
    "    FILE holds one bulletin as the hub sent it (\"ceptoar --json show\", a mail's\n"
    "    attachment); one byte more, less or different and it does not verify.  NUMBER\n"
    "    fetches it from the hub.  The hub's public keys are those that this machine "
    "has\n"
    "    kept in its state folder: fetched the first time, and again for a key that is\n"
    "    not among them, over TLS with our certificate.  watch and show do the same by\n"
    "    themselves and warn.\n"
    "    With --jwks the keys of that file are used (/.well-known/jwks.json of a hub, "
    "as\n"
    "    it was handed over) and, for a FILE, nobody is asked.\n"
    "\n"
    "EXIT STATUS\n"
    "    0 verified; 1 not; 2 usage; 3 the hub was not reached\n";
