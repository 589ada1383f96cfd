// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channel of the character device: tests changes of the stored state and the
 * search for the MTU, without a driver. tests/vm/device.py tests it with one.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "defaults.h"
#include "device/chardev/chardev-channel.h"
#include "node-helper.h"

static const struct chardev_driver *const drivers[] = {
	&chardev_native,
	&chardev_in_tree,
	NULL,
};

static struct chardev_channel channel;
static struct privilege *privilege;
static guint looks;

static void note_look(void *data)
{
	cr_assert_eq(data, &looks);
	looks++;
}

static void setup(void)
{
	privilege = node_helper_new("/dev/there-is-none");
	cr_assert_eq(chardev_channel_init(&channel, drivers,
					  "/dev/there-is-none", privilege,
					  note_look, &looks),
		     -ENODEV);
}

static void teardown(void)
{
	chardev_channel_clear(&channel);
	privilege_free(privilege);
}

TestSuite(chardev_channel, .init = setup, .fini = teardown, .timeout = 60);

static gboolean is_news(void)
{
	gboolean news = channel.changed;

	cr_assert_eq(channel.noted, news);
	channel.changed = channel.noted = FALSE;
	return news;
}

Test(chardev_channel, a_missing_driver_is_reported_in_a_sentence)
{
	cr_expect(strstr(channel.why, "/dev/there-is-none does not exist"));
	cr_expect_eq(channel.error, -ENODEV);
	cr_expect_eq(channel.info.state, DEVICE_DOWN);
	cr_expect_str_eq(channel.info.driver, "none");
	cr_expect_lt(channel.fd, 0);
	cr_expect_not(is_news());
}

Test(chardev_channel, a_missing_node_is_looked_for_again)
{
	chardev_channel_look(&channel);
	cr_expect_not(is_news());
	while (!looks)
		g_main_context_iteration(NULL, TRUE);
	cr_expect_eq(looks, 1);
}

Test(chardev_channel, only_a_change_is_reported)
{
	struct ibmvmc_ioc_info info = {
		.channel_state = IBMVMC_CHANNEL_READY,
		.hmcs = 2,
		.mtu = 4096,
		.pool = 32,
	};

	chardev_channel_take_info(&channel, &info);
	cr_expect(is_news());
	cr_expect_eq(channel.info.state, DEVICE_READY);
	chardev_channel_take_info(&channel, &info);
	cr_expect_not(is_news());
	info.sent_messages++;
	info.queued++;
	chardev_channel_take_info(&channel, &info);
	cr_expect_not(is_news());
	info.resets++;
	chardev_channel_take_info(&channel, &info);
	cr_expect(is_news());
	info.last_reset = IBMVMC_RESET_SELF;
	chardev_channel_take_info(&channel, &info);
	cr_expect(is_news());
}

Test(chardev_channel, the_last_reset_is_kept_when_the_driver_goes)
{
	const struct ibmvmc_ioc_info info = {
		.channel_state = IBMVMC_CHANNEL_READY,
		.hmcs = 2,
		.mtu = 4096,
		.resets = 3,
		.last_reset = IBMVMC_RESET_REMOVED,
	};

	chardev_channel_take_info(&channel, &info);
	is_news();
	chardev_channel_look(&channel);
	cr_expect(is_news());
	cr_expect_eq(channel.info.state, DEVICE_DOWN);
	cr_expect_eq(channel.info.hmcs, 0);
	cr_expect_eq(channel.info.mtu, 0);
	cr_expect_eq(channel.info.resets, 3);
	cr_expect_str_eq(channel.info.last_reset, "the device was removed");
}

Test(chardev_channel, the_number_of_offered_indices_is_limited)
{
	chardev_channel_offer(&channel, 1);
	cr_expect_eq(channel.info.hmcs, 1);
	cr_expect(is_news());
	chardev_channel_offer(&channel, 1);
	cr_expect_not(is_news());
	chardev_channel_offer(&channel, 99);
	cr_expect_eq(channel.info.hmcs, VMCFS_IN_TREE_HMCS_MAX);
	cr_expect(is_news());
}

Test(chardev_channel, a_reset_reported_by_two_sessions_counts_once)
{
	chardev_channel_mark_reset(&channel);
	cr_expect(is_news());
	chardev_channel_mark_reset(&channel);
	cr_expect_not(is_news());
	cr_expect_eq(channel.info.resets, 1);
	cr_expect_not_null(channel.info.last_reset);
	while (!looks)
		g_main_context_iteration(NULL, TRUE);
}

struct driver {
	guint32 mtu;
	guint asked;
};

static gboolean is_too_long(void *data, guint32 len)
{
	struct driver *driver = data;

	cr_assert(len >= 1 && len <= VMC_MTU_MAX, "length %u is out of range",
		  len);
	driver->asked++;
	return len > driver->mtu;
}

Test(chardev_mtu_search, finds_every_mtu)
{
	for (guint32 mtu = 1; mtu <= VMC_MTU_MAX; mtu++) {
		struct driver driver = { .mtu = mtu };

		cr_assert_eq(chardev_mtu_search(is_too_long, &driver), mtu);
		cr_assert_leq(driver.asked, 15);
	}
}

Test(chardev_mtu_search, returns_0_or_the_maximum_without_an_mtu_in_range)
{
	struct driver none = { .mtu = 0 };
	struct driver more = { .mtu = 1 << 20 };

	cr_expect_eq(chardev_mtu_search(is_too_long, &none), 0);
	cr_expect_eq(chardev_mtu_search(is_too_long, &more), VMC_MTU_MAX);
}
