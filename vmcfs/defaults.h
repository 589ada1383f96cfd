/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Defaults: every default and limit of the daemon. The numbers of the protocol
 * are in vmc/limits.h, those of the engine in its own header.
 */
#ifndef VMCFS_DEFAULTS_H
#define VMCFS_DEFAULTS_H

#define VMCFS_DEVICE_DEFAULT "/dev/ibmvmc"
#define VMCFS_DEVICE_SIM "sim"

/* Maximum length of the source in the mount table; fsconfig(2) limits it. */
#define VMCFS_SOURCE_MAX 255

/* Maximum length of a mistyped option for which the nearest one is found. */
#define VMCFS_NEAREST_MAX 32

/* Minimum length of a part of an option for which that option is found. */
#define VMCFS_NEAREST_MIN_PART 4

#define KIB ((guint64)1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

/*
 * Open files and bytes of memory that the daemon needs to start. Each session
 * on a character device needs one more open file.
 */
#define VMCFS_DESCRIPTORS 32
#define VMCFS_START_MEMORY (16 * MIB)

/* Modes of files and directories. A read-only file has only the read bits. */
#define VMCFS_MODE_DEFAULT 0600
#define VMCFS_DMODE_DEFAULT 0700

/* Bytes of one log segment. */
#define VMCFS_HISTORY_DEFAULT (16 * MIB)
#define VMCFS_HISTORY_MIN (4 * KIB)
#define VMCFS_HISTORY_MAX (4 * GIB)

/*
 * Bytes of all log segments; the default is a multiple of history=. Segments
 * take whole pages, so the limit is at least VMCFS_MEMORY_MIN_PAGES pages.
 */
#define VMCFS_MEMORY_DEFAULT_SEGMENTS 16
#define VMCFS_MEMORY_MIN (64 * KIB)
#define VMCFS_MEMORY_MIN_PAGES 8
#define VMCFS_MEMORY_MAX (1024 * GIB)

/*
 * A segment younger than VMCFS_SEGMENT_AGE_S seconds may grow to
 * VMCFS_SEGMENT_GROWTH times history=.
 */
#define VMCFS_SEGMENT_AGE_S 10
#define VMCFS_SEGMENT_GROWTH 4

/*
 * Bytes of the records of log and log.json, and of those of capture, for each
 * HMC index; 0 for no such files. They are the same records, so that the larger
 * limit holds for both. Records take whole pages, so a limit is at least
 * VMCFS_MEMORY_MIN_PAGES pages.
 */
#define VMCFS_RECORDS_DEFAULT (1 * MIB)
#define VMCFS_CAPTURE_DEFAULT 0
#define VMCFS_RECORDS_MIN (64 * KIB)
#define VMCFS_RECORDS_MAX (64 * MIB)

/* Bytes of queued messages, for each HMC index. */
#define VMCFS_SENDQ_DEFAULT (256 * KIB)
#define VMCFS_SENDQ_MIN 1
#define VMCFS_SENDQ_MAX (64 * MIB)

#define VMCFS_SEND_TIMEOUT_DEFAULT_MS 2000
#define VMCFS_OPEN_TIMEOUT_DEFAULT_MS 5000
#define VMCFS_TIMEOUT_MIN_MS 1
#define VMCFS_TIMEOUT_MAX_MS (3600 * 1000)

/*
 * Log of the daemon: lines that may wait for a slow reader, bytes of a line
 * with its NUL, and the time limit for the last lines at the end.
 */
#define VMCFS_LOG_LINES 1024
#define VMCFS_LOG_LINE_MAX 1024
#define VMCFS_LOG_FLUSH_MS 500

/* Time limit for the reader of standard error to make room for an error. */
#define VMCFS_PRINT_MS 5000

#define VMCFS_LOG_LEVEL_DEFAULT G_LOG_LEVEL_MESSAGE

/* Lines of one kind of notice and one HMC index in an interval. */
#define VMCFS_NOTICE_BURST 10
#define VMCFS_NOTICE_INTERVAL_S 30

/*
 * Notifications within the time limit of a service manager's watchdog. Some are
 * left out when a request arrives at the moment of the check.
 */
#define VMCFS_WATCHDOG_SHARE 4

/* Interval at which READY=1 is repeated while the manager's queue is full. */
#define VMCFS_READY_RETRY_MS 100

/*
 * Time for a start or a stop besides the time limits of the options, for a
 * service manager.
 */
#define VMCFS_MANAGER_MARGIN_MS 20000

/* Stack of each thread in bytes; the main one has at least this. */
#define VMCFS_THREAD_STACK (256 * KIB)

/*
 * Microseconds that the daemon polls for the next request before it sleeps, if
 * it has several processors and polls are worth while.
 */
#define VMCFS_POLL_DEFAULT_US 50
#define VMCFS_POLL_MAX_US 1000

/*
 * Processors of a machine on which the daemon keeps all of them awake while a
 * client waits for one reply after the other. Each of them pays for it.
 */
#define VMCFS_LATENCY_PROCESSORS_MAX 8

/* Milliseconds between two reports to inotify of a file; 0 reports nothing. */
#define VMCFS_NOTIFY_DEFAULT_MS 100
#define VMCFS_NOTIFY_MAX_MS (60 * 1000)

/* Time after which an announcer that takes no changes counts as stopped. */
#define VMCFS_ANNOUNCER_MS 5000

/* Maximum length of a write to a control file in bytes. */
#define VMCFS_CONTROL_MAX 4096

/*
 * Open files of all users, and of one user without privilege; the default of
 * the second is a fraction of the first. Each takes at most VMCFS_HANDLE_BYTES.
 * One of VMCFS_QUOTA_RESERVE is reserved for root and the owner.
 */
#define VMCFS_HANDLES_DEFAULT 65536
#define VMCFS_HANDLES_PER_UID_DEFAULT_SHARE 4
#define VMCFS_HANDLES_MIN 16
#define VMCFS_HANDLES_PER_UID_MIN 1
#define VMCFS_HANDLES_MAX (16 * 1024 * 1024)
#define VMCFS_HANDLE_BYTES 320
#define VMCFS_QUOTA_RESERVE 8

/* Maximum length of an answer to readdir(3) in bytes. */
#define VMCFS_READDIR_MAX (32 * 1024)

/* Texts that are kept between reads, of all users and of one user. */
#define VMCFS_TEXTS_MAX 512
#define VMCFS_TEXTS_PER_UID 64

/*
 * Interval between checks of the signals of interrupted callers, and the
 * maximum number of callers per check.
 */
#define VMCFS_SIGNAL_LOOK_US (20 * 1000)
#define VMCFS_SIGNAL_LOOKS 64

/*
 * Minimum request timeout of the kernel, and the margin by which a pending
 * request is answered before it, in seconds.
 */
#define VMCFS_KERNEL_TIMEOUT_MIN_S 15
#define VMCFS_KERNEL_TIMEOUT_MARGIN_S 5

/* Time limit for the helper to open the node while the daemon serves. */
#define VMCFS_HELPER_TIMEOUT_MS 2000

/* Time limit for the helper to unmount at the end. */
#define VMCFS_UNMOUNT_TIMEOUT_MS 5000

/* Maximum number of reads of the mount table while mounts are renamed. */
#define VMCFS_UNMOUNT_PASSES 100

/* Time limit for a mounted file system to respond to the check whether it is dead. */
#define VMCFS_CONTACT_MS 5000

/*
 * Block size of stat(2), which programs use as buffer size for writes. That of
 * message is the MTU; this one is used while the MTU is unknown.
 */
#define VMCFS_BLOCK_SIZE 8192

/*
 * Concurrent background requests of the kernel: releases and readahead. None of
 * them becomes pending. The releases of a process that dies with many open
 * files delay other requests by at most this number.
 */
#define VMCFS_MAX_BACKGROUND 16

/*
 * Bytes that all pending reads and writes of a mount may take, and the size of
 * each without the data of a write.
 */
#define VMCFS_WAITING_MAX (16 * MIB)
#define VMCFS_WAITING_BYTES 512

/* Seconds for which the kernel may cache constant names and attributes. */
#define VMCFS_CACHE_S 3600.0

/* Poll interval for a character device that does not report changes. */
#define VMCFS_CHARDEV_LOOK_MS 1000

/* Messages read from a session before other sessions have their turn. */
#define VMCFS_CHARDEV_BUDGET 64

/* Minimum and maximum delay before a refused request is repeated. */
#define VMCFS_RETRY_MIN_MS 1
#define VMCFS_RETRY_MAX_MS 128

/* Maximum number of HMC indices of the in-tree driver. */
#define VMCFS_IN_TREE_HMCS_MAX 2

/* The simulated device. */
#define VMCFS_SIM_HMCS_DEFAULT 2
#define VMCFS_SIM_POOL_DEFAULT 32
#define VMCFS_SIM_MTU_DEFAULT 16384

/* Rounds of the simulated channel before other requests have their turn. */
#define VMCFS_SIM_BUDGET 64

#endif
