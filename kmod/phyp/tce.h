/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table behind the partition's DMA window: which I/O address is which
 * memory, and what the hypervisor may do with it. Pages of it are 4 KiB, however
 * large the partition's are. The partition fills it; nothing is mapped by
 * itself.
 *
 * Locking: the caller serialises all calls.
 */
#ifndef PHYP_TCE_H
#define PHYP_TCE_H

#include <linux/sizes.h>
#include <linux/types.h>

/* Bytes of a page of it. */
#define PHYP_TCE_PAGE SZ_4K

/* Bytes of the window: enough for what a driver can be asked to map. */
#define PHYP_TCE_WINDOW SZ_128M

/**
 * struct phyp_tce_table - the table
 * @entries: one for each page of the window
 * @mapped: how many of them map something
 */
struct phyp_tce_table {
	u64 *entries;
	unsigned int mapped;
};

/**
 * phyp_tce_init() - make an empty table
 * @table: filled
 *
 * Return: 0 or -ENOMEM.
 */
int phyp_tce_init(struct phyp_tce_table *table);

/**
 * phyp_tce_clear() - end it
 * @table: any
 */
void phyp_tce_clear(struct phyp_tce_table *table);

/**
 * phyp_tce_put() - H_PUT_TCE, and H_STUFF_TCE for many
 * @table: any
 * @ioba: of the first page
 * @tce: for each of them
 * @count: pages
 *
 * Return: H_SUCCESS; H_PARAMETER if a page is outside the window or the memory
 * is none, and nothing is changed.
 */
long phyp_tce_put(struct phyp_tce_table *table, u64 ioba, u64 tce, u64 count);

/**
 * phyp_tce_put_list() - H_PUT_TCE_INDIRECT
 * @table: any
 * @ioba: of the first page
 * @list: real address of a list of TCEs
 * @count: pages, as many as a list of 4 KiB can hold at most
 *
 * Return: as phyp_tce_put(), but the pages before the wrong one are changed.
 */
long phyp_tce_put_list(struct phyp_tce_table *table, u64 ioba, u64 list,
		       u64 count);

/**
 * phyp_tce_get() - H_GET_TCE
 * @table: any
 * @ioba: of a page
 * @tce: set on success
 *
 * Return: H_SUCCESS, H_PARAMETER.
 */
long phyp_tce_get(const struct phyp_tce_table *table, u64 ioba,
		  unsigned long *tce);

/**
 * phyp_tce_check() - may memory be read, or written
 * @table: any
 * @ioba: where it begins
 * @len: its bytes
 * @write: write to it
 *
 * Return: H_SUCCESS, H_PARAMETER if some of it is not mapped, H_PERMISSION if it
 * is, but not for that.
 */
long phyp_tce_check(const struct phyp_tce_table *table, u64 ioba, u64 len,
		    bool write);

/**
 * phyp_tce_read() - copy from the partition's memory
 * @table: any
 * @ioba: where it begins; phyp_tce_check() has said yes
 * @to: @len bytes
 * @len: bytes
 */
void phyp_tce_read(const struct phyp_tce_table *table, u64 ioba, void *to,
		   u64 len);

/**
 * phyp_tce_write() - copy to the partition's memory
 * @table: any
 * @ioba: where it begins; phyp_tce_check() has said yes
 * @from: @len bytes
 * @len: bytes
 */
void phyp_tce_write(const struct phyp_tce_table *table, u64 ioba,
		    const void *from, u64 len);

/**
 * phyp_tce_span() - memory that is mapped in one piece
 * @table: any
 * @ioba: where it begins
 * @len: its bytes, not 0
 *
 * Return: the memory, or NULL if some of it is not mapped for reading and
 * writing, or its pages do not follow each other.
 */
void *phyp_tce_span(const struct phyp_tce_table *table, u64 ioba, u64 len);

#endif
