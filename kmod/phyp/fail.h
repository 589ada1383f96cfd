/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hcalls that are to fail: which of them, with what answer, and how often. What
 * a failure leaves undone is for the one who asks to say.
 *
 * Locking: the caller serialises all calls.
 */
#ifndef PHYP_FAIL_H
#define PHYP_FAIL_H

#include <linux/types.h>

/* The hcalls that are taken. Those that are about TCEs are one. */
enum phyp_hcall {
	PHYP_REG_CRQ,
	PHYP_FREE_CRQ,
	PHYP_VIO_SIGNAL,
	PHYP_SEND_CRQ,
	PHYP_COPY_RDMA,
	PHYP_ENABLE_CRQ,
	PHYP_REQUEST_VMC,
	PHYP_PUT_TCE,
	PHYP_HCALLS
};

/**
 * struct phyp_fail - one of them
 * @calls: how often it was made
 * @left: how often it is to fail yet
 * @answer: of those
 */
struct phyp_fail {
	u64 calls;
	u32 left;
	long answer;
};

/**
 * phyp_fail_take() - is an hcall that is made now to fail
 * @fail: its own
 * @answer: set if it is; then it is one less
 */
bool phyp_fail_take(struct phyp_fail *fail, long *answer);

/**
 * phyp_fail_hcall_name() - its name
 * @hcall: which
 */
const char *phyp_fail_hcall_name(enum phyp_hcall hcall);

/**
 * phyp_fail_parse_hcall() - the hcall of a name
 * @name: any string
 * @hcall: set on success
 *
 * Return: 0 or -EINVAL.
 */
int phyp_fail_parse_hcall(const char *name, enum phyp_hcall *hcall);

/**
 * phyp_fail_answer_name() - the name of an answer
 * @answer: any
 *
 * Return: NULL if it has none.
 */
const char *phyp_fail_answer_name(long answer);

/**
 * phyp_fail_parse_answer() - the answer of a name or of a decimal number
 * @name: any string
 * @answer: set on success
 *
 * Return: 0 or -EINVAL.
 */
int phyp_fail_parse_answer(const char *name, long *answer);

#endif
