/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/ceptoar/cmd.h"

const char help_main[] =
    "NAME\n"
    "    ceptoar - a member's command line for the CEPTOAR hub\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar [--as DIR/MEMBER] [--url URL[,URL]] [OPTIONS] COMMAND ...\n"
    "\n"
    "DESCRIPTION\n"
    "    Sends incident reports and receives early warnings over TLS 1.3 with the "
    "member's\n"
    "    certificate.  The hub takes away what names the sender before anything is "
    "stored.\n"
    "    It replaces no report that a law demands.\n"
    "\n"
    "COMMANDS\n"
    "    preview FILE       the exact text that others would see; nothing is sent on\n"
    "    report FILE        sends a report, keeps its case secret\n"
    "    case [ID ...]      what became of a report; follow-up, withdrawal\n"
    "    watch              early warnings as they come; reconnects and resumes by "
    "itself\n"
    "    events             the same, once\n"
    "    bulletins          a list of those that this member may read\n"
    "    show NUMBER        one bulletin\n"
    "    ack NUMBER ...     acknowledges: received, read, acted\n"
    "    inbox              reports for this desk (secretariats, centre, ministries)\n"
    "    identity ID        who sent a report that names you as recipient\n"
    "    transparency       what the hub publishes about itself\n"
    "    me                 what the hub thinks this certificate may do\n"
    "    subscription       what this member wants, and how to change it\n"
    "    tokens             draws the tokens that blind reports need, on a schedule\n"
    "    \"ceptoar COMMAND --help\" tells more.\n"
    "\n"
    "OPTIONS\n"
    "    --as DIR/MEMBER    cert.pem and key.pem of that folder, the hub of DIR/hub.env\n"
    "    --url URL[,URL]    where the hub is; the second is tried when the first is "
    "away\n"
    "    --ca FILE          the hub's own authority; no other is trusted\n"
    "    --state-dir DIR    where case secrets are kept (default ~/.ceptoar)\n"
    "    --lang ja|en       language of texts where both are there (default: the "
    "locale's)\n"
    "    --timeout SECONDS  for one answer (default 30)\n"
    "    --json             prints what the hub sent\n"
    "\n"
    "ENVIRONMENT\n"
    "    CEPTOAR_URL, CEPTOAR_CA, CEPTOAR_CERT, CEPTOAR_KEY   instead of --as; options "
    "win\n"
    "    CEPTOAR_COUNCIL    the council's public key (see tokens)\n"
    "    NO_COLOR           no bold type\n"
    "    Proxy settings and the system's authorities are not used.\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done; 1 refused (the problem is printed: title, code, field, detail);\n"
    "    2 usage; 3 the hub was not reached, or could not answer now\n"
    "\n"
    "    Texts are shown with control characters made visible and addresses defanged\n"
    "    (hxxp://, [.]), so that nothing on the screen can be clicked; --json is raw.\n";

static const char help_report[] =
    "NAME\n"
    "    ceptoar report - sends a report\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar report [--approved TEXT] [--no-case] FILE\n"
    "    ceptoar report --again NAME\n"
    "\n"
    "DESCRIPTION\n"
    "    FILE is a report, or a record {\"shared\": report, \"private\": ...} of which "
    "only\n"
    "    \"shared\" leaves this machine; \"-\" is standard input.  Prints a receipt when "
    "the\n"
    "    report is safely stored: its id, the bulletin that it led to, the case, and "
    "who\n"
    "    reads it next.\n"
    "    A case secret of 256 random bits is made and kept in the state folder; the hub\n"
    "    learns its hash only.  Whoever has it can ask for the state and take the "
    "report\n"
    "    back, and nobody else can; the hub could not even tell the sender that it is "
    "his.\n"
    "    When the connection breaks or the hub cannot answer, the same report is sent "
    "again\n"
    "    under the same key: it is never stored twice.\n"
    "\n"
    "OPTIONS\n"
    "    --approved TEXT  from \"ceptoar preview\": refused if others would see another "
    "text\n"
    "    --no-case        makes no case; there is no way back then\n"
    "    --again NAME     sends again what was not answered (see \"ceptoar case\")\n"
    "\n"
    "EXAMPLE\n"
    "    { \"kind\": \"incident\", \"title\": \"電子カルテが暗号化された\", "
    "\"severity_claimed\": 3,\n"
    "      \"consent\": { \"publish\": \"ceptoar\" } }\n";

static const char help_preview[] =
    "NAME\n"
    "    ceptoar preview - the exact text that others would see\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar preview FILE\n"
    "\n"
    "DESCRIPTION\n"
    "    Takes the same FILE as report.  Shows the text after the machine has removed "
    "what\n"
    "    names the sender, each replacement with its rule, who would get it, and how "
    "many\n"
    "    members could have sent it by the register.  That count knows nothing of the\n"
    "    text: a time, a place or a product may still give the sender away.  Read it.\n"
    "    Nothing is stored and nobody is told.\n";

static const char help_case[] =
    "NAME\n"
    "    ceptoar case - what became of a report\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar case\n"
    "    ceptoar case ID [state]\n"
    "    ceptoar case ID follow-up FILE\n"
    "    ceptoar case ID withdraw\n"
    "\n"
    "DESCRIPTION\n"
    "    Without words: the cases whose secret is kept here, and reports that were sent "
    "and\n"
    "    not answered.  ID may be cut short.\n"
    "    follow-up sends a further report; when the case led to a bulletin, everybody "
    "whom\n"
    "    that reached gets an update.  withdraw takes the report back and cancels its\n"
    "    bulletin.\n";

static const char help_watch[] =
    "NAME\n"
    "    ceptoar watch - early warnings as they come\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar watch [--count N] [--json] [--min-severity N] [--sector S[,S]]\n"
    "                  [--cursor C | --state FILE]\n"
    "\n"
    "DESCRIPTION\n"
    "    Prints every bulletin, update, cancellation and inbox bell that this member is\n"
    "    entitled to.  When the stream breaks off, or is silent for 35 s, it connects "
    "again\n"
    "    after a pause, to the second URL if there is one, and goes on where it "
    "stopped:\n"
    "    nothing is lost, and what comes twice is shown once.\n"
    "\n"
    "OPTIONS\n"
    "    --count N        ends after N rows\n"
    "    --json           one object a line: event, cursor, at_ms (this machine's "
    "clock),\n"
    "                     data\n"
    "    --min-severity N only from this level (0 to 4)\n"
    "    --sector S       only of these sectors\n"
    "    --cursor C       from this cursor; \"earliest\": all that is kept\n"
    "    --state FILE     keeps the cursor there, and begins with it the next time\n"
    "\n"
    "EXIT STATUS\n"
    "    0 after --count, SIGINT or SIGTERM; 1 when the hub refuses; 3 when it could "
    "not\n"
    "    be reached the first time\n";

static const char help_events[] =
    "NAME\n"
    "    ceptoar events - rows after a cursor, once\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar events [--cursor C] [--wait SECONDS] [--min-severity N] [--sector S]\n"
    "\n"
    "DESCRIPTION\n"
    "    Like watch, by one request: what has come after the cursor (\"earliest\": all\n"
    "    that is kept).  Without --cursor it begins at the earliest, and with --wait, "
    "up\n"
    "    to 25 seconds for the first row, at now.  The last line says with which cursor\n"
    "    to go on.\n";

static const char help_bulletins[] =
    "NAME\n"
    "    ceptoar bulletins - those that this member may read, newest first\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar bulletins [--min-severity N] [--sector S] [--limit N] [--cursor C]\n";

static const char help_show[] =
    "NAME\n"
    "    ceptoar show - one bulletin\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar show NUMBER|ID[@REVISION]\n"
    "\n"
    "DESCRIPTION\n"
    "    As in \"ceptoar show 2026-7KQ2M\".  The newest revision without @REVISION.\n";

static const char help_ack[] =
    "NAME\n"
    "    ceptoar ack - acknowledges bulletins\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar ack [--status received|read|acted] [--forwarded-to N] [--note TEXT]\n"
    "                NUMBER|ID[@REVISION] ...\n"
    "\n"
    "DESCRIPTION\n"
    "    May be repeated and never goes backwards: who has acted has read.  To say that\n"
    "    you are affected, send a report with \"seen_bulletin\".\n";

static const char help_inbox[] =
    "NAME\n"
    "    ceptoar inbox - reports for this desk\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar inbox [--min-severity N] [--sector S] [--limit N] [--page N]\n"
    "\n"
    "DESCRIPTION\n"
    "    A secretariat sees the reports of its CEPTOARs, the national centre those of "
    "level\n"
    "    3 and up, a ministry those that name it as recipient.  Nobody sees who sent "
    "them, but\n"
    "    whom the reporter let know can ask (\"ceptoar identity\").\n";

static const char help_identity[] =
    "NAME\n"
    "    ceptoar identity - who sent a report that names you as recipient\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar identity [--out FILE] REPORT-ID\n"
    "\n"
    "DESCRIPTION\n"
    "    For the centre and ministries, and only where the reporter chose them.  The hub "
    "has\n"
    "    an envelope that it cannot open; this opens it with the session's own key.  Is "
    "it\n"
    "    for a key that is kept elsewhere, --out FILE saves it, to be opened there:\n"
    "    openssl cms -decrypt -binary -inform DER -in FILE -recip cert.pem -inkey "
    "key.pem\n";

static const char help_transparency[] =
    "NAME\n"
    "    ceptoar transparency - what the hub publishes about itself\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar transparency\n"
    "\n"
    "DESCRIPTION\n"
    "    How often a sealed envelope was handed out (envelope_exports.count) and the "
    "head "
    "of\n"
    "    that log.  Note both: the count never falls, and the hub can be asked at any "
    "time to\n"
    "    show that its log still holds that head (ceptoarctl envelope log --published\n"
    "    COUNT:HEAD).  envelope_days: after so many days an envelope is destroyed.\n";

static const char help_me[] =
    "NAME\n"
    "    ceptoar me - what the hub thinks this certificate may do\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar me\n";

static const char help_subscription[] =
    "NAME\n"
    "    ceptoar subscription - what this member wants\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar subscription [FILE]\n"
    "\n"
    "DESCRIPTION\n"
    "    Without FILE: what it is.  With FILE (\"-\": standard input): makes it so; "
    "open\n"
    "    streams follow at once.  min_severity: own CEPTOARs from this level;\n"
    "    cross_sector: other sectors from this level, null for none; sectors: only "
    "these\n"
    "    of them; products: a match brings everything; exercise: exercises too.\n"
    "\n"
    "EXAMPLE\n"
    "    { \"min_severity\": 2, \"cross_sector\": 4, \"sectors\": [\"finance\"],\n"
    "      \"products\": [\"ExampleVPN\"], \"exercise\": true }\n";

static const char help_tokens[] =
    "NAME\n"
    "    ceptoar tokens - draws the tokens that blind reports need\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoar tokens [--council FILE]\n"
    "    ceptoar tokens --list\n"
    "\n"
    "DESCRIPTION\n"
    "    A token says \"a verified member of this sector group, in this epoch\", and "
    "not\n"
    "    which member: the hub signs it without seeing it.  Draws one full batch for "
    "each\n"
    "    sector group and epoch, and nothing when it is there already.  A lost answer "
    "is\n"
    "    asked for again with the same elements.  Then says how many are left, and how\n"
    "    many members drew some: a blind report hides among these.\n"
    "    To be run on a fixed schedule (ceptoar-tokens.timer), never because a report "
    "is\n"
    "    due: when somebody draws would tell who is about to report.\n"
    "    Refuses keys that the council has not signed, a second key for one group and\n"
    "    epoch, an older statement than one seen before, and an epoch that is not now: "
    "a\n"
    "    hub that shows a member a key of its own could tell that member's reports.\n"
    "    Tokens lie in the state folder, mode 0600, apart for each folder of\n"
    "    certificates.  Whoever has the file can report in your group's name.\n"
    "\n"
    "OPTIONS\n"
    "    --council FILE   the council's public key (PEM), as it was handed over by "
    "hand;\n"
    "                     else CEPTOAR_COUNCIL, or council.pem beside the member's "
    "folder\n"
    "    --list           asks nobody; says what is left\n";

const char *
help_of(const char *command)
{
	static const struct {
		const char *name, *text;
	} table[] = { { "report", help_report }, { "preview", help_preview },
		{ "case", help_case }, { "watch", help_watch }, { "events", help_events },
		{ "bulletins", help_bulletins }, { "show", help_show },
		{ "ack", help_ack }, { "inbox", help_inbox },
		{ "identity", help_identity }, { "transparency", help_transparency },
		{ "me", help_me }, { "subscription", help_subscription },
		{ "tokens", help_tokens } };
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcmp(table[i].name, command) == 0)
			return table[i].text;
	return help_main;
}
