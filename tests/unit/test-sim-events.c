// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Events in the log: tests the log lines for the engine's events. It does not
 * test when events occur.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include <glib.h>

#include "device/sim/sim.h"
#include "engine/engine.h"
#include "vmc/crq.h"
#include "vmc/message.h"

static GLogLevelFlags level;
static char *message;

static GLogWriterOutput hear(GLogLevelFlags heard, const GLogField *fields,
			     gsize n_fields, gpointer data)
{
	(void)data;
	level = heard;
	for (gsize i = 0; i < n_fields; i++) {
		if (!g_strcmp0(fields[i].key, "MESSAGE"))
			message = g_strdup(fields[i].value);
	}
	return G_LOG_WRITER_HANDLED;
}

static void setup(void)
{
	g_log_set_writer_func(hear, NULL, NULL);
}

static void teardown(void)
{
	g_free(message);
}

TestSuite(sim_events, .init = setup, .fini = teardown);

static void log_event(enum ibmvmc_event_type type, int index, u32 value,
		      int error, const struct ibmvmc_crq_msg *entry)
{
	struct ibmvmc_event event = { .type = type,
				      .index = index,
				      .value = value,
				      .error = error,
				      .entry = entry };

	sim_event_log(&event);
}

Test(sim_events, a_missing_response_is_a_warning_with_its_index)
{
	log_event(IBMVMC_EVENT_TIMEOUT, 2, VMC_MSG_CLOSE, 0, NULL);
	cr_expect_eq(level, G_LOG_LEVEL_WARNING);
	cr_expect_str_eq(message, "no response to Interface Close, hmc2");
}

Test(sim_events, a_lost_message_is_logged_with_length_index_and_error)
{
	log_event(IBMVMC_EVENT_MESSAGE_LOST, 3, 64, -EIO, NULL);
	cr_expect_eq(level, G_LOG_LEVEL_INFO);
	cr_expect_str_eq(message, "a message was lost; its bytes: 64, hmc3, "
				  "Input/output error");
}

Test(sim_events, an_entry_is_printed_as_bytes)
{
	struct ibmvmc_crq_msg entry = { { 0x80, 0x04, 0xff } };

	log_event(IBMVMC_EVENT_ENTRY_DROPPED, -1, 0, 0, &entry);
	cr_expect_eq(level, G_LOG_LEVEL_INFO);
	cr_expect_str_eq(message, "an entry was dropped: 80 04 ff 00 00 00 00 "
				  "00 00 00 00 00 00 00 00 00");
}

Test(sim_events, a_state_a_request_and_a_reset_are_logged_in_words)
{
	static const struct {
		enum ibmvmc_event_type type;
		gint32 value;
		const char *line;
	} cases[] = {
		{ IBMVMC_EVENT_STATE, IBMVMC_STATE_SCHED_RESET,
		  "channel resetting" },
		{ IBMVMC_EVENT_STATE, IBMVMC_STATE_READY, "channel ready" },
		{ IBMVMC_EVENT_TIMEOUT, VMC_MSG_OPEN,
		  "no response to Interface Open" },
		{ IBMVMC_EVENT_TIMEOUT, VMC_CRQ_INIT,
		  "no response to Initialize" },
		{ IBMVMC_EVENT_TRANSPORT, VMC_EVENT_PARTNER_FAILED,
		  "transport event: the partner failed" },
		{ IBMVMC_EVENT_RESET, 0, "this side resets the channel" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_clear_pointer(&message, g_free);
		log_event(cases[i].type, -1, (u32)cases[i].value, 0, NULL);
		cr_expect_str_eq(message, cases[i].line);
	}
}

Test(sim_events, the_cause_of_a_reset_is_logged_in_words)
{
	struct ibmvmc_event event = { .type = IBMVMC_EVENT_TRANSPORT,
				      .value = VMC_EVENT_MIGRATED };

	cr_expect_str_eq(sim_event_reset(&event),
			 "the partition was suspended or migrated");
	event.value = 0x55;
	cr_expect_not_null(sim_event_reset(&event));
	event.type = IBMVMC_EVENT_RESET;
	cr_expect_str_eq(sim_event_reset(&event),
			 "the channel was reset by this side");
	event.type = IBMVMC_EVENT_STATE;
	cr_expect_null(sim_event_reset(&event));
}

Test(sim_events, frequent_events_are_not_logged)
{
	struct ibmvmc_crq_msg entry = { { 0 } };

	log_event(IBMVMC_EVENT_ENTRY_SENT, -1, 0, 0, &entry);
	log_event(IBMVMC_EVENT_ENTRY_RECEIVED, -1, 0, 0, &entry);
	cr_expect_null(message);
}
