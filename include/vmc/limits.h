/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits: identifiers and ranges of the Virtual Management Channel protocol,
 * and the minimum, default and maximum of negotiated values. It contains no
 * timeout and no limit of one implementation.
 */
#ifndef VMC_LIMITS_H
#define VMC_LIMITS_H

/* Length of the name of an application in bytes; opaque, no NUL. */
#define VMC_HMC_ID_LEN 32

/* HMC sessions are numbered 1..255; 0 means "no session". */
#define VMC_SESSION_NONE 0
#define VMC_SESSION_FIRST 1
#define VMC_SESSION_LAST 255

/* Buffer ID for "no buffer" in a Remove Buffer Response. */
#define VMC_BUFFER_NONE 0xffff

/* Number of HMC connections (a count: 1 means that only HMC index 0 exists). */
#define VMC_HMCS_MIN 1
#define VMC_HMCS_DEFAULT 4
#define VMC_HMCS_MAX 64

/* Buffers of one HMC index. */
#define VMC_POOL_MIN 16
#define VMC_POOL_DEFAULT 32
#define VMC_POOL_MAX 64

/* Largest message that this side offers, in bytes. */
#define VMC_MTU_MIN 4096
#define VMC_MTU_DEFAULT 4096
#define VMC_MTU_MAX 16384

/*
 * Minimum usable offer of a partner: room for an HMC ID, and one buffer each to
 * send and to receive.
 */
#define VMC_PEER_MTU_MIN VMC_HMC_ID_LEN
#define VMC_PEER_POOL_MIN 2

/*
 * Entries in a CRQ. Requests may fill half of the queue; in a queue of the
 * minimum size that half has room for messages besides Open and Close. A 4 KiB
 * page has 256 entries.
 */
#define VMC_CRQ_ENTRIES_MIN 16
#define VMC_CRQ_ENTRIES_4K 256

/* Protocol version 1.1: major number in the high byte, minor in the low. */
#define VMC_VERSION 0x0101
#define VMC_VERSION_MAJOR(version) ((version) >> 8)

#endif
