// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Device: the words for the cause of a reset.
 */
#include <criterion/criterion.h>

#include "device/device.h"
#include "uapi/ibmvmc.h"

Test(device, every_reset_has_unique_words)
{
	static const guint32 kinds[] = {
		IBMVMC_RESET_PARTNER_FAILED,
		IBMVMC_RESET_PARTNER_DEREGISTERED,
		IBMVMC_RESET_PARTNER_TERMINATED,
		IBMVMC_RESET_MIGRATED,
		IBMVMC_RESET_OTHER_EVENT,
		IBMVMC_RESET_SELF,
		IBMVMC_RESET_REMOVED,
	};

	cr_expect_null(device_reset_words(IBMVMC_RESET_NONE));
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		cr_assert_not_null(device_reset_words(kinds[i]));
		for (gsize other = 0; other < i; other++)
			cr_expect_str_neq(device_reset_words(kinds[i]),
					  device_reset_words(kinds[other]));
	}
	cr_expect_str_eq(device_reset_words(99),
			 device_reset_words(IBMVMC_RESET_OTHER_EVENT));
}
