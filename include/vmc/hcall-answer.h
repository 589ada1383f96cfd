/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hcall answers: converts return codes of hypervisor calls to errnos of a
 * transport (docs/protocol.md, Hypervisor calls), by one function for each kind
 * of call. It makes no call.
 */
#ifndef VMC_HCALL_ANSWER_H
#define VMC_HCALL_ANSWER_H

#include <linux/errno.h>
#include <linux/types.h>

#include "hcall.h"

/* Delay before a call that may be repeated at once. */
#define VMC_HCALL_RETRY_MS 1

/**
 * vmc_answer_busy() - convert the result of a call that may be busy
 * @rc: return code of H_FREE_CRQ or H_ENABLE_CRQ
 * @delay_ms: delay before the next call in milliseconds, set with -EBUSY
 *
 * Return: 0, -EBUSY (call again after *@delay_ms), -EIO.
 */
static inline int vmc_answer_busy(long rc, __u32 *delay_ms)
{
	__u32 delay = VMC_HCALL_RETRY_MS;
	long unit;

	if (rc == VMC_H_SUCCESS)
		return 0;
	if (rc >= VMC_H_LONG_BUSY_1_MSEC && rc <= VMC_H_LONG_BUSY_100_SEC) {
		for (unit = VMC_H_LONG_BUSY_1_MSEC; unit < rc; unit++)
			delay *= 10;
	} else if (rc != VMC_H_BUSY && rc != VMC_H_IN_PROGRESS) {
		return -EIO;
	}
	*delay_ms = delay;
	return -EBUSY;
}

/**
 * vmc_answer_register() - convert the result of H_REG_CRQ
 * @rc: return code; VMC_H_CLOSED is a success, without a partner yet
 *
 * Return: 0, -EEXIST (registered already), -EIO.
 */
static inline int vmc_answer_register(long rc)
{
	switch (rc) {
	case VMC_H_SUCCESS:
	case VMC_H_CLOSED:
		return 0;
	case VMC_H_RESOURCE:
		return -EEXIST;
	default:
		return -EIO;
	}
}

/**
 * vmc_answer_signal() - convert the result of H_VIO_SIGNAL
 * @rc: return code
 *
 * Return: 0 or -EIO.
 */
static inline int vmc_answer_signal(long rc)
{
	return rc == VMC_H_SUCCESS ? 0 : -EIO;
}

/**
 * vmc_answer_send() - convert the result of H_SEND_CRQ
 * @rc: return code
 *
 * Return: 0, -EAGAIN (the partner's queue is full), -ENOTCONN (no partner, or
 * our queue is disabled), -EIO.
 */
static inline int vmc_answer_send(long rc)
{
	switch (rc) {
	case VMC_H_SUCCESS:
		return 0;
	case VMC_H_DROPPED:
		return -EAGAIN;
	case VMC_H_CLOSED:
		return -ENOTCONN;
	default:
		return -EIO;
	}
}

/**
 * vmc_answer_copy() - convert the result of H_COPY_RDMA
 * @rc: return code; VMC_H_PERMISSION means that the partner is gone
 *
 * Return: 0, -ENOTCONN (the partner is gone), -EIO.
 */
static inline int vmc_answer_copy(long rc)
{
	switch (rc) {
	case VMC_H_SUCCESS:
		return 0;
	case VMC_H_PERMISSION:
		return -ENOTCONN;
	default:
		return -EIO;
	}
}

/**
 * vmc_answer_request() - convert the result of H_REQUEST_VMC
 * @rc: return code
 * @delay_ms: delay, see vmc_answer_busy()
 *
 * Return: 0, -EBUSY, -EPERM, -ENODEV, -EINVAL, -EIO.
 */
static inline int vmc_answer_request(long rc, __u32 *delay_ms)
{
	switch (rc) {
	case VMC_H_FUNCTION:
	case VMC_H_AUTHORITY:
	case VMC_H_NOT_AVAILABLE:
		return -EPERM;
	case VMC_H_RESOURCE:
		return -ENODEV;
	case VMC_H_PARAMETER:
		return -EINVAL;
	default:
		return vmc_answer_busy(rc, delay_ms);
	}
}

#endif
