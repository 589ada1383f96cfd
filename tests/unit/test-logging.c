// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logging: tests the levels and their names, the filter by level, and the
 * thread that writes, with a pipe as standard error. The queue is tested in
 * test-logging-queue.c.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "logging.h"
#include "notice.h"

static const char *const words[] = { "error", "warning", "message", "info",
				     "debug" };

static struct logging logging;
static int reader;

static void setup(void)
{
	int fds[2];

	cr_assert_eq(pipe(fds), 0);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	reader = fds[0];
}

TestSuite(logging, .init = setup);

/* Returns the lines so far, at least one. */
static const char *lines(void)
{
	static char data[4096];
	ssize_t got = read(reader, data, sizeof(data) - 1);

	cr_assert_gt(got, 0);
	data[got] = '\0';
	return data;
}

Test(logging, accepts_the_names_of_levels_only)
{
	static const char *const wrong[] = { "",     "Error",	 "errors",
					     "warn", "critical", "info ",
					     "6" };

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		logging.level = 0;
		cr_assert(logging_parse_level(words[i], &logging.level));
		cr_expect_str_eq(logging_level_word(&logging), words[i]);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		GLogLevelFlags level = 4711;

		cr_expect_not(logging_parse_level(wrong[i], &level), "'%s'",
			      wrong[i]);
		cr_expect_eq(level, 4711);
	}
}

Test(logging, notices_before_the_start_are_written_after_it_in_order)
{
	logging_init(&logging, G_LOG_LEVEL_MESSAGE);
	notice_mount(NOTICE_READY, "ready");
	notice_mount(NOTICE_RESET, "reset");
	g_warning("at warning");
	cr_expect_str_eq(lines(), "vmcfs: warning: at warning\n");
	cr_assert_eq(logging_start(&logging, FALSE), 0);
	logging_stop(&logging);
	cr_expect_str_eq(lines(), "vmcfs: message: ready\n"
				  "vmcfs: warning: reset\n");
}

Test(logging, warnings_of_a_daemon_that_does_not_start_are_written_at_its_end)
{
	logging_init(&logging, G_LOG_LEVEL_MESSAGE);
	notice_mount(NOTICE_READY, "ready");
	notice_mount(NOTICE_RESET, "reset");
	g_printerr("reason\n");
	cr_expect_str_eq(lines(), "reason\n");
	logging_stop(&logging);
	cr_expect_str_eq(lines(), "vmcfs: warning: reset\n");
}

Test(logging, the_life_cycle_of_a_daemon_that_does_not_start_is_not_written)
{
	logging_init(&logging, G_LOG_LEVEL_MESSAGE);
	notice_mount(NOTICE_READY, "ready");
	logging_stop(&logging);
	g_printerr("end\n");
	cr_expect_str_eq(lines(), "end\n");
}

Test(logging, lines_after_a_stop_are_dropped)
{
	logging_init(&logging, G_LOG_LEVEL_MESSAGE);
	cr_assert_eq(logging_start(&logging, FALSE), 0);
	logging_stop(&logging);
	notice_mount(NOTICE_RESET, "reset");
	g_printerr("end\n");
	cr_expect_str_eq(lines(), "end\n");
}

static void log_all(void)
{
	g_critical("at error");
	g_warning("at warning");
	g_message("at message");
	g_info("at info");
	g_debug("at debug");
}

Test(logging, writes_lines_of_its_level_and_more_severe_ones)
{
	GString *expected = g_string_new(NULL);

	logging_init(&logging, G_LOG_LEVEL_CRITICAL);
	for (gsize level = 0; level < G_N_ELEMENTS(words); level++) {
		cr_assert(logging_parse_level(words[level], &logging.level));
		g_string_append_printf(expected, "vmcfs: %s: at %s\n",
				       words[level], words[level]);
		log_all();
		cr_expect_str_eq(lines(), expected->str);
	}
	g_string_free(expected, TRUE);
}

Test(logging, starts_with_the_given_level)
{
	logging_init(&logging, G_LOG_LEVEL_WARNING);
	cr_expect_str_eq(logging_level_word(&logging), "warning");
	log_all();
	cr_expect_str_eq(lines(), "vmcfs: error: at error\n"
				  "vmcfs: warning: at warning\n");
}

Test(logging, a_stop_writes_the_queued_lines)
{
	logging_init(&logging, G_LOG_LEVEL_WARNING);
	cr_assert_eq(logging_start(&logging, FALSE), 0);
	log_all();
	logging_stop(&logging);
	cr_expect_str_eq(lines(), "vmcfs: error: at error\n"
				  "vmcfs: warning: at warning\n");
}

Test(logging, a_stop_ends_without_a_reader)
{
	logging_init(&logging, G_LOG_LEVEL_DEBUG);
	cr_assert_eq(logging_start(&logging, FALSE), 0);
	for (int i = 0; i < 20000; i++)
		log_all();
	logging_stop(&logging);
}

Test(logging, a_fatal_line_is_written_before_the_abort)
{
	pid_t child = fork();
	int status;

	if (!child) {
		logging_init(&logging, G_LOG_LEVEL_WARNING);
		logging_start(&logging, FALSE);
		g_error("at the abort");
	}
	waitpid(child, &status, 0);
	cr_expect(WIFSIGNALED(status));
	cr_expect_str_eq(lines(), "vmcfs: error: at the abort\n");
}
