// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Region: maps private memory and grows it by mremap(2). It reserves no address
 * space in advance, because RLIMIT_AS and vm.overcommit_memory=2 count it.
 */
#include "region.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define CACHE_LINE 64

static gsize whole_pages(gsize bytes)
{
	return bytes & ~((gsize)getpagesize() - 1);
}

static gsize round_to_pages(gsize bytes)
{
	return whole_pages(bytes + (gsize)getpagesize() - 1);
}

static guint8 *mapping_of(const struct region *region)
{
	return region->base - region->lead;
}

void region_clear(struct region *region)
{
	if (region->base)
		munmap(mapping_of(region), region->mapped);
	region->base = NULL;
	region->ready = 0;
	region->resident = 0;
	region->mapped = 0;
}

void region_take(struct region *region, struct region *from)
{
	if (!from->base)
		return;
	region->base = from->base;
	region->lead = from->lead;
	region->ready = 0;
	region->resident = from->resident;
	region->mapped = from->mapped;
	from->base = NULL;
	from->ready = 0;
	from->resident = 0;
	from->mapped = 0;
}

/*
 * With huge pages, a short log would take 2 MiB. Kernels without transparent
 * huge pages return EINVAL, which is ignored.
 */
static void *map(gsize bytes)
{
	void *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (base != MAP_FAILED)
		madvise(base, bytes, MADV_NOHUGEPAGE);
	return base;
}

static int remap(struct region *region, gsize needed)
{
	gsize mapped = round_to_pages(needed);
	guint8 *mapping;

	if (mapped < needed)
		return -ENOMEM;
	if (mapped == region->mapped)
		return 0;
	mapping = region->base ? mremap(mapping_of(region), region->mapped,
					mapped, MREMAP_MAYMOVE) :
				 map(mapped);
	if (mapping == MAP_FAILED)
		return -ENOMEM;
	region->base = mapping + region->lead;
	region->mapped = mapped;
	region->resident = MIN(region->resident, mapped);
	region->ready = MIN(region->ready, mapped);
	return 0;
}

int region_resize(struct region *region, gsize bytes)
{
	gsize needed = region->lead + bytes;

	return needed < bytes ? -ENOMEM : remap(region, needed);
}

/* Bytes of a mapping that has room for this many, and for some ahead. */
static gsize with_ahead(gsize needed)
{
	return round_to_pages(needed) +
	       whole_pages(MIN(needed / 8, REGION_AHEAD_MAX));
}

static int map_room(struct region *region, gsize needed)
{
	gsize ahead = with_ahead(needed);

	if (ahead <= region->mapped)
		return 0;
	if (ahead >= needed &&
	    !remap(region, MAX(ahead, region->mapped + region->mapped / 4)))
		return 0;
	return needed <= region->mapped ? 0 : remap(region, needed);
}

static int populate(struct region *region, gsize needed)
{
	gsize end = MIN(with_ahead(needed), region->mapped);

	if (madvise(mapping_of(region) + region->resident,
		    end - region->resident, MADV_POPULATE_WRITE) &&
	    errno == ENOMEM)
		return -ENOMEM;
	region->ready = end;
	region->resident = end;
	return 0;
}

/*
 * Pages that were taken over are in no cache any more. To fetch many of them at
 * once delays few messages.
 */
static void fetch(struct region *region, gsize needed)
{
	gsize end = MIN(with_ahead(needed), region->resident);

	for (gsize i = region->ready; i < end; i += CACHE_LINE)
		__builtin_prefetch(mapping_of(region) + i, 1);
	region->ready = end;
}

/* Bytes of a mapping with room for @len more bytes; less than @len on overflow. */
static gsize needed_for(const struct region *region, gsize len)
{
	return region->lead + region->used + len;
}

int region_reserve(struct region *region, gsize len)
{
	gsize needed = needed_for(region, len);
	int error;

	if (needed < len)
		return -ENOMEM;
	if (needed <= region->ready)
		return 0;
	if (needed <= region->resident) {
		fetch(region, needed);
		return 0;
	}
	error = map_room(region, needed);
	return error ? error : populate(region, needed);
}

void region_trim(struct region *region)
{
	if (region->used)
		region_resize(region, region->used);
	else
		region_clear(region);
}

gboolean region_release(struct region *region)
{
	gsize kept = region->used ? with_ahead(needed_for(region, 0)) : 0;

	if (region->resident <= kept + REGION_AHEAD_MAX)
		return FALSE;
	if (kept)
		remap(region, kept);
	else
		region_clear(region);
	return TRUE;
}

gsize region_resident(const struct region *region)
{
	return region->resident;
}

gsize region_growth(const struct region *region, gsize len)
{
	gsize needed = needed_for(region, len);

	return needed <= region->resident ?
		       0 :
		       with_ahead(needed) - region->resident;
}

guint8 *region_tail(const struct region *region)
{
	return region->base + region->used;
}

void region_commit(struct region *region, gsize len)
{
	g_return_if_fail(len <= region->mapped &&
			 needed_for(region, 0) <= region->mapped - len);

	region->used += len;
}
