// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arena: a heap with one free list for each size, and packed copies of the
 * heap, which contain only words that differ from a base.
 */
#include "arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define GRAIN 16
#define CLASSES (ARENA_SIZE / GRAIN)
#define WORDS (ARENA_SIZE / sizeof(uint64_t))

/* Bytes before each allocation that hold its size class. */
#define HEAD GRAIN

static struct {
	size_t used;
	uint32_t free[CLASSES]; /* offset of the first free one, or 0 */
	_Alignas(GRAIN) uint8_t bytes[ARENA_SIZE];
} heap;

static uint8_t base[ARENA_SIZE];
static uint32_t base_free[CLASSES];
static bool in_use;

void *__real_calloc(size_t n, size_t size);
void __real_free(void *memory);
void *__wrap_calloc(size_t n, size_t size);
void __wrap_free(void *memory);

void *__wrap_calloc(size_t n, size_t size)
{
	size_t class = (n * size + HEAD + GRAIN - 1) / GRAIN;
	uint32_t at;

	if (!in_use)
		return __real_calloc(n, size);
	at = class < CLASSES ? heap.free[class] : 0;
	if (at) {
		memcpy(&heap.free[class], heap.bytes + at, sizeof(at));
	} else {
		at = (uint32_t)heap.used + HEAD;
		heap.used += class * GRAIN;
		if (heap.used > ARENA_SIZE)
			abort();
	}
	memset(heap.bytes + at, 0, class * GRAIN - HEAD);
	memcpy(heap.bytes + at - HEAD, &class, sizeof(class));
	return heap.bytes + at;
}

void __wrap_free(void *memory)
{
	uint8_t *bytes = memory;
	uint32_t at;
	size_t class;

	if (bytes < heap.bytes || bytes >= heap.bytes + ARENA_SIZE) {
		__real_free(memory);
		return;
	}
	at = (uint32_t)(bytes - heap.bytes);
	memcpy(&class, bytes - HEAD, sizeof(class));
	/* Free memory is zeroed, which keeps packed copies short. */
	memset(bytes, 0, class * GRAIN - HEAD);
	memcpy(bytes, &heap.free[class], sizeof(at));
	heap.free[class] = at;
}

void arena_use(int on)
{
	in_use = on;
}

void arena_base(void)
{
	memcpy(base, heap.bytes, sizeof(base));
	memcpy(base_free, heap.free, sizeof(base_free));
}

/* A run of equal words and one of differing words, which follow. */
struct run {
	uint16_t same;
	uint16_t differ;
};

static size_t pack(uint8_t *to, const void *now, const void *then, size_t words)
{
	const uint8_t *a = now, *b = then;
	uint8_t *at = to;
	size_t i = 0, from;

	while (i < words) {
		struct run run;

		for (from = i; i < words && !memcmp(a + 8 * i, b + 8 * i, 8);)
			i++;
		run.same = (uint16_t)(i - from);
		for (from = i; i < words && memcmp(a + 8 * i, b + 8 * i, 8);)
			i++;
		run.differ = (uint16_t)(i - from);
		memcpy(at, &run, sizeof(run));
		memcpy(at + sizeof(run), a + 8 * from, 8 * run.differ);
		at += sizeof(run) + 8 * run.differ;
	}
	return (size_t)(at - to);
}

static const uint8_t *unpack(const uint8_t *from, void *to, size_t words)
{
	uint8_t *at = to;
	size_t i = 0;

	while (i < words) {
		struct run run;

		memcpy(&run, from, sizeof(run));
		from += sizeof(run);
		i += run.same;
		memcpy(at + 8 * i, from, 8 * run.differ);
		from += 8 * run.differ;
		i += run.differ;
	}
	return from;
}

size_t arena_pack(uint8_t *to)
{
	uint8_t *at = to;

	memcpy(at, &heap.used, sizeof(heap.used));
	at += sizeof(heap.used);
	at += pack(at, heap.free, base_free, sizeof(heap.free) / 8);
	at += pack(at, heap.bytes, base, WORDS);
	return (size_t)(at - to);
}

void arena_unpack(const uint8_t *from, size_t len)
{
	(void)len;
	memcpy(heap.bytes, base, sizeof(base));
	memcpy(heap.free, base_free, sizeof(base_free));
	memcpy(&heap.used, from, sizeof(heap.used));
	from += sizeof(heap.used);
	from = unpack(from, heap.free, sizeof(heap.free) / 8);
	unpack(from, heap.bytes, WORDS);
}
