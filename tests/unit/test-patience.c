// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When something is tried again, and when it is given up.
 */
#include <criterion/criterion.h>

#include "defaults.h"
#include "device/chardev/patience.h"

Test(patience, waits_longer_each_time_up_to_a_bound)
{
	struct patience patience;
	guint last = 0;

	patience_init(&patience, 0, 1000);
	cr_expect_eq(patience_next(&patience), VMCFS_RETRY_MIN_MS);
	cr_expect_eq(patience_next(&patience), 2 * VMCFS_RETRY_MIN_MS);
	for (int i = 0; i < 1000; i++) {
		guint next = patience_next(&patience);

		cr_assert_geq(next, last);
		cr_assert_leq(next, VMCFS_RETRY_MAX_MS);
		last = next;
	}
	cr_expect_eq(last, VMCFS_RETRY_MAX_MS);
}

Test(patience, ends_at_its_deadline)
{
	struct patience patience;

	patience_init(&patience, 5000, 2);
	cr_expect_not(patience_is_over(&patience, 5000));
	cr_expect_not(patience_is_over(&patience, 6999));
	cr_expect(patience_is_over(&patience, 7000));
}

Test(patience, begins_anew)
{
	struct patience patience;

	patience_init(&patience, 0, 1);
	patience_next(&patience);
	patience_init(&patience, 1000, VMCFS_TIMEOUT_MAX_MS);
	cr_expect_not(patience_is_over(&patience, 2000));
	cr_expect_eq(patience_next(&patience), VMCFS_RETRY_MIN_MS);
}
