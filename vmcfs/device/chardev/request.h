/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Request for a VMC device: asks the hypervisor, by the privileged helper, and
 * reports the answer. It does not end a request: that ends with the helper.
 */
#ifndef VMCFS_CHARDEV_REQUEST_H
#define VMCFS_CHARDEV_REQUEST_H

#include "../../privilege/privilege.h"

/**
 * struct chardev_request - what happens when the request is answered
 * @ended: called from the main loop with 0 or a negative errno
 * @data: passed to it
 */
struct chardev_request {
	void (*ended)(void *data, int error);
	void *data;
};

/**
 * chardev_request_ask() - ask, in this process, and sleep until it is answered
 * @path: of the node, absolute
 *
 * Return: 0 or a negative errno.
 */
int chardev_request_ask(const char *path);

/**
 * chardev_request_start() - let the helper ask
 * @request: must live until it is answered, or until privilege_forget()
 * @privilege: of the helper
 *
 * Return: 0; -EBUSY: the last request goes on; or another negative errno.
 */
int chardev_request_start(struct chardev_request *request,
			  struct privilege *privilege);

#endif
