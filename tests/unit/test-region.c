// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Region: tests that a region grows by whole pages, keeps its bytes when it
 * moves, and maps no more than it needs. It does not test the budget.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "log-messages.h"
#include "log/region.h"

static struct region region;
static gsize page;

static void setup(void)
{
	page = messages_page();
	region = (struct region){ 0 };
}

static void teardown(void)
{
	region_clear(&region);
}

TestSuite(region, .init = setup, .fini = teardown);

static void add(gsize len)
{
	cr_assert_eq(region_reserve(&region, len), 0);
	memset(region_tail(&region), (int)region.used, len);
	region_commit(&region, len);
}

Test(region, begins_empty_and_unmapped)
{
	cr_expect_null(region.base);
	cr_expect_eq(region.mapped, 0);
	cr_expect_eq(region_resident(&region), 0);
	region_clear(&region);
	region_trim(&region);
	cr_expect_null(region.base);
}

Test(region, keeps_its_bytes_when_it_grows)
{
	for (guint i = 0; i < 40 * page; i++) {
		cr_assert_eq(region_reserve(&region, 1), 0);
		*region_tail(&region) = (guint8)(i * 7);
		region_commit(&region, 1);
	}
	for (guint i = 0; i < 40 * page; i++)
		cr_assert_eq(region.base[i], (guint8)(i * 7));
}

Test(region, maps_at_most_a_quarter_more_than_it_populates)
{
	for (guint i = 0; i < 1000; i++) {
		add(page / 2);
		cr_assert_leq(region.mapped,
			      region.resident + region.resident / 4 + page);
		cr_assert_eq(region.mapped % page, 0);
	}
}

Test(region, grows_in_few_steps)
{
	guint steps = 0;

	for (guint i = 0; i < 4000; i++) {
		gsize before = region.mapped;

		add(page);
		steps += region.mapped != before;
	}
	cr_expect_lt(steps, 40, "%u steps", steps);
}

Test(region, ignores_bytes_that_are_not_committed)
{
	add(10);
	cr_assert_eq(region_reserve(&region, 100), 0);
	memset(region_tail(&region), 1, 100);
	region_commit(&region, 0);
	cr_expect_eq(region.used, 10);
	cr_expect_eq(region_tail(&region), region.base + 10);
}

Test(region, is_resident_in_whole_pages)
{
	cr_expect_eq(region_growth(&region, 1), page);
	add(1);
	cr_expect_eq(region_resident(&region), page);
	cr_expect_eq(region_growth(&region, page - 1), 0);
	cr_expect_eq(region_growth(&region, page), page);
	add(page - 1);
	cr_expect_eq(region_resident(&region), page);
	add(1);
	cr_expect_eq(region_resident(&region), 2 * page);
}

Test(region, begins_at_an_offset_if_it_has_a_lead)
{
	region.lead = 100;
	cr_expect_eq(region_growth(&region, page - 100), page);
	add(page - 100);
	cr_expect_eq(region_resident(&region), page);
	for (guint i = 0; i < 50; i++) {
		add(page);
		cr_assert_eq((guintptr)region.base % page, 100);
		cr_assert_geq(region.resident, 100 + region.used);
	}
	region_trim(&region);
	cr_expect_eq(region.mapped, 51 * page);
	cr_assert_eq(region_resize(&region, 2 * page), 0);
	cr_expect_eq(region.mapped, 3 * page);
	region_clear(&region);
	cr_expect_eq(region.mapped, 0);
}

/* Returns the number of pages of a range that are in memory. */
static gsize resident(const guint8 *base, gsize bytes)
{
	g_autofree guint8 *pages = g_malloc(bytes / page);
	gsize count = 0;

	cr_assert_eq(mincore((void *)base, bytes, pages), 0);
	for (gsize i = 0; i < bytes / page; i++)
		count += pages[i] & 1;
	return count;
}

Test(region, populates_an_eighth_ahead_at_most)
{
	for (guint i = 0; i < 3000; i++) {
		gsize before = region.resident;

		cr_assert_leq(region_growth(&region, page / 2),
			      page / 2 + page +
				      MIN(region.used / 8 + page,
					  REGION_AHEAD_MAX));
		add(page / 2);
		cr_assert_geq(region.resident, MAX(region.used, before));
		cr_assert_leq(region.resident,
			      region.used + page +
				      MIN(region.used / 8, REGION_AHEAD_MAX));
	}
}

Test(region, counts_the_pages_that_are_in_memory)
{
	for (guint i = 0; i < 300; i++) {
		cr_assert_eq(region_reserve(&region, 3 * page / 2), 0);
		region_commit(&region, 3 * page / 2);
		cr_assert_leq(resident(region.base, region.mapped) * page,
			      region_resident(&region));
	}
	region_trim(&region);
	cr_expect_eq(region_resident(&region), 450 * page);
	cr_expect_leq(resident(region.base, region.mapped), 450);
}

static void take_over(struct region *from, guint pages)
{
	cr_assert_eq(region_reserve(from, pages * page), 0);
	memset(region_tail(from), 0xff, pages * page);
	region_commit(from, pages * page);
	region_trim(from);
	region_take(&region, from);
}

Test(region, taken_over_is_empty_and_keeps_its_pages)
{
	struct region from = { 0 };
	const guint8 *base;

	take_over(&from, 1000);
	base = region.base;
	cr_expect_null(from.base);
	cr_expect_eq(from.used, 1000 * page);
	cr_expect_eq(region_resident(&from), 0);
	cr_expect_eq(region.used, 0);
	for (guint i = 0; i < 1000; i++) {
		cr_assert_eq(region_growth(&region, page), 0);
		add(page);
		cr_assert_eq(region_resident(&region), 1000 * page);
	}
	cr_expect_eq(region.base, base);
	cr_expect_gt(region_growth(&region, 1), 0);
	add(1);
	cr_expect_gt(region_resident(&region), 1000 * page);
}

Test(region, releases_the_pages_that_it_took_over_and_did_not_use)
{
	struct region from = { 0 };

	take_over(&from, 1000);
	add(200 * page);
	cr_expect(region_release(&region));
	cr_expect_eq(region_resident(&region), 200 * page + REGION_AHEAD_MAX);
	cr_expect_eq(region.mapped, region_resident(&region));
	for (guint i = 0; i < 200 * page; i += page)
		cr_assert_eq(region.base[i], 0);
	cr_expect_not(region_release(&region));
	add(100 * page);
}

Test(region, releases_everything_if_nothing_is_used)
{
	struct region from = { 0 };

	take_over(&from, 100);
	cr_expect(region_release(&region));
	cr_expect_null(region.base);
	cr_expect_eq(region_resident(&region), 0);
	add(1);
}

Test(region, trimmed_maps_the_pages_in_use_only)
{
	add(5 * page + 1);
	cr_assert_eq(region_reserve(&region, 4 * page), 0);
	region_trim(&region);
	cr_expect_eq(region.mapped, 6 * page);
	cr_expect_eq(region.used, 5 * page + 1);
	region_clear(&region);
	cr_assert_eq(region_reserve(&region, 1), 0);
	region.used = 0;
	region_trim(&region);
	cr_expect_eq(region.mapped, 0,
		     "a region without committed bytes maps no page");
}

Test(region, remembers_its_size_when_cleared)
{
	add(page + 5);
	region_clear(&region);
	cr_expect_null(region.base);
	cr_expect_eq(region.mapped, 0);
	cr_expect_eq(region.used, page + 5);
	cr_expect_eq(region_resident(&region), 0);
	region_clear(&region);
	cr_expect_eq(region.used, page + 5);
}

/* Returns whether the mapping that contains an address has a flag. */
static gboolean has_flag(const guint8 *address, const char *flag)
{
	g_autofree char *maps = NULL;
	g_auto(GStrv) lines = NULL;
	gboolean inside = FALSE;

	cr_assert(g_file_get_contents("/proc/self/smaps", &maps, NULL, NULL));
	lines = g_strsplit(maps, "\n", 0);
	for (guint i = 0; lines[i]; i++) {
		guintptr from, to;

		if (sscanf(lines[i], "%zx-%zx ", &from, &to) == 2)
			inside = from <= (guintptr)address &&
				 (guintptr)address < to;
		else if (inside && g_str_has_prefix(lines[i], "VmFlags:"))
			return strstr(lines[i], flag) != NULL;
	}
	return FALSE;
}

Test(region, never_gets_a_huge_page)
{
	if (access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK))
		return; /* the kernel has no huge pages */
	add(1);
	cr_expect(has_flag(region.base, " nh"));
	add(4 * 1024 * 1024);
	cr_expect(has_flag(region.base, " nh"));
}

Test(region, returns_enomem_without_address_space)
{
	cr_expect_eq(region_reserve(&region, G_MAXSIZE / 2), -ENOMEM);
	cr_expect_eq(region_reserve(&region, G_MAXSIZE), -ENOMEM);
	cr_expect_eq(region.mapped, 0);
	add(100);
	cr_expect_eq(region_reserve(&region, G_MAXSIZE - 50), -ENOMEM);
	cr_expect_eq(region_reserve(&region, G_MAXSIZE / 2), -ENOMEM);
	cr_expect_eq(region.base[99], 0,
		     "a failed reservation keeps the bytes");
}
