// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HMC index of the daemon: tests one index on the simulated device: its
 * sessions, the queue before the device, and the reports of lost messages. The
 * whole channel is tested in test-vmcfs-channel.c.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "defaults.h"
#include "log/log.h"
#include "log/segment.h"
#include "sim-channel.h"
#include "vmc/payload.h"

static struct sim_channel sim;
static struct hmc *hmc;

static void setup(void)
{
	sim_channel_new(&sim, NULL, NULL);
	hmc = sim.hmc;
}

static void teardown(void)
{
	sim_channel_free(&sim);
}

TestSuite(vmcfs_hmc, .init = setup, .fini = teardown, .timeout = 60);

static int send_text(const char *text)
{
	return hmc_send(hmc, hmc->serial, text, strlen(text));
}

static void expect_log(const char *text)
{
	const struct segment *segment = hmc->log->current;

	cr_assert_eq(segment_size(segment), strlen(text));
	if (*text)
		cr_expect_arr_eq(segment_data(segment), text, strlen(text));
}

static void expect_error(const char *start, const char *words)
{
	const char *sentence = hmc->last_error.sentence;

	cr_assert_not_null(sentence);
	cr_expect(g_str_has_prefix(sentence, start), "%s", sentence);
	cr_expect_not_null(strstr(sentence, words), "%s", sentence);
}

Test(vmcfs_hmc, begins_without_a_session)
{
	cr_expect_eq(hmc->state, HMC_NONE);
	cr_expect_eq(hmc->serial, 0);
	cr_expect_not(hmc_is_open(hmc, 0));
	cr_expect_not(hmc_writable(hmc));
	cr_expect_eq(send_text("x"), -ENXIO);
	expect_error("ENXIO: ", "no session is open");
	cr_expect_eq(hmc_close(hmc), -ENXIO);
	expect_error("ENXIO: ", "close of hmc0");
	hmc_abort(hmc, -EINTR, "without effect");
	cr_expect_eq(hmc_mtu(hmc), VMCFS_SIM_MTU_DEFAULT);
	hmc_free(NULL);
}

Test(vmcfs_hmc, opens_closes_and_opens_again)
{
	for (guint i = 1; i <= 20; i++) {
		guint changes = sim.hmc_changes;

		cr_assert_eq(hmc_open(hmc, "name", 4), 0);
		cr_expect_eq(hmc->state, HMC_OPENING);
		cr_expect_not(hmc_is_open(hmc, i));
		SIM_CHANNEL_UNTIL(hmc->state != HMC_OPENING);
		cr_assert_eq(hmc->state, HMC_READY);
		cr_expect_eq(hmc->result, 0);
		cr_expect_gt(sim.hmc_changes, changes);
		cr_expect_eq(hmc->serial, i);
		cr_expect(hmc_is_open(hmc, i));
		cr_expect_not(hmc_is_open(hmc, i - 1));
		cr_expect(hmc_writable(hmc));
		cr_expect(hmc->log->session->open);

		changes = sim.hmc_changes;
		cr_assert_eq(hmc_close(hmc), 0);
		cr_expect_eq(hmc->state, HMC_NONE);
		cr_expect_eq(hmc->result, 0);
		cr_expect_str_eq(hmc->ended, "closed");
		cr_expect_gt(sim.hmc_changes, changes);
		cr_expect_not(hmc->log->session->open);
	}
	cr_expect_eq(hmc->counters.sessions, 20);
	cr_expect_null(hmc->last_error.sentence);
}

Test(vmcfs_hmc, keeps_the_name)
{
	cr_assert_eq(hmc_open(hmc, "a\0b", 3), 0);
	cr_expect_eq(hmc->id_len, 3);
	cr_expect_arr_eq(hmc->id, "a\0b\0", 4);
	SIM_CHANNEL_UNTIL(hmc->state == HMC_READY);
	cr_expect_geq(hmc->opened_at, g_get_real_time() - 60 * G_USEC_PER_SEC);
}

Test(vmcfs_hmc, refuses_a_second_session)
{
	cr_assert_eq(hmc_open(hmc, "one", 3), 0);
	cr_expect_eq(hmc_open(hmc, "two", 3), -EBUSY);
	SIM_CHANNEL_UNTIL(hmc->state == HMC_READY);
	cr_expect_eq(hmc_open(hmc, "two", 3), -EBUSY);
	expect_error("EBUSY: ", "close it first");
	cr_expect_arr_eq(hmc->id, "one", 3);
	cr_expect_eq(hmc->id_len, 3);
	cr_expect(hmc_is_open(hmc, 1));
}

Test(vmcfs_hmc, reports_the_refusal_of_the_hypervisor)
{
	sim_channel_say(&sim, "sim refuse open on");
	cr_assert_eq(hmc_open(hmc, "x", 1), 0);
	SIM_CHANNEL_UNTIL(hmc->state != HMC_OPENING);
	cr_expect_eq(hmc->state, HMC_NONE);
	cr_expect_eq(hmc->result, -ECONNREFUSED);
	expect_error("ECONNREFUSED: open of hmc0", "refused");
	cr_expect_eq(hmc->serial, 0);
	cr_expect_eq(hmc->counters.sessions, 0);
	cr_expect_null(hmc->ended);
	sim_channel_say(&sim, "sim refuse open off");
	sim_channel_open(&sim, "x");
}

Test(vmcfs_hmc, an_open_can_be_aborted)
{
	sim_channel_say(&sim, "sim stall on");
	cr_assert_eq(hmc_open(hmc, "x", 1), 0);
	sim_channel_rest();
	hmc_abort(hmc, -EINTR, "interrupted");
	cr_expect_eq(hmc->state, HMC_NONE);
	cr_expect_eq(hmc->result, -EINTR);
	sim_channel_say(&sim, "sim stall off");
	sim_channel_open(&sim, "y");
	cr_expect_eq(hmc->serial, 1);
}

Test(vmcfs_hmc, a_close_ends_an_open)
{
	sim_channel_say(&sim, "sim stall on");
	cr_assert_eq(hmc_open(hmc, "x", 1), 0);
	cr_expect_eq(hmc_close(hmc), 0);
	cr_expect_eq(hmc->state, HMC_NONE);
	cr_expect_eq(hmc->result, -ECONNRESET);
}

Test(vmcfs_hmc, sends_and_receives)
{
	sim_channel_open(&sim, "x");
	cr_assert_eq(send_text("hello "), 0);
	cr_assert_eq(send_text("world"), 0);
	sim_channel_rest();
	expect_log("hello world");
	cr_expect_eq(hmc->counters.sent_messages, 2);
	cr_expect_eq(hmc->counters.sent_bytes, 11);
	cr_expect_eq(hmc->counters.received_messages, 2);
	cr_expect_eq(hmc->counters.received_bytes, 11);
	cr_expect_eq(hmc->log->total, 2);
}

Test(vmcfs_hmc, refuses_invalid_messages)
{
	g_autofree char *data = g_malloc0(VMCFS_SIM_MTU_DEFAULT + 1);
	guint64 serial;

	sim_channel_open(&sim, "x");
	serial = hmc->serial;
	cr_expect_eq(hmc_send(hmc, serial, data, 0), 0);
	cr_expect_eq(hmc_send(hmc, serial, data, VMCFS_SIM_MTU_DEFAULT), 0);
	cr_expect_eq(hmc_send(hmc, serial, data, VMCFS_SIM_MTU_DEFAULT + 1),
		     -EMSGSIZE);
	expect_error("EMSGSIZE: ", "16385 bytes");
	cr_expect_eq(hmc_check_send(hmc, serial, 1), 0);
	cr_expect_eq(hmc_check_send(hmc, serial, G_MAXSIZE), -EMSGSIZE);
	cr_expect_eq(hmc_send(hmc, serial + 1, data, 1), -ENXIO);
	hmc_close(hmc);
	sim_channel_open(&sim, "x");
	cr_expect_eq(hmc_send(hmc, serial, data, 1), -ENXIO);
	expect_error("ENXIO: ", "open the file again");
	sim_channel_rest();
	cr_expect_eq(hmc->counters.sent_messages, 1);
}

/* A message that is read before the close belongs to the session. */
Test(vmcfs_hmc, messages_received_before_the_close_are_kept)
{
	sim_channel_open(&sim, "x");
	send_text("first");
	sim_channel_rest();
	hmc_close(hmc);
	expect_log("first");
	sim_channel_open(&sim, "y");
	expect_log("");
	cr_expect_eq(segment_size(hmc->log->previous), 5);
	send_text("second");
	sim_channel_rest();
	expect_log("second");
}

Test(vmcfs_hmc, a_stall_fills_the_queue_and_keeps_the_order)
{
	GString *all = g_string_new(NULL);
	guint64 taken;
	char text[51];
	int error = 0;

	sim_channel_open(&sim, "x");
	taken = sim_channel_block(&sim);
	cr_expect_gt(taken, 0);
	cr_expect(hmc_writable(hmc));
	for (guint64 i = 0; i < taken + 1; i++)
		g_string_append_c(all, '0');
	for (guint i = 0; !error; i++) {
		g_snprintf(text, sizeof(text), "%050u", i);
		error = send_text(text);
		if (!error)
			g_string_append(all, text);
	}
	cr_expect_eq(error, -EAGAIN);
	cr_expect_eq(sendq_length(&hmc->sendq), 20);
	cr_expect_eq(hmc->sendq.bytes, 1 + 19 * 50);
	cr_expect_not(hmc_writable(hmc));
	cr_expect_eq(send_text("short"), -EAGAIN,
		     "a short message does not overtake a refused one");

	hmc->moved_at = g_get_monotonic_time();
	cr_expect_not(hmc_waited(hmc), "the queue moved recently");
	expect_error("ETIMEDOUT: ", "try again");
	cr_expect_eq(send_text("x"), -EAGAIN);
	hmc->moved_at -= 100 * 1000;
	cr_expect(hmc_waited(hmc));
	expect_error("ETIMEDOUT: ", "in 100 ms; writes fail");
	cr_expect_eq(send_text("x"), -ETIMEDOUT);
	cr_expect_eq(sendq_length(&hmc->sendq), 20);

	sim_channel_say(&sim, "sim stall off");
	SIM_CHANNEL_UNTIL(hmc->counters.received_messages == taken + 20);
	cr_expect_not(hmc->stalled);
	cr_expect(hmc_writable(hmc));
	expect_log(all->str);
	cr_expect_eq(hmc->counters.sent_messages, taken + 20);
	cr_expect_eq(hmc->counters.unsent_messages, 0);
	cr_expect_eq(send_text("again"), 0);
	g_string_free(all, TRUE);
}

/* Callback for changes of an index. */
static void send_late(void *data, struct hmc *changed)
{
	guint *sent = data;

	if (*sent || !changed->counters.received_messages)
		return;
	cr_assert_gt(sendq_length(&changed->sendq), 0);
	cr_assert_eq(send_text("late"), 0);
	*sent = 1;
}

static void ignore(void *data)
{
	(void)data;
}

/* The device has room, but other writers have waited longer. */
Test(vmcfs_hmc, nothing_overtakes_the_queue)
{
	static const struct channel_listener listener = {
		.hmc_changed = send_late,
		.changed = ignore,
	};
	GString *all = g_string_new(NULL);
	guint sent = 0;
	guint64 taken;

	sim_channel_open(&sim, "x");
	taken = sim_channel_block(&sim);
	cr_assert_eq(send_text("early"), 0);
	for (guint64 i = 0; i < taken + 1; i++)
		g_string_append_c(all, '0');
	g_string_append(all, "earlylate");
	channel_listen(sim.channel, &listener, &sent);
	sim_channel_say(&sim, "sim stall off");
	cr_expect_eq(sent, 1);
	expect_log(all->str);
	g_string_free(all, TRUE);
}

/* Callback: index 0 has received its message, index 1 is not yet notified. */
static void close_other(void *data, struct hmc *changed)
{
	struct hmc *other = data;

	if (changed == hmc && hmc->counters.received_messages &&
	    other->state == HMC_READY)
		cr_assert_eq(hmc_close(other), 0);
}

Test(vmcfs_hmc, a_close_receives_the_pending_messages)
{
	static const struct channel_listener listener = {
		.hmc_changed = close_other,
		.changed = ignore,
	};
	struct hmc *other = channel_hmc(sim.channel, 1);

	sim_channel_open(&sim, "x");
	cr_assert_eq(hmc_open(other, "y", 1), 0);
	SIM_CHANNEL_UNTIL(other->state == HMC_READY);
	sim_channel_say(&sim, "sim stall on");
	cr_assert_eq(send_text("one"), 0);
	cr_assert_eq(hmc_send(other, 1, "other", 5), 0);
	channel_listen(sim.channel, &listener, other);
	sim_channel_say(&sim, "sim stall off");
	cr_expect_eq(other->state, HMC_NONE);
	cr_expect_eq(other->counters.received_messages, 1);
	cr_expect_eq(segment_size(other->log->current), 5);
}

static void lose(const char *kind)
{
	g_autofree char *line = g_strdup_printf("sim reset %s", kind);

	sim_channel_open(&sim, "x");
	sim_channel_block(&sim);
	cr_assert_eq(send_text("two"), 0);
	cr_assert_eq(send_text("three"), 0);
	sim_channel_say(&sim, line);
	SIM_CHANNEL_UNTIL(hmc->state == HMC_NONE);
	cr_expect_eq(hmc->result, -ECONNRESET);
	cr_expect_eq(hmc->counters.unsent_messages, 3);
	expect_error("ECONNRESET: ", "before 3 queued messages were sent");
	cr_expect_str_neq(hmc->ended, "closed");
	cr_expect_eq(sendq_length(&hmc->sendq), 0);
	cr_expect_eq(send_text("x"), -ENXIO);
	cr_expect_not(hmc->log->session->open);
	sim_channel_say(&sim, "sim stall off");
	SIM_CHANNEL_UNTIL(channel_is_ready(sim.channel));
	sim_channel_open(&sim, "x");
	send_text("back");
	sim_channel_rest();
	expect_log("back");
}

Test(vmcfs_hmc, a_lost_session_reports_the_unsent_messages)
{
	lose("partner-failed");
}

Test(vmcfs_hmc, a_reset_by_this_side_reports_the_unsent_messages)
{
	lose("self");
}

Test(vmcfs_hmc, a_lost_session_without_a_queue_is_reported)
{
	sim_channel_open(&sim, "x");
	sim_channel_say(&sim, "sim reset terminated");
	SIM_CHANNEL_UNTIL(hmc->state == HMC_NONE);
	cr_expect_eq(hmc->counters.unsent_messages, 0);
	expect_error("ECONNRESET: the session of hmc0 was lost", "open it");
	cr_expect_eq(hmc_close(hmc), -ENXIO);
}

Test(vmcfs_hmc, a_close_sends_the_queued_messages)
{
	guint64 taken;

	sim_channel_open(&sim, "x");
	taken = sim_channel_block(&sim);
	cr_assert_eq(send_text("last"), 0);
	cr_assert_eq(hmc_close(hmc), -EINPROGRESS);
	cr_expect_eq(hmc->state, HMC_CLOSING);
	cr_expect_eq(hmc_close(hmc), -EINPROGRESS);
	cr_expect_eq(send_text("too late"), -ENXIO);
	cr_expect_eq(hmc_open(hmc, "y", 1), -EBUSY);
	sim_channel_say(&sim, "sim stall off");
	SIM_CHANNEL_UNTIL(hmc->state == HMC_NONE);
	cr_expect_eq(hmc->result, 0);
	cr_expect_str_eq(hmc->ended, "closed");
	cr_expect_eq(hmc->counters.sent_messages, taken + 2);
	cr_expect_eq(hmc->counters.unsent_messages, 0);
	cr_expect_eq(hmc->drain, 0);
}

Test(vmcfs_hmc, a_close_ends_at_its_timeout)
{
	gint64 began;

	sim_channel_open(&sim, "x");
	sim_channel_block(&sim);
	cr_assert_eq(send_text("never"), 0);
	began = g_get_monotonic_time();
	cr_assert_eq(hmc_close(hmc), -EINPROGRESS);
	SIM_CHANNEL_UNTIL(hmc->state == HMC_NONE);
	cr_expect_geq(g_get_monotonic_time() - began, 90 * 1000);
	cr_expect_eq(hmc->result, -ETIMEDOUT);
	cr_expect_eq(hmc->counters.unsent_messages, 2);
	expect_error("ETIMEDOUT: ", "before 2 queued messages were sent");
}

/* Requests without a response: empty messages return their buffers. */
Test(vmcfs_hmc, an_empty_message_is_counted_and_not_kept)
{
	const struct vmc_payload payload = {
		.length = VMC_PAYLOAD_HEADER_LEN + 6,
		.target = VMC_TARGET_ROUTER,
		.data_length = 6,
		.opcode = VMC_ROUTER_EXCHANGE,
	};
	guint8 request[VMC_PAYLOAD_HEADER_LEN + 6] = { 0 };

	vmc_payload_encode(request, &payload);
	sim_channel_open(&sim, "x");
	for (int i = 0; i < 100; i++) {
		cr_assert_eq(hmc_send(hmc, 1, request, sizeof(request)), 0);
		sim_channel_rest();
	}
	cr_expect_gt(hmc->counters.received_empty, 0);
	cr_expect_eq(hmc->counters.received_messages,
		     hmc->counters.received_empty);
	cr_expect_eq(hmc->counters.received_bytes, 0);
	cr_expect_eq(hmc->log->total, 0);
	expect_log("");
}

Test(vmcfs_hmc, an_open_ends_at_its_timeout)
{
	struct channel_config config = sim_channel_config;

	sim_channel_free(&sim);
	config.open_timeout_ms = 50;
	sim_channel_new(&sim, &config, NULL);
	hmc = sim.hmc;
	sim_channel_say(&sim, "sim stall on");
	cr_assert_eq(hmc_open(hmc, "x", 1), 0);
	SIM_CHANNEL_UNTIL(hmc->state != HMC_OPENING);
	cr_expect_eq(hmc->result, -ETIMEDOUT);
	expect_error("ETIMEDOUT: open of hmc0", "did not answer");
	sim_channel_say(&sim, "sim stall off");
	sim_channel_open(&sim, "y");
	cr_expect_eq(hmc->serial, 1);
}

Test(vmcfs_hmc, is_freed_in_any_state)
{
	sim_channel_open(&sim, "x");
	sim_channel_block(&sim);
	cr_assert_eq(hmc_close(hmc), -EINPROGRESS);
	sim_channel_free(&sim);
	sim_channel_new(&sim, NULL, NULL);
	cr_assert_eq(hmc_open(sim.hmc, "x", 1), 0);
}
