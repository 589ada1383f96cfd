/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input: takes numbers and strings from the bytes of a fuzzer's input. It
 * checks nothing; after the end every number is 0.
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Entry point, called by libFuzzer or by replay.c; always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reports a violation and ends the program. */
#define INPUT_CHECK(condition)                                             \
	do {                                                               \
		if (!(condition)) {                                        \
			fprintf(stderr, "%s:%d: violated: %s\n", __FILE__, \
				__LINE__, #condition);                     \
			abort();                                           \
		}                                                          \
	} while (0)

/**
 * struct input - rest of an input
 * @data: next byte
 * @left: number of bytes from @data on
 */
struct input {
	const uint8_t *data;
	size_t left;
};

/**
 * input_bytes() - take up to @size bytes
 * @input: input
 * @size: number of requested bytes
 * @taken: receives the number of available bytes
 */
static inline const uint8_t *input_bytes(struct input *input, size_t size,
					 size_t *taken)
{
	const uint8_t *data = input->data;

	*taken = size < input->left ? size : input->left;
	if (*taken)
		input->data += *taken;
	input->left -= *taken;
	return data;
}

/**
 * input_number() - take a number of @size bytes
 * @input: input
 * @size: size in bytes, 1 to 8
 */
static inline uint64_t input_number(struct input *input, size_t size)
{
	uint64_t number = 0;
	size_t taken;
	const uint8_t *data = input_bytes(input, size, &taken);

	for (size_t i = 0; i < taken; i++)
		number |= (uint64_t)data[i] << 8 * i;
	return number;
}

#endif
