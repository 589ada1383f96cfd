/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faulting memory: addresses at which a system call faults. It is never freed,
 * since the process of a case ends soon.
 */
#ifndef ABI_MEMORY_H
#define ABI_MEMORY_H

#include <stddef.h>

/* An address that can be neither read nor written. */
void *memory_forbidden(void);

/* @len bytes, at most a page, directly before such an address. */
void *memory_before_forbidden(size_t len);

/* A read-only copy of @len bytes. */
void *memory_read_only(const void *data, size_t len);

/* Size of a page in bytes. */
size_t memory_page(void);

#endif
