/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test partition: gives the tests of the simulated hypervisor a receive queue,
 * a manual clock, and responses to Add Buffer and Remove Buffer. It is not the
 * protocol engine: it can also send entries that an engine never sends.
 */
#ifndef TESTS_UNIT_PARTITION_H
#define TESTS_UNIT_PARTITION_H

#include "hv/hv.h"
#include "vmc/message.h"
#include "vmc/status.h"

#define PARTITION_RING 64
#define PARTITION_ENTRIES 4096
#define PARTITION_HMCS 4

/* Owner and state of a buffer, as known to the partition. */
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
 * struct partition - partition side of a channel
 * @hv: hypervisor
 * @now_ms: clock in milliseconds; only tests change it
 * @ring: receive queue
 * @next: index in @ring of the next entry to take
 * @interrupts: number of interrupts
 * @hold: true to keep messages unread, so that their buffers stay in use
 * @refuse_adds: status of each Add Buffer Response, 0 to accept the buffers
 * @buffers: buffers, by HMC index and buffer ID
 * @log: entries that were taken, answered or not, oldest first
 * @log_count: number of entries in @log
 * @message: last message that arrived
 * @message_len: length of @message in bytes
 * @messages: number of messages that arrived
 * @check: function called for each message, or NULL
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

/* Configuration of most tests: two connections of 16 buffers of 4096 bytes. */
extern const struct vmc_hv_config partition_config;

/* Creates both sides, registers the queue and enables interrupts. */
struct partition *partition_new(const struct vmc_hv_config *config);
void partition_free(struct partition *partition);
/* Empties the queue and registers it, also a second time. */
void partition_register(struct partition *partition);

/* Sends one entry; returns the result of the hcall. */
long partition_send(struct partition *partition,
		    const struct vmc_interface *message);
long partition_send_init(struct partition *partition, u8 type);
/*
 * Sends Capabilities of 4 HMCs, pool 64, MTU 16384, except fields set in @but.
 */
long partition_send_capabilities(struct partition *partition,
				 const struct vmc_capabilities *but);

/* Takes one entry without a response; false if the queue is empty. */
bool partition_take(struct partition *partition, struct ibmvmc_crq_msg *msg);
/* Takes one entry and responds to it; false if the queue is empty. */
bool partition_handle(struct partition *partition);
/* Runs both sides until nothing is left to do at the present time. */
void partition_run(struct partition *partition);
/* Runs both sides while the clock advances by @ms milliseconds. */
void partition_run_for(struct partition *partition, u64 ms);

/* Performs the handshake up to the initial buffers. */
void partition_bring_up(struct partition *partition);
/* Sends an Open with buffer 0 and HMC ID "test"; the response is in the log. */
void partition_ask_open(struct partition *partition, u8 index, u8 session);
/* Opens a session, after the handshake if necessary; the open must succeed. */
void partition_open(struct partition *partition, u8 index, u8 session);
void partition_ask_close(struct partition *partition, u8 index, u8 session);
/* Sends a message in the free buffer with the lowest ID; one must be free. */
void partition_message(struct partition *partition, u8 index, u8 session,
		       const void *data, u32 len);
/* Marks all unread messages of an index as read. */
void partition_read_all(struct partition *partition, u8 index);
unsigned int partition_count(const struct partition *partition, u8 index,
			     enum partition_buffer_state state);

/*
 * Returns the number of logged entries of a type; @last receives the last one.
 */
unsigned int partition_logged(const struct partition *partition, u8 header,
			      u8 type, struct vmc_interface *last);
void partition_forget_log(struct partition *partition);
u64 partition_violations(const struct partition *partition);

#endif
