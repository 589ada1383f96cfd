// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Simulation: runs the daemon below its file tree deterministically on a
 * virtual clock. It covers the log, the channel, and the simulated device with
 * the driver's engine and the simulated hypervisor, but no FUSE requests.
 *
 * A seed expands to options, and then to random use with random faults. After
 * that all faults end and the device must come to rest: queues are drained,
 * buffers are free, sessions open. Readers check the history of their session
 * at all times. Usage: simulation [--events N] [--seed N] [-v]
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel/channel.h"
#include "clock.h"
#include "defaults.h"
#include "device/device.h"
#include "device/sim/sim.h"
#include "history.h"
#include "hv/fault.h"
#include "log/journal.h"
#include "log/log.h"
#include "log/cursor.h"
#include "log/segment.h"
#include "virtual-clock.h"

#define EVENTS 1000000
#define EVENTS_OF_SEED 20000

/* HMC indices in use, and readers of each. */
#define HMCS 3
#define READERS 3

/* Permitted delay of the end of a bounded state. */
#define SLACK_MS 50

/* Virtual time to come to rest, and between attempts. */
#define REST_MS 150000
#define PAUSE_MS 20000
#define ATTEMPTS 5

/**
 * struct reader - channel reader
 * @open: true if the reader has a cursor
 * @primary: true if the reader reads its session from the first message on
 * @cursor: cursor
 * @history: messages that may arrive next
 * @part: bytes of a message that was read partially
 * @lost: number of the index's lost messages that the reader knows of
 */
struct reader {
	gboolean open;
	gboolean primary;
	struct cursor cursor;
	struct history_reader history;
	GByteArray *part;
	guint64 lost;
};

/**
 * struct user - user of one HMC index
 * @hmc: index, or NULL before the channel offers that index
 * @serial: serial number of the known session
 * @sent: number of accepted messages of that session
 * @emitted: number of messages that the hypervisor was requested to send in it
 * @flooded: true if a flood was sent in that session
 * @since: time of the last change of @state
 * @state: state of the index
 * @readers: readers of the index's messages
 */
struct user {
	struct hmc *hmc;
	guint64 serial;
	guint64 sent;
	guint64 emitted;
	gboolean flooded;
	gint64 since;
	enum hmc_state state;
	struct reader readers[READERS];
};

/**
 * struct simulation - run of one seed
 * @seed: seed of the random numbers
 * @random: state of the generator
 * @options: options of the device
 * @config: configuration of the channel
 * @strict: true if no fault loses or repeats a message without notice
 * @fault_rate: faults in a thousand events
 * @channel: channel of the daemon
 * @device: device of the channel
 * @users: users, by HMC index
 * @wrong: first error
 */
struct simulation {
	guint64 seed;
	guint64 random;
	struct sim_options options;
	struct channel_config config;
	gboolean strict;
	guint fault_rate;
	struct channel *channel;
	struct device *device;
	struct user users[HMCS];
	char wrong[256];
};

static struct simulation sim;
static gboolean verbose;

/* Totals of all seeds. */
static guint64 messages, sessions, faults;

static void wrong(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static void wrong(const char *format, ...)
{
	va_list arguments;

	if (*sim.wrong)
		return;
	va_start(arguments, format);
	vsnprintf(sim.wrong, sizeof(sim.wrong), format, arguments);
	va_end(arguments);
}

/* splitmix64 */
static guint64 next_random(void)
{
	guint64 z = sim.random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static guint below(guint limit)
{
	return (guint)(next_random() % limit);
}

/* Returns a number of any magnitude. */
static guint between(guint min, guint max)
{
	guint range = max - min + 1;
	guint limit = 1U << below(32);

	return min + below(MIN(MAX(limit, 1), range));
}

static int say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int say(const char *format, ...)
{
	g_autofree char *line = NULL;
	va_list arguments;
	int error;

	va_start(arguments, format);
	line = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	error = channel_command(sim.channel, line, TRUE);
	if (verbose)
		printf("# %" G_GINT64_FORMAT " us: %.70s: %d\n",
		       virtual_clock_us(), line, error);
	if (error == -EINVAL && !strstr(line, "event") &&
	    !strstr(line, "emit") && !strstr(line, "flood") &&
	    !strstr(line, "remove"))
		wrong("the command is refused: %s", line);
	return error;
}

static void reader_end(struct reader *reader)
{
	if (reader->open)
		cursor_clear(&reader->cursor);
	g_clear_pointer(&reader->part, g_byte_array_unref);
	*reader = (struct reader){ 0 };
}

static void reader_begin(struct user *user, struct reader *reader,
			 gboolean primary)
{
	reader_end(reader);
	reader->open = TRUE;
	reader->primary = primary;
	reader->part = g_byte_array_new();
	reader->lost = user->hmc->counters.received_lost;
	cursor_init(&reader->cursor, user->hmc->log);
	history_begin(&reader->history, user->hmc->serial, primary);
}

static void reader_complete(struct user *user, struct reader *reader)
{
	guint64 lost = user->hmc->counters.received_lost;
	const char *error;

	reader->history.lost += lost - reader->lost;
	reader->lost = lost;
	error = history_check(&reader->history, reader->part->data,
			      reader->part->len);
	if (error && sim.strict)
		wrong("index %u: %s", user->hmc->index, error);
	g_byte_array_set_size(reader->part, 0);
	messages++;
}

/* Reads a message or a part of one; FALSE if there is none. */
static gboolean reader_read(struct user *user, struct reader *reader,
			    gboolean all)
{
	const guint8 *data;
	gsize len, taken;
	int rc;

	if (!reader->open)
		return FALSE;
	rc = cursor_next(&reader->cursor, &data, &len);
	if (rc == -EPIPE) {
		history_overrun(&reader->history);
		g_byte_array_set_size(reader->part, 0);
		return TRUE;
	}
	if (rc != 1)
		return FALSE;
	taken = all || below(4) ? len : 1 + below((guint)len);
	g_byte_array_append(reader->part, data, (guint)taken);
	cursor_advance(&reader->cursor, taken);
	if (taken == len)
		reader_complete(user, reader);
	return TRUE;
}

static void read_all(struct user *user)
{
	for (int i = 0; i < READERS; i++)
		while (reader_read(user, &user->readers[i], TRUE))
			;
}

/* Handles a new state of the index: a new session, or its end. */
static void user_look(struct user *user)
{
	struct hmc *hmc = user->hmc;

	if (hmc->state != user->state) {
		user->state = hmc->state;
		user->since = virtual_clock_us();
	}
	/* The log starts a session before the index is ready. */
	if (hmc->serial == user->serial || hmc->state != HMC_READY)
		return;
	sessions++;
	user->serial = hmc->serial;
	user->sent = 0;
	user->emitted = 0;
	user->flooded = FALSE;
	reader_begin(user, &user->readers[0], TRUE);
}

static void on_hmc_changed(void *data, struct hmc *hmc)
{
	(void)data;
	if (hmc->index >= HMCS)
		return;
	sim.users[hmc->index].hmc = hmc;
	user_look(&sim.users[hmc->index]);
}

static void on_changed(void *data)
{
	(void)data;
	for (guint i = 0; i < HMCS; i++)
		sim.users[i].hmc = channel_hmc(sim.channel, i);
}

static const struct channel_listener listener = {
	.hmc_changed = on_hmc_changed,
	.changed = on_changed,
};

static void user_send(struct user *user)
{
	guint mtu = hmc_mtu(user->hmc);
	char text[VMC_MTU_MAX];
	guint len;
	int error = 0;

	for (guint i = 1 + below(8); !error && i; i--) {
		if (mtu < HISTORY_MIN)
			return;
		len = between(HISTORY_MIN, mtu);
		history_make(HISTORY_SENT, user->serial, user->sent + 1, len,
			     text);
		error = hmc_send(user->hmc, user->serial, text, len);
		user->sent += !error;
	}
}

static void user_emit(struct user *user)
{
	guint mtu = hmc_mtu(user->hmc);
	char text[VMC_MTU_MAX];
	guint len;

	if (user->hmc->state != HMC_READY || mtu < HISTORY_MIN)
		return;
	len = between(HISTORY_MIN, mtu);
	history_make(HISTORY_EMITTED, user->serial, user->emitted + 1, len,
		     text);
	text[len - 1] = '\0';
	user->emitted += !say("sim emit %u %s", user->hmc->index, text);
}

static void user_flood(struct user *user)
{
	if (user->hmc->state != HMC_READY)
		return;
	user->flooded |=
		!say("sim flood %u %u %u", user->hmc->index, below(300),
		     between(HISTORY_MIN, sim.options.mtu));
}

static void user_reader(struct user *user)
{
	struct reader *reader = &user->readers[1 + below(READERS - 1)];

	if (!reader->open && user->hmc->state == HMC_READY)
		reader_begin(user, reader, FALSE);
	else if (!below(3))
		reader_end(reader);
}

static void user_act(struct user *user)
{
	guint what = below(100);

	if (!user->hmc)
		return;
	if (user->hmc->state == HMC_NONE) {
		if (what < 50)
			hmc_open(user->hmc, "sim", 3);
		return;
	}
	if (what < 2)
		hmc_close(user->hmc);
	else if (what < 3)
		hmc_rotate(user->hmc);
	else if (what < 40)
		user_send(user);
	else if (what < 50)
		user_emit(user);
	else if (what < 52)
		user_flood(user);
	else if (what < 56)
		user_reader(user);
	else
		for (guint i = below(32); i; i--)
			reader_read(user, &user->readers[below(READERS)],
				    FALSE);
}

/*
 * Returns whether a fault of this entry can lose or repeat a message without
 * notice.
 */
static gboolean is_silent(const struct vmc_hv_fault *fault)
{
	static const char *const names[] = { "any", "signal",
					     "add-buffer-response" };

	if (fault->action == VMC_HV_FAULT_HCALL)
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_str_equal(vmc_hv_messages[fault->message].name, names[i]))
			return TRUE;
	}
	return fault->action == VMC_HV_FAULT_CORRUPT;
}

static void random_rule(void)
{
	struct vmc_hv_fault fault = {
		.action = (u8)below(VMC_HV_FAULT_ACTIONS),
		.index = below(3) ? VMC_HV_INDEX_ANY : (u8)below(HMCS),
		.value = below(2) ? below(3) : below(3000),
		.skip = below(3) ? 0 : below(20),
		.count = between(1, 30),
	};
	char words[128];
	struct vmc_hv_fault parsed;

	fault.message = (u8)below(fault.action == VMC_HV_FAULT_HCALL ?
					  (guint)VMC_HV_CALLS :
					  VMC_HV_MESSAGES);
	fault.from = vmc_hv_messages[fault.message % VMC_HV_MESSAGES].from;
	fault.answer = vmc_hv_answers[below(VMC_HV_ANSWERS)].answer;
	fault.field = (u8)below(VMC_HV_FIELDS);
	if (sim.strict && is_silent(&fault))
		return;
	vmc_hv_fault_print(&fault, words, sizeof(words));
	/* Not every entry has every field. */
	if (vmc_hv_fault_parse(words, strlen(words), &parsed))
		return;
	if (say("sim fault %s", words) == -EBUSY)
		say("sim fault clear");
	faults++;
}

static void random_fault(void)
{
	static const char *const lines[] = {
		"sim stall on",
		"sim stall off",
		"sim stall off",
		"sim refuse open on",
		"sim refuse open off",
		"sim reset partner-failed",
		"sim reset deregistered",
		"sim reset terminated",
		"sim reset migrated",
		"sim reset self",
		"sim partner off",
		"sim partner on",
		"sim partner restart",
		"sim fault clear",
		"sim event 7",
		"sim entry c001000000000000 0",
	};

	switch (below(6)) {
	case 0:
		say("sim delay %u", below(2) ? 0 : between(0, 500));
		break;
	case 1:
		say("%s", lines[below(G_N_ELEMENTS(lines))]);
		break;
	case 2:
		say("sim remove %u %u", below(HMCS), between(0, 8));
		break;
	default:
		random_rule();
	}
}

/* Reads a number from the status of the device. */
static guint64 figure(const char *key)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *line;

	sim.device->ops->status(sim.device, text);
	line = strstr(text->str, key);
	g_assert(line);
	return g_ascii_strtoull(line + strlen(key) + 2, NULL, 10);
}

/* Numbers of the last message in each direction; the lines have no gap. */
static void check_lines(const struct user *user, const struct range *range,
			guint64 *sent, guint64 *received)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;
	struct range_lines read = { .text = text };

	range_read((struct range *)range, 0, G_MAXUINT32, &read);
	lines = g_strsplit(text->str, "\n", -1);
	for (guint i = 0; lines[i] && *lines[i]; i++) {
		char kind[16];
		guint64 number, *last;

		if (sscanf(lines[i], "%*s %15s %" G_GINT64_MODIFIER "u", kind,
			   &number) != 2)
			wrong("index %u: a line without a number: %.40s",
			      user->hmc->index, lines[i]);
		last = g_str_equal(kind, "sent")     ? sent :
		       g_str_equal(kind, "received") ? received :
						       &number;
		if (last != &number && *last && number != *last + 1)
			wrong("index %u: message %" G_GUINT64_FORMAT
			      " follows %" G_GUINT64_FORMAT " in the log",
			      user->hmc->index, number, *last);
		*last = number;
	}
}

/* The records end with the last message, and have the number of each. */
static void check_records(const struct user *user)
{
	const struct journal *journal = user->hmc->journal;
	const struct hmc_counters *counters = &user->hmc->counters;
	guint64 sent = 0, received = 0;

	if (!journal || !journal->current[RECORD_TEXT])
		return;
	if (journal->previous[RECORD_TEXT])
		check_lines(user, journal->previous[RECORD_TEXT], &sent,
			    &received);
	check_lines(user, journal->current[RECORD_TEXT], &sent, &received);
	if ((sent && sent != counters->sent_messages) ||
	    (received && received != counters->received_messages))
		wrong("index %u: the log ends with %" G_GUINT64_FORMAT
		      " and %" G_GUINT64_FORMAT,
		      user->hmc->index, sent, received);
}

/* The blocks of a capture follow each other, and end where the file ends. */
static void check_blocks(const struct user *user)
{
	const struct journal *journal = user->hmc->journal;
	g_autoptr(GString) text = g_string_new(NULL);
	struct range_lines read = { .text = text };
	struct range *range;
	guint32 length = 0;

	if (!journal || !journal->current[RECORD_PCAPNG])
		return;
	range = journal->current[RECORD_PCAPNG];
	range_read(range, 0, G_MAXUINT32, &read);
	for (gsize at = 0; at < text->len; at += length) {
		memcpy(&length, text->str + at + sizeof(length),
		       sizeof(length));
		length = GUINT32_FROM_LE(length);
		if (length % 4 || length < 12 || length > text->len - at)
			wrong("index %u: a block of %u bytes", user->hmc->index,
			      length);
	}
	if (text->len != range_size(range) || read.whole != text->len)
		wrong("index %u: %zu bytes of %zu of a capture",
		      user->hmc->index, text->len, range_size(range));
}

static void check_bounds(void)
{
	for (guint i = 0; i < HMCS; i++) {
		struct user *user = &sim.users[i];
		gint64 ms;

		if (!user->hmc)
			continue;
		user_look(user);
		ms = (virtual_clock_us() - user->since) / 1000 - SLACK_MS;
		if (user->state == HMC_OPENING &&
		    ms > (gint64)sim.config.open_timeout_ms)
			wrong("index %u: an open did not end in time", i);
		if (user->state == HMC_CLOSING &&
		    ms > (gint64)sim.config.send_timeout_ms)
			wrong("index %u: a close did not end in time", i);
		if (user->hmc->journal &&
		    user->hmc->journal->used >
			    MAX(sim.config.records, sim.config.capture))
			wrong("index %u: the records use %zu bytes", i,
			      user->hmc->journal->used);
	}
	if (sim.channel->memory.used > sim.channel->memory.limit)
		wrong("the logs use %zu bytes of %zu", sim.channel->memory.used,
		      sim.channel->memory.limit);
	/* The check at the end suffices; this one shows the time. */
	if (verbose && figure("sim_violations"))
		wrong("%" G_GUINT64_FORMAT " violations",
		      figure("sim_violations"));
}

static void use(guint64 events)
{
	while (events-- && !*sim.wrong) {
		if (below(1000) < sim.fault_rate)
			random_fault();
		else if (below(3))
			user_act(&sim.users[below(HMCS)]);
		else
			virtual_clock_turn();
		check_bounds();
	}
}

static void rest(gint64 ms)
{
	for (; ms > 0 && !*sim.wrong; ms -= 1000) {
		virtual_clock_run_for(1000);
		for (guint i = 0; i < HMCS; i++)
			if (sim.users[i].hmc)
				read_all(&sim.users[i]);
		check_bounds();
	}
}

/* At rest a live session has received the echo of each message it sent. */
static void check_user(const struct user *user)
{
	const struct reader *reader = &user->readers[0];
	const struct history_reader *history = &reader->history;
	guint64 came, gone = user->sent + user->emitted;

	if (user->hmc->state != HMC_READY && user->hmc->state != HMC_NONE)
		wrong("index %u: stays in state %u", user->hmc->index,
		      user->hmc->state);
	if (sendq_length(&user->hmc->sendq))
		wrong("index %u: %u messages stay unsent", user->hmc->index,
		      sendq_length(&user->hmc->sendq));
	if (user->hmc->state != HMC_READY || !sim.strict || history->overruns ||
	    !reader->open)
		return;
	came = history->count[HISTORY_SENT] + history->count[HISTORY_EMITTED];
	if (came + user->hmc->counters.received_lost < gone)
		wrong("index %u: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
		      " messages came",
		      user->hmc->index, came, gone);
}

static gboolean round_trip(struct user *user)
{
	const struct history_reader *history = &user->readers[0].history;
	struct device_hmc_info info;
	char text[HISTORY_MIN];

	if (hmc_open(user->hmc, "rest", 4))
		return FALSE;
	virtual_clock_run_for(sim.config.open_timeout_ms + SLACK_MS);
	if (user->hmc->state != HMC_READY)
		return FALSE;
	history_make(HISTORY_SENT, user->serial, 1, sizeof(text), text);
	user->sent += !hmc_send(user->hmc, user->serial, text, sizeof(text));
	user_emit(user);
	rest(2000);
	device_get_hmc_info(sim.device, user->hmc->index, &info);
	if (info.buffers_free == 0 || info.buffers < 2)
		wrong("index %u: %u buffers, %u free", user->hmc->index,
		      info.buffers, info.buffers_free);
	if (verbose)
		printf("# index %u: %u buffers, %u free; %" G_GUINT64_FORMAT
		       " of %" G_GUINT64_FORMAT
		       " messages were echoed, %" G_GUINT64_FORMAT
		       " of %" G_GUINT64_FORMAT " unsolicited\n",
		       user->hmc->index, info.buffers, info.buffers_free,
		       history->count[HISTORY_SENT], user->sent,
		       history->count[HISTORY_EMITTED], user->emitted);
	return history->count[HISTORY_SENT] == 1 &&
	       history->count[HISTORY_EMITTED] == user->emitted;
}

static void demand_session(struct user *user)
{
	for (guint i = 0; i < ATTEMPTS; i++) {
		if (user->hmc->state != HMC_NONE)
			hmc_close(user->hmc);
		rest(PAUSE_MS);
		if (user->hmc->state == HMC_NONE && round_trip(user))
			break;
		if (i + 1 == ATTEMPTS)
			wrong("index %u: no session can be opened: state %u, %s",
			      user->hmc->index, user->hmc->state,
			      user->hmc->last_error.sentence);
	}
	hmc_close(user->hmc);
	rest(1000);
}

static void come_to_rest(void)
{
	static const char *const lines[] = { "sim fault clear", "sim stall off",
					     "sim delay 0",
					     "sim refuse open off",
					     "sim partner on" };
	struct device_info info;

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
		say("%s", lines[i]);
	rest(REST_MS);
	for (guint i = 0; i < HMCS; i++)
		if (sim.users[i].hmc)
			check_user(&sim.users[i]);
	device_get_info(sim.device, &info);
	if (info.state == DEVICE_FAILED || !sim.strict)
		say("sim reset self");
	rest(REST_MS);
	if (!channel_is_ready(sim.channel))
		wrong("the channel does not become ready");
	for (guint i = 0; i < HMCS; i++) {
		if (sim.users[i].hmc && sim.users[i].hmc->state != HMC_NONE)
			hmc_close(sim.users[i].hmc);
	}
	for (guint i = 0; i < MIN(HMCS, sim.options.hmcs); i++)
		if (sim.users[i].hmc) {
			demand_session(&sim.users[i]);
			check_records(&sim.users[i]);
			check_blocks(&sim.users[i]);
		}
	if (figure("sim_violations"))
		wrong("%" G_GUINT64_FORMAT " violations",
		      figure("sim_violations"));
}

static void expand(guint64 seed)
{
	sim = (struct simulation){ .seed = seed, .random = seed };
	sim_options_init(&sim.options);
	sim.options.hmcs = 1 + below(HMCS);
	sim.options.pool = between(2, VMC_POOL_MAX);
	sim.options.mtu = between(64, VMC_MTU_MAX);
	sim.options.delay_ms = below(4) ? 0 : below(20);
	sim.config = (struct channel_config){
		.clock = &clock_system,
		.history = (gsize)between(VMCFS_HISTORY_MIN, 64 * KIB),
		.memory = (gsize)between(MIB, 8 * MIB),
		.records = seed % 3 ? VMCFS_RECORDS_MIN << seed % 5 : 0,
		.capture = seed % 2 ? VMCFS_RECORDS_MIN << seed % 7 : 0,
		.sendq = (gsize)between(1, 256 * KIB),
		.send_timeout_ms = between(10, 10000),
		.open_timeout_ms = between(1000, 10000),
	};
	sim.strict = below(4) != 0;
	sim.fault_rate = below(4) ? below(20) : 0;
	if (verbose)
		printf("# seed %" G_GUINT64_FORMAT
		       ": hmcs %u, pool %u, mtu %u, delay_ms %u, history %zu, memory %zu, sendq %zu, send_timeout %u ms, open_timeout %u ms, %s, %u faults in 1000 events\n",
		       seed, sim.options.hmcs, sim.options.pool,
		       sim.options.mtu, sim.options.delay_ms,
		       sim.config.history, sim.config.memory, sim.config.sendq,
		       sim.config.send_timeout_ms, sim.config.open_timeout_ms,
		       sim.strict ? "strict" : "lossy", sim.fault_rate);
}

static gboolean run_seed(guint64 seed, guint64 events)
{
	virtual_clock_start(G_GINT64_CONSTANT(3600000000));
	expand(seed);
	if (device_sim_new(&sim.options, &sim.device))
		g_error("no memory");
	sim.channel = channel_new(sim.device, &sim.config);
	channel_listen(sim.channel, &listener, NULL);
	if (device_start(sim.device))
		wrong("the device does not start");
	use(events);
	if (!*sim.wrong)
		come_to_rest();
	for (guint i = 0; i < HMCS; i++)
		for (int r = 0; r < READERS; r++)
			reader_end(&sim.users[i].readers[r]);
	channel_listen(sim.channel, NULL, NULL);
	channel_free(sim.channel);
	if (*sim.wrong)
		printf("# %s\n# repeat: simulation -v --events %" G_GUINT64_FORMAT
		       " --seed %" G_GUINT64_FORMAT "\n",
		       sim.wrong, events, seed);
	return !*sim.wrong;
}

static GLogWriterOutput discard(GLogLevelFlags level, const GLogField *fields,
				gsize count, gpointer data)
{
	(void)level;
	(void)data;
	for (gsize i = 0; verbose && i < count; i++) {
		if (g_str_equal(fields[i].key, "MESSAGE"))
			printf("# %" G_GINT64_FORMAT " us: %s\n",
			       virtual_clock_us(),
			       (const char *)fields[i].value);
	}
	return G_LOG_WRITER_HANDLED;
}

int main(int argc, char **argv)
{
	guint64 events = EVENTS, seed = 0, done = 0, failures = 0;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v"))
			verbose = TRUE;
		else if (!strcmp(argv[i], "--events") && i + 1 < argc)
			events = (guint64)g_ascii_strtod(argv[++i], NULL);
		else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
			seed = g_ascii_strtoull(argv[++i], NULL, 10);
	}
	g_log_set_writer_func(discard, NULL, NULL);
	if (seed) {
		failures = !run_seed(seed, events);
		done = events;
	}
	for (guint64 i = 1; !seed && done < events; i++) {
		failures += !run_seed(i, EVENTS_OF_SEED);
		done += EVENTS_OF_SEED;
	}
	printf("%sok 1 - after all faults the channel is idle, and each history is complete\n# %" G_GUINT64_FORMAT
	       " events, %" G_GUINT64_FORMAT " sessions, %" G_GUINT64_FORMAT
	       " messages read, %" G_GUINT64_FORMAT " fault rules\n1..1\n",
	       failures ? "not " : "", done, sessions, messages, faults);
	return failures != 0;
}
