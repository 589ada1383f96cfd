// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Region: maps private memory and grows it by mremap(2). It reserves no address
 * space in advance, because RLIMIT_AS and vm.overcommit_memory=2 count it.
 */
#include "region.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

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
	region->populated = 0;
	region->mapped = 0;
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
	region->populated = MIN(region->populated, mapped);
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

	if (madvise(region->base + region->populated, end - region->populated,
		    MADV_POPULATE_WRITE) &&
	    errno == ENOMEM)
		return -ENOMEM;
	region->populated = end;
	return 0;
}

int region_reserve(struct region *region, gsize len)
{
	gsize needed = region->used + len;
	int error;

	if (needed < len)
		return -ENOMEM;
	if (needed <= region->populated)
		return 0;
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

gsize region_resident(const struct region *region)
{
	return region->populated;
}

gsize region_growth(const struct region *region, gsize len)
{
	gsize needed = region->used + len;

	return needed <= region->populated ?
		       0 :
		       with_ahead(needed) - region->populated;
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
