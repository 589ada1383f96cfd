// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Serve: the thread that takes requests from the kernel. It handles no request
 * itself.
 *
 * The thread sleeps in read(2), so that a request costs two system calls: one to
 * take it, and one to answer it. A main loop would add a poll(2) and a read(2)
 * that fails. After each request the device is dispatched, which saves the
 * answer of a fast hypervisor a wake-up of the main loop.
 */
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "../defaults.h"
#include "../device/device.h"
#include "../thread.h"
#include "poll-window.h"

/* Ends the sleep of the thread. The numbers below belong to the C library. */
#define STOP_SIGNAL SIGRTMIN

/* Interval at which the signal is repeated until the thread has ended. */
#define STOP_INTERVAL_US 1000

/* Longest time between two reads of the clock without a preemption. */
#define PREEMPTION_US 500

/* An answer of more bytes is a copy of a log: latency does not matter to it. */
#define BULK_ANSWER (64 * 1024)

struct serve {
	struct tree *tree;
	struct fuse_session *session;
	struct turns *turns;
	struct fuse_buf buffer;
	struct poll_window window;
	pthread_t thread;
	int flags;
	gboolean blocking;
	guint taken;
	guint taken_before;
	gint64 received_us;
	gint stopping;
	gint stopped;
	void (*ended)(void *data);
	void *data;
};

static gint64 now_us(void)
{
	return g_get_monotonic_time();
}

static void set_blocking(struct serve *serve, gboolean blocking)
{
	if (serve->blocking == blocking)
		return;
	serve->blocking = blocking;
	fcntl(fuse_session_fd(serve->session), F_SETFL,
	      blocking ? serve->flags : serve->flags | O_NONBLOCK);
}

static int receive(struct serve *serve)
{
	return fuse_session_receive_buf(serve->session, &serve->buffer);
}

/* Return: the result of receive(); -EAGAIN if no request came in time. */
static int poll_requests(struct serve *serve)
{
	gint64 start = now_us(), before = start, now = start;
	int len;

	set_blocking(serve, FALSE);
	serve->received_us = start;
	len = receive(serve);
	if (len != -EAGAIN)
		return len;
	while (len == -EAGAIN && now - start <= serve->window.limit_us) {
		before = now;
		len = receive(serve);
		now = now_us();
	}
	serve->received_us = now;
	if (now - before > PREEMPTION_US)
		poll_window_preempted(&serve->window, now);
	else if (len == -EAGAIN)
		poll_window_missed(&serve->window);
	else
		poll_window_hit(&serve->window);
	return len;
}

/*
 * The sleep is counted from the last request: to handle one takes much less time,
 * and one read of the clock is saved.
 */
static int sleep_for_request(struct serve *serve, gboolean bulk)
{
	gint64 before = serve->received_us;
	int len;

	set_blocking(serve, TRUE);
	len = receive(serve);
	if (!serve->window.limit_us)
		return len;
	serve->received_us = now_us();
	if (bulk)
		poll_window_bulk(&serve->window);
	else
		poll_window_slept(&serve->window, serve->received_us - before,
				  serve->received_us);
	return len;
}

static int next_request(struct serve *serve)
{
	gboolean bulk = serve->tree->answered > BULK_ANSWER;
	int len = -EAGAIN;

	if (serve->window.open && !bulk)
		len = poll_requests(serve);
	if (len == -EAGAIN)
		len = sleep_for_request(serve, bulk);
	return len;
}

static void handle_request(struct serve *serve)
{
	serve->taken++;
	serve->tree->answered = 0;
	fuse_session_process_buf(serve->session, &serve->buffer);
	if (wakeups_settle(serve->tree) != DEVICE_WORK_NONE ||
	    serve->turns->watching)
		g_main_context_wakeup(NULL);
}

static void *run(void *data)
{
	struct serve *serve = data;
	sigset_t stop;
	int len;

	sigemptyset(&stop);
	sigaddset(&stop, STOP_SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
	while (!g_atomic_int_get(&serve->stopping)) {
		len = next_request(serve);
		if (len == -EAGAIN || len == -EINTR)
			continue;
		turns_take(serve->turns);
		if (len > 0)
			handle_request(serve);
		else
			serve->ended(serve->data);
		turns_give(serve->turns);
		if (len <= 0)
			break;
	}
	g_atomic_int_set(&serve->stopped, TRUE);
	return NULL;
}

static void on_stop(int number)
{
	(void)number;
}

/* Only the thread of the requests takes the signal. */
static void prepare_stop(void)
{
	struct sigaction action = { .sa_handler = on_stop };
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, STOP_SIGNAL);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	sigaction(STOP_SIGNAL, &action, NULL);
}

/*
 * With one processor, polling delays the process that is to send the next
 * request. Whether that process has a processor of its own, only polls show.
 */
static gboolean has_processors(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) > 1;
}

int serve_start(struct tree *tree, struct fuse_session *session,
		struct turns *turns, void (*ended)(void *data), void *data,
		struct serve **result)
{
	struct serve *serve = g_new0(struct serve, 1);
	int error;

	serve->tree = tree;
	tree->cache.session = session;
	serve->session = session;
	serve->turns = turns;
	serve->flags = fcntl(fuse_session_fd(session), F_GETFL) & ~O_NONBLOCK;
	serve->blocking = TRUE;
	serve->ended = ended;
	serve->data = data;
	poll_window_init(&serve->window,
			 has_processors() ? tree->config.poll_us : 0);
	prepare_stop();
	error = thread_start(&serve->thread, run, serve);
	if (error)
		g_free(serve);
	else
		*result = serve;
	return error;
}

gboolean serve_progresses(struct serve *serve)
{
	struct pollfd requests = {
		.fd = fuse_session_fd(serve->session),
		.events = POLLIN,
	};
	gboolean taken = serve->taken != serve->taken_before;

	serve->taken_before = serve->taken;
	return taken || poll(&requests, 1, 0) <= 0 ||
	       !(requests.revents & POLLIN);
}

/*
 * A signal that arrives before the thread sleeps would be lost, so it is repeated.
 */
void serve_stop(struct serve *serve)
{
	g_atomic_int_set(&serve->stopping, TRUE);
	turns_give(serve->turns);
	while (!g_atomic_int_get(&serve->stopped)) {
		pthread_kill(serve->thread, STOP_SIGNAL);
		g_usleep(STOP_INTERVAL_US);
	}
	pthread_join(serve->thread, NULL);
	turns_take(serve->turns);
	free(serve->buffer.mem);
	g_free(serve);
}
