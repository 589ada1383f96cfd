/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internals of the simulated hypervisor: its objects, and the functions that
 * its files share. Hosts do not include this header, but hv.h.
 *
 * Entries to send are kept as state instead of a queue; only immediate
 * responses wait in the outbox. Therefore a partition that does not drain its
 * queue cannot keep the hypervisor from taking entries, and sending needs no
 * memory.
 *
 * A file calls only files above it in this list, which is the order of the
 * sections below:
 *
 *	words.c, fault-rule.c	words of commands and of fault rules
 *	partition.c		queues between both sides
 *	fault.c			fault injection
 *	buffer-table.c, router.c	buffers; answers to messages
 *	connection.c		entries of one connection
 *	outbound.c, protocol.c	entries sent without a request; the channel
 *	calls.c			hypervisor calls of the partition
 *	hv.c			the object and its steps
 *	knob.c			knobs and their commands
 *	debugfs.c		knobs as files
 */
#ifndef VMC_HV_INTERNAL_H
#define VMC_HV_INTERNAL_H

#include <linux/types.h>

#include "fault.h"
#include "hv.h"
#include "knob.h"
#include "vmc/message.h"

/* Largest number of entries that one vmc_hv_step() takes, and sends. */
#define VMC_HV_STEP_ENTRIES 64

/* Size of the outbox. While it is full no request is taken. */
#define VMC_HV_OUTBOX 128

/* Delay between polls of a full queue, and of Remove Buffers, in ms. */
#define VMC_HV_RETRY_MS 10

/* Largest number of unanswered Remove Buffers of one connection. */
#define VMC_HV_REMOVING_MAX 4

/* Largest number of entries that fault rules keep back at a time. */
#define VMC_HV_HELD 16

/* Number of session ends after which a fault has no more consequences. */
#define VMC_HV_FAULT_SESSIONS 2

/* DRC index returned for a requested device. */
#define VMC_HV_DRC_INDEX 0x30000001

/* Progress of the handshake with the partition. */
enum vmc_hv_channel {
	VMC_HV_CHANNEL_DOWN,	    /* before Initialize */
	VMC_HV_CHANNEL_INITIALIZED, /* before Capabilities */
	VMC_HV_CHANNEL_READY,
};

/* State of a buffer. */
enum vmc_hv_buffer_state {
	VMC_HV_BUFFER_NONE,	 /* unknown to the partition */
	VMC_HV_BUFFER_OFFERED,	 /* Add Buffer sent or due */
	VMC_HV_BUFFER_PARTITION, /* owned by the partition */
	VMC_HV_BUFFER_IDLE,	 /* owned by us, empty */
	VMC_HV_BUFFER_FULL,	 /* owned by us, to be signalled */
	VMC_HV_BUFFER_STATES
};

/**
 * struct vmc_hv_buffer - one buffer id of one connection
 * @state: enum vmc_hv_buffer_state
 * @owner: VMC_OWNER_ value of its Add Buffer
 * @session: HMC session of its Add Buffer
 * @generation: part of its address, changed each time it is offered
 * @unanswered: number of unanswered Add Buffers; above 1 if it was repeated
 * @add_due: true if its Add Buffer must be sent
 * @len: length of its message in bytes, while it is full
 */
struct vmc_hv_buffer {
	u8 state;
	u8 owner;
	u8 session;
	u8 generation;
	u8 unanswered;
	bool add_due;
	u32 len;
};

/* State of a connection. */
enum vmc_hv_connection_state {
	VMC_HV_CONNECTION_IDLE,	   /* no session yet */
	VMC_HV_CONNECTION_OPENING, /* adding buffers */
	VMC_HV_CONNECTION_OPEN,
	VMC_HV_CONNECTION_REFUSED, /* Open refused */
	VMC_HV_CONNECTION_CLOSED,  /* closed by the partition */
};

/**
 * struct vmc_hv_connection - one connection
 * @index: HMC index
 * @state: enum vmc_hv_connection_state
 * @session: session number of the last Open
 * @open_buffer: buffer id of the last Open
 * @faulted: number of session ends until the partition is responsible for its
 *	violations again; not 0 after a fault rule changed an entry
 * @exchanged: true after the router's exchange in this session
 * @hmc_id: application's name in the last Open
 * @buffers: buffers by id
 * @counts: number of @buffers in each state
 * @adds_due: number of @buffers whose Add Buffer must be sent
 * @busy: see struct vmc_hv
 * @full: ids of the full buffers, as a ring
 * @full_head: place of the oldest one in @full
 * @removing: number of unanswered Remove Buffers
 * @shrink: number of buffers still to take back until the session ends
 * @retry_ms: earliest time of the next Remove Buffer
 * @emits: lengths of the pending messages of vmc_hv_emit(), as a ring
 * @emit_head: place of the oldest one in @emits
 * @emit_count: number of messages in @emits
 * @flood_left: number of messages of the flood still to send
 * @flood_number: number of the last one sent, in decimal digits
 * @flood_size: length of each in bytes
 * @memory: contents of the buffers, then of the pending messages
 */
struct vmc_hv_connection {
	u8 index;
	u8 state;
	u8 session;
	u8 open_buffer;
	u8 faulted;
	bool exchanged;
	u8 hmc_id[VMC_HMC_ID_LEN];

	struct vmc_hv_buffer buffers[VMC_POOL_MAX];
	unsigned int counts[VMC_HV_BUFFER_STATES];
	unsigned int adds_due;
	u64 *busy;
	u8 full[VMC_POOL_MAX];
	unsigned int full_head;
	unsigned int removing;
	unsigned int shrink;
	u64 retry_ms;

	u32 emits[VMC_HV_EMIT_DEPTH];
	unsigned int emit_head;
	unsigned int emit_count;
	u64 flood_left;
	char flood_number[20];
	u32 flood_size;

	u8 *memory;
};

/**
 * vmc_hv_connection_set_busy() - record whether there may be an entry to send
 * @conn: connection
 * @busy: true if something has changed
 */
static inline void vmc_hv_connection_set_busy(struct vmc_hv_connection *conn,
					      bool busy)
{
	u64 bit = (u64)1 << conn->index;

	*conn->busy = busy ? *conn->busy | bit : *conn->busy & ~bit;
}

/**
 * struct vmc_hv_verdict - result of the fault rules for an entry
 * @faulted: true if a rule matched the entry
 * @refused: true if the entry must be answered with a failure
 */
struct vmc_hv_verdict {
	bool faulted;
	bool refused;
};

/**
 * struct vmc_hv_arrival - an entry in the inbox
 * @msg: entry
 * @at_ms: time of its arrival
 * @verdict: result of the fault rules
 */
struct vmc_hv_arrival {
	struct ibmvmc_crq_msg msg;
	u64 at_ms;
	struct vmc_hv_verdict verdict;
};

/**
 * struct vmc_hv_held - an entry that a fault rule keeps back
 * @msg: entry
 * @at_ms: time at which it is sent
 * @from: its sender, 0 in an unused place
 * @overtaken: true if it is sent after the next entry of the same sender
 */
struct vmc_hv_held {
	struct ibmvmc_crq_msg msg;
	u64 at_ms;
	u8 from;
	bool overtaken;
};

/**
 * struct vmc_hv_words - rest of a command
 * @at: next word, or NULL at the end
 * @len: length of the rest in bytes
 */
struct vmc_hv_words {
	const char *at;
	size_t len;
};

/**
 * struct vmc_hv_word - one word of a command
 * @text: @len bytes without a blank
 * @len: length in bytes
 */
struct vmc_hv_word {
	const char *text;
	size_t len;
};

/**
 * struct vmc_hv_offer - offer for a capabilities exchange
 * @hmcs: number of connections, at most that of the configuration
 * @pool: buffers of each, at most those of the configuration
 * @mtu: largest message in bytes, at most that of the configuration
 */
struct vmc_hv_offer {
	u8 hmcs;
	u16 pool;
	u32 mtu;
};

/**
 * struct vmc_hv - the simulated hypervisor
 * @config: configuration; delay_ms is the present value of its knob
 * @host: operations of the host
 * @host_data: argument of these operations
 * @stats: counters; flood_left is computed when they are read
 * @now_ms: latest time given by the host
 *
 * @ring: queue of the partition, or NULL
 * @ring_entries: size of @ring
 * @produced: number of entries put into @ring; identifies the next slot
 * @consumed: number of those known to be taken by the partition
 * @interrupts: true if each entry raises an interrupt
 * @disabled: true while a migration has disabled the queue
 * @enabling: true after the partition's first attempt to enable it
 * @freeing: true after an attempt to free it was answered as busy
 * @event_unseen: true while the partition may not have taken the last event
 * @event: slot of that event, counted like @produced
 *
 * @inbox: queue of this side, a ring of config.crq_entries
 * @inbox_head: place of the oldest entry in @inbox
 * @inbox_count: number of entries in @inbox
 * @outbox: immediate responses, as a ring
 * @outbox_head: place of the oldest one in @outbox
 * @outbox_count: number of entries in @outbox
 *
 * @channel: progress of the handshake
 * @away: true if the partner pretends to be absent
 * @arriving: true after it returned, until the partition initialises
 * @stalled: true if no entry is taken or sent
 * @refused: requests to refuse, by enum vmc_hv_request
 * @refusing: true while an entry is handled that must be refused
 * @offer: offer for the next capabilities exchange
 * @faulted: true after a fault rule changed an entry of the channel, until the
 *	next successful negotiation
 * @faults: rules; those with a count of 0 are unused
 * @fault_count: number of active rules
 * @unreliable: true after the first rule was added; a changed Signal can pass a
 *	lent buffer back to this side, so no buffer is lent any more
 * @held: entries that rules keep back
 * @held_count: number of these entries
 * @hmcs: number of negotiated connections, while the channel is ready
 * @pool: negotiated number of buffers of each
 * @mtu: negotiated largest message in bytes
 * @turn: connection that may send next
 * @busy: one bit for each connection; 0 if there was no entry to send, and
 *	nothing has changed since
 * @connections: config.hmcs connections
 * @memory: memory of all connections
 */
struct vmc_hv {
	struct vmc_hv_config config;
	const struct vmc_hv_host *host;
	void *host_data;
	struct vmc_hv_stats stats;
	u64 now_ms;

	struct ibmvmc_crq_msg *ring;
	u32 ring_entries;
	u32 produced;
	u32 consumed;
	bool interrupts;
	bool disabled;
	bool enabling;
	bool freeing;
	bool event_unseen;
	u32 event;

	struct vmc_hv_arrival *inbox;
	u32 inbox_head;
	u32 inbox_count;
	struct ibmvmc_crq_msg outbox[VMC_HV_OUTBOX];
	u32 outbox_head;
	u32 outbox_count;

	enum vmc_hv_channel channel;
	bool away;
	bool arriving;
	bool stalled;
	bool refused[VMC_HV_REQUESTS];
	bool refusing;
	struct vmc_hv_offer offer;
	bool faulted;
	struct vmc_hv_fault faults[VMC_HV_FAULTS];
	unsigned int fault_count;
	bool unreliable;
	struct vmc_hv_held held[VMC_HV_HELD];
	unsigned int held_count;
	u8 hmcs;
	u16 pool;
	u32 mtu;
	unsigned int turn;
	u64 busy;
	struct vmc_hv_connection *connections;
	u8 *memory;
};

/**
 * vmc_hv_step_once() - take one entry and send one
 * @hv: hypervisor
 * @now_ms: time of the host's clock in milliseconds
 *
 * Return: true if there was something to do.
 */
bool vmc_hv_step_once(struct vmc_hv *hv, u64 now_ms);

/* partition.c: queues between both sides */

/**
 * vmc_hv_ring_room() - check whether an entry may be sent now
 * @hv: hypervisor
 *
 * Keeps at most half of the partition's queue outstanding.
 *
 * Return: true if it may.
 */
bool vmc_hv_ring_room(const struct vmc_hv *hv);

/**
 * vmc_hv_ring_full() - check whether the queue has no free slot
 * @hv: hypervisor with a registered queue
 *
 * Return: true if it has none.
 */
bool vmc_hv_ring_full(const struct vmc_hv *hv);

/**
 * vmc_hv_ring_post() - put an entry into the partition's queue
 * @hv: hypervisor with room in the queue
 * @msg: entry
 */
void vmc_hv_ring_post(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/**
 * vmc_hv_ring_force() - put an entry into the queue even if it is full
 * @hv: hypervisor with a registered queue
 * @msg: entry; replaces the last one of a full queue
 */
void vmc_hv_ring_force(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/**
 * vmc_hv_ring_outdated() - check whether the last event is still in the queue
 * @hv: hypervisor with a registered queue
 *
 * Until the partition has taken the event, its entries are for a partner that
 * is gone.
 *
 * Return: true if it is.
 */
bool vmc_hv_ring_outdated(struct vmc_hv *hv);

/**
 * vmc_hv_inbox_room() - check whether another entry of the partition fits
 * @hv: hypervisor
 *
 * Return: true if it does.
 */
bool vmc_hv_inbox_room(const struct vmc_hv *hv);

/**
 * vmc_hv_inbox_add() - queue an entry of the partition
 * @hv: hypervisor with room in the inbox
 * @msg: entry
 * @now_ms: time of its arrival
 * @verdict: result of the fault rules
 */
void vmc_hv_inbox_add(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg,
		      u64 now_ms, struct vmc_hv_verdict verdict);

/**
 * vmc_hv_outbox_add() - queue an immediate response to the partition
 * @hv: hypervisor with room in the outbox
 * @msg: entry
 */
void vmc_hv_outbox_add(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/**
 * vmc_hv_outbox_init() - send Initialize or Initialization Complete
 * @hv: hypervisor with room in the outbox
 * @type: VMC_INIT_ value
 */
void vmc_hv_outbox_init(struct vmc_hv *hv, u8 type);

/**
 * vmc_hv_outbox_answer() - send the response to a request
 * @hv: hypervisor with room in the outbox
 * @request: request, whose session and index are copied
 * @buffer_id: buffer of the response, 0 if it has none
 * @status: VMC_STATUS_ value
 */
void vmc_hv_outbox_answer(struct vmc_hv *hv,
			  const struct vmc_interface *request, u16 buffer_id,
			  u8 status);

/* fault.c: fault injection */

/**
 * vmc_hv_fault_call() - check whether a rule makes this call fail
 * @hv: hypervisor
 * @call: hypervisor call
 * @answer: set if the call fails
 *
 * Return: true if the call fails.
 */
bool vmc_hv_fault_call(struct vmc_hv *hv, enum vmc_hv_call call, long *answer);

/**
 * vmc_hv_fault_entry() - apply the rules to an entry
 * @hv: hypervisor
 * @msg: entry; changed by a rule that corrupts it
 * @from: VMC_HV_FROM_ value of its sender
 * @now_ms: time of the host's clock in milliseconds
 * @verdict: filled completely
 *
 * Return: number of copies to send now.
 */
unsigned int vmc_hv_fault_entry(struct vmc_hv *hv, struct ibmvmc_crq_msg *msg,
				u8 from, u64 now_ms,
				struct vmc_hv_verdict *verdict);

/**
 * vmc_hv_fault_mark() - record that a rule changed an entry
 * @hv: hypervisor
 * @msg: entry, which identifies the connection
 */
void vmc_hv_fault_mark(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/**
 * vmc_hv_faulted() - check whether a fault may still mislead the partition
 * @hv: hypervisor
 *
 * Return: true if it may.
 */
bool vmc_hv_faulted(const struct vmc_hv *hv);

/**
 * vmc_hv_post() - send an entry to the partition through the fault rules
 * @hv: hypervisor with room in the queue
 * @msg: entry
 */
void vmc_hv_post(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/**
 * vmc_hv_post_event() - send a transport event through the fault rules
 * @hv: hypervisor with a registered queue, which may be full
 * @kind: VMC_EVENT_ value
 */
void vmc_hv_post_event(struct vmc_hv *hv, u8 kind);

/**
 * vmc_hv_fault_due() - get the time at which the next delayed entry is sent
 * @hv: hypervisor
 *
 * Return: a time of the host's clock, or VMC_HV_IDLE.
 */
u64 vmc_hv_fault_due(const struct vmc_hv *hv);

/**
 * vmc_hv_fault_release() - send one delayed entry that is due
 * @hv: hypervisor
 *
 * Return: true if there was one, and room for it.
 */
bool vmc_hv_fault_release(struct vmc_hv *hv);

/**
 * vmc_hv_fault_forget_held() - drop all delayed entries
 * @hv: hypervisor
 */
void vmc_hv_fault_forget_held(struct vmc_hv *hv);

/* words.c: words of a command */

/**
 * vmc_hv_next_word() - take the next word; one blank separates two words
 * @words: rest of a command; the word is removed from it
 * @word: set to the word
 *
 * Return: true if there is one and it is not empty.
 */
bool vmc_hv_next_word(struct vmc_hv_words *words, struct vmc_hv_word *word);

/**
 * vmc_hv_word_is() - compare a word
 * @word: word to compare
 * @text: NUL terminated
 *
 * Return: true if they are equal.
 */
bool vmc_hv_word_is(const struct vmc_hv_word *word, const char *text);

/**
 * vmc_hv_word_number() - parse a word that is a number
 * @word: word to parse
 * @base: 10 or 16
 * @max: largest value
 * @number: set on success
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_word_number(const struct vmc_hv_word *word, unsigned int base,
		       u64 max, u64 *number);

/**
 * vmc_hv_word_choice() - find a word among alternatives
 * @word: word to find
 * @choices: alternatives, separated by "|"
 *
 * Return: the place, or -EINVAL.
 */
int vmc_hv_word_choice(const struct vmc_hv_word *word,
		       const struct vmc_hv_word *choices);

/* protocol.c: the channel as a whole */

/**
 * vmc_hv_protocol_take() - handle an entry of the partition
 * @hv: hypervisor with room in the outbox
 * @msg: private copy of the entry
 */
void vmc_hv_protocol_take(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/**
 * vmc_hv_protocol_restart() - forget the partition and everything negotiated
 * @hv: hypervisor
 *
 * Drops the pending entries of both directions.
 */
void vmc_hv_protocol_restart(struct vmc_hv *hv);

/* connection.c: entries of one connection */

/**
 * vmc_hv_connection_restart() - end the session and forget all buffers
 * @conn: connection
 */
void vmc_hv_connection_restart(struct vmc_hv_connection *conn);

/**
 * vmc_hv_connection_begin() - offer the initial buffer
 * @conn: connection without buffers
 */
void vmc_hv_connection_begin(struct vmc_hv_connection *conn);

/**
 * vmc_hv_connection_repeat() - send unanswered Add Buffers again
 * @conn: connection
 */
void vmc_hv_connection_repeat(struct vmc_hv_connection *conn);

/**
 * vmc_hv_connection_take() - handle an entry of the partition
 * @hv: hypervisor with room in the outbox
 * @conn: connection of the entry
 * @msg: entry
 *
 * Return: true if the entry followed the protocol.
 */
bool vmc_hv_connection_take(struct vmc_hv *hv, struct vmc_hv_connection *conn,
			    const struct vmc_interface *msg);

/**
 * vmc_hv_connection_pending() - count messages of this side without a buffer
 * @conn: connection
 *
 * Return: number of messages.
 */
u64 vmc_hv_connection_pending(const struct vmc_hv_connection *conn);

/* buffer-table.c: the buffers of one connection */

/**
 * vmc_hv_buffer_data() - get the contents of a buffer
 * @hv: hypervisor
 * @conn: connection
 * @id: buffer id below the pool size
 *
 * Return: the bytes, as many as the MTU of the configuration.
 */
u8 *vmc_hv_buffer_data(const struct vmc_hv *hv,
		       const struct vmc_hv_connection *conn, unsigned int id);

/**
 * vmc_hv_buffer_set() - change the state of a buffer
 * @conn: connection
 * @id: buffer id
 * @state: new state; for VMC_HV_BUFFER_FULL use vmc_hv_buffer_fill()
 */
void vmc_hv_buffer_set(struct vmc_hv_connection *conn, unsigned int id,
		       enum vmc_hv_buffer_state state);

/**
 * vmc_hv_buffer_fill() - queue a buffer with a message to be signalled
 * @conn: connection
 * @id: id of a buffer owned by this side
 * @len: length of the message in bytes
 */
void vmc_hv_buffer_fill(struct vmc_hv_connection *conn, unsigned int id,
			u32 len);

/**
 * vmc_hv_buffer_offer() - schedule an Add Buffer
 * @conn: connection
 * @id: id of a buffer that the partition does not have
 * @owner: VMC_OWNER_ value
 * @session: session number in the Add Buffer
 */
void vmc_hv_buffer_offer(struct vmc_hv_connection *conn, unsigned int id,
			 u8 owner, u8 session);

/**
 * vmc_hv_buffer_find() - find the first buffer in a state
 * @conn: connection with such a buffer
 * @state: state to find
 *
 * Return: the buffer id.
 */
unsigned int vmc_hv_buffer_find(const struct vmc_hv_connection *conn,
				enum vmc_hv_buffer_state state);

/**
 * vmc_hv_buffer_forget_all() - forget all buffers of the partition
 * @conn: connection
 *
 * Responses to earlier Add Buffers may still arrive.
 */
void vmc_hv_buffer_forget_all(struct vmc_hv_connection *conn);

/**
 * vmc_hv_buffer_lioba() - get the address of a buffer in window 2
 * @conn: connection
 * @id: buffer id
 *
 * Return: the address.
 */
u32 vmc_hv_buffer_lioba(const struct vmc_hv_connection *conn, unsigned int id);

/**
 * vmc_hv_buffer_at() - find the buffer at an address in window 2
 * @hv: hypervisor
 * @lioba: address given by the partition
 *
 * Return: the contents of the buffer, or NULL if no buffer has that address, or
 * if it is owned by this side.
 */
u8 *vmc_hv_buffer_at(const struct vmc_hv *hv, u32 lioba);

/* outbound.c: entries that one connection sends without a request */

/**
 * vmc_hv_outbound_send() - send one entry if one is due
 * @hv: hypervisor with room in the queue
 * @conn: connection
 *
 * Return: true if one was sent.
 */
bool vmc_hv_outbound_send(struct vmc_hv *hv, struct vmc_hv_connection *conn);

/**
 * vmc_hv_outbound_next() - get the time at which an entry is due
 * @hv: hypervisor
 * @conn: connection
 *
 * Return: a time of the host's clock, not in the future if an entry is due
 * already, or VMC_HV_IDLE.
 */
u64 vmc_hv_outbound_next(const struct vmc_hv *hv,
			 const struct vmc_hv_connection *conn);

/* router.c: answers to messages */

/**
 * vmc_hv_router_answer() - change a message into its answer
 * @conn: connection of the message
 * @data: message, changed in place
 * @len: length of the message and of its answer, in bytes
 *
 * Return: true if there is an answer.
 */
bool vmc_hv_router_answer(struct vmc_hv_connection *conn, u8 *data, u32 len);

#endif
