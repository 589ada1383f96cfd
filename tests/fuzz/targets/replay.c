// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a target over the inputs of a corpus, without libFuzzer. A corpus is a
 * text: lines of hexadecimal digits, one input each; lines that begin with "#"
 * are comments. Speaks TAP.
 *
 * usage: replay CORPUS
 */
#include <libgen.h>

#include "input.h"

static int digit(char c)
{
	const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, c);

	return c && at ? (int)(at - digits) : -1;
}

/* Return: bytes, or -1 if the line is no input. */
static long decode(const char *line, uint8_t *to)
{
	long len = 0;

	while (digit(line[0]) >= 0 && digit(line[1]) >= 0) {
		to[len++] = (uint8_t)(digit(line[0]) << 4 | digit(line[1]));
		line += 2;
	}
	return *line == '\n' ? len : -1;
}

/* The copy is as long as the input: reading behind it is an error. */
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

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	int count;

	if (!file) {
		fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
		return 64;
	}
	count = replay(file);
	fclose(file);
	printf("%s 1 - %s: %d inputs\n1..1\n", count ? "ok" : "not ok",
	       basename(argv[1]), count);
	return count ? 0 : 1;
}
