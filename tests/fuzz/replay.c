/* SPDX-License-Identifier: Apache-2.0 */
/* The main of a fuzz harness when libFuzzer is not linked: runs it over files, and over
 * every file of the folders named. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { INPUT_MAX = 4 * 1024 * 1024, DEPTH_MAX = 4 };

static unsigned long ran;

static int
replay_file(const char *path)
{
	/* An exact allocation for each input, so that ASan sees a read beyond it. */
	struct stat st;
	uint8_t *p;
	FILE *f;
	size_t n;

	f = fopen(path, "rbe");
	if (f == NULL || fstat(fileno(f), &st) != 0 || st.st_size > INPUT_MAX) {
		fprintf(stderr, "%s: cannot be read\n", path);
		if (f != NULL)
			(void)fclose(f);
		return 1;
	}
	n = (size_t)st.st_size;
	p = malloc(n != 0 ? n : 1);
	if (p == NULL || fread(p, 1, n, f) != n) {
		fprintf(stderr, "%s: cannot be read\n", path);
		free(p);
		(void)fclose(f);
		return 1;
	}
	(void)fclose(f);
	printf("%s (%zu bytes)\n", path, n);
	(void)fflush(stdout); /* the last line names the input that crashed */
	(void)LLVMFuzzerTestOneInput(p, n);
	free(p);
	ran++;
	return 0;
}

static int
replay(const char *path, int depth)
{
	struct dirent *e;
	struct stat st;
	char sub[4096];
	DIR *d;
	int bad = 0;

	if (stat(path, &st) != 0) {
		fprintf(stderr, "%s: not found\n", path);
		return 1;
	}
	if (!S_ISDIR(st.st_mode))
		return replay_file(path);
	d = depth < DEPTH_MAX ? opendir(path) : NULL;
	if (d == NULL)
		return 1;
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		if (snprintf(sub, sizeof sub, "%s/%s", path, e->d_name) >=
		    (int)sizeof sub)
			bad = 1;
		else
			bad |= replay(sub, depth + 1);
	}
	(void)closedir(d);
	return bad;
}

int
main(int argc, char **argv)
{
	int i, bad = 0;

	for (i = 1; i < argc; i++)
		bad |= replay(argv[i], 0);
	printf("%lu inputs\n", ran);
	return bad != 0 || ran == 0;
}
