// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Failures: decides whether a call fails, and has the words for calls and
 * answers. It does not implement the side effects of a failure: hcall.c does.
 */
#include <asm/hvcall.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

/* clang-format off */
static const char *const hcall_names[PHYP_HCALLS] = {
	[PHYP_REG_CRQ] = "reg_crq",
	[PHYP_FREE_CRQ] = "free_crq",
	[PHYP_VIO_SIGNAL] = "vio_signal",
	[PHYP_SEND_CRQ] = "send_crq",
	[PHYP_COPY_RDMA] = "copy_rdma",
	[PHYP_ENABLE_CRQ] = "enable_crq",
	[PHYP_REQUEST_VMC] = "request_vmc",
	[PHYP_PUT_TCE] = "put_tce",
};

/* clang-format on */

static const struct {
	const char *name;
	long answer;
} answers[] = {
	{ "success", H_SUCCESS },
	{ "busy", H_BUSY },
	{ "closed", H_CLOSED },
	{ "not-available", H_NOT_AVAILABLE },
	{ "in-progress", H_IN_PROGRESS },
	{ "long-busy-1ms", H_LONG_BUSY_ORDER_1_MSEC },
	{ "long-busy-10ms", H_LONG_BUSY_ORDER_10_MSEC },
	{ "long-busy-100ms", H_LONG_BUSY_ORDER_100_MSEC },
	{ "long-busy-1s", H_LONG_BUSY_ORDER_1_SEC },
	{ "long-busy-10s", H_LONG_BUSY_ORDER_10_SEC },
	{ "long-busy-100s", H_LONG_BUSY_ORDER_100_SEC },
	{ "hardware", H_HARDWARE },
	{ "function", H_FUNCTION },
	{ "parameter", H_PARAMETER },
	{ "not-found", H_NOT_FOUND },
	{ "no-mem", H_NO_MEM },
	{ "authority", H_AUTHORITY },
	{ "permission", H_PERMISSION },
	{ "dropped", H_DROPPED },
	{ "source-parm", H_SOURCE_PARM },
	{ "dest-parm", H_DEST_PARM },
	{ "resource", H_RESOURCE },
	{ "not-enough-resources", H_NOT_ENOUGH_RESOURCES },
};

bool phyp_fail_take(struct phyp_fail *fail, long *answer)
{
	if (!fail->left)
		return false;
	fail->left--;
	*answer = fail->answer;
	return true;
}

const char *phyp_fail_hcall_name(enum phyp_hcall hcall)
{
	return hcall_names[hcall];
}

int phyp_fail_parse_hcall(const char *name, enum phyp_hcall *hcall)
{
	int i = match_string(hcall_names, PHYP_HCALLS, name);

	if (i < 0)
		return i;
	*hcall = i;
	return 0;
}

const char *phyp_fail_answer_name(long answer)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(answers); i++)
		if (answers[i].answer == answer)
			return answers[i].name;
	return NULL;
}

int phyp_fail_parse_answer(const char *name, long *answer)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		if (!strcmp(answers[i].name, name)) {
			*answer = answers[i].answer;
			return 0;
		}
	}
	return kstrtol(name, 10, answer) ? -EINVAL : 0;
}
