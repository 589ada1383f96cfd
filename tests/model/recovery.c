// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recovery: ends all faults and checks that a pair works again. Faults are
 * injected elsewhere.
 */
#include "recovery.h"

#include "books.h"
#include "engine/engine-limits.h"

/* Timeout of the opens, in milliseconds. */
#define OPEN_MS 4000

/* Time for a round trip, in milliseconds. */
#define USE_MS 300

/*
 * Time in which a channel must recover after the end of all faults: the sum of
 * the timeouts for freeing a busy queue, registration and handshake.
 */
#define REST_MS 150000

static bool is_settled(struct pair *pair)
{
	return pair_state(pair) == IBMVMC_STATE_READY ||
	       pair_state(pair) == IBMVMC_STATE_FAILED;
}

static bool round_trip(struct pair *pair, unsigned int index)
{
	struct pair_user *user = &pair->users[index];

	pair_open(pair, index, OPEN_MS);
	if (!pair_opened(pair, index))
		return false;
	pair_send(pair, index);
	pair_emit(pair, index);
	pair_take_for(pair, USE_MS);
	return user->sent == 1 && user->echoed == 1 && user->emits == 1;
}

/*
 * A misled hypervisor may hold a session open: it refuses Opens until the
 * driver resets the channel, or takes a new session for the old one until that
 * is closed. A buffer that only one side knows is discarded after some
 * attempts, too.
 */
static void demand_round_trip(struct pair *pair, unsigned int index)
{
	struct ibmvmc_session_info info = { 0 };

	for (int i = 0; i <= IBMVMC_OPEN_REFUSALS; i++) {
		if (round_trip(pair, index))
			return;
		pair_take_for(pair, 2 * IBMVMC_INITIAL_MS);
	}
	if (pair->users[index].session)
		ibmvmc_session_get_info(pair->users[index].session, &info);
	pair_wrong(pair, "index %u: a later session fails with error %d", index,
		   info.error);
}

static void demand_books(struct pair *pair)
{
	const char *error = books_disagree(pair->sim, 0);

	if (error)
		pair_wrong(pair, "%s", error);
}

/* Ends all faults of the hypervisor. */
static void end_faults(struct pair *pair)
{
	static const char *const knobs[] = { "fault clear", "stall off",
					     "delay 0", "refuse open off",
					     "partner on" };

	for (size_t i = 0; i < sizeof(knobs) / sizeof(knobs[0]); i++)
		pair_turn(pair, knobs[i]);
	pair_start(pair);
}

void recovery_demand(struct pair *pair, bool restart)
{
	unsigned int i;

	end_faults(pair);
	pair_take_for(pair, OPEN_MS + 1000);
	if (!pair_until(pair, is_settled, REST_MS))
		pair_wrong(pair, "channel state %d without a timeout",
			   pair_state(pair));
	for (i = 0; i < PAIR_HMCS; i++)
		pair_close(pair, i);
	if (restart || pair_state(pair) == IBMVMC_STATE_FAILED)
		ibmvmc_restart(pair_adapter(pair));
	pair_run_for(pair, REST_MS);
	if (pair_state(pair) != IBMVMC_STATE_READY)
		pair_wrong(pair, "the channel stays in state %d",
			   pair_state(pair));
	pair->lossy = false;
	/*
	 * Opens one session at a time: the reset of the channel waits until no
	 * session is open.
	 */
	for (i = 0; i < PAIR_HMCS; i++) {
		demand_round_trip(pair, i);
		pair_close(pair, i);
		pair_run_for(pair, 1000);
	}
	for (i = 0; i < PAIR_HMCS; i++)
		if (!round_trip(pair, i))
			pair_wrong(
				pair,
				"index %u: a session fails while others are open",
				i);
	demand_books(pair);
	for (i = 0; i < PAIR_HMCS; i++)
		pair_close(pair, i);
	pair_run_for(pair, 1000);
	demand_books(pair);
}
