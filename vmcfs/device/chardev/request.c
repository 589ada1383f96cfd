// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Request for a VMC device: the driver may sleep for minutes, so a child of the
 * helper makes the call. Here only its answer is awaited.
 */
#include "request.h"

#include <errno.h>
#include <unistd.h>

#include "ioctl.h"
#include "node.h"

int chardev_request_ask(const char *path)
{
	int fd;
	int error = chardev_node_open_path(path, 0, &fd);

	if (error)
		return error;
	error = chardev_ioctl_request_vmc(fd);
	close(fd);
	return error;
}

static void on_answer(void *data, int error)
{
	struct chardev_request *request = data;

	if (error == -ENOENT || error == -ENXIO)
		error = -ENODEV;
	request->ended(request->data, error);
}

int chardev_request_start(struct chardev_request *request,
			  struct privilege *privilege)
{
	return privilege_request(privilege, HELPER_REQUEST_VMC, on_answer,
				 request);
}
