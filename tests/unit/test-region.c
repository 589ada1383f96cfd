// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory that grows at its end: it stays where it is, and takes what is used.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "log-messages.h"
#include "log/region.h"

static struct region region;
static gsize page;

static void setup(void)
{
	page = messages_page();
	cr_assert_eq(region_init(&region, 3 * page), 0);
}

static void teardown(void)
{
	region_clear(&region);
}

TestSuite(region, .init = setup, .fini = teardown);

Test(region, begins_empty)
{
	cr_expect_not_null(region.base);
	cr_expect_eq(region.used, 0);
	cr_expect_eq(region.reserved, 3 * page);
	cr_expect_eq(region_room(&region), 3 * page);
	cr_expect_eq(region_resident(&region), 0);
	cr_expect_eq(region_tail(&region), region.base);
}

Test(region, grows_in_place)
{
	const guint8 *base = region.base;

	for (guint i = 0; i < 3 * page; i++) {
		cr_assert_eq(region_tail(&region), base + i);
		*region_tail(&region) = (guint8)(i * 7);
		region_commit(&region, 1);
	}
	cr_expect_eq(region.base, base);
	cr_expect_eq(region_room(&region), 0);
	for (guint i = 0; i < 3 * page; i++)
		cr_assert_eq(base[i], (guint8)(i * 7));
}

/* Who writes more than it commits has written nothing. */
Test(region, counts_what_is_committed)
{
	memset(region_tail(&region), 1, 100);
	region_commit(&region, 10);
	cr_expect_eq(region.used, 10);
	cr_expect_eq(region_room(&region), 3 * page - 10);
	cr_expect_eq(region_tail(&region), region.base + 10);
	region_commit(&region, 0);
	cr_expect_eq(region.used, 10);
}

Test(region, is_resident_in_whole_pages)
{
	region_commit(&region, 1);
	cr_expect_eq(region_resident(&region), page);
	region_commit(&region, page - 1);
	cr_expect_eq(region_resident(&region), page);
	region_commit(&region, 1);
	cr_expect_eq(region_resident(&region), 2 * page);
	region_commit(&region, 2 * page - 1);
	cr_expect_eq(region_resident(&region), 3 * page);
}

Test(region, a_cleared_one_remembers_its_size)
{
	region_commit(&region, page + 5);
	region_clear(&region);
	cr_expect_null(region.base);
	cr_expect_eq(region.used, page + 5);
	cr_expect_eq(region_resident(&region), 0);
	region_clear(&region);
	cr_expect_eq(region.used, page + 5);
}

Test(region, address_space_is_not_memory)
{
	struct region large;

	cr_assert_eq(region_init(&large, (gsize)1 << 32), 0);
	large.base[((gsize)1 << 32) - 1] = 1;
	cr_expect_eq(region_resident(&large), 0);
	region_clear(&large);
}

Test(region, says_when_there_is_no_address_space)
{
	struct region none;

	cr_expect_eq(region_init(&none, G_MAXSIZE / 2), -ENOMEM);
}
