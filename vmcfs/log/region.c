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

void region_clear(struct region *region)
{
	if (region->base)
		munmap(region->base, region->mapped);
	region->base = NULL;
	region->ready = 0;
	region->resident = 0;
	region->mapped = 0;
}

void region_take(struct region *region, struct region *from)
{
	region->base = from->base;
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

int region_resize(struct region *region, gsize bytes)
{
	gsize mapped = round_to_pages(bytes);
	void *base;

	if (mapped < bytes)
		return -ENOMEM;
	if (mapped == region->mapped)
		return 0;
	base = region->base ? mremap(region->base, region->mapped, mapped,
				     MREMAP_MAYMOVE) :
			      map(mapped);
	if (base == MAP_FAILED)
		return -ENOMEM;
	region->base = base;
	region->mapped = mapped;
	region->resident = MIN(region->resident, mapped);
	region->ready = MIN(region->ready, mapped);
	return 0;
}

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
	    !region_resize(region,
			   MAX(ahead, region->mapped + region->mapped / 4)))
		return 0;
	return needed <= region->mapped ? 0 : region_resize(region, needed);
}

static int populate(struct region *region, gsize needed)
{
	gsize end = MIN(with_ahead(needed), region->mapped);

	if (madvise(region->base + region->resident, end - region->resident,
		    MADV_POPULATE_WRITE) &&
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
		__builtin_prefetch(region->base + i, 1);
	region->ready = end;
}

int region_reserve(struct region *region, gsize len)
{
	gsize needed = region->used + len;
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
	gsize kept = with_ahead(region->used);

	if (region->resident <= kept + REGION_AHEAD_MAX)
		return FALSE;
	if (kept)
		region_resize(region, kept);
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
	gsize needed = region->used + len;

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
	g_return_if_fail(len <= region->mapped - region->used);

	region->used += len;
}
