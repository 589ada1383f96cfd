/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A worker of the system-call fuzzer: its descriptors, its sequence of random
 * numbers, its records, and the table of operations that it chooses from.
 */
#ifndef FUZZ_WORKER_H
#define FUZZ_WORKER_H

#include <sys/types.h>

#include "history.h"

#define SLOTS 24
#define BUFFER_SIZE (4 * MESSAGE_MAX)

/* Files of the tree, as an operation may choose them. */
enum kind {
	KIND_NONE,
	KIND_MESSAGE,
	KIND_CONTROL,
	KIND_TEXT,
	KIND_DIRECTORY,
};

/**
 * struct slot - an open descriptor
 * @users: operations that use it now; -1 while it is opened or closed
 * @fd: descriptor, valid if @kind is not KIND_NONE
 * @kind: what was opened
 * @index: HMC index
 * @flags: of the open
 * @tag: session it belongs to, or 0 if that is not known
 */
struct slot {
	atomic_int users;
	int fd;
	enum kind kind;
	int index;
	int flags;
	uint32_t tag;
};

/**
 * struct descriptors - table that the threads of one process share
 * @slots: the table
 */
struct descriptors {
	struct slot slots[SLOTS];
};

/**
 * struct worker - one thread
 * @world: shared memory
 * @descriptors: of its process
 * @random: state of its sequence
 * @writer: number that its messages carry
 * @number: of its latest message
 * @records: file of its sent_records
 * @operation: index of the running operation in the table
 * @buffer: BUFFER_SIZE bytes, page aligned
 * @check: BUFFER_SIZE bytes
 * @pipe: empty pipe between operations
 */
struct worker {
	struct world *world;
	struct descriptors *descriptors;
	uint64_t random;
	uint32_t writer;
	uint32_t number;
	int records;
	unsigned int operation;
	char *buffer;
	char *check;
	int pipe[2];
};

/**
 * struct operation - one way to use the tree
 * @name: as it is printed
 * @weight: share of all choices
 * @traffic: the weight is multiplied by the option --traffic
 * @run: called with a worker
 */
struct operation {
	const char *name;
	unsigned int weight;
	bool traffic;
	void (*run)(struct worker *worker);
};

extern const struct operation open_operations[];
extern const struct operation read_operations[];
extern const struct operation write_operations[];
extern const struct operation async_operations[];
extern const struct operation splice_operations[];
extern const struct operation wait_operations[];
extern const struct operation file_operations[];
extern const struct operation process_operations[];
extern const struct operation control_operations[];

/**
 * worker_operation() - an entry of the joined tables
 * @i: from 0 on
 *
 * Return: the entry, or NULL at the end.
 */
const struct operation *worker_operation(unsigned int i);

/**
 * worker_run() - use the tree until the world stops
 * @world: shared memory
 * @descriptors: of this process
 * @writer: unique; decides with the seed about the sequence
 */
void worker_run(struct world *world, struct descriptors *descriptors,
		uint32_t writer);

/**
 * slot_get() - borrow a random descriptor
 * @worker: any
 * @kind: a kind, or KIND_NONE for each
 *
 * Return: the slot, to be given to slot_put(), or NULL if there is none.
 */
struct slot *slot_get(struct worker *worker, enum kind kind);

/**
 * slot_put() - end the use of a descriptor
 * @slot: from slot_get()
 */
void slot_put(struct slot *slot);

/**
 * slot_fill() - keep a new descriptor
 * @worker: any
 * @fd: closed if no slot is free; -1 counts as a failure of the operation
 * @like: its kind, index, flags and tag are copied
 */
void slot_fill(struct worker *worker, int fd, const struct slot *like);

/**
 * slot_empty() - take a random descriptor that is not in use out of the table
 * @worker: any
 *
 * Return: the descriptor, owned by the caller, or -1.
 */
int slot_empty(struct worker *worker);

/**
 * done() - count the result of a call
 * @worker: any
 * @result: negative if the call failed
 *
 * Return: @result.
 */
long done(struct worker *worker, long result);

/**
 * chance() - true once in @n times
 * @worker: any
 * @n: above 0
 */
bool chance(struct worker *worker, uint32_t n);

/**
 * below() - random number below a limit
 * @worker: any
 * @limit: above 0
 */
uint32_t below(struct worker *worker, uint32_t limit);

/**
 * message_next() - make the next message in the worker's buffer
 * @worker: any
 * @slot: descriptor that it will be written to
 * @max: most bytes, at least MESSAGE_MIN
 *
 * The record says that the result is unknown until message_sent() is called.
 *
 * Return: its length.
 */
size_t message_next(struct worker *worker, const struct slot *slot, size_t max);

/**
 * message_sent() - record the result of the latest message
 * @worker: any
 * @slot: descriptor that it was written to
 * @len: its length
 * @result: of the call, a count or -1 with errno set
 */
void message_sent(struct worker *worker, const struct slot *slot, size_t len,
		  long result);

/**
 * message_check() - report a damaged or foreign message that was read
 * @worker: any
 * @slot: a message descriptor
 * @data: @len bytes
 * @len: in bytes; an incomplete message is not judged
 */
void message_check(struct worker *worker, const struct slot *slot,
		   const char *data, long len);

#endif
