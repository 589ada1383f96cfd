/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every default and every limit of the daemon, in one place. The numbers of
 * the protocol stand in vmc/limits.h, those of the engine in its own header.
 */
#ifndef VMCFS_DEFAULTS_H
#define VMCFS_DEFAULTS_H

#define VMCFS_DEVICE_DEFAULT "/dev/ibmvmc"
#define VMCFS_DEVICE_SIM "sim"

#define KIB ((guint64)1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

/*
 * Open files and bytes of memory without which the daemon does not start. Each
 * session on a character device is one open file more.
 */
#define VMCFS_DESCRIPTORS 32
#define VMCFS_START_MEMORY (16 * MIB)

/* Modes; a file nobody may write to has the read bits of it only. */
#define VMCFS_MODE_DEFAULT 0600
#define VMCFS_DMODE_DEFAULT 0700

/* Bytes of one log segment. */
#define VMCFS_HISTORY_DEFAULT (16 * MIB)
#define VMCFS_HISTORY_MIN (4 * KIB)
#define VMCFS_HISTORY_MAX (4 * GIB)

/*
 * Bytes of all log segments; the default is a multiple of history=. They take
 * whole pages, so it is never less than some of these.
 */
#define VMCFS_MEMORY_DEFAULT_SEGMENTS 16
#define VMCFS_MEMORY_MIN (64 * KIB)
#define VMCFS_MEMORY_MIN_PAGES 8
#define VMCFS_MEMORY_MAX (1024 * GIB)

/* A segment may grow beyond history= while it is younger than this. */
#define VMCFS_SEGMENT_AGE_S 10
#define VMCFS_SEGMENT_GROWTH 4

/* Bytes that may wait for the device, for each HMC index. */
#define VMCFS_SENDQ_DEFAULT (256 * KIB)
#define VMCFS_SENDQ_MIN 1
#define VMCFS_SENDQ_MAX (64 * MIB)

#define VMCFS_SEND_TIMEOUT_DEFAULT_MS 2000
#define VMCFS_OPEN_TIMEOUT_DEFAULT_MS 5000
#define VMCFS_TIMEOUT_MIN_MS 1
#define VMCFS_TIMEOUT_MAX_MS (3600 * 1000)

/*
 * Lines of the log that may wait for a slow reader, bytes of one with its NUL,
 * and the time the last ones get at the end of the daemon.
 */
#define VMCFS_LOG_LINES 1024
#define VMCFS_LOG_LINE_MAX 1024
#define VMCFS_LOG_FLUSH_MS 500

/* Bytes of the logger thread's stack. */
#define VMCFS_LOG_STACK (256 * KIB)

/* Bytes of one write to a control file. */
#define VMCFS_CONTROL_MAX 4096

/*
 * Open files, of all users and of one without privilege; the default of the
 * second is a fraction of the first. Each takes VMCFS_HANDLE_BYTES at most. Root
 * and the owner can always use one in VMCFS_QUOTA_RESERVE.
 */
#define VMCFS_HANDLES_DEFAULT 65536
#define VMCFS_HANDLES_PER_UID_DEFAULT_SHARE 4
#define VMCFS_HANDLES_MIN 16
#define VMCFS_HANDLES_PER_UID_MIN 1
#define VMCFS_HANDLES_MAX (16 * 1024 * 1024)
#define VMCFS_HANDLE_BYTES 320
#define VMCFS_QUOTA_RESERVE 8

/* Bytes of one answer to readdir(3), whatever size the caller asks for. */
#define VMCFS_READDIR_MAX (32 * 1024)

/* Texts that are being read in parts, of all users and of one of them. */
#define VMCFS_TEXTS_MAX 512
#define VMCFS_TEXTS_PER_UID 64

/*
 * How often the signals of waiting callers that have one are looked at, and of
 * how many callers each time.
 */
#define VMCFS_SIGNAL_LOOK_US (20 * 1000)
#define VMCFS_SIGNAL_LOOKS 64

/*
 * The least request timeout that the kernel makes of its sysctls, and how long
 * before it a waiting request is answered. In seconds.
 */
#define VMCFS_KERNEL_TIMEOUT_MIN_S 15
#define VMCFS_KERNEL_TIMEOUT_MARGIN_S 5

/* How long a daemon that serves waits for its helper to open the node. */
#define VMCFS_HELPER_TIMEOUT_MS 2000

/* How long the end of the daemon waits for its helper to unmount. */
#define VMCFS_UNMOUNT_TIMEOUT_MS 5000

/* How often the mount table is read to unmount what is renamed meanwhile. */
#define VMCFS_UNMOUNT_PASSES 100

/* How long a mount that may be dead has to say so, in seconds. */
#define VMCFS_UNMOUNT_LOOK_S 2

/*
 * Block size of stat(2): programs buffer as much before they write. That of a
 * message is its MTU, or this while the MTU is not known.
 */
#define VMCFS_BLOCK_SIZE 8192

/*
 * Requests without a waiting caller that the kernel sends at once: releases and
 * readahead. None of them waits here. A process that dies with many open files
 * delays the requests of others by so many.
 */
#define VMCFS_MAX_BACKGROUND 16

/*
 * Bytes that all waiting reads and writes of a mount may take, and what each
 * takes besides the data of a write.
 */
#define VMCFS_WAITING_MAX (16 * MIB)
#define VMCFS_WAITING_BYTES 512

/* How long the kernel may keep the names and attributes that cannot change. */
#define VMCFS_CACHE_S 3600.0

/* How often a character device is looked at while it does not tell by itself. */
#define VMCFS_CHARDEV_LOOK_MS 1000

/* Messages read from a session between two looks at other requests. */
#define VMCFS_CHARDEV_BUDGET 64

/* How long until the in-tree driver is asked again for what it refused. */
#define VMCFS_RETRY_MIN_MS 1
#define VMCFS_RETRY_MAX_MS 128

/* HMC indices the in-tree driver has at most. */
#define VMCFS_IN_TREE_HMCS_MAX 2

/* The simulated device. */
#define VMCFS_SIM_HMCS_DEFAULT 2
#define VMCFS_SIM_POOL_DEFAULT 32
#define VMCFS_SIM_MTU_DEFAULT 16384
#define VMCFS_SIM_CRQ_ENTRIES 256

/* Rounds of the simulated channel between two looks at other requests. */
#define VMCFS_SIM_BUDGET 64

#endif
