// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control operations: write valid and invalid commands for sessions and for
 * the knobs of the simulated hypervisor. They send no message.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

/* A gentle run keeps its sessions. */
static bool is_gentle(const struct worker *worker)
{
	return worker->world->options.gentle;
}

static int any_index(struct worker *worker)
{
	return (int)below(worker, FUZZ_INDICES);
}

static void op_session_open(struct worker *worker)
{
	char line[64];

	snprintf(line, sizeof(line), "open wild-%u", worker->writer);
	done(worker, world_command(worker->world, any_index(worker), line));
}

static void op_session_close(struct worker *worker)
{
	if (!is_gentle(worker) && chance(worker, 4))
		done(worker,
		     world_command(worker->world, any_index(worker), "close"));
}

static void op_rotate(struct worker *worker)
{
	done(worker,
	     world_command(worker->world, any_index(worker),
			   chance(worker, 4) ? "rotate\nrotate" : "rotate"));
}

static void op_channel(struct worker *worker)
{
	static const char *const lines[] = { "request-vmc", "log-level info",
					     "log-level warning",
					     "log-level message" };

	done(worker, world_command(worker->world, -1, lines[below(worker, 4)]));
}

static void op_emit(struct worker *worker)
{
	char line[64];

	snprintf(line, sizeof(line), "sim emit %d hello %u", any_index(worker),
		 below(worker, 1000));
	done(worker, world_command(worker->world, -1, line));
}

static void op_flood(struct worker *worker)
{
	char line[64];

	snprintf(line, sizeof(line), "sim flood %d %u %u", any_index(worker),
		 below(worker, 100), 1 + below(worker, 2000));
	done(worker, world_command(worker->world, -1, line));
}

static void op_stall(struct worker *worker)
{
	done(worker, world_command(worker->world, -1,
				   chance(worker, 3) ? "sim stall on" :
						       "sim stall off"));
}

static void op_delay(struct worker *worker)
{
	char line[64];

	snprintf(line, sizeof(line), "sim delay %u",
		 chance(worker, 3) ? below(worker, 20) : 0);
	done(worker, world_command(worker->world, -1, line));
}

static void op_refuse(struct worker *worker)
{
	char line[64];

	if (is_gentle(worker))
		return;
	snprintf(line, sizeof(line), "sim refuse %s %s",
		 chance(worker, 2) ? "open" : "request-vmc",
		 chance(worker, 4) ? "on" : "off");
	done(worker, world_command(worker->world, -1, line));
}

static void op_reset(struct worker *worker)
{
	static const char *const kinds[] = { "partner-failed", "deregistered",
					     "terminated", "migrated", "self" };
	char line[64];

	/*
	 * Rare, because sessions would otherwise be too short for other
	 * operations.
	 */
	if (is_gentle(worker) || !chance(worker, 8))
		return;
	snprintf(line, sizeof(line), "sim reset %s", kinds[below(worker, 5)]);
	done(worker, world_command(worker->world, -1, line));
}

static void write_control(struct worker *worker, int index, size_t len)
{
	char path[FUZZ_PATH_MAX];
	int fd;

	world_path(worker->world, path, index, "control");
	fd = open(path,
		  O_WRONLY | O_CLOEXEC | (chance(worker, 4) ? O_NONBLOCK : 0));
	if (fd < 0)
		return;
	done(worker, write(fd, worker->buffer, len));
	close(fd);
}

/* Writes words of the grammar in random order. */
static void op_invalid(struct worker *worker)
{
	static const char *const words[] = {
		"open",	      "close",	     "rotate", "sim",	    "emit",
		"flood",      "stall",	     "on",     "0",	    "1",
		"4294967296", "-1",	     "\n",     "hex:",	    "hex:4142",
		"refuse",     "request-vmc", "#",      "log-level", "\xff\xfe",
		"reset",      "\t",
	};
	size_t len = 0;

	for (uint32_t i = 1 + below(worker, 8); i; i--)
		len += (size_t)sprintf(
			worker->buffer + len, "%s ",
			words[below(worker, sizeof(words) / sizeof(words[0]))]);
	write_control(worker, (int)below(worker, FUZZ_INDICES + 1) - 1, len);
}

static void op_long_command(struct worker *worker)
{
	size_t len = 3000 + below(worker, 4000);

	memset(worker->buffer, chance(worker, 2) ? '\n' : 'o', len);
	write_control(worker, (int)below(worker, FUZZ_INDICES + 1) - 1, len);
}

/* Opens and closes repeatedly in one write. */
static void op_many_commands(struct worker *worker)
{
	size_t len = 0;

	if (is_gentle(worker) || !chance(worker, 4))
		return;
	for (uint32_t i = 1 + below(worker, 6); i; i--)
		len += (size_t)sprintf(worker->buffer + len, "open a\nclose\n");
	write_control(worker, any_index(worker), len);
}

const struct operation control_operations[] = {
	{ "session-open", 8, false, op_session_open },
	{ "session-close", 2, false, op_session_close },
	{ "rotate", 6, false, op_rotate },
	{ "channel-command", 2, false, op_channel },
	{ "emit", 6, false, op_emit },
	{ "flood", 2, true, op_flood },
	{ "stall", 4, false, op_stall },
	{ "delay", 3, false, op_delay },
	{ "refuse", 2, false, op_refuse },
	{ "reset", 1, false, op_reset },
	{ "invalid-command", 5, false, op_invalid },
	{ "long-command", 2, false, op_long_command },
	{ "many-commands", 1, false, op_many_commands },
	{ NULL, 0, false, NULL },
};
