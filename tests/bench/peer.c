// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Peer: a process that returns each message over a socket or two pipes, the
 * least that a round trip between two processes costs.
 */
#include "client.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Descriptors of both ends: for reading, for writing. */
struct ends {
	int mine[2], peer[2];
};

static void echo_forever(struct work *work, const int fds[2])
{
	ssize_t got;

	do {
		got = read(fds[0], work->buffer, work->options->size);
	} while (got > 0 && write(fds[1], work->buffer, (size_t)got) == got);
	_exit(0);
}

static void start(struct work *work, const struct ends *ends)
{
	work->in = ends->mine[0];
	work->out = ends->mine[1];
	work->peer = fork();
	require(work->peer < 0, "fork");
	if (work->peer)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	bind_to(work->options->peer_cpu);
	echo_forever(work, ends->peer);
}

void peer_stop(const struct work *work)
{
	if (!work->peer)
		return;
	kill(work->peer, SIGKILL);
	waitpid(work->peer, NULL, 0);
}

void peer_start_socket(struct work *work)
{
	struct ends ends;
	int pair[2];

	require(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), "socketpair");
	ends = (struct ends){
		.mine = { pair[0], pair[0] },
		.peer = { pair[1], pair[1] },
	};
	start(work, &ends);
}

void peer_start_pipe(struct work *work)
{
	struct ends ends;
	int there[2], back[2];

	require(pipe(there) || pipe(back), "pipe");
	ends = (struct ends){
		.mine = { back[0], there[1] },
		.peer = { there[0], back[1] },
	};
	start(work, &ends);
}
