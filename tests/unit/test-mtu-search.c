// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finding the longest message by asking about lengths.
 */
#include <criterion/criterion.h>

#include "device/chardev/mtu-search.h"
#include "vmc/limits.h"

struct driver {
	guint32 mtu;
	guint asked;
};

static gboolean is_too_long(void *data, guint32 len)
{
	struct driver *driver = data;

	cr_assert(len >= 1 && len <= VMC_MTU_MAX, "asked about %u", len);
	driver->asked++;
	return len > driver->mtu;
}

Test(mtu_search, finds_every_mtu)
{
	for (guint32 mtu = 1; mtu <= VMC_MTU_MAX; mtu++) {
		struct driver driver = { .mtu = mtu };

		cr_assert_eq(mtu_search(is_too_long, &driver), mtu);
		cr_assert_leq(driver.asked, 15);
	}
}

Test(mtu_search, does_not_find_what_is_not_there)
{
	struct driver none = { .mtu = 0 };
	struct driver more = { .mtu = 1 << 20 };

	cr_expect_eq(mtu_search(is_too_long, &none), 0);
	cr_expect_eq(mtu_search(is_too_long, &more), VMC_MTU_MAX);
}
