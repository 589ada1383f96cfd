/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A piece of memory that only grows at its end and never moves: address space
 * for all of it is set aside at once, pages come with their first use. It
 * knows nothing of what lies in it.
 */
#ifndef VMCFS_REGION_H
#define VMCFS_REGION_H

#include <glib.h>

/**
 * struct region - memory that grows in place
 * @base: its first byte, NULL once cleared
 * @used: bytes in use
 * @reserved: bytes it can hold
 */
struct region {
	guint8 *base;
	gsize used;
	gsize reserved;
};

/**
 * region_init() - set address space aside
 * @region: uninitialised
 * @reserve: bytes it can ever hold, above 0
 *
 * Return: 0 or -ENOMEM.
 */
int region_init(struct region *region, gsize reserve);

/**
 * region_clear() - give the memory back; @used keeps its value
 * @region: initialised, or cleared already
 */
void region_clear(struct region *region);

/**
 * region_room() - bytes that can still be added
 * @region: initialised
 */
gsize region_room(const struct region *region);

/**
 * region_resident() - bytes of memory it takes, whole pages
 * @region: any; 0 once cleared
 */
gsize region_resident(const struct region *region);

/**
 * region_tail() - where the next bytes go
 * @region: initialised; region_room() bytes may be written there
 */
guint8 *region_tail(const struct region *region);

/**
 * region_commit() - bytes were written at the tail: they are in use now
 * @region: initialised
 * @len: at most region_room()
 */
void region_commit(struct region *region, gsize len);

#endif
