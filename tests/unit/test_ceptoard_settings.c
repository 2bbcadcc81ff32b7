/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/file.h"

static struct settings s;
static char path[64];

static void
test_override(void **state)
{
	static const char over[] = "[b]\nx = 3 ; why\n[new]\ny = a b\n[a]\nz = 9\n";
	struct buf out, why;

	(void)state;
	memset(&s, 0, sizeof s);
	buf_init(&out, 4096);
	buf_init(&why, 4096);
	assert_int_equal(settings_set(&s, "a", "x", "%d", 1), 0);
	assert_int_equal(settings_set(&s, "b", "x", "%s", "2"), 0);
	assert_int_equal(settings_set(&s, "a", "y", "%s", ""), 0);
	assert_int_equal(file_write(path, 0600, over, sizeof over - 1), 0);
	assert_int_equal(settings_read(&s, path, &why), 0);
	settings_write(&s, &out);
	assert_string_equal(buf_cstr(&out),
	    "[a]\nx = 1\ny = \nz = 9\n\n[b]\nx = 3\n\n[new]\ny = a b\n\n");
	assert_int_equal(file_write(path, 0600, "[a]\nnonsense\n", 13), 0);
	assert_int_equal(settings_read(&s, path, &why), ERR_INVALID);
	assert_non_null(strstr(buf_cstr(&why), ":2: expected"));
	assert_int_equal(settings_read(&s, "/nonexistent", &why), ERR_IO);
	buf_done(&out);
	buf_done(&why);
}

/* What does not fit is refused, never cut: half a path is another path. */
static void
test_limits(void **state)
{
	char text[SETTING_TEXT + 1], name[16];
	int i;

	(void)state;
	memset(&s, 0, sizeof s);
	memset(text, 'a', sizeof text);
	text[SETTING_TEXT - 1] = '\0';
	assert_int_equal(settings_set(&s, "a", "x", "%s", text), 0);
	text[SETTING_TEXT - 1] = 'a';
	text[SETTING_TEXT] = '\0';
	assert_int_equal(settings_set(&s, "a", "x", "%s", text), ERR_LIMIT);
	text[64] = '\0';
	assert_int_equal(settings_set(&s, text, "x", "1"), ERR_LIMIT);
	for (i = 1; i < SETTINGS_MAX; i++) {
		(void)snprintf(name, sizeof name, "n%d", i);
		assert_int_equal(settings_set(&s, "a", name, "1"), 0);
	}
	assert_int_equal(settings_set(&s, "a", "more", "1"), ERR_LIMIT);
	assert_int_equal(settings_set(&s, "a", "n1", "2"), 0);
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(path, sizeof path, "/tmp/test_settings.%ld", (long)getpid());
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_override),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
