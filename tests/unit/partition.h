/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small partition for the tests of the simulated hypervisor: a queue, a
 * manual clock, and just enough of the protocol to answer Add and Remove
 * Buffer. It is not the protocol engine, on purpose: it also says what no
 * engine would.
 */
#ifndef TESTS_UNIT_PARTITION_H
#define TESTS_UNIT_PARTITION_H

#include "hv/hv.h"
#include "vmc/message.h"
#include "vmc/status.h"

#define PARTITION_RING 64
#define PARTITION_ENTRIES 4096
#define PARTITION_HMCS 4

/* Where a buffer is, as the partition sees it. */
enum partition_buffer_state {
	PARTITION_NONE,
	PARTITION_FREE,
	PARTITION_UNREAD,
	PARTITION_THEIRS,
};

struct partition_buffer {
	enum partition_buffer_state state;
	u32 lioba;
};

/**
 * struct partition - the partition's side
 * @hv: the hypervisor it talks to
 * @now_ms: the clock; only tests move it
 * @ring: its queue
 * @next: the slot it looks at next
 * @interrupts: how often it was interrupted
 * @hold: keep messages unread: their buffers are not free again
 * @refuse_adds: answer Add Buffer with this status, if not 0
 * @buffers: by HMC index and id
 * @log: entries that came, oldest first, those it has answered too
 * @log_count: how many
 * @message: the last message that came
 * @message_len: its length
 * @messages: how many came
 * @check: called for each message, or NULL
 */
struct partition {
	struct vmc_hv *hv;
	u64 now_ms;
	struct ibmvmc_crq_msg ring[PARTITION_RING];
	u32 next;
	unsigned int interrupts;
	bool hold;
	u8 refuse_adds;
	struct partition_buffer buffers[PARTITION_HMCS][VMC_POOL_MAX];
	struct ibmvmc_crq_msg log[PARTITION_ENTRIES];
	unsigned int log_count;
	u8 message[VMC_MTU_MAX];
	u32 message_len;
	u64 messages;
	void (*check)(struct partition *partition);
};

/* What most tests make: two connections of 16 buffers of 4096 bytes. */
extern const struct vmc_hv_config partition_config;

/* Make both sides and register the queue, interrupts on. */
struct partition *partition_new(const struct vmc_hv_config *config);
void partition_free(struct partition *partition);
/* Register the queue (again), emptied. */
void partition_register(struct partition *partition);

/* Send one entry; the answer is the hcall's. */
long partition_send(struct partition *partition,
		    const struct vmc_interface *message);
long partition_send_init(struct partition *partition, u8 type);
/* Like a partition with 4 HMCs, pool 64, MTU 16384, but for what is told. */
long partition_send_capabilities(struct partition *partition,
				 const struct vmc_capabilities *but);

/* Take one entry out of the queue, unanswered; false if there is none. */
bool partition_take(struct partition *partition, struct ibmvmc_crq_msg *msg);
/* Take one entry out of the queue and answer it; false if there is none. */
bool partition_handle(struct partition *partition);
/* Let the hypervisor work, and take and answer entries, until all is quiet. */
void partition_run(struct partition *partition);
/* The same, until the clock has gone by so many milliseconds. */
void partition_run_for(struct partition *partition, u64 ms);

/* Initialize and Capabilities, up to the initial buffers. */
void partition_bring_up(struct partition *partition);
/* Ask for a session with buffer 0, the ID "test"; the answer is in the log. */
void partition_ask_open(struct partition *partition, u8 index, u8 session);
/* Bring up if need be, and open; it must succeed. */
void partition_open(struct partition *partition, u8 index, u8 session);
void partition_ask_close(struct partition *partition, u8 index, u8 session);
/* Send a message in the lowest free buffer, which must exist. */
void partition_message(struct partition *partition, u8 index, u8 session,
		       const void *data, u32 len);
/* All unread messages of an index have been read. */
void partition_read_all(struct partition *partition, u8 index);
unsigned int partition_count(const struct partition *partition, u8 index,
			     enum partition_buffer_state state);

/* Entries of a type in the log; the last of them, if @last is not NULL. */
unsigned int partition_logged(const struct partition *partition, u8 header,
			      u8 type, struct vmc_interface *last);
void partition_forget_log(struct partition *partition);
u64 partition_violations(const struct partition *partition);

#endif
