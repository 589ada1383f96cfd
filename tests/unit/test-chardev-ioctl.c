// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ioctls where nobody knows them: the error comes back, and nothing else.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "device/chardev/ioctl.h"

static void expect_everywhere(int fd, int error)
{
	const guint8 hmc_id[IBMVMC_HMC_ID_LEN] = "me";
	struct ibmvmc_query query = { .state = 77 };
	struct ibmvmc_ioc_info info = { .mtu = 77 };

	cr_expect_eq(chardev_ioctl_query(fd, &query), error);
	cr_expect_eq(query.state, 77);
	cr_expect_eq(chardev_ioctl_info(fd, &info), error);
	cr_expect_eq(info.mtu, 77);
	cr_expect_eq(chardev_ioctl_open(fd, 0, hmc_id, 1), error);
	cr_expect_eq(chardev_ioctl_set_hmc_id(fd, hmc_id), error);
	cr_expect_eq(chardev_ioctl_request_vmc(fd), error);
}

Test(chardev_ioctl, gives_the_errno)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	cr_assert_geq(fd, 0);
	expect_everywhere(fd, -ENOTTY);
	close(fd);
	expect_everywhere(-1, -EBADF);
}
