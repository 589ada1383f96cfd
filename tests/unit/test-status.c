// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Status files: tests the form of the text, and that the values are true. The
 * file-system tests check the list of keys.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "channel/channel.h"
#include "log/log.h"
#include "sim-channel.h"

static struct sim_channel sim;
static GString *text;

static void setup(void)
{
	text = g_string_new(NULL);
	sim_channel_new(&sim, NULL, NULL);
}

static void teardown(void)
{
	sim_channel_free(&sim);
	g_string_free(text, TRUE);
}

TestSuite(status, .init = setup, .fini = teardown, .timeout = 60);

static const char *of_channel(void)
{
	g_string_truncate(text, 0);
	status_channel(sim.channel, text);
	return text->str;
}

static const char *of_hmc(void)
{
	g_string_truncate(text, 0);
	status_hmc(sim.hmc, text);
	return text->str;
}

static gboolean has(const char *line)
{
	g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);

	return g_strv_contains((const char *const *)lines, line);
}

static gboolean all_of(const char *word, const char *extra)
{
	for (; *word; word++) {
		if (!g_ascii_isalnum(*word) && !strchr(extra, *word))
			return FALSE;
	}
	return TRUE;
}

/* A text contains exactly two quotes without a preceding backslash. */
static gboolean is_quoted(const char *value)
{
	gsize len = strlen(value);

	if (len < 2 || value[0] != '"')
		return FALSE;
	for (gsize i = 1; i < len; i++) {
		if (value[i] == '\\')
			i++;
		else if (value[i] == '"')
			return i == len - 1;
	}
	return FALSE;
}

static void expect_form(void)
{
	g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
	g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
	guint n = g_strv_length(lines);

	cr_assert_gt(n, 10);
	cr_assert_str_eq(lines[n - 1], "", "the text ends with a newline");
	for (guint i = 0; i < n - 1; i++) {
		char *value = strstr(lines[i], ": ");

		cr_assert_not_null(value, "'%s'", lines[i]);
		*value = '\0';
		value += 2;
		cr_expect(*lines[i] && all_of(lines[i], "_"), "'%s'", lines[i]);
		cr_expect(g_hash_table_add(keys, lines[i]),
			  "key %s occurs twice", lines[i]);
		cr_expect(is_quoted(value) ||
				  (*value && all_of(value, "_./:+-")),
			  "'%s'", value);
		for (const char *at = value; *at; at++)
			cr_assert(g_ascii_isprint(*at));
	}
}

Test(status, consists_of_lines_of_a_key_and_a_value)
{
	of_channel();
	expect_form();
	of_hmc();
	expect_form();
}

Test(status, keeps_its_form_with_any_value)
{
	char id[VMC_HMC_ID_LEN] = "\": \n#\\'\t\xff";

	cr_assert_eq(hmc_open(sim.hmc, id, sizeof(id)), 0);
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_READY);
	last_error_set(&sim.hmc->last_error, -1, "\"\n\\x: y\r");
	last_error_set(&sim.channel->last_error, -1, "\nkey: \"value\"");
	of_hmc();
	expect_form();
	cr_expect_not_null(
		strstr(text->str,
		       "hmc_id: \"\\\": \\u000a#\\\\'\\u0009\\u00ff\\u0000"));
	of_channel();
	expect_form();
}

Test(status, appends)
{
	g_string_assign(text, "before\n");
	status_hmc(sim.hmc, text);
	cr_expect(g_str_has_prefix(text->str, "before\nindex: 0\n"));
}

Test(status, reading_changes_nothing)
{
	g_autofree char *hmc = g_strdup(of_hmc());
	g_autofree char *channel = g_strdup(of_channel());

	cr_expect_str_eq(of_hmc(), hmc);
	cr_expect_str_eq(of_channel(), channel);
}

Test(status, shows_the_channel)
{
	of_channel();
	cr_expect(has("device: \"sim\""));
	cr_expect(has("driver: sim"));
	cr_expect(has("channel: ready"));
	cr_expect(has("hmcs: 2"));
	cr_expect(has("mtu_bytes: 16384"));
	cr_expect(has("pool_buffers: 32"));
	cr_expect(has("drc_index: 0x00000000"));
	cr_expect(has("resets: 0"));
	cr_expect(has("history_bytes: 65536"));
	cr_expect(has("memory_limit_bytes: 4194304"));
	cr_expect(has("memory_bytes: 0"));
	cr_expect(has("segments: 2"));
	cr_expect(has("sim_violations: 0"));
	cr_expect(has("last_error: \"\""));
	cr_expect(has("last_error_time: never"));

	cr_assert_eq(channel_request_vmc(sim.channel), 0);
	SIM_CHANNEL_UNTIL(!sim.channel->requesting);
	sim_channel_say(&sim, "sim reset terminated");
	SIM_CHANNEL_UNTIL(channel_is_ready(sim.channel));
	of_channel();
	cr_expect(has("resets: 1"));
	cr_expect_not(has("drc_index: 0x00000000"));
}

Test(status, shows_a_session)
{
	of_hmc();
	cr_expect(has("state: none"));
	cr_expect(has("session: 0"));
	cr_expect(has("hmc_id: \"\""));
	cr_expect(has("opened_time: never"));
	cr_expect(has("ended: \"\""));

	cr_assert_eq(hmc_open(sim.hmc, "a b", 3), 0);
	of_hmc();
	cr_expect(has("state: opening"));
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_READY);
	hmc_send(sim.hmc, 1, "hello", 5);
	sim_channel_rest();
	log_rotate(sim.hmc->log);
	of_hmc();
	cr_expect(has("state: ready"));
	cr_expect_not(has("session: 0"));
	cr_expect(has("hmc_id: \"a b\""));
	cr_expect_not(has("opened_time: never"));
	cr_expect(has("sessions: 1"));
	cr_expect(has("buffers: 32"));
	cr_expect(has("sent_messages: 1"));
	cr_expect(has("sent_bytes: 5"));
	cr_expect(has("received_messages: 1"));
	cr_expect(has("received_bytes: 5"));
	cr_expect(has("log_messages: 1"));
	cr_expect(has("log_segments: 2"));
	cr_expect(has("segment_bytes: 0"));
	cr_expect(has("rotations: 1"));
	cr_expect(has("overruns: 0"));

	hmc_close(sim.hmc);
	of_hmc();
	cr_expect(has("state: none"));
	cr_expect(has("session: 0"));
	cr_expect(has("ended: \"closed\""));
}

Test(status, shows_the_send_queue)
{
	sim_channel_open(&sim, "x");
	sim_channel_block(&sim);
	hmc_send(sim.hmc, 1, "12345", 5);
	of_hmc();
	cr_expect(has("send_queue_messages: 2"));
	cr_expect(has("send_queue_bytes: 6"));
	cr_expect(has("send_queue_limit_bytes: 1000"));
	cr_expect(has("buffers_free: 0"));
	cr_expect(has("stalled: no"));
	sim.hmc->moved_at -= 100 * 1000;
	cr_assert(hmc_waited(sim.hmc));
	of_hmc();
	cr_expect(has("stalled: yes"));
	hmc_close(sim.hmc);
	of_hmc();
	cr_expect(has("state: closing"));
	SIM_CHANNEL_UNTIL(sim.hmc->state == HMC_NONE);
	of_hmc();
	cr_expect(has("unsent_messages: 2"));
	cr_expect(has("stalled: no"));
	cr_expect_not(has("last_error_time: never"));
}
