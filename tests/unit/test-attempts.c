// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attempts: tests the number of resets by this side before a channel fails,
 * and the events that restore all attempts. The effects of a reset are tested
 * in test-reset.c.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "engine/engine-limits.h"
#include "engine/internal.h"
#include "transport.h"

static struct transport *t;

static void setup(void)
{
	t = transport_new(NULL);
	transport_ready(t, NULL);
}

static void teardown(void)
{
	transport_free(t);
}

TestSuite(attempts, .init = setup, .fini = teardown);

static void self_reset(void)
{
	ibmvmc_channel_broken(t->adapter, -EPROTO);
	ibmvmc_resume(t->adapter);
}

/* Returns the number of resets by this side until the channel has failed. */
static unsigned int attempts_left(void)
{
	unsigned int count = 0;

	for (;;) {
		self_reset();
		if (transport_state(t) == IBMVMC_STATE_FAILED)
			return count;
		count++;
		transport_advance(t, IBMVMC_RESET_SPACING_MS);
		cr_assert_eq(transport_state(t), IBMVMC_STATE_CRQINIT);
	}
}

Test(attempts, a_failed_channel_that_the_partner_revives_has_all_attempts)
{
	cr_expect_eq(attempts_left(), IBMVMC_SELF_RESETS);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	cr_expect_eq(attempts_left(), IBMVMC_SELF_RESETS);
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(attempts_left(), IBMVMC_SELF_RESETS);
}

Test(attempts, a_restart_by_the_host_is_the_first_of_all_attempts)
{
	cr_expect_eq(attempts_left(), IBMVMC_SELF_RESETS);
	ibmvmc_restart(t->adapter);
	transport_advance(t, IBMVMC_RESET_SPACING_MS);
	cr_expect_eq(attempts_left(), IBMVMC_SELF_RESETS - 1);
}

Test(attempts, a_start_has_all_attempts)
{
	u32 delay_ms;

	cr_expect_eq(attempts_left(), IBMVMC_SELF_RESETS);
	cr_assert_eq(ibmvmc_stop(t->adapter, &delay_ms), 0);
	cr_assert_eq(ibmvmc_start(t->adapter), 0);
	cr_expect_eq(attempts_left(), IBMVMC_SELF_RESETS);
}

Test(attempts, a_buffer_after_a_reset_restores_all_attempts)
{
	self_reset();
	transport_advance(t, IBMVMC_RESET_SPACING_MS);
	transport_control(t, VMC_CRQ_INIT, VMC_INIT_INITIALIZE);
	transport_capabilities(t, &transport_peer);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(attempts_left(), IBMVMC_SELF_RESETS);
}
