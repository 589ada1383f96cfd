/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device: whatever gives the daemon a Virtual Management Channel. This
 * interface is all the rest of the daemon knows of it. It is asynchronous:
 * nothing here sleeps, and what takes time ends in a call of the listener.
 *
 * Rules: the listener is called from device_dispatch() only, never from inside
 * another call of the device. An HMC index has at most one session at a time.
 */
#ifndef VMCFS_DEVICE_H
#define VMCFS_DEVICE_H

#include <glib.h>

#include "vmc/limits.h"

struct device;

/* What the channel is doing, in the words of the status file. */
enum device_state {
	DEVICE_DOWN,	   /* no channel */
	DEVICE_CONNECTING, /* the handshake is under way */
	DEVICE_READY,
	DEVICE_FAILED, /* for good, unless the hypervisor comes back */
};

/**
 * struct device_info - the channel as it is now
 * @driver: what stands behind the device, in one word
 * @state: enum device_state
 * @hmcs: HMC indices it offers, 0 while that is not known
 * @mtu: largest message in bytes, 0 while that is not known
 * @pool: buffers of one HMC index, 0 while that is not known
 * @drc_index: of the device that the last request made, or 0
 * @resets: resets of the channel so far
 * @last_reset: what the last of them was, in words; NULL if there was none
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
 * struct device_hmc_info - one HMC index as it is now
 * @unproven: the session was opened, but this device cannot tell yet whether
 *	the hypervisor agreed
 * @session: HMC session number, 0 without a session, or if that is not known
 * @buffers: buffers it has
 * @buffers_free: of those, the ones a message could be sent with
 */
struct device_hmc_info {
	gboolean unproven;
	guint session;
	guint buffers;
	guint buffers_free;
};

/**
 * struct device_listener - who is told what happens
 * @changed: the channel's state or its HMC indices changed
 * @opened: an open ended: 0, or the negative errno it failed with
 * @readable: a message came
 * @writable: a message may go again
 * @message_lost: messages came that could not be taken: how many since it
 *	was last told, and the negative errno of the last
 * @lost: the session ended, not by device_close(): negative errno
 * @requested: a request for a VMC device ended: 0 or negative errno
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
 * struct device_ops - what a back end implements; NULL where it cannot
 * @free: end it
 * @start: begin to bring the channel up
 * @dispatch: see device_dispatch()
 * @get_info: see device_get_info()
 * @get_hmc_info: see device_get_hmc_info()
 * @open: see device_open()
 * @close: see device_close()
 * @send: see device_send()
 * @next: see device_next()
 * @receive: see device_receive()
 * @request_vmc: see device_request_vmc()
 * @explain: see device_explain()
 * @command: a command that only this device knows, see device_command()
 * @help: append the grammar of these commands
 * @status: append the status lines that only this device has
 */
struct device_ops {
	void (*free)(struct device *device);
	int (*start)(struct device *device);
	gboolean (*dispatch)(struct device *device);
	void (*get_info)(struct device *device, struct device_info *info);
	void (*get_hmc_info)(struct device *device, guint index,
			     struct device_hmc_info *info);
	int (*open)(struct device *device, guint index,
		    const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms);
	void (*close)(struct device *device, guint index);
	int (*send)(struct device *device, guint index, gconstpointer data,
		    guint32 len);
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
 * @ops: the back end
 * @name: "sim", or the path
 * @listener: who is told, set by device_listen()
 * @listener_data: handed to it
 */
struct device {
	const struct device_ops *ops;
	char *name;
	const struct device_listener *listener;
	void *listener_data;
};

/**
 * device_free() - end it; open sessions are closed
 * @device: NULL is allowed
 */
void device_free(struct device *device);

/**
 * device_listen() - say who is told
 * @device: not started
 * @listener: must outlive it
 * @data: handed to it
 */
void device_listen(struct device *device,
		   const struct device_listener *listener, void *data);

/**
 * device_start() - begin to bring the channel up
 * @device: not started
 *
 * Return: 0 or a negative errno; 0 does not say that the channel is up.
 */
int device_start(struct device *device);

/**
 * device_dispatch() - do what there is to do now and tell the listener
 * @device: started
 *
 * The device's own event source calls it; others may, after they used the
 * device, to save a turn of the main loop.
 *
 * Return: TRUE if there is more to do right now.
 */
gboolean device_dispatch(struct device *device);

/**
 * device_get_info() - the channel as it is now
 * @device: any
 * @info: filled completely
 */
void device_get_info(struct device *device, struct device_info *info);

/**
 * device_get_hmc_info() - one HMC index as it is now
 * @device: any
 * @index: HMC index
 * @info: filled completely
 */
void device_get_hmc_info(struct device *device, guint index,
			 struct device_hmc_info *info);

/**
 * device_open() - begin to open a session; the listener's opened() follows
 * @device: started
 * @index: HMC index, without a session
 * @hmc_id: the application's name, copied
 * @timeout_ms: how long it may take in all
 *
 * Return: 0, or at once a negative errno, with which nothing was begun.
 */
int device_open(struct device *device, guint index,
		const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms);

/**
 * device_close() - end a session, or give up an open that is under way
 * @device: started
 * @index: HMC index; nothing happens without a session. The listener hears
 *	nothing more of it
 */
void device_close(struct device *device, guint index);

/**
 * device_send() - send a message
 * @device: started
 * @index: HMC index with a session
 * @data: @len bytes, above 0, at most the MTU
 * @len: in bytes
 *
 * Return: 0; -EAGAIN if it has to wait (writable() follows); else the session
 * cannot send it: -EIO, -ECONNRESET.
 */
int device_send(struct device *device, guint index, gconstpointer data,
		guint32 len);

/**
 * device_next() - is there a message
 * @device: started
 * @index: HMC index
 * @room: set to the bytes it needs at most, 0 for an empty message
 *
 * Return: 0, or -EAGAIN if there is none.
 */
int device_next(struct device *device, guint index, guint32 *room);

/**
 * device_receive() - take the next message
 * @device: started
 * @index: HMC index
 * @to: where to copy it, @room bytes
 * @room: at least what device_next() told
 *
 * Return: its length, 0 for an empty message, -EAGAIN if there is none.
 */
gssize device_receive(struct device *device, guint index, guint8 *to,
		      guint32 room);

/**
 * device_request_vmc() - ask the hypervisor for a VMC device; the listener's
 * requested() follows
 * @device: started
 *
 * Return: 0, -EBUSY if one is under way, or another negative errno.
 */
int device_request_vmc(struct device *device);

/**
 * device_explain() - what an error of an open means here
 * @device: any
 * @error: negative errno, just told
 *
 * Return: words of the device, or those of the table of errors; they stand
 * until the device is used again.
 */
const char *device_explain(struct device *device, int error);

/**
 * device_command() - check, or carry out, a command of this device's own
 * @device: started
 * @line: the command, NUL terminated
 * @run: carry it out; else it is only checked and nothing changes
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0, -EINVAL if the line is not in its grammar, or what came of it.
 */
int device_command(struct device *device, const char *line, gboolean run,
		   char **why);

#endif
