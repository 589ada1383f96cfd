/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Region: memory that grows at its end by whole pages, and may move when it
 * does. It neither interprets its contents nor limits its size.
 */
#ifndef VMCFS_REGION_H
#define VMCFS_REGION_H

#include <glib.h>

/**
 * struct region - memory that grows at its end
 * @base: address of the first byte, NULL while nothing is mapped
 * @lead: bytes of the mapping before the first one, less than a page; it is set
 *	while nothing is mapped
 * @used: bytes in use
 * @ready: bytes from the start of the mapping that were populated or fetched; at
 *	most @resident
 * @resident: bytes from the start of the mapping whose pages take memory; a multiple
 *	of the page size
 * @mapped: bytes of the mapping, a multiple of the page size
 *
 * A region of zeros, or of zeros and @lead, is empty and maps nothing.
 */
struct region {
	guint8 *base;
	gsize lead;
	gsize used;
	gsize ready;
	gsize resident;
	gsize mapped;
};

/*
 * Maximum number of bytes that are populated ahead. A page fault for each page
 * takes longer than the copy of a message into it; larger steps delay the
 * messages that meet them, and save no more.
 */
#define REGION_AHEAD_MAX (64 * 1024)

/**
 * region_clear() - unmap the memory
 * @region: region, empty or not
 *
 * @used keeps its value, the size of the former contents.
 */
void region_clear(struct region *region);

/**
 * region_take() - take over the memory of another region
 * @region: region that maps nothing
 * @from: region, empty or not; it maps nothing afterwards, and its @used keeps
 *	its value
 *
 * @region gets the lead of @from, unless that maps nothing.
 */
void region_take(struct region *region, struct region *from);

/**
 * region_reserve() - map and populate room for more bytes
 * @region: region, empty or not
 * @len: bytes to add after the last byte in use
 *
 * Pointers into the region are invalid afterwards. The mapping grows by at
 * least a quarter if memory permits, and an eighth of the bytes in use, but at
 * most REGION_AHEAD_MAX, is populated ahead, so that short messages need few
 * system calls. Kernels before 5.14 cannot populate; there the pages count as
 * populated before they are.
 *
 * Return: 0, or -ENOMEM if the kernel refused the memory.
 */
int region_reserve(struct region *region, gsize len);

/**
 * region_trim() - unmap the pages that are not in use
 * @region: region, empty or not
 */
void region_trim(struct region *region);

/**
 * region_release() - unmap pages that were taken over and are not needed yet
 * @region: region, empty or not
 *
 * Pages that region_reserve() populates ahead stay.
 *
 * Return: TRUE if there were such pages.
 */
gboolean region_release(struct region *region);

/**
 * region_resize() - map a given number of bytes
 * @region: region, empty or not
 * @bytes: new size in bytes, at least 1
 *
 * The pages above @bytes are unmapped. Pointers into the region are invalid
 * afterwards.
 *
 * Return: 0, or -ENOMEM if the kernel refused the memory.
 */
int region_resize(struct region *region, gsize bytes);

/**
 * region_resident() - compute the memory taken by a region
 * @region: region, empty or not, that grows by region_reserve()
 *
 * Return: bytes of whole pages; 0 after region_clear().
 */
gsize region_resident(const struct region *region);

/**
 * region_growth() - compute the memory that more bytes would take
 * @region: region, empty or not
 * @len: bytes to add after the last byte in use
 *
 * Return: maximum increase of region_resident() by region_reserve().
 */
gsize region_growth(const struct region *region, gsize len);

/**
 * region_tail() - get the end of the bytes in use
 * @region: region; region_reserve() succeeded
 *
 * Return: address of the room for the next bytes.
 */
guint8 *region_tail(const struct region *region);

/**
 * region_commit() - count bytes at the tail as in use
 * @region: region; region_reserve() succeeded
 * @len: bytes written at the tail, within the reserved room
 */
void region_commit(struct region *region, gsize len);

#endif
