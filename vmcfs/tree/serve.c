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
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include "../device/device.h"
#include "../thread.h"
#include "receiver.h"

/* Ends the sleep of the thread. The numbers below belong to the C library. */
#define STOP_SIGNAL SIGRTMIN

/* Interval at which the signal is repeated until the thread has ended. */
#define STOP_INTERVAL_US 1000

/* An answer of more bytes is a copy of a log: latency does not matter to it. */
#define BULK_ANSWER (64 * 1024)

struct serve {
	struct tree *tree;
	struct turns *turns;
	struct receiver receiver;
	pthread_t thread;
	gboolean bulk;
	guint taken;
	guint taken_before;
	gint stopping;
	gint stopped;
	void (*ended)(void *data);
	void *data;
};

static void handle_request(struct serve *serve)
{
	serve->taken++;
	serve->tree->answered = 0;
	fuse_session_process_buf(serve->receiver.session,
				 &serve->receiver.buffer);
	if (wakeups_settle(serve->tree) != DEVICE_WORK_NONE ||
	    serve->turns->watching)
		g_main_context_wakeup(NULL);
	serve->bulk = serve->tree->answered > BULK_ANSWER;
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
		len = receiver_next(&serve->receiver, serve->bulk);
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

int serve_start(struct tree *tree, struct fuse_session *session,
		struct turns *turns, void (*ended)(void *data), void *data,
		struct serve **result)
{
	struct serve *serve = g_new0(struct serve, 1);
	int error;

	serve->tree = tree;
	tree->cache.session = session;
	serve->turns = turns;
	serve->ended = ended;
	serve->data = data;
	receiver_init(&serve->receiver, session, tree->config.poll_us);
	prepare_stop();
	error = thread_start(&serve->thread, run, serve);
	if (error) {
		receiver_clear(&serve->receiver);
		g_free(serve);
	} else {
		*result = serve;
	}
	return error;
}

gboolean serve_progresses(struct serve *serve)
{
	struct pollfd requests = {
		.fd = fuse_session_fd(serve->receiver.session),
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
	receiver_clear(&serve->receiver);
	g_free(serve);
}
