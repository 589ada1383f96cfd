/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Worker: the descriptors, random numbers and records of one thread of the
 * system-call fuzzer, and its table of operations. It does not check the
 * history of messages.
 */
#ifndef FUZZ_WORKER_H
#define FUZZ_WORKER_H

#include <sys/types.h>

#include "history.h"

#define SLOTS 24
#define BUFFER_SIZE (4 * MESSAGE_MAX)

/* Files of the tree, as operations choose them. */
enum kind {
	KIND_NONE,
	KIND_MESSAGE,
	KIND_CONTROL,
	KIND_TEXT,
	KIND_DIRECTORY,
};

/**
 * struct slot - element of the table of descriptors
 * @users: number of operations that use it; -1 during open and close
 * @fd: descriptor, valid unless @kind is KIND_NONE
 * @kind: kind of the opened file
 * @index: HMC index
 * @flags: flags of the open
 * @tag: session of the descriptor, or 0 if unknown
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
 * @slots: elements of the table
 */
struct descriptors {
	struct slot slots[SLOTS];
};

/**
 * struct worker - one thread
 * @world: shared memory
 * @descriptors: table of its process
 * @random: state of its random sequence
 * @writer: writer number in its messages
 * @number: number of its latest message
 * @records: file of its sent_records
 * @operation: index of the running operation in the table
 * @buffer: buffer of BUFFER_SIZE bytes, page aligned
 * @check: buffer of BUFFER_SIZE bytes
 * @pipe: pipe, empty between operations
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
 * @name: printed name
 * @weight: share of all choices
 * @traffic: true if the option --traffic multiplies @weight
 * @run: function of the operation
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
 * worker_operation() - element of the joined tables
 * @i: index, from 0
 *
 * Return: the operation, or NULL at the end.
 */
const struct operation *worker_operation(unsigned int i);

/**
 * worker_run() - use the tree until the world stops
 * @world: shared memory
 * @descriptors: table of this process
 * @writer: unique number; with the seed, it determines the random sequence
 */
void worker_run(struct world *world, struct descriptors *descriptors,
		uint32_t writer);

/**
 * slot_get() - borrow a random descriptor
 * @worker: worker
 * @kind: kind, or KIND_NONE for all kinds
 *
 * Return: the slot, to be returned with slot_put(), or NULL if there is none.
 */
struct slot *slot_get(struct worker *worker, enum kind kind);

/**
 * slot_put() - end the use of a descriptor
 * @slot: slot returned by slot_get()
 */
void slot_put(struct slot *slot);

/**
 * slot_fill() - keep a new descriptor
 * @worker: worker
 * @fd: descriptor, closed if no slot is free; -1 is a failed operation
 * @like: slot whose kind, index, flags and tag are copied
 */
void slot_fill(struct worker *worker, int fd, const struct slot *like);

/**
 * slot_empty() - take an unused random descriptor out of the table
 * @worker: worker
 *
 * Return: the descriptor, owned by the caller, or -1.
 */
int slot_empty(struct worker *worker);

/**
 * done() - count the result of a call
 * @worker: worker
 * @result: result, negative if the call failed
 *
 * Return: @result.
 */
long done(struct worker *worker, long result);

/**
 * chance() - true once in @n times
 * @worker: worker
 * @n: number above 0
 */
bool chance(struct worker *worker, uint32_t n);

/**
 * below() - random number below a limit
 * @worker: worker
 * @limit: limit, above 0
 */
uint32_t below(struct worker *worker, uint32_t limit);

/**
 * message_next() - make the next message in the worker's buffer
 * @worker: worker
 * @slot: descriptor that receives the message
 * @max: maximum length in bytes, at least MESSAGE_MIN
 *
 * The recorded result is "unknown" until message_sent() is called.
 *
 * Return: the length of the message in bytes.
 */
size_t message_next(struct worker *worker, const struct slot *slot, size_t max);

/**
 * message_sent() - record the result of the latest message
 * @worker: worker
 * @slot: descriptor that received the message
 * @len: length of the message in bytes
 * @result: result of the call, a count or -1 with errno set
 */
void message_sent(struct worker *worker, const struct slot *slot, size_t len,
		  long result);

/**
 * message_check() - report a damaged or foreign message that was read
 * @worker: worker
 * @slot: descriptor of a message file
 * @data: buffer of @len bytes
 * @len: length in bytes; incomplete messages are not checked
 */
void message_check(struct worker *worker, const struct slot *slot,
		   const char *data, long len);

#endif
