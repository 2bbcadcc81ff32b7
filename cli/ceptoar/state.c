/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/state.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "lib/file.h"
#include "lib/mem.h"
#include "proto/json.h"

enum { FILE_MAX = 4 * 1024 * 1024 };

int
state_secret(char ret_secret[SECRET_TEXT + 1], char ret_commitment[SECRET_TEXT + 1])
{
	unsigned char secret[SECRET_LEN], hash[EVP_MAX_MD_SIZE];
	struct buf a, b;
	unsigned n = 0;
	int rc = 0;

	if (RAND_priv_bytes(secret, sizeof secret) != 1 ||
	    EVP_Digest(secret, sizeof secret, hash, &n, EVP_sha256(), NULL) != 1 ||
	    n != SECRET_LEN)
		return ERR_CRYPTO;
	buf_init(&a, 128);
	buf_init(&b, 128);
	buf_add_b64url(&a, secret, sizeof secret);
	buf_add_b64url(&b, hash, n);
	if (a.n != SECRET_TEXT || b.n != SECRET_TEXT)
		rc = ERR_NOMEM;
	if (rc == 0) {
		memcpy(ret_secret, buf_cstr(&a), SECRET_TEXT + 1);
		memcpy(ret_commitment, buf_cstr(&b), SECRET_TEXT + 1);
	}
	mem_wipe(secret, sizeof secret);
	buf_wipe(&a);
	buf_done(&b);
	return rc;
}

/* Only names of our own making become paths. */
static int
path_of(const struct session *s, const char *name, char *out, size_t room)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	int n;

	if (name[0] == '\0' || name[strspn(name, allowed)] != '\0')
		return ERR_INVALID;
	n = snprintf(out, room, "%s/%s.json", s->state_dir, name);
	return n < 0 || (size_t)n >= room ? ERR_LIMIT : 0;
}

int
state_save(const struct session *s, const char *name, const json_t *what)
{
	char path[PATH_MAX + NAME_ROOM];
	struct buf b;
	int rc;

	if (s->state_dir[0] == '\0')
		return session_say(EXIT_USAGE,
		    "where to keep the case secret? set HOME or give "
		    "--state-dir");
	if (file_mkdir(s->state_dir, 0700) != 0)
		return session_say(EXIT_REFUSED, "%s: %s", s->state_dir, strerror(errno));
	buf_init(&b, FILE_MAX);
	rc = path_of(s, name, path, sizeof path);
	if (rc == 0)
		rc = json_canonical(what, &b);
	buf_addc(&b, '\n');
	if (rc == 0)
		rc = buf_err(&b) != 0 ? buf_err(&b) : file_write(path, 0600, b.p, b.n);
	buf_wipe(&b);
	if (rc != 0)
		return session_say(
		    EXIT_REFUSED, "%s/%s: %s", s->state_dir, name, err_str(rc));
	return EXIT_DONE;
}

int
state_has(const struct session *s, const char *name)
{
	char path[PATH_MAX + NAME_ROOM];

	return path_of(s, name, path, sizeof path) == 0 && file_exists(path);
}

json_t *
state_load(const struct session *s, const char *name)
{
	char path[PATH_MAX + NAME_ROOM];
	json_t *j = NULL;
	struct buf b;

	buf_init(&b, FILE_MAX);
	if (path_of(s, name, path, sizeof path) == 0 && file_read(path, &b) == 0)
		j = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, NULL);
	if (j == NULL)
		(void)session_say(0, "%s: not kept in %s", name, s->state_dir);
	buf_wipe(&b);
	return j;
}

void
state_drop(const struct session *s, const char *name)
{
	char path[PATH_MAX + NAME_ROOM];

	if (path_of(s, name, path, sizeof path) == 0)
		(void)unlink(path);
}

void
state_list(const struct session *s, const char *prefix, struct buf *out)
{
	DIR *d = opendir(s->state_dir);
	const struct dirent *e;
	size_t n;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL) {
		n = strlen(e->d_name);
		if (strncmp(e->d_name, prefix, strlen(prefix)) != 0 || n < 6 ||
		    strcmp(e->d_name + n - 5, ".json") != 0)
			continue;
		buf_add(out, e->d_name, n - 5);
		buf_addc(out, '\n');
	}
	(void)closedir(d);
}
