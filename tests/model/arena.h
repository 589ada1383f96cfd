/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of fixed place from which everything of a pair is allocated, so that a
 * copy of it is a copy of the pair. Allocations of the program go there while the
 * arena is in use. A program that links it wraps calloc and free at link time.
 */
#ifndef TESTS_MODEL_ARENA_H
#define TESTS_MODEL_ARENA_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the arena, and of the longest packed copy. */
#define ARENA_SIZE 65536
#define ARENA_PACKED_MAX (ARENA_SIZE + ARENA_SIZE / 2)

/* Begin, or end, to allocate from the arena. */
void arena_use(int on);
/* What is in the arena now is what copies are packed against. */
void arena_base(void);
/* Pack a copy into @to, ARENA_PACKED_MAX bytes; return its length. */
size_t arena_pack(uint8_t *to);
/* Bring the arena to what it was when @from was packed. */
void arena_unpack(const uint8_t *from, size_t len);

#endif
