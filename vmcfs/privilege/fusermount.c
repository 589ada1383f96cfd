// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fusermount: runs fusermount3, the set-user-ID program of libfuse, which
 * mounts and unmounts for users without CAP_SYS_ADMIN. It does not print the
 * errors of that program, which does so itself.
 *
 * The program sends the connection over a socket whose number is in its
 * environment.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROGRAM "fusermount3"
#define SOCKET_VARIABLE "_FUSE_COMMFD"

/* Runs it in the directory, because the path may have changed. */
G_NORETURN static void be_mounter(int at, const char *options, int socket)
{
	g_autofree char *number = g_strdup_printf("%d", socket);

	fcntl(socket, F_SETFD, 0);
	setenv(SOCKET_VARIABLE, number, TRUE);
	if (!fchdir(at))
		execlp(PROGRAM, PROGRAM, "-o", options, "--", ".", NULL);
	g_printerr("vmcfs: " PROGRAM " cannot be run: %s; install fuse3\n",
		   g_strerror(errno));
	_exit(EXIT_FAILURE);
}

int fusermount_mount(int at, const char *options, int *connection)
{
	int ends[2], error, fd = -1;
	char byte;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	child = fork();
	if (!child)
		be_mounter(at, options, ends[1]);
	error = child < 0 ? -errno : 0;
	close(ends[1]);
	if (!error)
		descriptor_receive(ends[0], &byte, sizeof(byte), &fd);
	close(ends[0]);
	if (!error && (child_wait(child) || fd < 0))
		error = -ECHILD;
	if (error && fd >= 0)
		close(fd);
	if (!error)
		*connection = fd;
	return error;
}

int fusermount_unmount(const char *path)
{
	pid_t child = fork();

	if (!child) {
		execlp(PROGRAM, PROGRAM, "-u", "-z", "-q", "--", path, NULL);
		_exit(EXIT_FAILURE);
	}
	return child > 0 && !child_wait(child) ? 0 : -EBUSY;
}
