// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Wait operations: wait for a descriptor by poll, select and epoll. They
 * transfer no message.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#define WAITED 6

static int gather(struct worker *worker, struct slot *slots[WAITED])
{
	int count = 0;

	for (int i = 0; i < WAITED; i++) {
		slots[count] = slot_get(worker, KIND_NONE);
		if (slots[count])
			count++;
	}
	return count;
}

static void release(struct slot *slots[WAITED], int count)
{
	while (count--)
		slot_put(slots[count]);
}

static short events(struct worker *worker)
{
	static const short some[] = { POLLIN, POLLOUT, POLLPRI,
				      POLLIN | POLLOUT | POLLPRI };

	return some[below(worker, 4)];
}

static int fill_polls(struct worker *worker, struct slot *slots[WAITED],
		      struct pollfd *polls)
{
	int count = gather(worker, slots);

	for (int i = 0; i < count; i++)
		polls[i] = (struct pollfd){ .fd = slots[i]->fd,
					    .events = events(worker) };
	return count;
}

static void op_poll(struct worker *worker)
{
	struct slot *slots[WAITED];
	struct pollfd polls[WAITED];
	int count = fill_polls(worker, slots, polls);

	done(worker, poll(polls, (nfds_t)count, (int)below(worker, 15)));
	release(slots, count);
}

static void op_ppoll(struct worker *worker)
{
	struct timespec limit = { .tv_nsec =
					  1000 * (long)below(worker, 15000) };
	struct slot *slots[WAITED];
	struct pollfd polls[WAITED];
	int count = fill_polls(worker, slots, polls);
	sigset_t none;

	sigemptyset(&none);
	done(worker, ppoll(polls, (nfds_t)count, &limit, &none));
	release(slots, count);
}

static void op_select(struct worker *worker)
{
	struct timeval limit = { .tv_usec = (long)below(worker, 15000) };
	struct slot *slots[WAITED];
	int count = gather(worker, slots), most = 0;
	fd_set sets[3];

	for (int i = 0; i < 3; i++)
		FD_ZERO(&sets[i]);
	for (int i = 0; i < count; i++) {
		if (slots[i]->fd >= FD_SETSIZE)
			continue;
		FD_SET(slots[i]->fd, &sets[below(worker, 3)]);
		most = slots[i]->fd > most ? slots[i]->fd : most;
	}
	done(worker, select(most + 1, &sets[0], &sets[1], &sets[2], &limit));
	release(slots, count);
}

static void wait_epoll(struct worker *worker, uint32_t how)
{
	struct slot *slots[WAITED];
	int count = gather(worker, slots);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event got[WAITED];

	for (int i = 0; i < count; i++) {
		struct epoll_event event = {
			.events = how | EPOLLIN | EPOLLOUT | EPOLLPRI,
		};

		if (epoll_ctl(epoll, EPOLL_CTL_ADD, slots[i]->fd, &event))
			continue;
		event.events = how | EPOLLIN;
		epoll_ctl(epoll, EPOLL_CTL_MOD, slots[i]->fd, &event);
	}
	for (int i = 0; i < 3; i++)
		done(worker,
		     epoll_wait(epoll, got, WAITED, (int)below(worker, 10)));
	close(epoll);
	release(slots, count);
}

static void op_epoll_level(struct worker *worker)
{
	wait_epoll(worker, 0);
}

static void op_epoll_edge(struct worker *worker)
{
	wait_epoll(worker,
		   chance(worker, 2) ? EPOLLET : EPOLLET | EPOLLONESHOT);
}

/* The descriptor may be closed and reused while it is watched. */
static void op_epoll_closed(struct worker *worker)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd = slot_empty(worker);
	int epoll;

	if (fd < 0)
		return;
	epoll = epoll_create1(EPOLL_CLOEXEC);
	done(worker, epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	close(fd);
	epoll_wait(epoll, &event, 1, 1);
	close(epoll);
}

const struct operation wait_operations[] = {
	{ "poll", 12, false, op_poll },
	{ "ppoll", 6, false, op_ppoll },
	{ "select", 6, false, op_select },
	{ "epoll-level", 6, false, op_epoll_level },
	{ "epoll-edge", 6, false, op_epoll_edge },
	{ "epoll-closed", 4, false, op_epoll_closed },
	{ NULL, 0, false, NULL },
};
