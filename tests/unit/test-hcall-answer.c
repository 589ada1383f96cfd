// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Return codes: tests each documented return code of each call, an undefined
 * one, and all busy ones.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "vmc/hcall-answer.h"

/* A return code that no call defines. */
#define UNHEARD_OF (-99L)

static __u32 delay_ms;

Test(hcall_answer, every_result_of_a_registration_is_converted)
{
	cr_expect_eq(vmc_answer_register(VMC_H_SUCCESS), 0);
	cr_expect_eq(vmc_answer_register(VMC_H_CLOSED), 0, "d34");
	cr_expect_eq(vmc_answer_register(VMC_H_RESOURCE), -EEXIST);
	cr_expect_eq(vmc_answer_register(VMC_H_PARAMETER), -EIO);
	cr_expect_eq(vmc_answer_register(VMC_H_HARDWARE), -EIO);
	cr_expect_eq(vmc_answer_register(UNHEARD_OF), -EIO);
}

Test(hcall_answer, every_result_of_sending_is_converted)
{
	cr_expect_eq(vmc_answer_send(VMC_H_SUCCESS), 0);
	cr_expect_eq(vmc_answer_send(VMC_H_DROPPED), -EAGAIN);
	cr_expect_eq(vmc_answer_send(VMC_H_CLOSED), -ENOTCONN);
	cr_expect_eq(vmc_answer_send(VMC_H_PARAMETER), -EIO);
	cr_expect_eq(vmc_answer_send(UNHEARD_OF), -EIO);
}

Test(hcall_answer, every_result_of_copying_is_converted)
{
	cr_expect_eq(vmc_answer_copy(VMC_H_SUCCESS), 0);
	cr_expect_eq(vmc_answer_copy(VMC_H_PERMISSION), -ENOTCONN);
	cr_expect_eq(vmc_answer_copy(VMC_H_SOURCE_PARM), -EIO);
	cr_expect_eq(vmc_answer_copy(VMC_H_DEST_PARM), -EIO);
	cr_expect_eq(vmc_answer_copy(VMC_H_PARAMETER), -EIO);
	cr_expect_eq(vmc_answer_copy(UNHEARD_OF), -EIO);
}

Test(hcall_answer, every_result_of_an_interrupt_call_is_converted)
{
	cr_expect_eq(vmc_answer_signal(VMC_H_SUCCESS), 0);
	cr_expect_eq(vmc_answer_signal(VMC_H_PARAMETER), -EIO);
	cr_expect_eq(vmc_answer_signal(1), -EIO);
}

Test(hcall_answer, d43_a_busy_result_contains_the_delay)
{
	static const __u32 delays[] = { 1, 10, 100, 1000, 10000, 100000 };

	for (long i = 0; i < 6; i++) {
		cr_expect_eq(vmc_answer_busy(VMC_H_LONG_BUSY_1_MSEC + i,
					     &delay_ms),
			     -EBUSY);
		cr_expect_eq(delay_ms, delays[i]);
	}
	cr_expect_eq(vmc_answer_busy(VMC_H_BUSY, &delay_ms), -EBUSY);
	cr_expect_eq(delay_ms, 1);
	delay_ms = 0;
	cr_expect_eq(vmc_answer_busy(VMC_H_IN_PROGRESS, &delay_ms), -EBUSY);
	cr_expect_eq(delay_ms, 1);
	cr_expect_eq(vmc_answer_busy(VMC_H_SUCCESS, &delay_ms), 0);
	cr_expect_eq(vmc_answer_busy(VMC_H_PARAMETER, &delay_ms), -EIO);
	cr_expect_eq(vmc_answer_busy(VMC_H_LONG_BUSY_100_SEC + 1, &delay_ms),
		     -EIO);
	cr_expect_eq(vmc_answer_busy(VMC_H_LONG_BUSY_1_MSEC - 1, &delay_ms),
		     -EIO);
}

Test(hcall_answer, d60_every_result_of_requesting_is_converted)
{
	cr_expect_eq(vmc_answer_request(VMC_H_SUCCESS, &delay_ms), 0);
	cr_expect_eq(vmc_answer_request(VMC_H_FUNCTION, &delay_ms), -EPERM);
	cr_expect_eq(vmc_answer_request(VMC_H_AUTHORITY, &delay_ms), -EPERM);
	cr_expect_eq(vmc_answer_request(VMC_H_NOT_AVAILABLE, &delay_ms),
		     -EPERM);
	cr_expect_eq(vmc_answer_request(VMC_H_HARDWARE, &delay_ms), -EIO);
	cr_expect_eq(vmc_answer_request(VMC_H_RESOURCE, &delay_ms), -ENODEV);
	cr_expect_eq(vmc_answer_request(VMC_H_PARAMETER, &delay_ms), -EINVAL);
	cr_expect_eq(vmc_answer_request(VMC_H_BUSY, &delay_ms), -EBUSY);
	cr_expect_eq(vmc_answer_request(VMC_H_LONG_BUSY_10_MSEC, &delay_ms),
		     -EBUSY);
	cr_expect_eq(delay_ms, 10);
	cr_expect_eq(vmc_answer_request(UNHEARD_OF, &delay_ms), -EIO);
	cr_expect_eq(vmc_answer_request(42, &delay_ms), -EIO);
}
