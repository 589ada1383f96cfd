// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fusermount: runs fusermount3, the set-user-ID program of libfuse, which
 * mounts and unmounts for users without CAP_SYS_ADMIN. It does not check what
 * that program checks.
 *
 * The program sends the connection over a socket whose number is in its
 * environment. Its exit status is always 1, so its messages are passed on and
 * searched for the reason.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROGRAM "fusermount3"
#define SOCKET_VARIABLE "_FUSE_COMMFD"

/* Longest text of its messages. */
#define MESSAGES_MAX 4096

/* Messages of a missing permission; the last ones are of strerror(). */
static const struct refusal {
	const char *words;
	const char *remedy;
} refusals[] = {
	{ "not owned by user", "; give a directory that belongs to you" },
	{ "no write access", "; give a directory that you may write to" },
	{ "is forbidden", "; give a directory of another file system" },
	{ "only allowed if",
	  "; leave out allow_other and allow_root, or change that file" },
	{ "is privileged", "; leave out that option" },
	{ "Permission denied", "; let this user access it" },
	{ "Operation not permitted",
	  "; " PROGRAM
	  " must be set-user-ID root, and may not be run where no_new_privs is set" },
};

static int judge(const char *messages, const char **remedy)
{
	for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
		if (strstr(messages, refusals[i].words)) {
			*remedy = refusals[i].remedy;
			return -EPERM;
		}
	}
	*remedy = "";
	return -ECHILD;
}

/* Runs it in the directory, because the path may have changed. */
G_NORETURN static void be_mounter(int at, const char *options, int socket,
				  int output)
{
	g_autofree char *number = g_strdup_printf("%d", socket);

	fcntl(socket, F_SETFD, 0);
	dup2(output, STDERR_FILENO);
	setenv(SOCKET_VARIABLE, number, TRUE);
	if (!fchdir(at))
		execlp(PROGRAM, PROGRAM, "-o", options, "--", ".", NULL);
	g_printerr("vmcfs: " PROGRAM " cannot be run: %s; install fuse3\n",
		   g_strerror(errno));
	_exit(EXIT_FAILURE);
}

/* Reads until the program has ended. Return: its messages, to be freed. */
static char *read_messages(int fd)
{
	GString *messages = g_string_new(NULL);
	char part[MESSAGES_MAX];
	ssize_t got;

	while ((got = read(fd, part, sizeof(part))) > 0) {
		if (messages->len < MESSAGES_MAX)
			g_string_append_len(messages, part, got);
	}
	return g_string_free(messages, FALSE);
}

struct ends {
	int connection[2]; /* socket */
	int messages[2];   /* pipe */
};

static int open_ends(struct ends *ends)
{
	int error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		       ends->connection))
		return -errno;
	if (!pipe2(ends->messages, O_CLOEXEC))
		return 0;
	error = -errno;
	close(ends->connection[0]);
	close(ends->connection[1]);
	return error;
}

/* Return: 0, or an error as of fusermount_mount(); @fd is the connection, or -1. */
static int await_mounter(pid_t child, const struct ends *ends, int *fd,
			 const char **remedy)
{
	g_autofree char *messages = NULL;
	char byte;

	descriptor_receive(ends->connection[0], &byte, sizeof(byte), fd);
	messages = read_messages(ends->messages[0]);
	if (*messages)
		g_printerr("%s", messages);
	if (!child_wait(child) && *fd >= 0)
		return 0;
	if (*fd >= 0)
		close(*fd);
	return judge(messages, remedy);
}

int fusermount_mount(int at, const char *options, int *connection,
		     const char **remedy)
{
	struct ends ends;
	int fd, error = open_ends(&ends);
	pid_t child;

	*remedy = "";
	if (error)
		return error;
	child = fork();
	if (!child)
		be_mounter(at, options, ends.connection[1], ends.messages[1]);
	error = child < 0 ? -errno : 0;
	close(ends.connection[1]);
	close(ends.messages[1]);
	if (!error)
		error = await_mounter(child, &ends, &fd, remedy);
	close(ends.connection[0]);
	close(ends.messages[0]);
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
