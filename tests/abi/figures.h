/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much memory the kernel uses, before and after something is done very
 * often.
 */
#ifndef ABI_FIGURES_H
#define ABI_FIGURES_H

/**
 * figures_steady() - do something often; the kernel's memory must not grow
 * @cycle: what is done
 * @data: handed to @cycle
 * @cycles: how often, at least
 *
 * It is done in batches, and passes as soon as one of them, not the first, left
 * no more behind than a few bytes a cycle in slabs, and a few pages in all. A
 * loss in each cycle is in every batch; caches that fill are only in some.
 */
void figures_steady(void (*cycle)(void *data), void *data, unsigned int cycles);

#endif
