/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Driver: the node of the character device, its ioctls, and the table of each
 * driver ABI. It keeps no descriptor open except those that it returns.
 *
 * There are two ABIs: native (the driver of this project, with OPEN and INFO)
 * and legacy (the in-tree driver of Linux, with QUERY and SETHMCID only).
 */
#ifndef VMCFS_CHARDEV_DRIVER_H
#define VMCFS_CHARDEV_DRIVER_H

#include <glib.h>

#include "../../privilege/privilege.h"
#include "../device.h"
#include "uapi/ibmvmc.h"

struct chardev_channel;
struct chardev_session;

/**
 * struct chardev_driver - table of one driver ABI
 * @name: word of the status file
 * @watches: conditions by which a descriptor without a session reports that the
 *	channel changed; 0 if the channel must be polled
 * @picks_index: TRUE if an open gets the lowest free HMC index, not the one
 *	that was requested
 * @session_size: size of the structure that begins with struct chardev_session
 * @answers: test whether the driver of @fd has this ABI
 * @query: operation that reads the state of the channel; returns 0 or a
 *	negative errno
 * @explain: operation that returns the words for an error of an open, or NULL
 *	for those of all drivers; optional
 * @open: operation that begins an open on a new file; returns 0 or a negative
 *	errno
 * @event: handler of an event, see watch_func()
 * @look: handler of a new state of the channel; optional
 * @send: operation that sends one message; returns 0, -EAGAIN with @blocked
 *	set, or another negative errno
 * @received: handler of the result of a read(2), bytes or a negative errno
 * @get_info: see device_get_hmc_info()
 */
struct chardev_driver {
	const char *name;
	GIOCondition watches;
	gboolean picks_index;
	gsize session_size;
	gboolean (*answers)(int fd);
	int (*query)(struct chardev_channel *channel);
	const char *(*explain)(int error);
	int (*open)(struct chardev_session *session,
		    const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms);
	void (*event)(struct chardev_session *session, GIOCondition condition,
		      gboolean due);
	void (*look)(struct chardev_session *session);
	int (*send)(struct chardev_session *session, gconstpointer data,
		    guint32 len);
	void (*received)(struct chardev_session *session, gssize result);
	void (*get_info)(struct chardev_session *session,
			 struct device_hmc_info *info);
};

extern const struct chardev_driver chardev_native;
extern const struct chardev_driver chardev_in_tree;

/**
 * chardev_driver_name() - name a driver for the status file
 * @driver: table of the driver, or NULL if there is none
 *
 * Return: one word.
 */
const char *chardev_driver_name(const struct chardev_driver *driver);

/**
 * chardev_driver_recognise() - find the table of the driver of a node
 * @drivers: candidates, the most capable first; NULL ends the list
 * @path: absolute path of the node, for the sentence
 * @fd: descriptor of the node
 * @driver: set on success
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0, or -ENODEV if the node is not a Virtual Management Channel.
 */
int chardev_driver_recognise(const struct chardev_driver *const *drivers,
			     const char *path, int fd,
			     const struct chardev_driver **driver, char **why);

/**
 * chardev_open_error() - explain an error of an open
 * @driver: driver that returned it, or NULL
 * @state: current state of the channel
 * @error: negative errno
 *
 * Return: the problem and the remedy, or NULL if the table of errors suffices.
 */
const char *chardev_open_error(const struct chardev_driver *driver,
			       enum device_state state, int error);

/**
 * chardev_node_open_path() - open the node in this process
 * @path: absolute path
 * @flags: O_NONBLOCK or 0
 * @fd: set on success to a descriptor for reading and writing
 *
 * Return: 0; -ENOTTY: the node is not a character device; or another negative
 * errno.
 */
int chardev_node_open_path(const char *path, int flags, int *fd);

/**
 * chardev_node_open() - let the helper open the node for reading and writing,
 * non-blocking
 * @privilege: helper, which also knows the path
 * @path: absolute path, for the sentence
 * @timeout_ms: maximum wait in milliseconds; -1: no limit
 * @fd: set on success
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0; -ENODEV: the node does not exist, has no driver, or is not a
 * character device; -EACCES; -ETIMEDOUT; -EIO: the helper has ended; or another
 * negative errno of open(2).
 */
int chardev_node_open(struct privilege *privilege, const char *path,
		      int timeout_ms, int *fd, char **why);

/**
 * chardev_ioctl_query() - issue QUERY
 * @fd: descriptor of the device
 * @query: filled on success
 *
 * Return: 0 or a negative errno.
 */
int chardev_ioctl_query(int fd, struct ibmvmc_query *query);

/**
 * chardev_ioctl_info() - issue INFO
 * @fd: descriptor of the device
 * @info: filled on success; fields that the driver does not know are 0
 *
 * Return: 0 or a negative errno; -EINVAL or -ENOTTY from a driver without INFO.
 */
int chardev_ioctl_info(int fd, struct ibmvmc_ioc_info *info);

/**
 * chardev_ioctl_open() - issue OPEN
 * @fd: descriptor of the device, with O_NONBLOCK
 * @index: HMC index
 * @hmc_id: name of the application
 * @timeout_ms: time limit, 1..IBMVMC_TIMEOUT_MAX_MS
 *
 * Return: 0, -EINPROGRESS, or another negative errno.
 */
int chardev_ioctl_open(int fd, guint index,
		       const guint8 hmc_id[IBMVMC_HMC_ID_LEN],
		       guint timeout_ms);

/**
 * chardev_ioctl_set_hmc_id() - issue SETHMCID
 * @fd: descriptor of the device
 * @hmc_id: name of the application
 *
 * Return: 0 or a negative errno.
 */
int chardev_ioctl_set_hmc_id(int fd, const guint8 hmc_id[IBMVMC_HMC_ID_LEN]);

/**
 * chardev_ioctl_request_vmc() - issue REQUESTVMC
 * @fd: descriptor of the device
 *
 * May sleep for minutes.
 *
 * Return: 0 or a negative errno.
 */
int chardev_ioctl_request_vmc(int fd);

/**
 * chardev_info_state() - convert a channel state of QUERY or INFO
 * @state: IBMVMC_CHANNEL_ value; an unknown one counts as connecting
 *
 * Return: the state.
 */
enum device_state chardev_info_state(gint32 state);

/**
 * chardev_info_channel() - extract the channel's part of INFO
 * @from: result of INFO
 * @to: filled completely
 */
void chardev_info_channel(const struct ibmvmc_ioc_info *from,
			  struct device_info *to);

/**
 * chardev_info_hmc() - extract the session's part of INFO
 * @from: result of INFO
 * @to: filled completely
 */
void chardev_info_hmc(const struct ibmvmc_ioc_info *from,
		      struct device_hmc_info *to);

/**
 * chardev_info_open_error() - convert the driver's error of an open
 * @error: negative errno of the driver
 * @waited: TRUE if the driver reported it later, FALSE if the ioctl returned it
 *
 * EINVAL from the ioctl: the driver never has this index. EBUSY from the ioctl:
 * another process uses the index; EBUSY and ENOBUFS later: the hypervisor did
 * not free the index or add a buffer in time. Other errors mean the same in the
 * tree.
 *
 * Return: the negative errno of the tree.
 */
int chardev_info_open_error(int error, gboolean waited);

/**
 * struct chardev_request - callback for the end of a request for a VMC device
 * @ended: called from the main loop with 0 or a negative errno
 * @data: argument of @ended
 */
struct chardev_request {
	void (*ended)(void *data, int error);
	void *data;
};

/**
 * chardev_request_ask() - request a VMC device in this process, and sleep until
 * the hypervisor answers
 * @path: absolute path of the node
 *
 * Return: 0 or a negative errno.
 */
int chardev_request_ask(const char *path);

/**
 * chardev_request_start() - let the helper request a VMC device
 * @request: callback; must live until it is called, or until privilege_forget()
 * @privilege: helper
 *
 * A request cannot be cancelled; it ends early only if the helper ends.
 *
 * Return: 0; -EBUSY: the previous request is in progress; or another negative
 * errno.
 */
int chardev_request_start(struct chardev_request *request,
			  struct privilege *privilege);

#endif
