/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that a system call meets with a fault. What is got here is never given
 * back: the process of a case ends soon.
 */
#ifndef ABI_MEMORY_H
#define ABI_MEMORY_H

#include <stddef.h>

/* An address where nothing may be read or written. */
void *memory_forbidden(void);

/* @len bytes, at most a page, right before such an address. */
void *memory_before_forbidden(size_t len);

/* A copy of @len bytes that may be read, but not written. */
void *memory_read_only(const void *data, size_t len);

/* Bytes of a page. */
size_t memory_page(void);

#endif
