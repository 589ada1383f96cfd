/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * USDT: static tracepoints of the daemon (probes of the provider "vmcfs"), for
 * bpftrace, perf and SystemTap. They contain neither payload nor HMC IDs.
 *
 * An unused probe is one nop: its arguments, except the pid of a wait, are
 * values that the code has in registers or memory. So there are no semaphores:
 * each would be a load, a test and a branch. Without <sys/sdt.h> the macros are
 * empty.
 *
 * Each comment begins with the name of the probe, and has its arguments in
 * their order (tests/fs/probes.py). Probes and arguments are only added.
 * docs/tracing.md explains their use.
 */
#ifndef VMCFS_USDT_H
#define VMCFS_USDT_H

#ifdef VMCFS_PROBES
#include <sys/sdt.h>
#else
#define STAP_PROBE2(provider, name, a, b) ((void)(a), (void)(b))
#define STAP_PROBE3(provider, name, a, b, c) ((void)(a), (void)(b), (void)(c))
#define STAP_PROBE4(provider, name, a, b, c, d) \
	((void)(a), (void)(b), (void)(c), (void)(d))
#endif

/* Kind of a wait. */
enum probe_wait {
	PROBE_WAIT_READ = 0,	/* a channel has no message */
	PROBE_WAIT_WRITE = 1,	/* the send queue has no room */
	PROBE_WAIT_COMMAND = 2, /* the hypervisor has not answered */
};

/* Cause of the end of a wait. */
enum probe_wake {
	PROBE_WAKE_READY = 0,	/* the event that the request waited for */
	PROBE_WAKE_SESSION = 1, /* the session has ended */
	PROBE_WAKE_TIMEOUT = 2, /* time limit of the request */
	PROBE_WAKE_SIGNAL = 3,	/* a signal to the caller */
	PROBE_WAKE_KERNEL = 4,	/* request timeout of the kernel */
	PROBE_WAKE_UNMOUNT = 5, /* the daemon ends */
};

/**
 * PROBE_REQUEST_IN() - request_in: the kernel sent a request
 * @id: number of the request; no other unanswered request has the same
 * @type: opcode of linux/fuse.h, such as 15 for FUSE_READ
 * @node: inode number of the file, or of the directory that has its name
 * @bytes: bytes of a read or write, 0 for other types
 *
 * Requests that libfuse answers by itself are not reported.
 */
#define PROBE_REQUEST_IN(id, type, node, bytes) \
	STAP_PROBE4(vmcfs, request_in, id, type, node, bytes)

/**
 * PROBE_REPLY_OUT() - reply_out: a request is about to be answered
 * @id: number of the request
 * @error: positive errno, or 0
 * @bytes: bytes that were read or written, 0 for other types
 */
#define PROBE_REPLY_OUT(id, error, bytes) \
	STAP_PROBE3(vmcfs, reply_out, id, error, bytes)

/**
 * PROBE_WAIT() - wait: a request waits
 * @id: number of the request
 * @kind: enum probe_wait
 * @hmc: HMC index, or -1 for a command for the channel
 * @pid: thread that waits, 0 if it is in another PID namespace
 */
#define PROBE_WAIT(id, kind, hmc, pid) \
	STAP_PROBE4(vmcfs, wait, id, kind, hmc, pid)

/**
 * PROBE_WAKE() - wake: the wait of a request ended; its reply follows
 * @id: number of the request
 * @why: enum probe_wake
 */
#define PROBE_WAKE(id, why) STAP_PROBE2(vmcfs, wake, id, why)

/**
 * PROBE_MESSAGE_IN() - message_in: a message was received
 * @hmc: HMC index
 * @number: number of the message in its direction, from 1, as in hmcN/log
 * @bytes: its length in bytes
 */
#define PROBE_MESSAGE_IN(hmc, number, bytes) \
	STAP_PROBE3(vmcfs, message_in, hmc, number, bytes)

/**
 * PROBE_MESSAGE_OUT() - message_out: the device accepted a message
 * @hmc: HMC index
 * @number: number of the message in its direction, from 1, as in hmcN/log
 * @bytes: its length in bytes
 */
#define PROBE_MESSAGE_OUT(hmc, number, bytes) \
	STAP_PROBE3(vmcfs, message_out, hmc, number, bytes)

#endif
