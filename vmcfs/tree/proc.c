// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Proc: opens, reads and closes files of /proc. It makes no other system calls,
 * so that the seccomp filter needs no further entries.
 */
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../defaults.h"

/* Bit of a signal in a set of the status file. */
#define SIGNAL_BIT(number) ((guint64)1 << ((number)-1))

/* Signals whose default action does not end the process. */
#define HARMLESS                                                            \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) |   \
	 SIGNAL_BIT(SIGWINCH) | SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | \
	 SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

/*
 * Return: the text of a file, or NULL. A status file has no bound: it lists the
 * groups of the process.
 */
static char *read_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[2048];
	GString *text;
	gssize len;

	if (fd < 0)
		return NULL;
	text = g_string_new(NULL);
	do {
		len = read(fd, chunk, sizeof(chunk));
		if (len > 0)
			g_string_append_len(text, chunk, len);
	} while (len > 0 || (len < 0 && errno == EINTR));
	close(fd);
	return g_string_free(text, len < 0);
}

/* Return: the value of the line that begins with a key, or NULL. */
static const char *value_of(const char *text, const char *key)
{
	const char *line = strstr(text, key);

	return line ? line + strlen(key) : NULL;
}

gboolean proc_signals_are_fatal(const char *status)
{
	static const char *const keys[] = {
		"\nSigPnd:", "\nShdPnd:", "\nSigBlk:", "\nSigIgn:", "\nSigCgt:"
	};
	enum { OF_THREAD, OF_PROCESS, BLOCKED, IGNORED, CAUGHT };
	guint64 sets[G_N_ELEMENTS(keys)] = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *value = value_of(status, keys[i]);

		if (!value)
			return TRUE;
		sets[i] = g_ascii_strtoull(value, NULL, 16);
	}
	return ((sets[OF_THREAD] | sets[OF_PROCESS]) &
		~(sets[BLOCKED] | sets[IGNORED] | sets[CAUGHT] | HARMLESS)) !=
	       0;
}

gboolean proc_is_ending(pid_t thread)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)thread);
	g_autofree char *text = thread > 0 ? read_text(path) : NULL;

	return !text || proc_signals_are_fatal(text);
}

/* NSpid lists an ID for each PID namespace from that of /proc to its own. */
gboolean proc_shows_threads(void)
{
	g_autofree char *text = read_text("/proc/self/status");
	const char *ids = text ? value_of(text, "\nNSpid:\t") : NULL;

	return ids && ids[strspn(ids, "0123456789")] == '\n';
}

static guint read_number(const char *path)
{
	g_autofree char *text = read_text(path);

	return text ? (guint)strtoul(text, NULL, 10) : 0;
}

guint proc_combine_timeouts(guint standard, guint most)
{
	guint chosen =
		standard && most ? MIN(standard, most) : MAX(standard, most);

	return chosen ? MAX(chosen, VMCFS_KERNEL_TIMEOUT_MIN_S) : 0;
}

guint proc_request_timeout(void)
{
	return proc_combine_timeouts(
		read_number("/proc/sys/fs/fuse/default_request_timeout"),
		read_number("/proc/sys/fs/fuse/max_request_timeout"));
}
