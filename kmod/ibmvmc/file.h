/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An open file of /dev/ibmvmc, and the session that it may have: at most one,
 * ever. What the calls on it promise is told in uapi/ibmvmc.h; read and write
 * are in transfer.c, the ioctls in ioctl.c.
 *
 * A file points to its session and its host from the moment the session is
 * opened until the file is released, whatever becomes of the channel meanwhile:
 * the engine's session dies, the file keeps the dead one. So an old file can
 * never meet a new session.
 */
#ifndef IBMVMC_FILE_H
#define IBMVMC_FILE_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/wait.h>

#include "engine/engine.h"

struct ibmvmc_host;
struct ibmvmc_node;

extern const struct file_operations ibmvmc_fops;

/**
 * struct ibmvmc_file - one open file
 * @node: it was opened from
 * @lock: held while @session is set
 * @host: of the session, with a reference; set before @session
 * @session: the engine's half, with the one reference; NULL before it was
 *	opened, then the same until the end. Read it by
 *	ibmvmc_file_session_of()
 * @by_open: the session was opened by OPEN and not by SETHMCID
 * @success_told: somebody knows that OPEN has succeeded
 * @pid: process that opened it
 * @uid: real user of that process, on whose account its session waits
 * @wait: who waits for the session
 * @changes_seen: of the node's changes, at the last INFO
 * @lost_seen: messages lost, at the last INFO
 * @sent_messages: counters, under the host's lock
 * @sent_bytes: as above
 * @received_messages: as above
 * @received_bytes: as above
 */
struct ibmvmc_file {
	struct ibmvmc_node *node;
	struct mutex lock; /* of @session while it is set */
	struct ibmvmc_host *host;
	struct ibmvmc_file_session *session;
	bool by_open;
	bool success_told;
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

/**
 * ibmvmc_file_session_of() - the session of a file
 * @file: any
 *
 * Return: the session, or NULL. It stays as long as the file; everything in it
 * is under the lock of @host.
 */
static inline struct ibmvmc_file_session *
ibmvmc_file_session_of(struct ibmvmc_file *file)
{
	/* Pairs with the release in ibmvmc_file_set_up(). */
	return smp_load_acquire(&file->session);
}

/**
 * ibmvmc_file_set_up() - begin to open a session on a file (D-5: once)
 * @file: any
 * @index: HMC index wanted, or -1
 * @hmc_id: the application's name
 * @timeout_ms: as ibmvmc_session_open() has it
 * @by_open: which kind of file it becomes
 *
 * Return: 0; -EALREADY (it is being opened), -EISCONN (it has, or had, a
 * session), -ENODEV (there is no device), -ENOMEM, or what
 * ibmvmc_session_open() returned. After an error the file is as it was.
 */
int ibmvmc_file_set_up(struct ibmvmc_file *file, int index,
		       const u8 hmc_id[VMC_HMC_ID_LEN], u32 timeout_ms,
		       bool by_open);

/**
 * ibmvmc_file_wake() - something has changed: look at the session again
 * @file: its engine's half has told so
 *
 * Locking: the host's lock is held.
 */
void ibmvmc_file_wake(struct ibmvmc_file *file);

/**
 * ibmvmc_file_wait() - try again and again, until it works
 * @file: one with a session
 * @nonblock: try once only
 * @try: called with the host's lock held; -EAGAIN if it has to wait
 * @data: handed to it
 *
 * Return: what @try returned, or -ERESTARTSYS if a signal came.
 */
int ibmvmc_file_wait(struct ibmvmc_file *file, bool nonblock,
		     int (*try)(struct ibmvmc_file *file, void *data),
		     void *data);

/**
 * ibmvmc_file_pid() - who opened a file
 * @owner: the file, as the engine hands it out
 */
static inline pid_t ibmvmc_file_pid(const void *owner)
{
	return ((const struct ibmvmc_file *)owner)->pid;
}

/* In transfer.c and ioctl.c, for the table of operations. */
ssize_t ibmvmc_read(struct kiocb *iocb, struct iov_iter *to);
ssize_t ibmvmc_write(struct kiocb *iocb, struct iov_iter *from);
long ibmvmc_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

#endif
