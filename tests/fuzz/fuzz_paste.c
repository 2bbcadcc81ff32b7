/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/draft.h"
#include "proto/mail_read.h"
#include "proto/paste.h"

/* Whatever is pasted in, what comes of it is a draft, with values that draft_check takes;
 * only the level is for the desk to say. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct mail_charsets *charsets;
	struct slice text = { (const char *)data, n };
	struct fault why = { 0 };
	json_t *j = NULL, *draft = NULL;
	int cut, rc;

	if (charsets == NULL)
		charsets = mail_charsets_new();
	rc = paste_read(text, n % 2 == 0 ? "ja" : "en", charsets, &j, &cut, &why);

	if (rc == ERR_INVALID && why.problem != P_OK)
		return 0;
	if (rc == ERR_LIMIT && n > PASTE_TEXT_MAX)
		return 0;
	if (rc != 0)
		abort();
	if (json_object_set_new(j, "severity", json_integer(1)) != 0 ||
	    draft_check(j, NULL, &draft, &why) != 0)
		abort();
	json_decref(draft);
	json_decref(j);
	return 0;
}
