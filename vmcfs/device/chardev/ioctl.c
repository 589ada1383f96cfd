// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One wrapper of ioctl(2), and a function for each ioctl.
 */
#include "ioctl.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

static int call(int fd, unsigned long request, void *argument)
{
	return ioctl(fd, request, argument) < 0 ? -errno : 0;
}

int chardev_ioctl_query(int fd, struct ibmvmc_query *query)
{
	struct ibmvmc_query answer = { 0 };
	int error = call(fd, IBMVMC_IOC_QUERY, &answer);

	if (!error)
		*query = answer;
	return error;
}

int chardev_ioctl_info(int fd, struct ibmvmc_ioc_info *info)
{
	struct ibmvmc_ioc_info answer = { .size = sizeof(answer) };
	int error = call(fd, IBMVMC_IOC_INFO, &answer);

	if (!error)
		*info = answer;
	return error;
}

int chardev_ioctl_open(int fd, guint index,
		       const guint8 hmc_id[IBMVMC_HMC_ID_LEN], guint timeout_ms)
{
	struct ibmvmc_ioc_open open = {
		.size = sizeof(open),
		.hmc_index = (gint32)index,
		.timeout_ms = timeout_ms,
	};

	memcpy(open.hmc_id, hmc_id, sizeof(open.hmc_id));
	return call(fd, IBMVMC_IOC_OPEN, &open);
}

int chardev_ioctl_set_hmc_id(int fd, const guint8 hmc_id[IBMVMC_HMC_ID_LEN])
{
	guint8 copy[IBMVMC_HMC_ID_LEN];

	memcpy(copy, hmc_id, sizeof(copy));
	return call(fd, IBMVMC_IOC_SETHMCID, copy);
}

int chardev_ioctl_request_vmc(int fd)
{
	guint32 drc_index;

	return call(fd, IBMVMC_IOC_REQUESTVMC, &drc_index);
}
