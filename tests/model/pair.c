// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pair: runs both sides of a channel and checks the messages. The recovery from
 * faults is checked in recovery.c.
 */
#include "pair.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hv/internal.h"

/* Rounds at one time after which the work is considered endless. */
#define ROUNDS 100000

/* Permitted delay of the release of a waiter, in milliseconds. */
#define SLACK_MS 1

/* Interval at which the applications read messages, in milliseconds. */
#define TAKE_MS 50

#define KIND_SENT 'S'
#define KIND_EMITTED 'E'

static u64 host_now(void *host)
{
	return ((struct pair *)host)->now_ms;
}

static void host_wake(void *host, struct ibmvmc_file_session *session)
{
	(void)host;
	(void)session;
}

static void host_report(void *host, const struct ibmvmc_event *event)
{
	struct pair *pair = host;

	if (!pair->trace)
		return;
	printf("# %8llu ms: event %d value %u index %d error %d",
	       (unsigned long long)pair->now_ms, event->type, event->value,
	       event->index, event->error);
	for (int i = 0; event->entry && i < VMC_CRQ_ENTRY_LEN; i++)
		printf("%s%02x", i % 8 ? "" : " ", event->entry->bytes[i]);
	printf("\n");
}

static const struct vmc_sim_host host = {
	.now_ms = host_now,
	.wake = host_wake,
	.report = host_report,
};

void pair_wrong(struct pair *pair, const char *format, ...)
{
	va_list arguments;

	if (*pair->wrong)
		return;
	va_start(arguments, format);
	vsnprintf(pair->wrong, sizeof(pair->wrong), format, arguments);
	va_end(arguments);
}

void pair_begin(struct pair *pair, const struct vmc_hv_config *hv)
{
	const struct ibmvmc_config engine = { PAIR_HMCS, VMC_POOL_MIN,
					      VMC_MTU_MIN, 0 };

	*pair = (struct pair){ .now_ms = 1000, .trace = pair->trace };
	if (vmc_sim_new(&engine, hv, &host, pair, &pair->sim))
		abort();
}

void pair_end(struct pair *pair)
{
	for (unsigned int i = 0; i < PAIR_HMCS; i++)
		ibmvmc_session_put(pair->users[i].session);
	vmc_sim_free(pair->sim);
}

struct vmc_hv *pair_hv(struct pair *pair)
{
	return vmc_sim_hv(pair->sim);
}

struct crq_server_adapter *pair_adapter(struct pair *pair)
{
	return vmc_sim_adapter(pair->sim);
}

enum ibmvmc_state pair_state(struct pair *pair)
{
	struct ibmvmc_info info;

	ibmvmc_get_info(pair_adapter(pair), &info);
	return info.state;
}

static struct ibmvmc_session_info info_of(const struct pair_user *user)
{
	struct ibmvmc_session_info info = { .state = IBMVMC_SESSION_DEAD };

	if (user->session)
		ibmvmc_session_get_info(user->session, &info);
	return info;
}

enum ibmvmc_session_state pair_session(struct pair *pair, unsigned int index)
{
	return info_of(&pair->users[index]).state;
}

bool pair_turn(struct pair *pair, const char *line)
{
	size_t len = strcspn(line, " ");
	const struct vmc_hv_knob *knob = vmc_hv_find_knob(line, len);
	struct vmc_hv_command command;

	if (!knob || !line[len] ||
	    vmc_hv_parse(knob, line + len + 1, strlen(line + len + 1),
			 &command))
		return false;
	if (pair->trace)
		printf("# %8llu ms: %s\n", (unsigned long long)pair->now_ms,
		       line);
	/* An event or entry needs a registered queue. */
	vmc_hv_turn(pair_hv(pair), &command);
	return true;
}

void pair_start(struct pair *pair)
{
	if (!pair->started)
		pair->started = !ibmvmc_start(pair_adapter(pair));
}

/* Detects overdue opens and undocumented errors. */
static void check_users(struct pair *pair)
{
	for (unsigned int i = 0; i < PAIR_HMCS; i++) {
		struct pair_user *user = &pair->users[i];
		struct ibmvmc_session_info info = info_of(user);

		if ((info.state == IBMVMC_SESSION_WAITING ||
		     info.state == IBMVMC_SESSION_OPENING) &&
		    pair->now_ms > user->give_up + SLACK_MS)
			pair_wrong(
				pair,
				"index %u: an open did not end within %llu ms after its timeout",
				i,
				(unsigned long long)(pair->now_ms -
						     user->give_up));
		switch (info.error) {
		case 0:
		case -ETIMEDOUT:
		case -ECONNREFUSED:
		case -ENODEV:
		case -EBUSY:
		case -ENOBUFS:
		case -ECONNRESET:
		case -EIO:
			break;
		default:
			pair_wrong(pair,
				   "index %u: the session ended with error %d",
				   i, info.error);
		}
	}
}

void pair_run(struct pair *pair)
{
	unsigned int rounds = 0;

	while (vmc_sim_run(pair->sim, 1)) {
		if (++rounds < ROUNDS)
			continue;
		pair_wrong(pair, "the channel stays busy for %u rounds",
			   rounds);
		return;
	}
	check_users(pair);
}

/* Advances the clock to the next deadline. */
static bool advance(struct pair *pair, u64 end)
{
	u64 next = vmc_sim_next(pair->sim);

	if (next > end || *pair->wrong)
		return false;
	if (next <= pair->now_ms)
		pair_wrong(pair,
			   "the channel is idle with an expired deadline");
	pair->now_ms = next;
	return true;
}

void pair_run_for(struct pair *pair, u64 ms)
{
	u64 end = pair->now_ms + ms;

	do {
		pair_run(pair);
	} while (advance(pair, end));
	pair->now_ms = end;
	pair_run(pair);
}

bool pair_until(struct pair *pair, bool (*so)(struct pair *pair), u64 ms)
{
	u64 end = pair->now_ms + ms;
	unsigned int rounds = 0;

	do {
		while (!so(pair) && vmc_sim_run(pair->sim, 1) &&
		       ++rounds < ROUNDS)
			;
		if (so(pair))
			return true;
	} while (advance(pair, end));
	return false;
}

void pair_open(struct pair *pair, unsigned int index, u32 timeout_ms)
{
	static const u8 hmc_id[VMC_HMC_ID_LEN] = "pair";
	struct pair_user *user = &pair->users[index];
	int rc;

	pair_close(pair, index);
	*user = (struct pair_user){ .give_up = pair->now_ms + timeout_ms };
	user->session = ibmvmc_session_new(pair_adapter(pair), NULL);
	rc = ibmvmc_session_open(user->session, (int)index, hmc_id, timeout_ms);
	if (!rc)
		return;
	if (rc != -ENODEV && rc != -EBUSY && rc != -EINVAL)
		pair_wrong(pair, "index %u: open returned %d", index, rc);
	ibmvmc_session_put(user->session);
	user->session = NULL;
}

bool pair_opened(struct pair *pair, unsigned int index)
{
	u64 end = pair->users[index].give_up;

	do {
		pair_run(pair);
		if (pair_session(pair, index) == IBMVMC_SESSION_READY ||
		    pair_session(pair, index) == IBMVMC_SESSION_DEAD)
			break;
	} while (advance(pair, end));
	return pair_session(pair, index) == IBMVMC_SESSION_READY;
}

void pair_close(struct pair *pair, unsigned int index)
{
	ibmvmc_session_put(pair->users[index].session);
	pair->users[index] = (struct pair_user){ 0 };
}

static void make_message(u8 kind, u32 number, u8 data[PAIR_MESSAGE])
{
	memset(data, (int)(number * 7 + 1), PAIR_MESSAGE);
	data[0] = kind;
	memcpy(data + 1, &number, sizeof(number));
}

bool pair_send(struct pair *pair, unsigned int index)
{
	struct pair_user *user = &pair->users[index];
	u8 data[PAIR_MESSAGE];
	int rc;

	if (!user->session)
		return false;
	make_message(KIND_SENT, user->sent + 1, data);
	rc = ibmvmc_session_send(user->session, data, sizeof(data));
	user->sent += !rc;
	if (rc && rc != -EBUSY && rc != -ECONNRESET && rc != -EIO)
		pair_wrong(pair, "index %u: send returned %d", index, rc);
	return !rc;
}

bool pair_emit(struct pair *pair, unsigned int index)
{
	struct vmc_hv_connection *conn = &pair_hv(pair)->connections[index];
	struct pair_user *user = &pair->users[index];
	u8 data[PAIR_MESSAGE];

	/* A message of another session would have an unexpected number. */
	if (info_of(user).state != IBMVMC_SESSION_READY ||
	    info_of(user).session != conn->session)
		return false;
	make_message(KIND_EMITTED, user->emitted + 1, data);
	if (vmc_hv_emit(pair_hv(pair), index, data, sizeof(data)))
		return false;
	user->emitted++;
	return true;
}

/* Messages arrive complete, in order and once; every gap was reported. */
static void check_message(struct pair *pair, unsigned int index, const u8 *data,
			  u32 len)
{
	struct pair_user *user = &pair->users[index];
	u32 *last = *data == KIND_SENT ? &user->echoed : &user->emits;
	u8 expected[PAIR_MESSAGE];
	u32 number;

	if (len != PAIR_MESSAGE) {
		pair_wrong(pair, "index %u: a message has %u bytes", index,
			   len);
		return;
	}
	memcpy(&number, data + 1, sizeof(number));
	make_message(*data, number, expected);
	if (memcmp(data, expected, len) || number <= *last ||
	    (number > *last + 1 && !info_of(user).lost))
		pair_wrong(pair, "index %u: message %c%u after %u", index,
			   *data, number, *last);
	*last = number;
}

void pair_take(struct pair *pair)
{
	for (unsigned int i = 0; i < PAIR_HMCS; i++) {
		struct ibmvmc_file_session *session = pair->users[i].session;
		struct ibmvmc_storage *message;
		const void *data;
		u32 len;

		while (session && (message = ibmvmc_session_receive(session))) {
			data = ibmvmc_storage_data(message, &len);
			/* An empty message only passes a buffer. */
			if (len && !pair->lossy)
				check_message(pair, i, data, len);
			ibmvmc_session_done(session, message);
		}
	}
}

void pair_take_for(struct pair *pair, u64 ms)
{
	u64 end = pair->now_ms + ms;

	while (pair->now_ms < end && !*pair->wrong) {
		pair_run_for(pair, TAKE_MS);
		pair_take(pair);
	}
}
