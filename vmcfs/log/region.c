// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Region: maps private memory and grows it by mremap(2). It reserves no address
 * space in advance, because RLIMIT_AS and vm.overcommit_memory=2 count it.
 */
#include "region.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static gsize round_to_pages(gsize bytes)
{
	gsize page = (gsize)getpagesize();

	return (bytes + page - 1) & ~(page - 1);
}

void region_clear(struct region *region)
{
	if (region->base)
		munmap(region->base, region->mapped);
	region->base = NULL;
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
	return 0;
}

int region_reserve(struct region *region, gsize len)
{
	gsize needed = region->used + len;

	if (needed < len)
		return -ENOMEM;
	if (needed <= region->mapped)
		return 0;
	if (region->base &&
	    !region_resize(region,
			   MAX(needed, region->mapped + region->mapped / 4)))
		return 0;
	return region_resize(region, needed);
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
	return region->base ? round_to_pages(region->used) : 0;
}

gsize region_growth(const struct region *region, gsize len)
{
	return round_to_pages(region->used + len) -
	       round_to_pages(region->used);
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
