/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Store: consecutive records in memory. The bytes of a received message stay in
 * its segment of the log of messages, and are copied only if the segment is
 * dropped before the record. It numbers no records, and makes no lines.
 */
#ifndef VMCFS_STORE_H
#define VMCFS_STORE_H

#include <glib.h>

#include "record.h"
#include "region.h"

struct segment;
struct source;

/**
 * struct store - consecutive records
 * @records: records, each followed by its bytes or by their position
 * @kept: bytes copied from segments that were dropped
 * @referred: number of bytes that records refer to, in segments or in @kept
 * @newest: newest range of a segment that records refer to, or NULL
 * @sources: number of these ranges
 *
 * A store of zeros is empty.
 */
struct store {
	struct region records;
	struct region kept;
	gsize referred;
	struct source *newest;
	guint sources;
};

/**
 * store_clear() - free the records
 * @store: store, empty or not
 */
void store_clear(struct store *store);

/**
 * store_take() - take over the memory of another store for new records
 * @store: store without records and without memory
 * @from: store to be cleared
 */
void store_take(struct store *store, struct store *from);

/**
 * store_trim() - unmap pages of records that are not in use
 * @store: store, empty or not
 *
 * Return: TRUE if there were such pages.
 */
gboolean store_trim(struct store *store);

/**
 * store_add() - add a record with a copy of its bytes
 * @store: store, empty or not
 * @record: record of @record->len bytes
 * @data: these bytes; may be NULL if there are none
 *
 * Return: 0, or -ENOMEM if the kernel refused the memory.
 */
int store_add(struct store *store, const struct record *record,
	      gconstpointer data);

/**
 * store_refer() - add a record that refers to the last message of a segment
 * @store: store, empty or not
 * @record: record of @record->len bytes, above 0
 * @segment: segment that ends with these bytes; store_keep() must be called
 *	before it is dropped
 *
 * Return: 0, or -ENOMEM if the kernel refused the memory.
 */
int store_refer(struct store *store, const struct record *record,
		const struct segment *segment);

/**
 * store_keep() - copy the bytes that records refer to in a segment
 * @store: store, empty or not
 * @segment: segment that is about to be dropped
 *
 * The memory was counted by store_memory() before.
 *
 * Return: 0; -ENOMEM if the kernel refused the memory: clear the store.
 */
int store_keep(struct store *store, const struct segment *segment);

/**
 * store_begins_before() - check whether records may refer to an older segment
 * @store: store, empty or not
 * @segment: segment that is not dropped
 *
 * Return: TRUE unless all segments that records refer to are @segment or newer.
 */
gboolean store_begins_before(const struct store *store,
			     const struct segment *segment);

/**
 * store_get() - get a record
 * @store: store with records
 * @at: offset of the record, 0 for the first one
 * @record: set to the record
 * @data: set to its bytes, valid until a record or a message is added or dropped
 *
 * Return: the offset of the next record.
 */
gsize store_get(const struct store *store, gsize at, struct record *record,
		const guint8 **data);

/**
 * store_size() - compute the size of the records
 * @store: store, empty or not
 *
 * Return: bytes, including those in segments.
 */
gsize store_size(const struct store *store);

/**
 * store_memory() - compute the memory of the records
 * @store: store, empty or not
 *
 * Bytes in segments count as if store_keep() had copied them.
 *
 * Return: bytes, for regions those of whole pages.
 */
gsize store_memory(const struct store *store);

/**
 * store_growth() - compute the memory that more records would take
 * @store: store, empty or not
 * @records: number of records to add
 * @copied: bytes that they contain
 * @referred: bytes in segments that they refer to
 *
 * Return: maximum increase of store_memory().
 */
gsize store_growth(const struct store *store, guint records, gsize copied,
		   gsize referred);

#endif
