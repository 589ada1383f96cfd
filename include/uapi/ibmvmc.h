/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * User ABI: ioctls and rules of /dev/ibmvmc, the IBM Virtual Management Channel
 * as a character device. It covers neither the protocol below nor the contents
 * of messages.
 */

/*
 * The node exists as long as the module is loaded, with or without a channel.
 * One open file has at most one session: SETHMCID or OPEN opens it, it ends
 * with its HMC session, and it is never replaced; open the node again for the
 * next session. The last close(2) of a file closes its session at the
 * hypervisor without waiting for the response. One write(2) or writev(2) sends
 * one message, one read(2) or readv(2) returns one message; files are not
 * seekable.
 *
 * Two ways to open a session
 * --------------------------
 * SETHMCID is the legacy ioctl. It returns as soon as the request was sent to
 * the hypervisor: the session is open when write(2) no longer fails with EBUSY.
 * Such a file behaves as with the driver of mainline Linux: write(2) never
 * blocks, a short read(2) loses the rest of a message, and most failures are
 * EIO.
 *
 * OPEN selects an HMC index, or accepts any, waits up to timeout_ms for the
 * session, and returns the reason of a failure. With O_NONBLOCK it fails with
 * EINPROGRESS unless it has completed immediately; poll(2) reports the
 * completion by POLLOUT (open) or POLLERR (failed), and INFO returns the
 * reason. A signal ends the wait with EINTR but does not cancel the opening,
 * which continues as after EINPROGRESS. An OPEN that cannot be started does not
 * change the file; one that was started and failed leaves a dead session, which
 * INFO reports. On such a file write(2) waits for a buffer unless O_NONBLOCK is
 * set, a read(2) into a buffer that is too short fails with EMSGSIZE and keeps
 * the message, and each cause of a failure has its own errno.
 *
 * On both kinds of files a read(2) of an empty message returns 0. The end of a
 * session is always an error, never 0. Messages that arrived before the end of
 * a session can still be read.
 *
 * poll(2)
 * -------
 *	POLLIN	    a message can be read
 *	POLLOUT	    a message can be sent; or OPEN has succeeded, and neither
 *		    OPEN nor INFO has reported that yet
 *	POLLERR|POLLHUP	the session is dead
 *	POLLERR	    there is no session, so that a read or write would fail
 *		    immediately; only if POLLIN or POLLOUT was requested, so
 *		    that such a file can wait for POLLPRI
 *	POLLPRI	    the state or the limits of the channel have changed, or a
 *		    message of this session was lost, since the last INFO on
 *		    this file or since it was opened; also on a file without a
 *		    session
 *
 * Structures of OPEN and INFO
 * ---------------------------
 * Each structure begins with its own size in bytes, set by the caller; the
 * ioctl numbers do not contain it. Later versions only append fields. OPEN:
 * fields that the caller omits are 0; fields that the driver does not know must
 * be 0 (otherwise E2BIG). INFO: the fields that both sides know are filled, all
 * others are 0, and size is set to the size that the driver knows. A size below
 * that of version 1 (IBMVMC_INFO_SIZE_V1, IBMVMC_OPEN_SIZE_V1) fails with
 * EINVAL, one above a page with E2BIG. A driver without these ioctls, such as
 * that of mainline Linux, fails with EINVAL or ENOTTY.
 * Numbers 5 to 15 of this ioctl type are reserved.
 *
 * The manual page ibmvmc(4), docs/man/ibmvmc.4.scd, has the errors of each call.
 */
#ifndef _UAPI_IBMVMC_H
#define _UAPI_IBMVMC_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Length of an HMC ID in bytes; opaque, not terminated by NUL. */
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

/* States of a file's session, in INFO. */
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

/* HMC index "any" in OPEN, "none" in INFO. */
#define IBMVMC_INDEX_ANY (-1)

/* Default (timeout_ms 0) and maximum timeout of OPEN, in milliseconds. */
#define IBMVMC_TIMEOUT_DEFAULT_MS 5000
#define IBMVMC_TIMEOUT_MAX_MS 3600000

/* Time that REQUESTVMC waits for a busy hypervisor, in milliseconds. */
#define IBMVMC_REQUEST_TOTAL_MS 600000

/**
 * struct ibmvmc_query - result of QUERY
 * @have_vmc: 1 if there is a channel: @state is above IBMVMC_CHANNEL_NONE
 * @state: IBMVMC_CHANNEL_ value
 * @vmc_drc_index: DRC index of the last REQUESTVMC, 0 if none
 */
struct ibmvmc_query {
	__s32 have_vmc;
	__s32 state;
	__s32 vmc_drc_index;
};

/**
 * struct ibmvmc_ioc_info - argument of INFO
 * @size: size of this structure in bytes; see above
 * @abi_version: IBMVMC_ABI_VERSION
 * @channel_state: IBMVMC_CHANNEL_ value
 * @last_reset: IBMVMC_RESET_ value
 * @resets: number of resets of the channel since the module was loaded
 * @drc_index: DRC index of the last REQUESTVMC, 0 if none
 * @hmcs: number of HMC indices, 0 while the channel is not ready
 * @pool: buffers of one index, 0 while the channel is not ready
 * @mtu: longest message in bytes, 0 while the channel is not ready
 * @peer_version: protocol version of the hypervisor, 0 while unknown
 * @file_state: IBMVMC_FILE_ value
 * @file_error: errno of a dead session, otherwise 0
 * @hmc_index: HMC index of the session, IBMVMC_INDEX_ANY while none is assigned
 * @hmc_session: session number, 0 while none is assigned
 * @buffers: present number of buffers of the index
 * @buffers_free: number of buffers that can carry a message to send
 * @queued: number of messages that can be read
 * @next_length: length of the first of them in bytes, 0 if there is none
 * @sent_messages: number of messages sent by this file
 * @sent_bytes: number of bytes in them
 * @received_messages: number of messages read from this file
 * @received_bytes: number of bytes in them, including bytes lost by short reads
 * @lost_messages: number of messages that could not be copied from the
 *	hypervisor
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
 * struct ibmvmc_ioc_open - argument of OPEN
 * @size: size of this structure in bytes; see above
 * @hmc_index: HMC index, or IBMVMC_INDEX_ANY
 * @timeout_ms: total time in milliseconds for the channel to become ready, for
 *	an index to become free and for the response; 0 selects
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
 * SETHMCID: the argument points to IBMVMC_HMC_ID_LEN bytes. The number contains
 * the size of a pointer; the driver accepts both sizes from all processes.
 */
#define IBMVMC_IOC_SETHMCID _IOC(_IOC_WRITE, IBMVMC_IOC_TYPE, 0, sizeof(void *))
#define IBMVMC_IOC_QUERY _IOR(IBMVMC_IOC_TYPE, 1, struct ibmvmc_query)
#define IBMVMC_IOC_REQUESTVMC _IOR(IBMVMC_IOC_TYPE, 2, __u32)
#define IBMVMC_IOC_INFO _IO(IBMVMC_IOC_TYPE, 3)
#define IBMVMC_IOC_OPEN _IO(IBMVMC_IOC_TYPE, 4)

#endif
