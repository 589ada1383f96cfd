// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Descriptor: closes descriptors, and sends and receives messages with at most
 * one of them (SCM_RIGHTS) over a socket. It does not interpret the bytes.
 *
 * There is room for one descriptor only, so the kernel closes any others.
 */
#include "privilege.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

void descriptor_close_others(const int *kept, gsize count)
{
	guint first = STDERR_FILENO + 1, next;

	do {
		next = G_MAXUINT;
		for (gsize i = 0; i < count; i++) {
			if (kept[i] >= (int)first)
				next = MIN(next, (guint)kept[i]);
		}
		if (next > first)
			close_range(first, next - 1, 0);
		first = next + 1;
	} while (next != G_MAXUINT);
}

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

int descriptor_send(int socket, gconstpointer data, gsize size, int fd)
{
	struct iovec bytes = { .iov_base = (void *)data, .iov_len = size };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
	union control control = { 0 };

	if (fd >= 0) {
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int take_descriptor(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int fd;

	if (!header || header->cmsg_level != SOL_SOCKET ||
	    header->cmsg_type != SCM_RIGHTS ||
	    header->cmsg_len != CMSG_LEN(sizeof(fd)))
		return -1;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

gssize descriptor_receive(int socket, gpointer data, gsize size, int *fd)
{
	struct iovec bytes = { .iov_base = data, .iov_len = size };
	union control control = { 0 };
	struct msghdr message = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_LEN(sizeof(*fd)),
	};
	ssize_t got;

	*fd = -1;
	do {
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	*fd = take_descriptor(&message);
	if (!(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		return got;
	if (*fd < 0 && !(message.msg_flags & MSG_TRUNC))
		return -EMFILE;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -EMSGSIZE;
}
