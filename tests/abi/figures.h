/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of the kernel: compares its use before and after many repetitions. The
 * memory of processes is not measured.
 */
#ifndef ABI_FIGURES_H
#define ABI_FIGURES_H

/**
 * figures_steady() - repeat an operation; the kernel's memory must not grow
 * @cycle: operation
 * @data: argument of @cycle
 * @cycles: minimum number of repetitions
 *
 * The repetitions run in batches. The test passes as soon as a batch other than
 * the first leaves at most a few bytes for each cycle in slabs, and a few pages
 * in all. A leak shows in every batch, caches that fill only in some.
 */
void figures_steady(void (*cycle)(void *data), void *data, unsigned int cycles);

#endif
