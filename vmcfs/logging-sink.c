// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logging sink: formats and writes lines, each by one system call. It filters
 * nothing.
 *
 * The socket is not connected: each datagram carries the address, so that the
 * journal or a syslog daemon may restart at any time. The journal stores the
 * fields of a datagram (systemd's "native protocol"), and knows the sender.
 */
#include "logging-sink.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "defaults.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* Maximum length of the prefix of a line and its newline, or of its fields. */
#define HEAD_MAX 384

const struct logging_level logging_levels[LOGGING_LEVELS] = {
	{ "error", G_LOG_LEVEL_CRITICAL, LOG_ERR },
	{ "warning", G_LOG_LEVEL_WARNING, LOG_WARNING },
	{ "message", G_LOG_LEVEL_MESSAGE, LOG_NOTICE },
	{ "info", G_LOG_LEVEL_INFO, LOG_INFO },
	{ "debug", G_LOG_LEVEL_DEBUG, LOG_DEBUG },
};

const struct logging_level *logging_level_of(GLogLevelFlags flags)
{
	for (gsize i = 0; i < LOGGING_LEVELS; i++) {
		if (logging_levels[i].level == (flags & G_LOG_LEVEL_MASK))
			return &logging_levels[i];
	}
	return &logging_levels[0];
}

int logging_sink_init(struct logging_sink *sink, gboolean background,
		      gboolean waits)
{
	sink->socket = -1;
	sink->waits = waits;
	if (background)
		sink->format = LOGGING_SYSLOG;
	else if (g_log_writer_is_journald(STDERR_FILENO))
		sink->format = LOGGING_JOURNAL;
	else
		sink->format = LOGGING_PLAIN;
	if (sink->format == LOGGING_PLAIN)
		return 0;
	sink->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	tzset();
	return sink->socket < 0 ? -errno : 0;
}

void logging_sink_clear(struct logging_sink *sink)
{
	if (sink->socket >= 0)
		close(sink->socket);
}

/*
 * An inherited descriptor may be blocking or non-blocking. Other processes share
 * it, so it stays as it is. A pipe that is writable has room for a line.
 */
static int write_all(int fd, gboolean waits, const char *data, gsize len)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };

	while (len) {
		ssize_t done;

		if (!waits && !poll(&writable, 1, 0))
			return -EAGAIN;
		done = write(fd, data, len);
		if (done > 0) {
			data += done;
			len -= (gsize)done;
		} else if (done < 0 && errno == EAGAIN) {
			poll(&writable, 1, waits ? -1 : 0);
		} else if (done == 0 || errno != EINTR) {
			return done ? -errno : -EIO;
		}
	}
	return 0;
}

static int send_datagram(const struct logging_sink *sink, const char *path,
			 const char *data, gsize len)
{
	int flags = MSG_NOSIGNAL | (sink->waits ? 0 : MSG_DONTWAIT);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	ssize_t done;

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	do {
		done = sendto(sink->socket, data, len, flags,
			      (const struct sockaddr *)&address,
			      sizeof(address));
	} while (done < 0 && errno == EINTR);
	return done < 0 ? -errno : 0;
}

/* The text of a line has no newline, which would end the field. */
static void add_field(char *to, gsize size, const char *key, const char *value)
{
	g_strlcat(to, key, size);
	g_strlcat(to, "=", size);
	g_strlcat(to, value, size);
	g_strlcat(to, "\n", size);
}

static void add_number(char *to, gsize size, const char *key, guint64 value)
{
	char digits[sizeof("18446744073709551615")];

	g_snprintf(digits, sizeof(digits), "%" G_GUINT64_FORMAT, value);
	add_field(to, size, key, digits);
}

static void add_caller(char *to, gsize size, const struct caller *caller)
{
	if (!caller->known)
		return;
	add_number(to, size, "CALLER_UID", caller->uid);
	if (caller->pid)
		add_number(to, size, "CALLER_PID", (guint64)caller->pid);
}

static void add_notice(char *to, gsize size, const struct notice *notice)
{
	add_field(to, size, "MESSAGE_ID", notice_table[notice->kind].id);
	if (notice->hmc != NOTICE_NO_HMC)
		add_number(to, size, "HMC_INDEX", (guint64)notice->hmc);
	if (notice->session)
		add_number(to, size, "SESSION", notice->session);
	add_caller(to, size, &notice->caller);
}

static gsize format_fields(char *to, gsize size,
			   const struct logging_level *level,
			   const struct logging_line *line)
{
	*to = '\0';
	add_field(to, size, "MESSAGE", line->text);
	add_number(to, size, "PRIORITY", (guint64)level->priority);
	add_field(to, size, "SYSLOG_IDENTIFIER", "vmcfs");
	add_number(to, size, "SYSLOG_FACILITY", LOG_FAC(LOG_DAEMON));
	if (line->has_notice)
		add_notice(to, size, &line->notice);
	return strlen(to);
}

static gsize format_syslog(char *to, gsize size,
			   const struct logging_level *level,
			   const struct logging_line *line)
{
	time_t now = time(NULL);
	char stamp[sizeof("Jan  1 00:00:00")];
	struct tm local;

	strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S",
		 localtime_r(&now, &local));
	g_snprintf(to, size, "<%d>%s vmcfs[%d]: %s",
		   LOG_DAEMON | level->priority, stamp, (int)getpid(),
		   line->text);
	return strlen(to);
}

static gsize format_stream(char *to, gsize size, enum logging_format format,
			   const struct logging_level *level,
			   const struct logging_line *line)
{
	if (format == LOGGING_JOURNAL)
		g_snprintf(to, size, "<%d>%s\n", level->priority, line->text);
	else
		g_snprintf(to, size, "vmcfs: %s: %s\n", level->word,
			   line->text);
	return strlen(to);
}

/* Return: FALSE if the line has to be written elsewhere. */
static gboolean write_journal(const struct logging_sink *sink,
			      const struct logging_level *level,
			      const struct logging_line *line)
{
	char fields[HEAD_MAX + VMCFS_LOG_LINE_MAX];
	gsize len;

	if (sink->format == LOGGING_PLAIN)
		return FALSE;
	len = format_fields(fields, sizeof(fields), level, line);
	return !send_datagram(sink, JOURNAL_SOCKET, fields, len);
}

int logging_sink_write(const struct logging_sink *sink,
		       const struct logging_line *line)
{
	const struct logging_level *level = logging_level_of(line->level);
	char text[HEAD_MAX + VMCFS_LOG_LINE_MAX];
	gsize len;

	if (write_journal(sink, level, line))
		return 0;
	if (sink->format == LOGGING_SYSLOG) {
		len = format_syslog(text, sizeof(text), level, line);
		return send_datagram(sink, _PATH_LOG, text, len);
	}
	len = format_stream(text, sizeof(text), sink->format, level, line);
	return write_all(STDERR_FILENO, sink->waits, text, len);
}
