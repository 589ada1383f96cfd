// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Manager: sends notifications to the service manager, and finds the descriptors
 * and the time limit that it passed. It mounts nothing.
 *
 * A notification is one datagram to the socket that NOTIFY_SOCKET names. The
 * socket is opened for each one: they are rare, and no state remains.
 */
#include "manager.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/major.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "../defaults.h"
#include "internal.h"
#include "mount.h"

/* Number of /dev/fuse, with MISC_MAJOR. */
#define FUSE_MINOR 229

/* Number of the first passed descriptor, see sd_listen_fds(3). */
#define FIRST_PASSED 3

/* A name that begins with "@" is in the abstract namespace. */
static int connect_to(int fd, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	gsize len = strlen(name);

	if (len > sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, name, len);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	len += offsetof(struct sockaddr_un, sun_path);
	return connect(fd, (struct sockaddr *)&address, (socklen_t)len) ?
		       -errno :
		       0;
}

static int notify(const char *state, int fd, int flags)
{
	const char *name = getenv("NOTIFY_SOCKET");
	int error, to;

	if (!name || !*name)
		return -ENOTCONN;
	to = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | flags, 0);
	if (to < 0)
		return -errno;
	error = connect_to(to, name);
	if (!error)
		error = descriptor_send(to, state, strlen(state), fd);
	close(to);
	return error;
}

int manager_notify(const char *state)
{
	return notify(state, -1, SOCK_NONBLOCK);
}

int manager_extend(const char *state, guint64 ms)
{
	g_autofree char *text =
		g_strdup_printf("%sEXTEND_TIMEOUT_USEC=%" G_GUINT64_FORMAT,
				state, 1000 * (ms + VMCFS_MANAGER_MARGIN_MS));

	return manager_notify(text);
}

/* Return: the value, or 0 if the variable is not set or is not a number. */
static guint64 number(const char *variable)
{
	const char *value = getenv(variable);
	guint64 result;

	if (!value || !g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT64,
						  &result, NULL))
		return 0;
	return result;
}

static gboolean is_own(const char *variable)
{
	return number(variable) == (guint64)getpid();
}

guint64 manager_watchdog_us(void)
{
	if (getenv("WATCHDOG_PID") && !is_own("WATCHDOG_PID"))
		return 0;
	return number("WATCHDOG_USEC");
}

static gboolean is_connection(int fd)
{
	struct stat attributes;

	return !fstat(fd, &attributes) && S_ISCHR(attributes.st_mode) &&
	       attributes.st_rdev == makedev(MISC_MAJOR, FUSE_MINOR);
}

static gboolean is_socket(int fd)
{
	struct stat attributes;

	return !fstat(fd, &attributes) && S_ISSOCK(attributes.st_mode);
}

/* The order of the descriptors depends on the manager. */
static void find_passed(struct inherited *inherited)
{
	const char *list = getenv("LISTEN_FDNAMES");
	g_auto(GStrv) names = g_strsplit(list ? list : "", ":", -1);
	guint64 count = is_own("LISTEN_PID") ? number("LISTEN_FDS") : 0;

	for (guint i = 0; i < count && names[i]; i++) {
		int fd = FIRST_PASSED + (int)i;

		if (!g_str_equal(names[i], MANAGER_STORED))
			continue;
		if (is_connection(fd))
			inherited->connection = fd;
		else if (is_socket(fd))
			inherited->copy = fd;
	}
}

void manager_inherit(struct inherited *inherited)
{
	*inherited = (struct inherited){ .connection = -1, .copy = -1 };
	find_passed(inherited);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (inherited->connection >= 0)
		fcntl(inherited->connection, F_SETFD, FD_CLOEXEC);
	if (inherited->copy >= 0)
		fcntl(inherited->copy, F_SETFD, FD_CLOEXEC);
}

void manager_forget(void)
{
	notify(MANAGER_FORGET, -1, 0);
}

/*
 * The manager must not poll the connection: each request would wake it, because
 * /dev/fuse does not say which event it reports.
 */
int manager_store(int connection)
{
	return notify("FDSTORE=1\nFDPOLL=0\nFDNAME=" MANAGER_STORED, connection,
		      0);
}

/* The other end of a datagram socket may be closed before it is read. */
int manager_store_copy(const struct mount_copy *copy)
{
	int ends[2], error;

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		       ends))
		return -errno;
	error = descriptor_send(ends[0], "", 1, copy->root);
	for (gsize i = 0; !error && i < G_N_ELEMENTS(copy->tables); i++)
		error = descriptor_send(ends[0], "", 1, copy->tables[i]);
	if (!error)
		error = manager_store(ends[1]);
	close(ends[0]);
	close(ends[1]);
	return error;
}

static gboolean receive(int socket, int *fd)
{
	char none;

	descriptor_receive(socket, &none, sizeof(none), fd);
	return *fd >= 0;
}

void manager_take_copy(int socket, struct mount_copy *copy)
{
	gboolean whole;

	*copy = (struct mount_copy)MOUNT_COPY_CLOSED;
	if (socket < 0)
		return;
	whole = receive(socket, &copy->root);
	for (gsize i = 0; whole && i < G_N_ELEMENTS(copy->tables); i++)
		whole = receive(socket, &copy->tables[i]);
	close(socket);
	if (!whole)
		mount_copy_close(copy);
}
