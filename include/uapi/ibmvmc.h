/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * ibmvmc: the user ABI of /dev/ibmvmc, the IBM Virtual Management Channel as a
 * character device. It describes neither the protocol with the hypervisor nor
 *the contents of messages.
 *
 * The node exists as long as the module is loaded, with or without a channel.
 *An open file has at most one session: it is opened by SETHMCID or by OPEN, and
 *the file is dead when the session has ended; open the node again for the next
 * session. The last close of a file ends the session at the hypervisor without
 * waiting for its answer. One write(2) or writev(2) is one message, one read(2)
 *or readv(2) returns one message; the file is not seekable.
 *
 * Two ways to open a session
 * --------------------------
 * SETHMCID is the older one. It returns when the Open has been sent to the
 * hypervisor; the session is open once write(2) no longer fails with EBUSY.
 *Such a file behaves as with the driver of mainline Linux: write(2) never
 *waits, a short read(2) loses the rest of a message, and most failures are EIO.
 *
 * OPEN requests an HMC index, or any; waits, for a bounded time, until the
 *session is open; and returns the reason of a failure. On a descriptor with
 *O_NONBLOCK it fails with EINPROGRESS unless it ends at once; then poll(2)
 *reports the end by POLLOUT (open) or POLLERR (failed), and INFO the reason. A
 *signal ends the wait with EINTR, while the open continues as after
 *EINPROGRESS. An OPEN that could not begin leaves the file unchanged; one that
 *began and failed leaves it with a dead session, which INFO reports. On such a
 *file write(2) waits for a buffer unless O_NONBLOCK is set, a read(2) into a
 *buffer that is too short fails with EMSGSIZE and keeps the message, and each
 *cause has its own errno.
 *
 * On both kinds a read(2) of an empty message returns 0; the end of a session
 *is always an error and never 0. Messages that arrived before the end of a
 *session can still be read after it.
 *
 * poll(2)
 * -------
 *	POLLIN	    a message can be read
 *	POLLOUT	    a message can be written; or OPEN has succeeded, and neither
 *		    it nor INFO has returned that
 *	POLLERR|POLLHUP	the session is dead
 *	POLLERR	    there is no session, so that a read or a write would fail at
 *		    once; only if one of POLLIN and POLLOUT is asked for, so
 *that POLLPRI can be awaited on such a file POLLPRI	    the state or limits
 *of the channel have changed, or a message of this session was lost, since the
 *last INFO on this file, or since it was opened; also on a file without a
 *session
 *
 * Structures of OPEN and INFO
 * ---------------------------
 * Each begins with its size in bytes, set by the caller; their ioctl numbers do
 * not contain it. Later versions only add fields at the end. OPEN: fields that
 *the caller does not have count as 0; fields that the driver does not know must
 *be 0 (else E2BIG). INFO: fields that both know are filled, the rest is set to
 *0, and size is set to the size that the driver knows. A size below that of
 *version 1, see below, is EINVAL; one above a page is E2BIG. A driver without
 *these ioctls (that of mainline) fails with EINVAL or ENOTTY. Numbers 5 to 15
 *of this ioctl type are reserved for later versions.
 *
 * Errors
 * ------
 * Any call: EFAULT (bad pointer; nothing changed, no message is lost). "Old"
 *and "new" are files whose session was opened by SETHMCID and by OPEN.
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
 *		    ETIMEDOUT  it was busy for IBMVMC_REQUEST_TOTAL_MS
 *		    EINTR   a signal arrived
 *	INFO	    EINVAL, E2BIG  the size
 *	OPEN	    EINVAL  the size, a reserved field, a timeout above
 *			    IBMVMC_TIMEOUT_MAX_MS, an HMC index that this driver
 *			    never has
 *		    E2BIG   an unknown field is not 0
 *		    EISCONN the file has, or had, a session
 *		    EALREADY  the file's session is being opened
 *		    EINPROGRESS  it is in progress (O_NONBLOCK)
 *		    EINTR   a signal arrived; it is in progress
 *		    EBUSY   the HMC index, or every one, is in use, or was not
 *			    closed in time
 *		    ENOBUFS the index got no buffer in time
 *		    ENODEV  there is no channel, or it was not ready in time, or
 *			    does not have that index
 *		    EUSERS  the user has reached the maximum of waiting sessions
 *			    per user, a quarter of the parameter max_waiting
 *		    ENFILE  max_waiting sessions wait already
 *		    ETIMEDOUT  the hypervisor did not answer in time
 *		    ECONNREFUSED  the hypervisor refused
 *		    ECONNRESET  the channel was reset meanwhile
 *		    EIO	    the channel has failed, or the device did
 *		    ENOMEM
 *	other ioctls ENOTTY
 *	read	    EIO	    no session was opened on this file yet
 *		    EAGAIN  no message, and O_NONBLOCK
 *		    EINTR   a signal arrived
 *	    old:    EBADFD  the session is dead, and everything was read
 *	    new:    EMSGSIZE  the buffer is too short; the message is kept
 *		    the reason for the end of the session, when it is dead and
 *		    everything was read: ECONNRESET, ENODEV, ETIMEDOUT,
 *		    ECONNREFUSED, EIO and others of OPEN
 *	write	    EIO	    no session was opened on this file yet
 *	    old:    EBUSY   the session is being opened; no buffer is free
 *		    EIO	    longer than the MTU; the session is dead; not sent
 *	    new:    EMSGSIZE  longer than the MTU
 *		    EAGAIN  no buffer is free, or it is being opened, and
 *O_NONBLOCK EINTR   a signal arrived; nothing was sent EIO	    the message
 *could not be sent the reason for the end of the session, as above ENOMEM lseek
 *ESPIPE pread, pwrite  ESPIPE
 */
#ifndef _UAPI_IBMVMC_H
#define _UAPI_IBMVMC_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Length of the name of an application in bytes; opaque, no NUL is needed. */
#define IBMVMC_HMC_ID_LEN 32

/* Version of this ABI, in INFO. */
#define IBMVMC_ABI_VERSION 1

#define IBMVMC_IOC_TYPE 0xcc

/* States of the channel, in QUERY and INFO. */
#define IBMVMC_CHANNEL_RESETTING (-1)
#define IBMVMC_CHANNEL_NONE 0
#define IBMVMC_CHANNEL_INITIALIZING 1
#define IBMVMC_CHANNEL_CAPABILITIES 2
#define IBMVMC_CHANNEL_READY 3
#define IBMVMC_CHANNEL_FAILED 4

/* States of the session of a file, in INFO. */
#define IBMVMC_FILE_NEW 0
#define IBMVMC_FILE_WAITING 1
#define IBMVMC_FILE_OPENING 2
#define IBMVMC_FILE_READY 3
#define IBMVMC_FILE_DEAD 4

/* Cause of the last reset of the channel, in INFO. */
#define IBMVMC_RESET_NONE 0
#define IBMVMC_RESET_PARTNER_FAILED 1
#define IBMVMC_RESET_PARTNER_DEREGISTERED 2
#define IBMVMC_RESET_PARTNER_TERMINATED 4
#define IBMVMC_RESET_MIGRATED 6
#define IBMVMC_RESET_OTHER_EVENT 255
#define IBMVMC_RESET_SELF 256
#define IBMVMC_RESET_REMOVED 257

/* HMC index that means "any" in OPEN and "none" in INFO. */
#define IBMVMC_INDEX_ANY (-1)

/* Timeout of an OPEN with timeout 0, and the maximum; in milliseconds. */
#define IBMVMC_TIMEOUT_DEFAULT_MS 5000
#define IBMVMC_TIMEOUT_MAX_MS 3600000

/* Time limit of a REQUESTVMC to a busy hypervisor; in milliseconds. */
#define IBMVMC_REQUEST_TOTAL_MS 600000

/**
 * struct ibmvmc_query - QUERY
 * @have_vmc: 1 if there is a channel: @state is above IBMVMC_CHANNEL_NONE
 * @state: IBMVMC_CHANNEL_ value
 * @vmc_drc_index: DRC index of the device that REQUESTVMC got last, 0 if none
 */
struct ibmvmc_query {
	__s32 have_vmc;
	__s32 state;
	__s32 vmc_drc_index;
};

/**
 * struct ibmvmc_ioc_info - INFO
 * @size: size of this structure in bytes; see above
 * @abi_version: IBMVMC_ABI_VERSION
 * @channel_state: IBMVMC_CHANNEL_ value
 * @last_reset: IBMVMC_RESET_ value
 * @resets: number of resets of the channel since the module was loaded
 * @drc_index: DRC index of the device that REQUESTVMC got last, 0 if none
 * @hmcs: HMC indices the channel has, 0 while it is not ready
 * @pool: buffers of one index, 0 while the channel is not ready
 * @mtu: longest message in bytes, 0 while the channel is not ready
 * @peer_version: protocol version of the hypervisor, 0 while unknown
 * @file_state: IBMVMC_FILE_ value
 * @file_error: reason why the session is dead, an errno; 0 if it is not dead
 * @hmc_index: HMC index of the session, IBMVMC_INDEX_ANY before it has one
 * @hmc_session: HMC session number, 0 before it has one
 * @buffers: number of buffers of its index
 * @buffers_free: buffers that a message could be sent with
 * @queued: messages that wait to be read
 * @next_length: length of the first of them in bytes, 0 if there is none
 * @sent_messages: messages sent by this file
 * @sent_bytes: bytes of @sent_messages
 * @received_messages: messages read from this file
 * @received_bytes: bytes of @received_messages, including those that short
 * reads lost
 * @lost_messages: received messages that the driver could not store
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
 * @size: size of this structure in bytes; see above
 * @hmc_index: requested HMC index, or IBMVMC_INDEX_ANY
 * @timeout_ms: time limit for all steps: for the channel to become ready, for
 *an index that is being closed to become free, and for the answer; 0 means
 *	IBMVMC_TIMEOUT_DEFAULT_MS
 * @reserved: 0
 * @hmc_id: name of the application
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
 * SETHMCID: the argument points to IBMVMC_HMC_ID_LEN bytes. Its number contains
 * the size of a pointer; the driver accepts both sizes from all callers.
 */
#define IBMVMC_IOC_SETHMCID _IOC(_IOC_WRITE, IBMVMC_IOC_TYPE, 0, sizeof(void *))
#define IBMVMC_IOC_QUERY _IOR(IBMVMC_IOC_TYPE, 1, struct ibmvmc_query)
#define IBMVMC_IOC_REQUESTVMC _IOR(IBMVMC_IOC_TYPE, 2, __u32)
#define IBMVMC_IOC_INFO _IO(IBMVMC_IOC_TYPE, 3)
#define IBMVMC_IOC_OPEN _IO(IBMVMC_IOC_TYPE, 4)

#endif
