/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device: the interface between the daemon and a Virtual Management Channel. It
 * is asynchronous: no function sleeps, and long operations end in a call of the
 * listener.
 *
 * Rules: the listener is called from device_dispatch() only, never from inside
 * another call of the device. An HMC index has at most one session at a time.
 */
#ifndef VMCFS_DEVICE_H
#define VMCFS_DEVICE_H

#include <glib.h>

#include "vmc/limits.h"

struct device;

/* Work that is left after a dispatch. */
enum device_work {
	DEVICE_WORK_NONE,  /* the main loop waits until the right time */
	DEVICE_WORK_LATER, /* the main loop waits too long: it must be woken */
	DEVICE_WORK_NOW,   /* another dispatch has something to do */
};

/* State of the channel, in the words of the status file. */
enum device_state {
	DEVICE_DOWN,	   /* no channel */
	DEVICE_CONNECTING, /* the handshake is in progress */
	DEVICE_READY,
	DEVICE_FAILED, /* until the hypervisor or a restart resets the channel */
};

/**
 * struct device_info - current state of the channel
 * @driver: name of the driver or back end, one word
 * @state: enum device_state
 * @hmcs: number of HMC indices, 0 while unknown
 * @mtu: largest message in bytes, 0 while unknown
 * @pool: buffers of one HMC index, 0 while unknown
 * @drc_index: DRC index of the device that the last request created, or 0
 * @resets: number of resets of the channel
 * @last_reset: cause of the last reset in words, NULL before the first one
 */
struct device_info {
	const char *driver;
	enum device_state state;
	guint hmcs;
	guint32 mtu;
	guint pool;
	guint32 drc_index;
	guint64 resets;
	const char *last_reset;
};

/**
 * struct device_hmc_info - current state of an HMC index
 * @unproven: TRUE if the session is open, but the hypervisor may still refuse
 *	it
 * @session: HMC session number, 0 without a session or if unknown
 * @buffers: number of buffers
 * @buffers_free: number of buffers free to send with
 */
struct device_hmc_info {
	gboolean unproven;
	guint session;
	guint buffers;
	guint buffers_free;
};

/**
 * struct device_listener - callbacks of a device
 * @changed: called after the channel's state or its HMC indices changed
 * @opened: called when an open ended, with 0 or a negative errno
 * @readable: called when a message arrived
 * @writable: called when a message may be sent again
 * @message_lost: called when messages arrived that could not be stored, with
 *	their number since the last call and the negative errno of the last one
 * @lost: called when the session ended other than by device_close(), with a
 *	negative errno
 * @requested: called when a request for a VMC device ended, with 0 or a
 *	negative errno
 */
struct device_listener {
	void (*changed)(void *listener);
	void (*opened)(void *listener, guint index, int error);
	void (*readable)(void *listener, guint index);
	void (*writable)(void *listener, guint index);
	void (*message_lost)(void *listener, guint index, guint count,
			     int error);
	void (*lost)(void *listener, guint index, int error);
	void (*requested)(void *listener, int error);
};

/**
 * struct device_ops - operations of a back end; optional ones may be NULL
 * @word: first word of the device's own commands; NULL if there are none
 * @free: see device_free()
 * @start: see device_start()
 * @dispatch: see device_dispatch()
 * @get_info: see device_get_info()
 * @get_hmc_info: see device_get_hmc_info()
 * @open: see device_open()
 * @close: see device_close()
 * @send: see device_send()
 * @quiet: see device_is_quiet(); optional
 * @next: see device_next()
 * @receive: see device_receive()
 * @request_vmc: see device_request_vmc()
 * @explain: see device_explain(); optional
 * @command: see device_command(); needed with @word
 * @help: operation that appends the grammar of the device's own commands;
 *	optional
 * @status: operation that appends the device's own status lines; optional
 */
struct device_ops {
	const char *word;
	void (*free)(struct device *device);
	int (*start)(struct device *device);
	enum device_work (*dispatch)(struct device *device);
	void (*get_info)(struct device *device, struct device_info *info);
	void (*get_hmc_info)(struct device *device, guint index,
			     struct device_hmc_info *info);
	int (*open)(struct device *device, guint index,
		    const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms);
	void (*close)(struct device *device, guint index);
	int (*send)(struct device *device, guint index, gconstpointer data,
		    guint32 len);
	gboolean (*quiet)(struct device *device);
	int (*next)(struct device *device, guint index, guint32 *room);
	gssize (*receive)(struct device *device, guint index, guint8 *to,
			  guint32 room);
	int (*request_vmc)(struct device *device);
	const char *(*explain)(struct device *device, int error);
	int (*command)(struct device *device, const char *line, gboolean run,
		       char **why);
	void (*help)(struct device *device, GString *text);
	void (*status)(struct device *device, GString *text);
};

/**
 * struct device - the head of every back end's own structure
 * @ops: operations of the back end
 * @name: "sim", or the path
 * @listener: callbacks, set by device_listen()
 * @listener_data: argument of the callbacks
 */
struct device {
	const struct device_ops *ops;
	char *name;
	const struct device_listener *listener;
	void *listener_data;
};

/**
 * device_free() - close all sessions and free a device
 * @device: NULL is allowed
 */
void device_free(struct device *device);

/**
 * device_listen() - set the listener
 * @device: device that is not started
 * @listener: callbacks; must outlive the device
 * @data: argument of the callbacks
 */
void device_listen(struct device *device,
		   const struct device_listener *listener, void *data);

/**
 * device_start() - begin to bring the channel up
 * @device: device that is not started
 *
 * Return: 0 or a negative errno. The channel is not up yet when it returns 0.
 */
int device_start(struct device *device);

/**
 * device_dispatch() - process pending events and notify the listener
 * @device: started
 *
 * The device's own event source calls it. Other code may call it after it used
 * the device, which saves a turn of the main loop.
 *
 * Return: the work that is left.
 */
enum device_work device_dispatch(struct device *device);

/**
 * device_get_info() - read the state of the channel
 * @device: device, started or not
 * @info: filled completely
 */
void device_get_info(struct device *device, struct device_info *info);

/**
 * device_get_hmc_info() - read the state of an HMC index
 * @device: device, started or not
 * @index: HMC index
 * @info: filled completely
 */
void device_get_hmc_info(struct device *device, guint index,
			 struct device_hmc_info *info);

/**
 * device_open() - begin to open a session
 * @device: started
 * @index: HMC index, without a session
 * @hmc_id: name of the application, copied
 * @timeout_ms: time limit of the whole open in milliseconds
 *
 * Return: 0 if the listener's opened() follows; or a negative errno if nothing
 * was begun.
 */
int device_open(struct device *device, guint index,
		const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms);

/**
 * device_close() - end a session, or abandon an open in progress
 * @device: started
 * @index: HMC index; nothing happens without a session
 *
 * The listener is not called for this session afterwards.
 */
void device_close(struct device *device, guint index);

/**
 * device_send() - send a message
 * @device: started
 * @index: HMC index with a session
 * @data: @len bytes
 * @len: length in bytes, 1 to the MTU
 *
 * Return: 0; -EAGAIN if it has to wait (writable() follows); -EIO or
 * -ECONNRESET if the session cannot send it.
 */
int device_send(struct device *device, guint index, gconstpointer data,
		guint32 len);

/**
 * device_is_quiet() - does the state stay as it is until the device is used?
 * @device: any device
 *
 * Return: TRUE if device_get_info(), device_get_hmc_info() and the device's own
 * status lines will return the same until this side calls another function.
 */
gboolean device_is_quiet(struct device *device);

/**
 * device_next() - check for a message
 * @device: started
 * @index: HMC index
 * @room: set to an upper bound of its length in bytes, 0 for an empty message
 *
 * Return: 0, or -EAGAIN if there is none.
 */
int device_next(struct device *device, guint index, guint32 *room);

/**
 * device_receive() - read the next message
 * @device: started
 * @index: HMC index
 * @to: buffer of @room bytes
 * @room: at least the size that device_next() returned
 *
 * Return: its length, 0 for an empty message, -EAGAIN if there is none.
 */
gssize device_receive(struct device *device, guint index, guint8 *to,
		      guint32 room);

/**
 * device_request_vmc() - request a VMC device from the hypervisor
 * @device: started
 *
 * Return: 0 if the listener's requested() follows; -EBUSY if a request is in
 * progress; or another negative errno.
 */
int device_request_vmc(struct device *device);

/**
 * device_explain() - explain an error of an open
 * @device: device, started or not
 * @error: negative errno that the device has just reported
 *
 * Return: words of the device, or those of the table of errors; valid until the
 * device is used again.
 */
const char *device_explain(struct device *device, int error);

/**
 * device_command() - check, or carry out, a command of the device itself
 * @device: started; its operations have a @word
 * @line: command, NUL terminated
 * @run: TRUE to carry it out, FALSE to check it only
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0, -EINVAL if the line is not in the device's grammar, or the
 * negative errno of the command.
 */
int device_command(struct device *device, const char *line, gboolean run,
		   char **why);

/**
 * device_reset_words() - name the cause of a reset
 * @kind: IBMVMC_RESET_ value; an unknown one counts as IBMVMC_RESET_OTHER_EVENT
 *
 * Return: the words, or NULL for IBMVMC_RESET_NONE.
 */
const char *device_reset_words(guint32 kind);

#endif
