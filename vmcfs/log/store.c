// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Store: stores records one after another, without alignment. It decides
 * neither when it is full nor when it is cleared.
 *
 * The messages of a segment are consecutive, and so are those that the records
 * refer to, except after a record for which there was no memory. So there is
 * one source for each segment and store.
 */
#include "store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "segment.h"

/* Bytes counted for a source: the structure and the overhead of the allocator. */
#define SOURCE_SIZE 64

/**
 * struct source - consecutive bytes of a segment that records refer to
 * @older: source before it in the same store, or NULL
 * @id: see struct segment
 * @segment: segment that has the bytes, or NULL if they are in the store
 * @from: offset of the first byte in the segment, or in store.kept
 * @len: number of bytes
 */
struct source {
	struct source *older;
	guint64 id;
	const struct segment *segment;
	gsize from;
	gsize len;
};

G_STATIC_ASSERT(sizeof(struct source) < SOURCE_SIZE);

/* Head of a record: followed by its bytes, or by an offset in the source. */
struct head {
	struct record record;
	struct source *source;
};

void store_clear(struct store *store)
{
	struct source *source = store->newest;

	while (source) {
		struct source *older = source->older;

		g_free(source);
		source = older;
	}
	region_clear(&store->records);
	region_clear(&store->kept);
	*store = (struct store){ 0 };
}

void store_take(struct store *store, struct store *from)
{
	if (!store->records.base)
		region_take(&store->records, &from->records);
}

gboolean store_trim(struct store *store)
{
	gsize before = region_resident(&store->records);

	region_trim(&store->records);
	return region_resident(&store->records) < before;
}

static int reserve(struct store *store, gsize tail)
{
	return region_reserve(&store->records, sizeof(struct head) + tail);
}

/* The room was reserved. */
static void append(struct store *store, const struct head *head,
		   gconstpointer tail, gsize len)
{
	guint8 *to = region_tail(&store->records);

	memcpy(to, head, sizeof(*head));
	if (len)
		memcpy(to + sizeof(*head), tail, len);
	region_commit(&store->records, sizeof(*head) + len);
}

int store_add(struct store *store, const struct record *record,
	      gconstpointer data)
{
	const struct head head = { .record = *record };
	int error = reserve(store, record->len);

	if (!error)
		append(store, &head, data, record->len);
	return error;
}

static struct source *add_source(struct store *store,
				 const struct segment *segment, gsize from)
{
	struct source *source = g_new(struct source, 1);

	*source = (struct source){ .older = store->newest,
				   .id = segment->id,
				   .segment = segment,
				   .from = from };
	store->newest = source;
	store->sources++;
	return source;
}

/* Return: the source that ends at the offset @end of the segment. */
static struct source *source_at(struct store *store,
				const struct segment *segment, gsize end)
{
	struct source *newest = store->newest;

	if (newest && newest->segment == segment &&
	    newest->from + newest->len == end)
		return newest;
	return add_source(store, segment, end);
}

int store_refer(struct store *store, const struct record *record,
		const struct segment *segment)
{
	struct head head = { .record = *record };
	gsize from = segment_size(segment) - record->len;
	int error = reserve(store, sizeof(from));

	if (error)
		return error;
	head.source = source_at(store, segment, from);
	append(store, &head, &head.source->len, sizeof(head.source->len));
	head.source->len += record->len;
	store->referred += record->len;
	return 0;
}

/* Without pages ahead, since store_memory() counts none. */
static int keep_source(struct store *store, struct source *source)
{
	gsize at = store->kept.used;
	int error = region_resize(&store->kept, at + source->len);

	if (error)
		return error;
	memcpy(region_tail(&store->kept),
	       segment_data(source->segment) + source->from, source->len);
	region_commit(&store->kept, source->len);
	source->from = at;
	source->segment = NULL;
	return 0;
}

int store_keep(struct store *store, const struct segment *segment)
{
	struct source *source = store->newest;
	int error = 0;

	while (!error && source && source->id >= segment->id) {
		if (source->segment == segment)
			error = keep_source(store, source);
		source = source->older;
	}
	return error;
}

gboolean store_begins_before(const struct store *store,
			     const struct segment *segment)
{
	return store->newest && store->newest->id < segment->id;
}

static const guint8 *source_data(const struct store *store,
				 const struct source *source)
{
	const guint8 *base = source->segment ? segment_data(source->segment) :
					       store->kept.base;

	return base + source->from;
}

gsize store_get(const struct store *store, gsize at, struct record *record,
		const guint8 **data)
{
	struct head head;
	gsize offset;

	memcpy(&head, store->records.base + at, sizeof(head));
	at += sizeof(head);
	*record = head.record;
	if (!head.source) {
		*data = store->records.base + at;
		return at + record->len;
	}
	memcpy(&offset, store->records.base + at, sizeof(offset));
	*data = source_data(store, head.source) + offset;
	return at + sizeof(offset);
}

gsize store_size(const struct store *store)
{
	return store->records.used + store->referred +
	       (gsize)store->sources * SOURCE_SIZE;
}

/* Bytes that were copied end within a page. */
static gsize last_page(void)
{
	return (gsize)getpagesize();
}

gsize store_memory(const struct store *store)
{
	gsize memory = region_resident(&store->records);

	if (store->referred)
		memory += store->referred + last_page() +
			  (gsize)store->sources * SOURCE_SIZE;
	return memory;
}

gsize store_growth(const struct store *store, guint records, gsize copied,
		   gsize referred)
{
	gsize heads = records * sizeof(struct head);

	if (!referred)
		return region_growth(&store->records, heads + copied);
	return region_growth(&store->records, heads + sizeof(gsize) + copied) +
	       referred + SOURCE_SIZE + (store->referred ? 0 : last_page());
}
