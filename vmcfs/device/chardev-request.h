/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking the hypervisor for a VMC device. The driver may sleep over it for
 * minutes, so a child of the daemon asks; it does nothing else, and ends with
 * the daemon at the latest.
 */
#ifndef VMCFS_CHARDEV_REQUEST_H
#define VMCFS_CHARDEV_REQUEST_H

struct chardev_request;

/**
 * chardev_request_new() - begin to ask
 * @path: of the device, absolute
 * @ended: called once from the main loop: 0 or the negative errno it failed
 *	with; the request is to be freed then
 * @data: handed to it
 * @request: the result, on success
 *
 * Return: 0 or a negative errno.
 */
int chardev_request_new(const char *path, void (*ended)(void *data, int error),
			void *data, struct chardev_request **request);

/**
 * chardev_request_free() - end it, whether or not it was answered
 * @request: NULL is allowed
 */
void chardev_request_free(struct chardev_request *request);

#endif
