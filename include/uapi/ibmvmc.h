/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * The user ABI of /dev/ibmvmc, the IBM Virtual Management Channel as a character
 * device. It says nothing of the protocol below, which the driver speaks, nor of
 * the messages, which are the application's own.
 *
 * The node is there as soon as the module is, with or without a channel. One
 * open file is one session at most: it is opened by SETHMCID or by OPEN, dies
 * with its HMC session, and is never given another; open the node again for the
 * next one. A file that was closed, however many copies of its descriptor there
 * were, has told the hypervisor so; nobody waits for the answer. One write(2)
 * or writev(2) is one message, one read(2) or readv(2) returns one message;
 * nothing can be sought.
 *
 * Two ways to open a session
 * --------------------------
 * SETHMCID is the older. It returns as soon as the hypervisor has been asked:
 * the session is there when write(2) does not fail with EBUSY any more. Such a
 * file is used as the driver of mainline Linux has it: write(2) never waits, a
 * short read(2) loses the rest of a message, and most failures are EIO.
 *
 * OPEN chooses the HMC index, or takes any; waits, for a bounded time, until
 * the session is there; and tells why not. On a descriptor with O_NONBLOCK,
 * unless it has ended at once, it fails with EINPROGRESS, poll(2) tells the end
 * by POLLOUT (open) or POLLERR (not), and INFO tells the reason. A signal ends
 * the waiting with EINTR, not the opening: as after EINPROGRESS. An OPEN that
 * could not begin leaves the file as it was; one that began and failed leaves
 * it with a dead session, as INFO tells. On such a file write(2) waits for a
 * buffer unless O_NONBLOCK is set, a read(2) into too short a buffer fails with
 * EMSGSIZE and the message stays, and each cause has an errno of its own.
 *
 * On both kinds a read(2) of an empty message returns 0; the end of a session is
 * always an error and never 0. Messages that came before a session's end can
 * still be read after it.
 *
 * poll(2)
 * -------
 *	POLLIN	    a message can be read
 *	POLLOUT	    a message would be taken; or OPEN has succeeded, and neither
 *		    it nor INFO has told so
 *	POLLERR|POLLHUP	the session is dead
 *	POLLERR	    there is no session, so that a read or a write would fail at
 *		    once; only if one of POLLIN and POLLOUT is asked for, so that
 *		    POLLPRI can be awaited on such a file
 *	POLLPRI	    the channel's state or limits have changed, or a message of
 *		    this session was lost, since this file's last INFO, or since
 *		    it was opened; on a file without a session, too
 *
 * Structures of OPEN and INFO
 * ---------------------------
 * Each begins with its own size in bytes, set by the caller; their ioctl numbers
 * do not hold it. Later versions only add fields at the end. OPEN: what a caller
 * leaves out is 0; what the driver does not know must be 0 (else E2BIG). INFO:
 * as much is filled as both know, the rest with 0, and size is set to what the
 * driver knows. A size below that of version 1, below, is EINVAL, one above a
 * page E2BIG. A driver that has neither (that of mainline) fails with EINVAL or
 * ENOTTY on both. Numbers 5 to 15 of this ioctl type are kept for later
 * versions.
 *
 * Errors
 * ------
 * Any call: EFAULT (bad pointer; nothing changed, no message is lost). "Old"
 * and "new" are files with a session by SETHMCID and by OPEN.
 *
 *	open	    ENOMEM
 *	SETHMCID    EIO	    the file has, or had, a session; the channel has
 *			    failed; the Open could not be sent
 *		    EAGAIN  the channel is not ready
 *		    EBUSY   every HMC index is in use
 *		    ENOBUFS the free HMC index has no buffer yet
 *		    ENOMEM
 *	QUERY	    (none)
 *	REQUESTVMC  EPERM   without CAP_SYS_ADMIN, or the hypervisor does not
 *			    allow or know it
 *		    EIO, ENODEV (no resources, or no transport), EINVAL  of the
 *			    hypervisor
 *		    ETIMEDOUT  it stayed busy for IBMVMC_REQUEST_TOTAL_MS
 *		    EINTR   a signal came
 *	INFO	    EINVAL, E2BIG  the size
 *	OPEN	    EINVAL  the size, a reserved field, a time above
 *			    IBMVMC_TIMEOUT_MAX_MS, an HMC index that this driver
 *			    never has
 *		    E2BIG   a field that is not known is not 0
 *		    EISCONN the file has, or had, a session
 *		    EALREADY  the file's session is being opened
 *		    EINPROGRESS  it is under way (O_NONBLOCK)
 *		    EINTR   a signal came; it is under way
 *		    EBUSY   the HMC index, or every one, is in use, or was not
 *			    closed in time
 *		    ENOBUFS the index got no buffer in time
 *		    ENODEV  there is no channel, or it was not ready in time, or
 *			    does not have that index
 *		    EUSERS  the user has as many waiting sessions as one user
 *			    may have, a quarter of the parameter max_waiting
 *		    ENFILE  max_waiting sessions wait already
 *		    ETIMEDOUT  the hypervisor did not answer in time
 *		    ECONNREFUSED  it refused
 *		    ECONNRESET  the channel was reset meanwhile
 *		    EIO	    the channel has failed, or the device did
 *		    ENOMEM
 *	other ioctls ENOTTY
 *	read	    EIO	    no session was opened on this file yet
 *		    EAGAIN  no message, and O_NONBLOCK
 *		    EINTR   a signal came
 *	    old:    EBADFD  the session is dead, and everything was read
 *	    new:    EMSGSIZE  the buffer is too short: nothing was taken
 *		    the reason of the session's end, as OPEN has them, when it is
 *		    dead and everything was read: ECONNRESET, ENODEV,
 *		    ETIMEDOUT, ECONNREFUSED, EIO and so on
 *	write	    EIO	    no session was opened on this file yet
 *	    old:    EBUSY   the session is being opened; no buffer is free
 *		    EIO	    longer than the MTU; the session is dead; not sent
 *	    new:    EMSGSIZE  longer than the MTU
 *		    EAGAIN  no buffer is free, or it is being opened, and O_NONBLOCK
 *		    EINTR   a signal came; nothing was sent
 *		    EIO	    the message could not be sent
 *		    the reason of the session's end, as above
 *		    ENOMEM
 *	lseek	    ESPIPE
 *	pread, pwrite  ESPIPE
 */
#ifndef _UAPI_IBMVMC_H
#define _UAPI_IBMVMC_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Bytes of the name an application gives itself; opaque, no NUL is needed. */
#define IBMVMC_HMC_ID_LEN 32

/* Version of this ABI, as INFO tells it. */
#define IBMVMC_ABI_VERSION 1

#define IBMVMC_IOC_TYPE 0xcc

/* States of the channel, in QUERY and INFO. */
#define IBMVMC_CHANNEL_RESETTING (-1)
#define IBMVMC_CHANNEL_NONE 0
#define IBMVMC_CHANNEL_INITIALIZING 1
#define IBMVMC_CHANNEL_CAPABILITIES 2
#define IBMVMC_CHANNEL_READY 3
#define IBMVMC_CHANNEL_FAILED 4

/* States of a file's session, in INFO. */
#define IBMVMC_FILE_NEW 0
#define IBMVMC_FILE_WAITING 1
#define IBMVMC_FILE_OPENING 2
#define IBMVMC_FILE_READY 3
#define IBMVMC_FILE_DEAD 4

/* What the last reset of the channel was, in INFO. */
#define IBMVMC_RESET_NONE 0
#define IBMVMC_RESET_PARTNER_FAILED 1
#define IBMVMC_RESET_PARTNER_DEREGISTERED 2
#define IBMVMC_RESET_PARTNER_TERMINATED 4
#define IBMVMC_RESET_MIGRATED 6
#define IBMVMC_RESET_OTHER_EVENT 255
#define IBMVMC_RESET_SELF 256
#define IBMVMC_RESET_REMOVED 257

/* The HMC index that means "any", and in INFO "none". */
#define IBMVMC_INDEX_ANY (-1)

/* How long OPEN waits if it is told 0, and at most; in milliseconds. */
#define IBMVMC_TIMEOUT_DEFAULT_MS 5000
#define IBMVMC_TIMEOUT_MAX_MS 3600000

/* How long REQUESTVMC asks a hypervisor that is busy; in milliseconds. */
#define IBMVMC_REQUEST_TOTAL_MS 600000

/**
 * struct ibmvmc_query - QUERY
 * @have_vmc: 1 if there is a channel: @state is above IBMVMC_CHANNEL_NONE
 * @state: IBMVMC_CHANNEL_ value
 * @vmc_drc_index: of the device that REQUESTVMC got last, 0 if none
 */
struct ibmvmc_query {
	__s32 have_vmc;
	__s32 state;
	__s32 vmc_drc_index;
};

/**
 * struct ibmvmc_ioc_info - INFO
 * @size: of this structure; see above
 * @abi_version: IBMVMC_ABI_VERSION
 * @channel_state: IBMVMC_CHANNEL_ value
 * @last_reset: IBMVMC_RESET_ value
 * @resets: of the channel so far, since the module was loaded
 * @drc_index: of the device that REQUESTVMC got last, 0 if none
 * @hmcs: HMC indices the channel has, 0 while it is not ready
 * @pool: buffers of one index, 0 while the channel is not ready
 * @mtu: longest message in bytes, 0 while the channel is not ready
 * @peer_version: protocol version of the hypervisor, 0 before it told
 * @file_state: IBMVMC_FILE_ value
 * @file_error: why the session is dead: an errno, 0 if it is not
 * @hmc_index: of the session, IBMVMC_INDEX_ANY before it has one
 * @hmc_session: its number, 0 before it has one
 * @buffers: of its index now
 * @buffers_free: of these, the ones a message could be sent with
 * @queued: messages that wait to be read
 * @next_length: bytes of the first of them, 0 if there is none
 * @sent_messages: by this file
 * @sent_bytes: in these
 * @received_messages: read from this file
 * @received_bytes: in these; what a short read lost is counted
 * @lost_messages: that the driver could not take from the hypervisor
 * @reserved: 0
 *
 * Version 1 ends here.
 */
struct ibmvmc_ioc_info {
	__u32 size;
	__u32 abi_version;
	__s32 channel_state;
	__u32 last_reset;
	__aligned_u64 resets;
	__u32 drc_index;
	__u32 hmcs;
	__u32 pool;
	__u32 mtu;
	__u32 peer_version;
	__u32 file_state;
	__u32 file_error;
	__s32 hmc_index;
	__u32 hmc_session;
	__u32 buffers;
	__u32 buffers_free;
	__u32 queued;
	__u32 next_length;
	__u32 reserved;
	__aligned_u64 sent_messages;
	__aligned_u64 sent_bytes;
	__aligned_u64 received_messages;
	__aligned_u64 received_bytes;
	__aligned_u64 lost_messages;
};

#define IBMVMC_INFO_SIZE_V1 120

/**
 * struct ibmvmc_ioc_open - OPEN
 * @size: of this structure; see above
 * @hmc_index: the HMC index wanted, or IBMVMC_INDEX_ANY
 * @timeout_ms: how long it may take in all: for the channel to become ready, for
 *	an index that is being closed to become free, and for the answer; 0 is
 *	IBMVMC_TIMEOUT_DEFAULT_MS
 * @reserved: 0
 * @hmc_id: the application's name
 *
 * Version 1 ends here.
 */
struct ibmvmc_ioc_open {
	__u32 size;
	__s32 hmc_index;
	__u32 timeout_ms;
	__u32 reserved;
	__u8 hmc_id[IBMVMC_HMC_ID_LEN];
};

#define IBMVMC_OPEN_SIZE_V1 48

/*
 * SETHMCID: the argument points to IBMVMC_HMC_ID_LEN bytes. Its number holds the
 * size of a pointer; the driver takes that of either size from everybody.
 */
#define IBMVMC_IOC_SETHMCID \
	_IOC(_IOC_WRITE, IBMVMC_IOC_TYPE, 0, sizeof(void *))
#define IBMVMC_IOC_QUERY _IOR(IBMVMC_IOC_TYPE, 1, struct ibmvmc_query)
#define IBMVMC_IOC_REQUESTVMC _IOR(IBMVMC_IOC_TYPE, 2, __u32)
#define IBMVMC_IOC_INFO _IO(IBMVMC_IOC_TYPE, 3)
#define IBMVMC_IOC_OPEN _IO(IBMVMC_IOC_TYPE, 4)

#endif
