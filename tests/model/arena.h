/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arena: memory at a fixed address for all allocations of a pair, so that a
 * copy of the memory is a copy of the pair. Allocations of the program use the
 * arena only while the arena is enabled. Programs wrap calloc and free at link
 * time.
 */
#ifndef TESTS_MODEL_ARENA_H
#define TESTS_MODEL_ARENA_H

#include <stddef.h>
#include <stdint.h>

/* Size of the arena and of the longest packed copy, in bytes. */
#define ARENA_SIZE 65536
#define ARENA_PACKED_MAX (ARENA_SIZE + ARENA_SIZE / 2)

/* Enables or disables allocation from the arena. */
void arena_use(int on);
/* Makes the present contents the base of packed copies. */
void arena_base(void);
/* Packs a copy into @to, ARENA_PACKED_MAX bytes; returns its length. */
size_t arena_pack(uint8_t *to);
/* Restores the contents that were packed into @from. */
void arena_unpack(const uint8_t *from, size_t len);

#endif
