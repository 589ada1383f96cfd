// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Receiver: reads from the connection, without blocking while it polls, and
 * requests the latency of the processors.
 */
#include "receiver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../defaults.h"

/* Longest time between two reads of the clock without a preemption. */
#define PREEMPTION_US 500

/*
 * How many times longer the daemon polls while it keeps the processors awake: to
 * let them sleep and to wake them again takes longer than most pauses of a client.
 */
#define HELD_LIMITS 8

/* Latencies in microseconds; a negative one requests nothing. */
#define LATENCY_AWAKE 0
#define LATENCY_ANY (-1)

static gint64 now_us(void)
{
	return g_get_monotonic_time();
}

static void set_blocking(struct receiver *receiver, gboolean blocking)
{
	if (receiver->blocking == blocking)
		return;
	receiver->blocking = blocking;
	fcntl(fuse_session_fd(receiver->session), F_SETFL,
	      blocking ? receiver->flags : receiver->flags | O_NONBLOCK);
}

static int receive(struct receiver *receiver)
{
	return fuse_session_receive_buf(receiver->session, &receiver->buffer);
}

/* Processors are kept awake for as long as the file is open at most. */
static void request_latency(struct receiver *receiver, gint32 us)
{
	gboolean hold = us == LATENCY_AWAKE;

	if (receiver->latency < 0 || receiver->held == hold)
		return;
	if (write(receiver->latency, &us, sizeof(us)) == sizeof(us)) {
		receiver->held = hold;
		return;
	}
	close(receiver->latency);
	receiver->latency = -1;
}

/* Return: the result of receive(); -EAGAIN if no request came in time. */
static int poll_requests(struct receiver *receiver)
{
	gint64 start = now_us(), before = start, now = start;
	gint64 end = start + receiver->window.limit_us *
				     (receiver->held ? HELD_LIMITS : 1);
	int len;

	set_blocking(receiver, FALSE);
	receiver->received_us = start;
	len = receive(receiver);
	if (len != -EAGAIN)
		return len;
	while (len == -EAGAIN && now <= end) {
		before = now;
		len = receive(receiver);
		now = now_us();
	}
	receiver->received_us = now;
	if (now - before > PREEMPTION_US)
		poll_window_preempted(&receiver->window, now);
	else if (len == -EAGAIN)
		poll_window_missed(&receiver->window);
	else
		poll_window_hit(&receiver->window);
	if (poll_window_is_steady(&receiver->window))
		request_latency(receiver, LATENCY_AWAKE);
	return len;
}

/*
 * The sleep is counted from the last request: to handle one takes much less time,
 * and one read of the clock is saved.
 */
static int sleep_for_request(struct receiver *receiver, gboolean bulk)
{
	gint64 before = receiver->received_us;
	int len;

	request_latency(receiver, LATENCY_ANY);
	set_blocking(receiver, TRUE);
	len = receive(receiver);
	if (!receiver->window.limit_us)
		return len;
	receiver->received_us = now_us();
	if (bulk)
		poll_window_bulk(&receiver->window);
	else
		poll_window_slept(&receiver->window,
				  receiver->received_us - before,
				  receiver->received_us);
	return len;
}

int receiver_next(struct receiver *receiver, gboolean bulk)
{
	int len = -EAGAIN;

	if (receiver->window.open && !bulk)
		len = poll_requests(receiver);
	if (len == -EAGAIN)
		len = sleep_for_request(receiver, bulk);
	return len;
}

/*
 * With one processor, polling delays the process that is to send the next
 * request. Whether that process has a processor of its own, only polls show. The
 * file for latencies belongs to root.
 */
void receiver_init(struct receiver *receiver, struct fuse_session *session,
		   guint poll_us)
{
	glong processors = sysconf(_SC_NPROCESSORS_ONLN);

	*receiver = (struct receiver){
		.session = session,
		.latency = -1,
		.flags = fcntl(fuse_session_fd(session), F_GETFL) & ~O_NONBLOCK,
		.blocking = TRUE,
	};
	if (processors < 2)
		poll_us = 0;
	poll_window_init(&receiver->window, poll_us);
	if (poll_us && processors <= VMCFS_LATENCY_PROCESSORS_MAX)
		receiver->latency =
			open("/dev/cpu_dma_latency", O_RDWR | O_CLOEXEC);
}

void receiver_clear(struct receiver *receiver)
{
	if (receiver->latency >= 0)
		close(receiver->latency);
	free(receiver->buffer.mem);
}
