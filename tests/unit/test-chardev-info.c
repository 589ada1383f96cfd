// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the driver tells, in the terms of the device interface.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "device/chardev/info.h"

Test(chardev_info, every_state_of_the_channel)
{
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_RESETTING),
		     DEVICE_CONNECTING);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_NONE), DEVICE_DOWN);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_INITIALIZING),
		     DEVICE_CONNECTING);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_CAPABILITIES),
		     DEVICE_CONNECTING);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_READY), DEVICE_READY);
	cr_expect_eq(chardev_info_state(IBMVMC_CHANNEL_FAILED), DEVICE_FAILED);
	cr_expect_eq(chardev_info_state(77), DEVICE_CONNECTING);
}

Test(chardev_info, every_reset_has_words_of_its_own)
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

	cr_expect_null(chardev_info_reset(IBMVMC_RESET_NONE));
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		cr_assert_not_null(chardev_info_reset(kinds[i]));
		for (gsize other = 0; other < i; other++)
			cr_expect_str_neq(chardev_info_reset(kinds[i]),
					  chardev_info_reset(kinds[other]));
	}
	cr_expect_str_eq(chardev_info_reset(99),
			 chardev_info_reset(IBMVMC_RESET_OTHER_EVENT));
}

Test(chardev_info, the_channel)
{
	const struct ibmvmc_ioc_info from = {
		.channel_state = IBMVMC_CHANNEL_READY,
		.last_reset = IBMVMC_RESET_SELF,
		.resets = (guint64)1 << 40,
		.drc_index = 0x30000010,
		.hmcs = 4,
		.pool = 32,
		.mtu = 8192,
	};
	struct device_info to;

	chardev_info_channel(&from, &to);
	cr_expect_eq(to.state, DEVICE_READY);
	cr_expect_eq(to.hmcs, 4);
	cr_expect_eq(to.mtu, 8192);
	cr_expect_eq(to.pool, 32);
	cr_expect_eq(to.drc_index, 0x30000010);
	cr_expect_eq(to.resets, (guint64)1 << 40);
	cr_expect_str_eq(to.last_reset, "the channel was reset by this side");
}

Test(chardev_info, a_driver_cannot_offer_more_indices_than_there_are)
{
	const struct ibmvmc_ioc_info from = { .hmcs = G_MAXUINT32 };
	struct device_info to;

	chardev_info_channel(&from, &to);
	cr_expect_eq(to.hmcs, VMC_HMCS_MAX);
}

Test(chardev_info, a_session)
{
	const struct ibmvmc_ioc_info from = {
		.hmc_session = 7,
		.buffers = 32,
		.buffers_free = 16,
	};
	struct device_hmc_info to;

	chardev_info_hmc(&from, &to);
	cr_expect_eq(to.session, 7);
	cr_expect_eq(to.buffers, 32);
	cr_expect_eq(to.buffers_free, 16);
	cr_expect_not(to.unproven);
}

Test(chardev_info, errors_of_an_open_are_those_of_the_tree)
{
	cr_expect_eq(chardev_info_open_error(-EBUSY, FALSE), -EBUSY);
	cr_expect_eq(chardev_info_open_error(-EBUSY, TRUE), -ETIMEDOUT);
	cr_expect_eq(chardev_info_open_error(-ENOBUFS, TRUE), -ETIMEDOUT);
	cr_expect_eq(chardev_info_open_error(-EINVAL, FALSE), -ENODEV);
	for (int waited = 0; waited < 2; waited++) {
		cr_expect_eq(chardev_info_open_error(-ECONNREFUSED, waited),
			     -ECONNREFUSED);
		cr_expect_eq(chardev_info_open_error(-ENODEV, waited), -ENODEV);
	}
}
