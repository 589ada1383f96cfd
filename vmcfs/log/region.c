// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Growing memory over one private mapping. It does not count what others take.
 */
#include "region.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static gsize round_to_pages(gsize bytes)
{
	gsize page = (gsize)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

int region_init(struct region *region, gsize reserve)
{
	void *base = mmap(NULL, reserve, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (base == MAP_FAILED)
		return -ENOMEM;
	*region = (struct region){ .base = base, .reserved = reserve };
	return 0;
}

void region_clear(struct region *region)
{
	if (region->base)
		munmap(region->base, region->reserved);
	region->base = NULL;
}

gsize region_room(const struct region *region)
{
	return region->reserved - region->used;
}

gsize region_resident(const struct region *region)
{
	return region->base ? round_to_pages(region->used) : 0;
}

guint8 *region_tail(const struct region *region)
{
	return region->base + region->used;
}

void region_commit(struct region *region, gsize len)
{
	g_return_if_fail(region->base && len <= region_room(region));

	region->used += len;
}
