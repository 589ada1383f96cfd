// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replay: runs a target with the inputs of corpora and prints TAP. It does not
 * use libFuzzer. A corpus is a text with one input on each line, in hexadecimal
 * digits; lines that begin with "#" are comments.
 *
 * usage: replay CORPUS...
 */
#include <libgen.h>

#include "input.h"

static int digit(char c)
{
	const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, c);

	return c && at ? (int)(at - digits) : -1;
}

/* Returns the number of bytes, or -1 if the line is no input. */
static long decode(const char *line, uint8_t *to)
{
	long len = 0;

	while (digit(line[0]) >= 0 && digit(line[1]) >= 0) {
		to[len++] = (uint8_t)(digit(line[0]) << 4 | digit(line[1]));
		line += 2;
	}
	return *line == '\n' ? len : -1;
}

/* The copy has the length of the input, so that overreads are detected. */
static void run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		abort();
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static int replay(FILE *file)
{
	char *line = NULL;
	size_t size = 0;
	int count = 0;

	while (getline(&line, &size, file) > 0) {
		uint8_t *data = malloc(size);
		long len = line[0] == '#' ? -1 : decode(line, data);

		if (len >= 0) {
			run(data, (size_t)len);
			count++;
		}
		free(data);
	}
	free(line);
	return count;
}

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "r");
	int count;

	if (!file) {
		perror(path);
		exit(66);
	}
	count = replay(file);
	fclose(file);
	return count;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int count = replay_file(argv[i]);

		printf("%s %d - %s: %d inputs\n", count ? "ok" : "not ok", i,
		       basename(argv[i]), count);
	}
	printf("1..%d\n", argc - 1);
	return 0;
}
