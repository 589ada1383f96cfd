// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logging sink: formats and writes lines, each by one system call. It filters
 * nothing.
 *
 * The socket is not connected: each datagram to the system log carries the
 * address, so that a syslog daemon may restart at any time.
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

/* Maximum length of the prefix of a line and its newline. */
#define HEAD_MAX 64

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

int logging_sink_init(struct logging_sink *sink, gboolean background)
{
	sink->fd = STDERR_FILENO;
	sink->format = g_log_writer_is_journald(STDERR_FILENO) ?
			       LOGGING_JOURNAL :
			       LOGGING_PLAIN;
	if (!background)
		return 0;
	sink->format = LOGGING_SYSLOG;
	sink->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	tzset();
	return sink->fd < 0 ? -errno : 0;
}

void logging_sink_clear(struct logging_sink *sink)
{
	if (sink->format == LOGGING_SYSLOG)
		close(sink->fd);
}

/*
 * An inherited descriptor may be non-blocking. Other processes share it, so it
 * is not made blocking.
 */
static int write_all(int fd, const char *data, gsize len)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };

	while (len) {
		ssize_t done = write(fd, data, len);

		if (done > 0) {
			data += done;
			len -= (gsize)done;
		} else if (done < 0 && errno == EAGAIN) {
			poll(&writable, 1, -1);
		} else if (done == 0 || errno != EINTR) {
			return done ? -errno : -EIO;
		}
	}
	return 0;
}

static int send_datagram(int fd, const char *data, gsize len)
{
	static const struct sockaddr_un address = {
		.sun_family = AF_UNIX,
		.sun_path = _PATH_LOG,
	};
	ssize_t done;

	do {
		done = sendto(fd, data, len, MSG_NOSIGNAL,
			      (const struct sockaddr *)&address,
			      sizeof(address));
	} while (done < 0 && errno == EINTR);
	return done < 0 ? -errno : 0;
}

static gsize format_syslog(char *to, gsize size,
			   const struct logging_level *level, const char *text)
{
	time_t now = time(NULL);
	char stamp[sizeof("Jan  1 00:00:00")];
	struct tm local;

	strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S",
		 localtime_r(&now, &local));
	g_snprintf(to, size, "<%d>%s vmcfs[%d]: %s",
		   LOG_DAEMON | level->priority, stamp, (int)getpid(), text);
	return strlen(to);
}

static gsize format_stream(char *to, gsize size, enum logging_format format,
			   const struct logging_level *level, const char *text)
{
	if (format == LOGGING_JOURNAL)
		g_snprintf(to, size, "<%d>%s\n", level->priority, text);
	else
		g_snprintf(to, size, "vmcfs: %s: %s\n", level->word, text);
	return strlen(to);
}

int logging_sink_write(const struct logging_sink *sink, GLogLevelFlags flags,
		       const char *text)
{
	const struct logging_level *level = logging_level_of(flags);
	char line[HEAD_MAX + VMCFS_LOG_LINE_MAX];
	gsize len;

	if (sink->format == LOGGING_SYSLOG) {
		len = format_syslog(line, sizeof(line), level, text);
		return send_datagram(sink->fd, line, len);
	}
	len = format_stream(line, sizeof(line), sink->format, level, text);
	return write_all(sink->fd, line, len);
}
