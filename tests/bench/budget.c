// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Budget: runs each operation of a tree many times in one process, for counts of
 * instructions (callgrind counts those of the functions named run_*) and
 * allocations. Requests are passed to libfuse without a kernel. It measures no
 * time.
 *
 * Prints for each operation: name, repetitions, repetitions without those that
 * warm up, and allocations of the latter.
 */
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define FUSE_USE_VERSION 314
#include "channel/channel.h"
#include "channel/hmc.h"
#include "clock.h"
#include "defaults.h"
#include "device/device.h"
#include "device/sim/sim.h"
#include "log/journal.h"
#include "logging.h"
#include "loop.h"
#include "marks.h"
#include "tree/serve.h"
#include "tree/tree.h"
#include "../lib/quiet-log.h"

#define CROWD 1000
#define FAN 100
#define WARM_UP 20
#define FIRST_INO 1000
#define ANNOUNCER 1
#define READ_SIZE (128 * KIB)

/**
 * struct request - a FUSE request: header, arguments, data
 * @header: header in the form that the kernel sends
 * @body: arguments and data
 */
struct request {
	struct fuse_in_header header;
	char body[64 * KIB];
};

/**
 * struct answer - the last answer, as far as it is looked at
 * @header: its length and error
 * @body: begin of its data
 */
struct answer {
	struct fuse_out_header header;
	char body[256];
};

static struct fuse_session *session;
static struct channel *channel;
static struct loop *loop;
static struct tree *tree;
static struct request request;
static struct answer answer;
static unsigned int answers;
static unsigned long allocations;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	allocations++;
	return __libc_realloc(memory, size);
}

static void fail(const char *what)
{
	fprintf(stderr, "bench-budget: %s\n", what);
	exit(1);
}

static ssize_t take_answer(int fd, struct iovec *iov, int count, void *data)
{
	size_t size = 0;

	(void)fd;
	(void)data;
	memcpy(&answer.header, iov[0].iov_base, sizeof(answer.header));
	if (count > 1)
		memcpy(answer.body, iov[1].iov_base,
		       MIN(iov[1].iov_len, sizeof(answer.body)));
	for (int i = 0; i < count; i++)
		size += iov[i].iov_len;
	answers++;
	return (ssize_t)size;
}

static ssize_t no_request(int fd, void *buffer, size_t size, void *data)
{
	(void)fd;
	(void)buffer;
	(void)size;
	(void)data;
	return -1;
}

static const struct fuse_custom_io connection = {
	.writev = take_answer,
	.read = no_request,
};

/* The data of the request, if any, is in the buffer already. */
static void send(uint32_t opcode, uint64_t node, const void *arguments,
		 size_t len, size_t data)
{
	struct fuse_buf buffer = { .mem = &request };

	request.header.len = (uint32_t)(sizeof(request.header) + len + data);
	request.header.opcode = opcode;
	request.header.nodeid = node;
	request.header.unique += 2;
	memcpy(request.body, arguments, len);
	buffer.size = request.header.len;
	fuse_session_process_buf(session, &buffer);
	wakeups_settle(tree);
}

/* A request that is answered at once, without an error. */
static void ask(uint32_t opcode, uint64_t node, const void *arguments,
		size_t len, size_t data)
{
	unsigned int before = answers;

	send(opcode, node, arguments, len, data);
	if (answers != before + 1 || answer.header.error)
		fail("an operation failed");
}

static uint64_t look_up(uint64_t directory, const char *name)
{
	struct fuse_entry_out entry;

	ask(FUSE_LOOKUP, directory, name, strlen(name) + 1, 0);
	memcpy(&entry, answer.body, sizeof(entry));
	return entry.nodeid;
}

static uint64_t open_file(uint64_t node, uint32_t flags)
{
	const struct fuse_open_in in = { .flags = flags };
	struct fuse_open_out out;

	ask(FUSE_OPEN, node, &in, sizeof(in), 0);
	memcpy(&out, answer.body, sizeof(out));
	return out.fh;
}

/* An open file. */
struct file {
	uint64_t node;
	uint64_t handle;
};

static struct file open_path(const char *directory, const char *name,
			     uint32_t flags)
{
	uint64_t node = look_up(look_up(FUSE_ROOT_ID, directory), name);

	return (struct file){ node, open_file(node, flags) };
}

static void write_message(const struct file *file, uint32_t size)
{
	const struct fuse_write_in in = { .fh = file->handle, .size = size };

	ask(FUSE_WRITE, file->node, &in, sizeof(in), size);
}

static struct fuse_read_in reading(const struct file *file, uint32_t size,
				   uint64_t offset)
{
	return (struct fuse_read_in){ .fh = file->handle,
				      .size = size,
				      .offset = offset,
				      .read_flags = FUSE_READ_LOCKOWNER,
				      .lock_owner = 1 };
}

static void read_file(const struct file *file, uint32_t size, uint64_t offset,
		      size_t expected)
{
	const struct fuse_read_in in = reading(file, size, offset);

	ask(FUSE_READ, file->node, &in, sizeof(in), 0);
	if (expected && answer.header.len != sizeof(answer.header) + expected)
		fail("a read returned another length");
}

static void read_later(const struct file *file)
{
	const struct fuse_read_in in = reading(file, 64 * KIB, 0);
	unsigned int before = answers;

	send(FUSE_READ, file->node, &in, sizeof(in), 0);
	if (answers != before)
		fail("a read did not wait");
}

static void poll_later(const struct file *file, uint32_t events)
{
	const struct fuse_poll_in in = {
		.fh = file->handle,
		.kh = file->handle,
		.flags = FUSE_POLL_SCHEDULE_NOTIFY,
		.events = events,
	};

	ask(FUSE_POLL, file->node, &in, sizeof(in), 0);
}

static struct file log_file, lines_file, writer, talker, readers[FAN];
static uint64_t status_node, text_node, json_node;

static void round_trip(uint32_t size)
{
	write_message(&talker, size);
	read_file(&talker, 64 * KIB, 0, size);
}

/* Messages that only writers caused are still to be read. */
static void reopen(struct file *file)
{
	const struct fuse_release_in in = { .fh = file->handle };

	ask(FUSE_RELEASE, file->node, &in, sizeof(in), 0);
	file->handle = open_file(file->node, O_RDWR);
}

static void run_write_64(int n)
{
	while (n--)
		write_message(&writer, 64);
}

static void run_write_4k(int n)
{
	while (n--)
		write_message(&writer, 4 * KIB);
}

static void run_write_16k(int n)
{
	while (n--)
		write_message(&writer, 16 * KIB);
}

static void run_round_trip_64(int n)
{
	while (n--)
		round_trip(64);
}

static void run_round_trip_4k(int n)
{
	while (n--)
		round_trip(4 * KIB);
}

static void run_round_trip_16k(int n)
{
	while (n--)
		round_trip(16 * KIB);
}

/* The simulated device alone. */
static void pass(int n, size_t size)
{
	while (n--)
		if (loop_pass(loop, request.body, size))
			fail("a message did not come back");
}

static void run_device_64(int n)
{
	pass(n, 64);
}

static void run_device_4k(int n)
{
	pass(n, 4 * KIB);
}

static void run_device_16k(int n)
{
	pass(n, 16 * KIB);
}

static void run_read_log_128k(int n)
{
	while (n--)
		read_file(&log_file, READ_SIZE, (uint64_t)(n % 8) * READ_SIZE,
			  READ_SIZE);
}

/* The same, and each message is recorded. */
static void run_recorded_64(int n)
{
	run_round_trip_64(n);
}

static void run_recorded_16k(int n)
{
	run_round_trip_16k(n);
}

/* As the announcer does: the time of modification is set, from its thread. */
static void touch(uint64_t node)
{
	const struct fuse_setattr_in in = { .valid = FATTR_MTIME };
	uint32_t thread = request.header.pid;

	request.header.pid = ANNOUNCER;
	ask(FUSE_SETATTR, node, &in, sizeof(in), 0);
	request.header.pid = thread;
}

/* The same, and each message is announced. */
static void run_announced_64(int n)
{
	while (n--) {
		round_trip(64);
		touch(text_node);
		touch(json_node);
	}
}

static void run_read_lines_128k(int n)
{
	while (n--)
		read_file(&lines_file, READ_SIZE, (uint64_t)(n % 2) * READ_SIZE,
			  READ_SIZE);
}

/* One open, one read and one close of a status file. */
static void run_status(int n)
{
	while (n--) {
		const struct file file = { status_node,
					   open_file(status_node, O_RDONLY) };
		const struct fuse_release_in in = { .fh = file.handle };

		read_file(&file, READ_SIZE, 0, 0);
		ask(FUSE_RELEASE, file.node, &in, sizeof(in), 0);
	}
}

/* A read waits, and a message answers it. */
static void wake(unsigned int count)
{
	const struct fuse_write_in in = { .fh = writer.handle, .size = 64 };
	unsigned int before;

	for (unsigned int i = 0; i < count; i++)
		read_later(&readers[i]);
	before = answers;
	send(FUSE_WRITE, writer.node, &in, sizeof(in), 64);
	if (answers != before + 1 + count)
		fail("a message did not wake its readers");
}

static void run_wake_1_of_10(int n)
{
	while (n--)
		wake(1);
}

static void run_wake_1_of_1000(int n)
{
	while (n--)
		wake(1);
}

static void run_wake_100(int n)
{
	while (n--)
		wake(FAN);
}

/* Callers that wait for something else: a message of hmc1, or room of hmc0. */
static void add_crowd(int count)
{
	for (int i = 0; i < count / 2; i++) {
		struct file other = open_path("hmc1", "message", O_RDWR);
		struct file output = open_path("hmc0", "message", O_RDWR);

		read_later(&other);
		poll_later(&output, POLLOUT);
	}
}

/* As log=, for one index. The spare memory of a part is warm afterwards. */
static void keep_records(void)
{
	struct hmc *hmc = channel_hmc(channel, 0);

	hmc->journal = journal_new(&channel->memory, VMCFS_RECORDS_DEFAULT,
				   RECORD_LINES, 0);
	while (hmc->journal->rotations < 8)
		round_trip(16 * KIB);
}

static void announce(void)
{
	text_node = look_up(look_up(FUSE_ROOT_ID, "hmc0"), "log");
	json_node = look_up(look_up(FUSE_ROOT_ID, "hmc0"), "log.json");
	tree->marks = marks_new(VMCFS_NOTIFY_DEFAULT_MS);
	if (!tree->marks)
		fail("no memory for marks");
	tree->marks->lanes[marks_files_lane(0)].thread = ANNOUNCER;
}

static void fill_lines(void)
{
	const struct journal *journal = channel_hmc(channel, 0)->journal;
	guint64 before = journal->rotations;

	while (journal->rotations == before)
		round_trip(64);
	lines_file = open_path("hmc0", "log.1", O_RDONLY);
}

/**
 * struct operation - a row of the table
 * @name: name in budget.txt
 * @run: repeats it
 * @number: number of repetitions
 * @crowd: callers that begin to wait before
 * @prepare: called before, or NULL
 */
static const struct operation {
	const char *name;
	void (*run)(int n);
	int number;
	int crowd;
	void (*prepare)(void);
} operations_[] = {
	{ "write_64", run_write_64, 500, 0, NULL },
	{ "write_4k", run_write_4k, 500, 0, NULL },
	{ "write_16k", run_write_16k, 500, 0, NULL },
	{ "round_trip_64", run_round_trip_64, 500, 0, NULL },
	{ "round_trip_4k", run_round_trip_4k, 500, 0, NULL },
	{ "round_trip_16k", run_round_trip_16k, 500, 0, NULL },
	{ "device_64", run_device_64, 500, 0, NULL },
	{ "device_4k", run_device_4k, 500, 0, NULL },
	{ "device_16k", run_device_16k, 500, 0, NULL },
	{ "read_log_128k", run_read_log_128k, 200, 0, NULL },
	{ "status", run_status, 200, 0, NULL },
	{ "wake_1_of_10", run_wake_1_of_10, 200, 10, NULL },
	{ "wake_1_of_1000", run_wake_1_of_1000, 200, CROWD - 10, NULL },
	{ "wake_100", run_wake_100, 20, 0, NULL },
	{ "recorded_64", run_recorded_64, 500, 0, keep_records },
	{ "read_lines_128k", run_read_lines_128k, 50, 0, fill_lines },
	{ "recorded_16k", run_recorded_16k, 500, 0, NULL },
	{ "announced_64", run_announced_64, 500, 0, announce },
};

static void measure(const struct operation *operation)
{
	unsigned long allocated;

	add_crowd(operation->crowd);
	if (operation->prepare)
		operation->prepare();
	/* Touches code and memory that is used for the first time. */
	operation->run(WARM_UP);
	allocated = allocations;
	operation->run(operation->number);
	printf("%s %d %d %lu\n", operation->name, operation->number + WARM_UP,
	       operation->number, allocations - allocated);
}

static void wait_for(gboolean (*done)(void))
{
	while (!done())
		g_main_context_iteration(NULL, FALSE);
}

static gboolean is_up(void)
{
	return channel_is_ready(channel);
}

static gboolean is_open(void)
{
	return channel_hmc(channel, 0)->state == HMC_READY &&
	       channel_hmc(channel, 1)->state == HMC_READY;
}

static void open_sessions(void)
{
	wait_for(is_up);
	for (guint i = 0; i < 2; i++)
		if (hmc_open(channel_hmc(channel, i), "x", 1))
			fail("no session");
	wait_for(is_open);
}

static void make_tree(struct logging *logging)
{
	const struct channel_config config = {
		.clock = &clock_system,
		.history = 128 * MIB,
		.memory = 512 * MIB,
		.sendq = VMCFS_SENDQ_DEFAULT,
		.send_timeout_ms = 2000,
		.open_timeout_ms = 60000,
	};
	const struct tree_config files = {
		.handles = 2 * CROWD + FAN,
		.handles_per_uid = 2 * CROWD + FAN,
	};
	struct sim_options options;
	struct device *device;

	sim_options_init(&options);
	if (device_sim_new(&options, &device))
		fail("no device");
	channel = channel_new(device, &config);
	/* The allocations of hash tables depend on their keys. */
	channel->memory.next_ino = FIRST_INO;
	device_start(device);
	open_sessions();
	tree = tree_new(channel, logging, &files);
}

static void connect_tree(void)
{
	char *arguments[] = { (char *)"bench-budget", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, arguments);
	const struct fuse_init_in in = { .major = 7, .minor = 36 };

	session =
		fuse_session_new(&args, &operations, sizeof(operations), tree);
	if (!session || fuse_session_custom_io(session, &connection, 0))
		fail("no session of libfuse");
	ask(FUSE_INIT, 0, &in, sizeof(in), 0);
	fuse_opt_free_args(&args);
}

static void open_files(void)
{
	log_file = open_path("hmc0", "message", O_RDONLY);
	writer = open_path("hmc0", "message", O_WRONLY);
	talker = open_path("hmc0", "message", O_RDWR);
	status_node = look_up(look_up(FUSE_ROOT_ID, "hmc0"), "status");
	for (int i = 0; i < FAN; i++)
		readers[i] = open_path("hmc0", "message", O_RDWR);
}

int main(void)
{
	struct logging logging = { 0 };
	GSource *source;

	g_log_set_writer_func(quiet_log, NULL, NULL);
	make_tree(&logging);
	source = wakeups_start(tree);
	connect_tree();
	loop = loop_new();
	if (!loop)
		fail("no simulated device");
	open_files();
	for (gsize i = 0; i < G_N_ELEMENTS(operations_); i++) {
		reopen(&talker);
		for (int j = 0; j < FAN; j++)
			reopen(&readers[j]);
		measure(&operations_[i]);
	}
	wakeups_stop(tree, source);
	return 0;
}
