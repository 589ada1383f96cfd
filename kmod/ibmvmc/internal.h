/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internals of the module ibmvmc: its objects, and the functions that its files
 * share. Other modules do not include this header, but attach.h.
 *
 * A file calls only files above it in this list, which is the order of the
 * sections below; main.c connects them all:
 *
 *	names.c, trace.h	words and tracepoints
 *	report.c		log, counters and uevents
 *	vmc-device.c		an attached device, its lock and its work items
 *	device-node.c		/dev/ibmvmc, and which device is attached
 *	attach.c		functions of attach.h: providers and devices
 *	file.c			open files: set-up, poll, read, write
 *	ioctl.c, sysfs.c, debugfs.c, pseries.c
 */
#ifndef IBMVMC_INTERNAL_H
#define IBMVMC_INTERNAL_H

#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/ratelimit_types.h>
#include <linux/rwsem.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "attach.h"
#include "engine/engine.h"

struct dentry;

/* Minimum interval between two uevents, in milliseconds. */
#define IBMVMC_UEVENT_MS 100

/* Rate limit of the log: maximum number of lines, in this many seconds. */
#define IBMVMC_LOG_LINES 20
#define IBMVMC_LOG_SECONDS 5

/**
 * struct ibmvmc_node - the node /dev/ibmvmc, which exists as long as the module
 * @misc: character device
 * @shown: true once the node is registered and can be opened
 * @debugfs: directory of the driver
 * @config: offer of each adapter, from the module's parameters
 * @lock: lock of @device and @resets
 * @device: attached device, with a reference, or NULL
 * @resets: number of resets of devices that were detached
 * @last_reset: IBMVMC_RESET_ value
 * @provider_lock: lock held for writing to change @provider, for reading to
 *	call it
 * @provider: module that provides the channel, or NULL
 * @request_lock: serialises requests for a device
 * @drc_index: DRC index of the device requested last, or 0
 * @changed: pollers that wait for a change of the channel
 * @changes: number of changes so far
 * @uevent: work item that sends one uevent for the changes so far
 * @next_uevent: earliest time of the next uevent, in jiffies
 * @log_limit: rate limit of the lines in the kernel's log
 * @events: number of reports of each event type
 * @sent_messages: number of messages sent, over all files
 * @received_messages: number of messages received, over all files
 */
struct ibmvmc_node {
	struct miscdevice misc;
	bool shown;
	struct dentry *debugfs;
	struct ibmvmc_config config;

	struct mutex lock; /* protects @device and @resets */
	struct ibmvmc_device *device;
	u64 resets;
	u32 last_reset;

	struct rw_semaphore provider_lock;
	const struct ibmvmc_provider *provider;
	struct mutex request_lock; /* serialises requests for a device */
	u32 drc_index;

	wait_queue_head_t changed;
	atomic_t changes;
	struct delayed_work uevent;
	unsigned long next_uevent;
	struct ratelimit_state log_limit;
	atomic64_t events[IBMVMC_EVENT_TYPES];
	atomic64_t sent_messages;
	atomic64_t received_messages;
};

/**
 * struct ibmvmc_node_info - present state of the channel
 * @channel: state of the attached device; without one, state INITIAL and zeroes
 * @resets: number of resets since the module was loaded
 */
struct ibmvmc_node_info {
	struct ibmvmc_info channel;
	u64 resets;
};

/**
 * struct ibmvmc_device - one attached device
 * @node: node of its users; outlives the device
 * @refs: references, held by the attachment and by each file with a session
 * @lock: lock of the adapter and all it owns (engine.h)
 * @adapter: protocol engine, NULL after the device was detached
 * @workqueue: ordered workqueue, so that entries are handled one after the
 *	other
 * @service: work item that handles arrived entries
 * @timer: single timer of the engine
 * @resets: number of resets of the adapter, set when the device is detached
 */
struct ibmvmc_device {
	struct ibmvmc_node *node;
	struct kref refs;
	struct mutex lock; /* protects the adapter and all it owns */
	struct crq_server_adapter *adapter;
	struct workqueue_struct *workqueue;
	struct work_struct service;
	struct delayed_work timer;
	u32 resets;
};

/*
 * Mode of a file, which determines the behaviour of read, write and poll.
 * SETHMCID selects that of the driver in mainline Linux. Until OPEN or INFO has
 * reported that the session is ready, poll reports the file as writable.
 */
enum ibmvmc_file_mode {
	IBMVMC_FILE_BY_SETHMCID,
	IBMVMC_FILE_BY_OPEN,
	IBMVMC_FILE_BY_OPEN_REPORTED,
};

/**
 * struct ibmvmc_file - one open file of the node
 * @node: node that the file was opened from
 * @lock: lock held while @session is set
 * @device: device of the session, with a reference; set before @session
 * @session: session of the engine, with one reference; NULL until it is opened;
 *	never changes after that. Read it with ibmvmc_file_session_of()
 * @mode: way in which the session was opened; once @session is set, only the
 *	step to IBMVMC_FILE_BY_OPEN_REPORTED changes it
 * @pid: process that opened the file
 * @uid: real user of that process, whose quota of waiting sessions is charged
 * @wait: waiters and pollers of the session; also the session's owner
 * @changes_seen: value of the node's @changes at the last INFO
 * @lost_seen: number of lost messages at the last INFO
 * @sent_messages: number of messages sent, under the device's lock like the
 *	three below
 * @sent_bytes: number of bytes sent
 * @received_messages: number of messages received
 * @received_bytes: number of bytes received
 *
 * A file keeps its session and its device until it is released. After a reset or
 * a detach it keeps the dead session, so that it can never use a new one.
 */
struct ibmvmc_file {
	struct ibmvmc_node *node;
	struct mutex lock; /* held while @session is set */
	struct ibmvmc_device *device;
	struct ibmvmc_file_session *session;
	enum ibmvmc_file_mode mode;
	pid_t pid;
	u32 uid;
	wait_queue_head_t wait;
	int changes_seen;
	unsigned int lost_seen;
	u64 sent_messages;
	u64 sent_bytes;
	u64 received_messages;
	u64 received_bytes;
};

/* names.c */

/**
 * ibmvmc_state_name() - name a state of the channel
 * @state: state
 *
 * Return: a word of the sysfs interface.
 */
const char *ibmvmc_state_name(enum ibmvmc_state state);

/**
 * ibmvmc_hmc_state_name() - name a state of a connection
 * @state: state
 *
 * Return: a word.
 */
const char *ibmvmc_hmc_state_name(enum ibmvmc_hmc_state state);

/**
 * ibmvmc_reset_name() - name the kind of a reset
 * @kind: IBMVMC_RESET_ value
 *
 * Return: a word of the sysfs interface.
 */
const char *ibmvmc_reset_name(u32 kind);

/* report.c */

/**
 * ibmvmc_report_init() - set up reports of a node
 * @node: new
 */
void ibmvmc_report_init(struct ibmvmc_node *node);

/**
 * ibmvmc_report_start() - send uevents from now on
 * @node: registered
 *
 * Sends one uevent for earlier changes.
 */
void ibmvmc_report_start(struct ibmvmc_node *node);

/**
 * ibmvmc_report_stop() - cancel the pending uevent
 * @node: node of the module without a device, so that nothing schedules another
 */
void ibmvmc_report_stop(struct ibmvmc_node *node);

/**
 * ibmvmc_report_event() - count, trace and log an event of the attached device
 * @node: node of the module
 * @event: event of the engine
 *
 * Locking: the device's lock is held.
 */
void ibmvmc_report_event(struct ibmvmc_node *node,
			 const struct ibmvmc_event *event);

/**
 * ibmvmc_node_changed() - report that the channel or its DRC index has changed
 * @node: node of the module
 *
 * Wakes the pollers of the node and schedules a uevent. At most one uevent is
 * sent in IBMVMC_UEVENT_MS; changes in between share one, which is sent after
 * the last of them.
 *
 * Locking: none; from any context.
 */
void ibmvmc_node_changed(struct ibmvmc_node *node);

/* vmc-device.c */

/**
 * ibmvmc_device_new() - create a device and its engine
 * @node: node that outlives the device
 * @transport: operations of the device
 * @device: set on success, with one reference
 *
 * Return: 0, -EINVAL (queue size out of range), -ENOMEM.
 */
int ibmvmc_device_new(struct ibmvmc_node *node,
		      const struct ibmvmc_transport *transport,
		      struct ibmvmc_device **device);

/**
 * ibmvmc_device_start() - begin to bring the channel up
 * @device: new
 *
 * Return: 0, or the transport's error when it registered the queue.
 */
int ibmvmc_device_start(struct ibmvmc_device *device);

/**
 * ibmvmc_device_stop() - end every session, free the queue, free the engine
 * @device: started or not
 *
 * No operation of the transport is called after it returns. May sleep.
 *
 * Return: 0, or -EIO if the hypervisor did not free the queue.
 */
int ibmvmc_device_stop(struct ibmvmc_device *device);

/**
 * ibmvmc_device_get() - take a reference
 * @device: attached device
 */
void ibmvmc_device_get(struct ibmvmc_device *device);

/**
 * ibmvmc_device_put() - drop a reference
 * @device: NULL is allowed; must be stopped before the last reference is dropped
 */
void ibmvmc_device_put(struct ibmvmc_device *device);

/**
 * ibmvmc_device_wake_waiters() - wake the waiters and pollers of a session
 * @wait: owner of the session
 *
 * Locking: the device's lock is held.
 */
void ibmvmc_device_wake_waiters(wait_queue_head_t *wait);

/* device-node.c */

/**
 * ibmvmc_node_new() - create the node without showing it
 * @config: offer of each adapter, in range; copied
 * @fops: operations of the node's files
 * @groups: attributes of the node, NULL-terminated
 *
 * Return: the node, or NULL without memory.
 */
struct ibmvmc_node *ibmvmc_node_new(const struct ibmvmc_config *config,
				    const struct file_operations *fops,
				    const struct attribute_group **groups);

/**
 * ibmvmc_node_show() - register the node, so that it can be opened
 * @node: new
 *
 * This must be the last step of module_init that can fail, because it cannot be
 * undone while the node is open.
 *
 * Return: 0, or the error of misc_register().
 */
int ibmvmc_node_show(struct ibmvmc_node *node);

/**
 * ibmvmc_node_free() - unregister and free the node
 * @node: node of the module without a provider, a device or an open file
 */
void ibmvmc_node_free(struct ibmvmc_node *node);

/**
 * ibmvmc_node_get_device() - get the attached device
 * @node: node of the module
 *
 * Return: the device with a reference, or NULL if none is attached. It may be
 * detached at any time, so check its adapter under its lock.
 */
struct ibmvmc_device *ibmvmc_node_get_device(struct ibmvmc_node *node);

/**
 * ibmvmc_node_get_info() - get the present state of the channel
 * @node: node of the module
 * @info: filled completely
 *
 * Locking: takes the node's lock and the device's.
 */
void ibmvmc_node_get_info(struct ibmvmc_node *node,
			  struct ibmvmc_node_info *info);

/**
 * ibmvmc_node_request() - request a device from the hypervisor
 * @node: node of the module
 * @drc_index: set on success
 *
 * Sleeps interruptibly while the hypervisor is busy, at most
 * IBMVMC_REQUEST_TOTAL_MS.
 *
 * Return: 0, -EPERM, -EIO, -ENODEV, -EINVAL, -ETIMEDOUT, -EINTR.
 */
int ibmvmc_node_request(struct ibmvmc_node *node, u32 *drc_index);

/* attach.c */

/**
 * ibmvmc_attach_init() - set the node that the functions of attach.h use
 * @node: only node of the module; must outlive every provider
 */
void ibmvmc_attach_init(struct ibmvmc_node *node);

/* file.c */

int ibmvmc_open(struct inode *inode, struct file *filp);
int ibmvmc_close(struct inode *inode, struct file *filp);
ssize_t ibmvmc_read(struct kiocb *iocb, struct iov_iter *to);
ssize_t ibmvmc_write(struct kiocb *iocb, struct iov_iter *from);
__poll_t ibmvmc_poll(struct file *filp, poll_table *wait);

/**
 * ibmvmc_file_session_of() - get the session of a file
 * @file: open file
 *
 * Return: the session, which lives as long as the file, or NULL. Everything in
 * it is protected by the lock of @device.
 */
static inline struct ibmvmc_file_session *
ibmvmc_file_session_of(struct ibmvmc_file *file)
{
	/* Pairs with the release in ibmvmc_file_set_up(). */
	return smp_load_acquire(&file->session);
}

/**
 * ibmvmc_file_set_up() - begin to open a session on a file (D-5: only once)
 * @file: open file
 * @index: HMC index wanted, or -1
 * @hmc_id: name of the application
 * @timeout_ms: see ibmvmc_session_open()
 * @mode: mode of the file from now on
 *
 * Return: 0; -EALREADY (the session is being opened), -EISCONN (the file has,
 * or had, a session), -ENODEV (no device), -ENOMEM, or the error of
 * ibmvmc_session_open(). After an error the file is unchanged.
 */
int ibmvmc_file_set_up(struct ibmvmc_file *file, int index,
		       const u8 hmc_id[VMC_HMC_ID_LEN], u32 timeout_ms,
		       enum ibmvmc_file_mode mode);

/**
 * ibmvmc_file_mark_reported() - record that a ready session was reported
 * @file: open file with a session that is ready
 */
void ibmvmc_file_mark_reported(struct ibmvmc_file *file);

/**
 * ibmvmc_file_wait() - repeat an operation until it need not wait
 * @file: open file with a session
 * @nonblock: true to try only once
 * @try: operation, called with the device's lock held; -EAGAIN if it must wait
 * @data: argument of @try
 *
 * Return: the result of @try, or -ERESTARTSYS after a signal.
 */
int ibmvmc_file_wait(struct ibmvmc_file *file, bool nonblock,
		     int (*try)(struct ibmvmc_file *file, void *data),
		     void *data);

/**
 * ibmvmc_file_pid() - get the process that opened a file
 * @owner: owner of the file's session
 *
 * Return: the process ID.
 */
static inline pid_t ibmvmc_file_pid(void *owner)
{
	return container_of((wait_queue_head_t *)owner, struct ibmvmc_file,
			    wait)
		->pid;
}

/* ioctl.c */

long ibmvmc_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* sysfs.c: the attributes of docs/abi/sysfs-ibmvmc */

extern const struct attribute_group *ibmvmc_sysfs_groups[];

/* debugfs.c */

/**
 * ibmvmc_debugfs_init() - create the driver's directory in debugfs
 * @node: node of the module; works without the directory if the kernel has no
 *	debugfs
 */
void ibmvmc_debugfs_init(struct ibmvmc_node *node);

/**
 * ibmvmc_debugfs_exit() - remove the directory, and wait for calls in progress
 * @node: node of the module
 */
void ibmvmc_debugfs_exit(struct ibmvmc_node *node);

/* pseries.c: the channel of a POWER partition */

#ifdef CONFIG_PPC_PSERIES

/**
 * ibmvmc_pseries_init() - register the driver for devices "ibm,vmc"
 * @config: offer of the adapter; must stay valid until ibmvmc_pseries_exit()
 *
 * Attaches a device that exists already immediately, and one that is added
 * later when it is probed. Succeeds on machines without the virtual I/O bus.
 *
 * Return: 0, -EBUSY if another provider is registered, or the error of
 * vio_register_driver().
 */
int ibmvmc_pseries_init(const struct ibmvmc_config *config);

/**
 * ibmvmc_pseries_exit() - detach the device and unregister the driver
 *
 * May sleep like ibmvmc_detach().
 */
void ibmvmc_pseries_exit(void);

#else

static inline int ibmvmc_pseries_init(const struct ibmvmc_config *config)
{
	return 0;
}

static inline void ibmvmc_pseries_exit(void)
{
}

#endif

#endif
