// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Worker: runs random operations, and manages descriptors and messages. It
 * defines no operation.
 */
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const struct operation *const tables[] = {
	open_operations,  read_operations,    write_operations,
	async_operations, splice_operations,  wait_operations,
	file_operations,  process_operations, control_operations,
};

const struct operation *worker_operation(unsigned int i)
{
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		for (const struct operation *each = tables[t]; each->name;
		     each++) {
			if (!i--)
				return each;
		}
	}
	return NULL;
}

uint32_t below(struct worker *worker, uint32_t limit)
{
	return random_below(&worker->random, limit);
}

bool chance(struct worker *worker, uint32_t n)
{
	return below(worker, n) == 0;
}

long done(struct worker *worker, long result)
{
	if (result >= 0)
		atomic_fetch_add(&worker->world->succeeded[worker->operation],
				 1);
	return result;
}

static bool claim(struct slot *slot, int from, int to)
{
	return atomic_compare_exchange_strong(&slot->users, &from, to);
}

static bool borrow(struct slot *slot)
{
	int users = atomic_load(&slot->users);

	return users >= 0 && claim(slot, users, users + 1);
}

struct slot *slot_get(struct worker *worker, enum kind kind)
{
	uint32_t first = below(worker, SLOTS);

	for (uint32_t i = 0; i < SLOTS; i++) {
		struct slot *slot =
			&worker->descriptors->slots[(first + i) % SLOTS];

		if (!borrow(slot))
			continue;
		if (slot->kind != KIND_NONE &&
		    (kind == KIND_NONE || slot->kind == kind))
			return slot;
		slot_put(slot);
	}
	return NULL;
}

void slot_put(struct slot *slot)
{
	if (slot)
		atomic_fetch_sub(&slot->users, 1);
}

void slot_fill(struct worker *worker, int fd, const struct slot *like)
{
	if (fd < 0)
		return;
	done(worker, 0);
	for (uint32_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &worker->descriptors->slots[i];

		if (!claim(slot, 0, -1))
			continue;
		if (slot->kind == KIND_NONE) {
			slot->fd = fd;
			slot->kind = like->kind;
			slot->index = like->index;
			slot->flags = like->flags;
			slot->tag = like->tag;
			atomic_store(&slot->users, 0);
			return;
		}
		atomic_store(&slot->users, 0);
	}
	close(fd);
}

int slot_empty(struct worker *worker)
{
	struct slot *slot = &worker->descriptors->slots[below(worker, SLOTS)];
	int fd;

	if (!claim(slot, 0, -1))
		return -1;
	fd = slot->kind == KIND_NONE ? -1 : slot->fd;
	slot->kind = KIND_NONE;
	atomic_store(&slot->users, 0);
	return fd;
}

static void write_record(const struct worker *worker,
			 const struct sent_record *record)
{
	off_t at = (off_t)(worker->number - 1) * (off_t)sizeof(*record);

	if (pwrite(worker->records, record, sizeof(*record), at) !=
	    (ssize_t)sizeof(*record))
		abort();
}

/* Mostly short messages: the kernel and the daemon copy the long ones. */
static size_t random_length(struct worker *worker, size_t max)
{
	uint32_t limit = chance(worker, 16) ? MESSAGE_MAX : 600;

	if (limit > max)
		limit = (uint32_t)max;
	return MESSAGE_MIN + below(worker, limit - MESSAGE_MIN + 1);
}

size_t message_next(struct worker *worker, const struct slot *slot, size_t max)
{
	size_t len = random_length(worker, max);
	struct sent_record record = {
		.tag = slot->tag,
		.number = ++worker->number,
		.index = (uint32_t)slot->index,
		.result = SENT_UNKNOWN,
		.begun = world_now(),
	};

	message_make(worker->buffer, len, slot->tag, worker->writer,
		     worker->number);
	write_record(worker, &record);
	return len;
}

static void count_accepted(struct worker *worker, const struct slot *slot)
{
	struct world *world = worker->world;

	if (slot->kind == KIND_MESSAGE && slot->tag &&
	    atomic_load(&world->session[slot->index]) == slot->tag)
		atomic_fetch_add(&world->accepted[slot->index], 1);
}

void message_sent(struct worker *worker, const struct slot *slot, size_t len,
		  long result)
{
	struct sent_record record;
	off_t at = (off_t)(worker->number - 1) * (off_t)sizeof(record);
	int error = errno;

	if (pread(worker->records, &record, sizeof(record), at) !=
	    (ssize_t)sizeof(record))
		abort();
	record.ended = world_now();
	record.result = result < 0	     ? error :
			(size_t)result < len ? SENT_SHORT :
					       SENT_ACCEPTED;
	write_record(worker, &record);
	done(worker, result);
	if (record.result == SENT_ACCEPTED)
		count_accepted(worker, slot);
	if (record.result == SENT_SHORT)
		world_fault(
			worker->world,
			"writer %u: %s accepted %ld of the %zu bytes of message %u",
			worker->writer,
			worker_operation(worker->operation)->name, result, len,
			worker->number);
}

void message_check(struct worker *worker, const struct slot *slot,
		   const char *data, long len)
{
	uint32_t tag;
	size_t length;

	if (len < MESSAGE_MIN || slot->kind != KIND_MESSAGE || data[0] != '@')
		return;
	length = message_length(data, (size_t)len);
	if (!length) {
		world_fault(worker->world, "writer %u: damaged message: %.60s",
			    worker->writer, data);
		return;
	}
	if (length > (size_t)len)
		return;
	tag = message_tag(data);
	if (tag && slot->tag && tag != slot->tag &&
	    (slot->flags & O_ACCMODE) == O_RDWR)
		world_fault(
			worker->world,
			"writer %u: a channel of session %08x read a message of session %08x",
			worker->writer, slot->tag, tag);
}

static unsigned int weight(const struct world *world,
			   const struct operation *operation)
{
	return operation->weight *
	       (operation->traffic ? world->options.traffic : 1);
}

static unsigned int total_weight(const struct world *world)
{
	const struct operation *operation;
	unsigned int total = 0;

	for (unsigned int i = 0; (operation = worker_operation(i)); i++)
		total += weight(world, operation);
	return total;
}

static void choose(struct worker *worker, unsigned int total)
{
	uint32_t choice = below(worker, total);
	const struct operation *operation;
	unsigned int i = 0;

	while ((operation = worker_operation(i)) &&
	       choice >= weight(worker->world, operation)) {
		choice -= weight(worker->world, operation);
		i++;
	}
	worker->operation = i;
	atomic_fetch_add(&worker->world->calls[i], 1);
	operation->run(worker);
}

static int open_records(const struct worker *worker)
{
	char path[FUZZ_PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/w.%u", worker->world->options.records,
		 worker->writer);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		perror(path);
		exit(1);
	}
	return fd;
}

static void wait_for_pace(const struct worker *worker, uint64_t *due)
{
	unsigned int pace = worker->world->options.pace;
	struct timespec until;

	if (!pace)
		return;
	*due += 1000000000u / pace;
	until.tv_sec = (time_t)(*due / 1000000000u);
	until.tv_nsec = (long)(*due % 1000000000u);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
		       EINTR &&
	       !atomic_load(&worker->world->stop))
		;
	if (world_now() > *due + 1000000000u)
		*due = world_now();
}

/* This signal ends the waiting calls of this thread. */
static timer_t start_timer(unsigned int us)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = SIGALRM,
	};
	struct itimerspec every = {
		.it_value = { .tv_nsec = (long)us * 1000 },
		.it_interval = { .tv_nsec = (long)us * 1000 },
	};
	timer_t timer;

	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    timer_settime(timer, 0, &every, NULL)) {
		perror("timer_create");
		exit(1);
	}
	return timer;
}

void worker_run(struct world *world, struct descriptors *descriptors,
		uint32_t writer)
{
	struct worker worker = {
		.world = world,
		.descriptors = descriptors,
		.random = world->options.seed * 1000003 + writer,
		.writer = writer,
		.buffer = aligned_alloc(4096, BUFFER_SIZE),
		.check = malloc(BUFFER_SIZE),
	};
	unsigned int total = total_weight(world);
	uint64_t due = world_now();
	timer_t timer = start_timer(world->options.timer_us);

	if (!worker.buffer || !worker.check ||
	    pipe2(worker.pipe, O_CLOEXEC | O_NONBLOCK))
		exit(1);
	worker.records = open_records(&worker);
	while (!atomic_load(&world->stop)) {
		choose(&worker, total);
		wait_for_pace(&worker, &due);
	}
	timer_delete(timer);
	free(worker.buffer);
	free(worker.check);
	close(worker.records);
	close(worker.pipe[0]);
	close(worker.pipe[1]);
}
