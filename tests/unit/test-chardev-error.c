// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sentences for errors of an open: each says what to do.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "device/chardev/error.h"

Test(chardev_error, an_index_in_use_is_that_of_another_process)
{
	const char *ours =
		chardev_open_error(CHARDEV_DRIVER_VMCFS, DEVICE_READY, -EBUSY);
	const char *in_tree = chardev_open_error(CHARDEV_DRIVER_IN_TREE,
						 DEVICE_READY, -EBUSY);

	cr_expect(strstr(ours, "in use by another process"));
	cr_expect(strstr(in_tree, "in use by another process"));
	cr_expect(strstr(in_tree, "no more of them"));
}

Test(chardev_error, without_a_channel_one_can_be_asked_for)
{
	cr_expect(strstr(chardev_open_error(CHARDEV_DRIVER_VMCFS, DEVICE_DOWN,
					    -ENODEV),
			 "request-vmc"));
	cr_expect_not(strstr(chardev_open_error(CHARDEV_DRIVER_VMCFS,
						DEVICE_CONNECTING, -ENODEV),
			     "request-vmc"));
}

Test(chardev_error, the_in_tree_driver_chooses_the_index)
{
	cr_expect(strstr(chardev_open_error(CHARDEV_DRIVER_IN_TREE,
					    DEVICE_READY, -ENXIO),
			 "open them first"));
}

Test(chardev_error, what_the_in_tree_driver_lost_comes_back_with_it_only)
{
	cr_expect(strstr(chardev_open_error(CHARDEV_DRIVER_IN_TREE,
					    DEVICE_READY, -EIO),
			 "load it again"));
	cr_expect(strstr(chardev_open_error(CHARDEV_DRIVER_IN_TREE,
					    DEVICE_READY, -ETIMEDOUT),
			 "load it again"));
	cr_expect_null(chardev_open_error(CHARDEV_DRIVER_VMCFS, DEVICE_READY,
					  -EIO));
}

Test(chardev_error, too_many_waiting_sessions_name_the_parameter)
{
	static const int errors[] = { -EUSERS, -ENFILE };
	unsigned int i;

	for (i = 0; i < 2; i++)
		cr_expect(strstr(chardev_open_error(CHARDEV_DRIVER_VMCFS,
						    DEVICE_READY, errors[i]),
				 "max_waiting="));
}

Test(chardev_error, the_table_has_the_rest)
{
	cr_expect_null(chardev_open_error(CHARDEV_DRIVER_VMCFS, DEVICE_READY,
					  -ETIMEDOUT));
	cr_expect_null(chardev_open_error(CHARDEV_DRIVER_IN_TREE, DEVICE_READY,
					  -ECONNREFUSED));
}
