/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of the simulated hypervisor: its objects, and what its files offer
 * each other. Not for hosts: their view is hv.h.
 *
 * What it has to send is kept as state and not as a queue of entries: only
 * immediate answers wait in the outbox. So a partition that does not empty its
 * queue cannot keep it from taking entries, and nothing ever needs memory.
 */
#ifndef VMC_HV_INTERNAL_H
#define VMC_HV_INTERNAL_H

#include <linux/types.h>

#include "fault.h"
#include "hv.h"
#include "knob.h"
#include "vmc/message.h"

/* Entries that one vmc_hv_step() takes and sends at most. */
#define VMC_HV_STEP_ENTRIES 64

/* Immediate answers that may wait; a request is not taken while it is full. */
#define VMC_HV_OUTBOX 128

/* How long it waits before it asks again for what it got no interrupt about. */
#define VMC_HV_RETRY_MS 10

/* Remove Buffer requests of one connection on their way at the same time. */
#define VMC_HV_REMOVING_MAX 4

/* Entries that fault rules keep back at the same time. */
#define VMC_HV_HELD 16

/* Ends of sessions after which a fault has no consequence any more. */
#define VMC_HV_FAULT_SESSIONS 2

/* The DRC index of the device it pretends to make. */
#define VMC_HV_DRC_INDEX 0x30000001

/* How far the handshake with the partition has come. */
enum vmc_hv_channel {
	VMC_HV_CHANNEL_DOWN,		/* nobody said Initialize yet */
	VMC_HV_CHANNEL_INITIALIZED,	/* waits for Capabilities */
	VMC_HV_CHANNEL_READY,
};

/* Where a buffer is. */
enum vmc_hv_buffer_state {
	VMC_HV_BUFFER_NONE,		/* the partition has none of this id */
	VMC_HV_BUFFER_OFFERED,		/* Add Buffer was or is to be sent */
	VMC_HV_BUFFER_PARTITION,	/* the partition's */
	VMC_HV_BUFFER_IDLE,		/* ours, empty */
	VMC_HV_BUFFER_FULL,		/* ours, with a message to signal */
	VMC_HV_BUFFER_STATES
};

/**
 * struct vmc_hv_buffer - one buffer id of one connection
 * @state: enum vmc_hv_buffer_state
 * @owner: VMC_OWNER_ value of its Add Buffer
 * @session: HMC session of its Add Buffer
 * @generation: part of its address; another one each time it is offered
 * @unanswered: Add Buffers sent without an answer so far; more than one if the
 *	partition made us repeat it
 * @tell: its Add Buffer is to be sent
 * @len: bytes of the message in it, while it is full
 */
struct vmc_hv_buffer {
	u8 state;
	u8 owner;
	u8 session;
	u8 generation;
	u8 unanswered;
	bool tell;
	u32 len;
};

/* State of a connection. */
enum vmc_hv_connection_state {
	VMC_HV_CONNECTION_IDLE,		/* no session since bring-up */
	VMC_HV_CONNECTION_OPENING,	/* buffers are being added */
	VMC_HV_CONNECTION_OPEN,
	VMC_HV_CONNECTION_REFUSED,	/* the Open was refused */
	VMC_HV_CONNECTION_CLOSED,	/* by the partition */
};

/**
 * struct vmc_hv_connection - one HMC index
 * @index: its number
 * @state: enum vmc_hv_connection_state
 * @session: the session that the last Open named
 * @open_buffer: the buffer that the last Open named
 * @faulted: not 0 after a fault rule changed an entry: what the partition does
 *	in consequence is not its fault. Counts the sessions to whose end that
 *	holds
 * @exchanged: the router's exchange was done in this session
 * @hmc_id: the name that the last Open gave
 * @buffers: by id
 * @counts: how many of @buffers are in each state
 * @tells: how many of @buffers have an Add Buffer to be sent
 * @full: ids of the full buffers, a ring, oldest at @full_head
 * @full_head: as said
 * @removing: Remove Buffers without an answer so far
 * @shrink: buffers to be taken back for the rest of the session
 * @retry_ms: no Remove Buffer before that time
 * @emits: lengths of the messages of vmc_hv_emit() that wait, a ring
 * @emit_head: the oldest of them
 * @emit_count: how many
 * @flood_left: messages of the flood still to be sent
 * @flood_number: number of the last one sent, as decimal digits
 * @flood_size: bytes of each
 * @memory: the buffers' bytes, then those of the messages that wait
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
	unsigned int tells;
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
 * struct vmc_hv_verdict - what a fault rule made of an entry
 * @faulted: a rule matched it
 * @refused: it is to be answered with a failure
 */
struct vmc_hv_verdict {
	bool faulted;
	bool refused;
};

/**
 * struct vmc_hv_arrival - an entry that waits to be taken
 * @msg: the entry
 * @at_ms: when it arrived
 * @verdict: of the fault rules
 */
struct vmc_hv_arrival {
	struct ibmvmc_crq_msg msg;
	u64 at_ms;
	struct vmc_hv_verdict verdict;
};

/**
 * struct vmc_hv_held - an entry that a fault rule keeps back
 * @msg: the entry
 * @at_ms: when it is sent
 * @from: its sender, 0 in an unused one
 * @overtaken: sent after the next entry of the same sender
 */
struct vmc_hv_held {
	struct ibmvmc_crq_msg msg;
	u64 at_ms;
	u8 from;
	bool overtaken;
};

/**
 * struct vmc_hv_words - what is left of a command
 * @at: next word, or NULL at the end
 * @len: bytes from @at on
 */
struct vmc_hv_words {
	const char *at;
	size_t len;
};

/**
 * struct vmc_hv_word - one word of a command
 * @text: @len bytes without a blank
 * @len: in bytes
 */
struct vmc_hv_word {
	const char *text;
	size_t len;
};

/**
 * struct vmc_hv_offer - what a capabilities exchange offers
 * @hmcs: connections, at most those of the configuration
 * @pool: buffers of one, at most those of the configuration
 * @mtu: largest message in bytes, at most that of the configuration
 */
struct vmc_hv_offer {
	u8 hmcs;
	u16 pool;
	u32 mtu;
};

/**
 * struct vmc_hv - the simulated hypervisor
 * @config: as it was made; delay_ms is the knob's present value
 * @host: operations of the host
 * @host_data: their argument
 * @stats: counters; flood_left is worked out when they are asked for
 * @now_ms: the latest time that the host told
 *
 * @ring: the partition's queue, or NULL
 * @ring_entries: its size
 * @produced: entries put into it, counted freely; the next slot
 * @consumed: of those, the ones the partition is known to have taken
 * @interrupts: raise one for each entry
 * @disabled: the partition's queue, by a migration
 * @enabling: the partition has asked once to enable it
 * @freeing: an attempt to free it was answered with a busy code
 * @event_unseen: the partition may not have taken the last transport event yet
 * @event: the slot of that event, counted as @produced
 *
 * @inbox: its own queue, a ring of config.crq_entries
 * @inbox_head: the oldest entry in it
 * @inbox_count: how many are in it
 * @outbox: immediate answers, a ring
 * @outbox_head: the oldest of them
 * @outbox_count: how many
 *
 * @channel: how far the handshake has come
 * @away: as if it were not there
 * @arriving: it was away, and the partition has not initialised since
 * @stalled: neither take nor send
 * @refused: by enum vmc_hv_request
 * @refusing: the entry that is handled now is to be refused
 * @offer: what the next capabilities exchange offers
 * @faulted: a fault rule changed an entry of the channel; until both sides
 *	agree anew
 * @faults: rules in force
 * @held: entries that rules keep back
 * @hmcs: connections negotiated, while the channel is ready
 * @pool: buffers of one, negotiated
 * @mtu: largest message, negotiated
 * @turn: the connection that may send next
 * @connections: config.hmcs of them
 * @memory: the bytes of all connections
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
	struct vmc_hv_held held[VMC_HV_HELD];
	u8 hmcs;
	u16 pool;
	u32 mtu;
	unsigned int turn;
	struct vmc_hv_connection *connections;
	u8 *memory;
};

/**
 * vmc_hv_step_once() - the smallest part of a step
 * @hv: any
 * @now_ms: the host's clock
 *
 * Return: true if anything was done.
 */
bool vmc_hv_step_once(struct vmc_hv *hv, u64 now_ms);

/* partition.c: the partition's queue */

/**
 * vmc_hv_ring_room() - may an entry be sent now
 * @hv: any
 *
 * Keeps at most half of the partition's queue outstanding. (vmc-facts 1.6)
 */
bool vmc_hv_ring_room(const struct vmc_hv *hv);

/**
 * vmc_hv_ring_post() - put an entry into the partition's queue
 * @hv: one with room
 * @msg: the entry
 */
void vmc_hv_ring_post(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/**
 * vmc_hv_ring_event() - post a transport event, whatever else is in the queue
 * @hv: one with a registered queue
 * @kind: VMC_EVENT_ value
 */
void vmc_hv_ring_event(struct vmc_hv *hv, u8 kind);

/**
 * vmc_hv_ring_outdated() - does the partition not know yet of the last event
 * @hv: one with a registered queue
 *
 * What it sends meanwhile is for a partner that is gone.
 */
bool vmc_hv_ring_outdated(struct vmc_hv *hv);

/**
 * vmc_hv_ring_full() - is there no free slot
 * @hv: one with a registered queue
 */
bool vmc_hv_ring_full(const struct vmc_hv *hv);

/**
 * vmc_hv_post() - send an entry to the partition, unless a fault rule matches
 * @hv: one with room
 * @msg: the entry
 */
void vmc_hv_post(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/* calls.c: what the partition sent */

/**
 * vmc_hv_inbox_room() - does one more entry of the partition fit
 * @hv: any
 */
bool vmc_hv_inbox_room(const struct vmc_hv *hv);

/**
 * vmc_hv_inbox_add() - an entry of the partition arrived
 * @hv: one with room for it
 * @msg: the entry
 * @now_ms: time of its arrival
 * @verdict: of the fault rules
 */
void vmc_hv_inbox_add(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg,
		      u64 now_ms, struct vmc_hv_verdict verdict);

/* fault.c: rules at work */

/**
 * vmc_hv_fault_call() - does a rule make this call fail
 * @hv: any
 * @call: the call
 * @answer: set if so
 */
bool vmc_hv_fault_call(struct vmc_hv *hv, enum vmc_hv_call call, long *answer);

/**
 * vmc_hv_fault_entry() - what becomes of an entry
 * @hv: any
 * @msg: the entry, corrupted if a rule says so
 * @from: VMC_HV_FROM_ value of its sender
 * @now_ms: the host's clock
 * @verdict: filled completely
 *
 * Return: how often it is sent now.
 */
unsigned int vmc_hv_fault_entry(struct vmc_hv *hv, struct ibmvmc_crq_msg *msg,
				u8 from, u64 now_ms,
				struct vmc_hv_verdict *verdict);

/**
 * vmc_hv_fault_mark() - remember that an entry was changed by a rule
 * @hv: any
 * @msg: the entry, which says what connection is concerned
 */
void vmc_hv_fault_mark(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/**
 * vmc_hv_faulted() - may the partition be misled by a fault just now
 * @hv: any
 */
bool vmc_hv_faulted(const struct vmc_hv *hv);

/**
 * vmc_hv_fault_due() - when the next entry that is kept back is sent
 * @hv: any
 *
 * Return: a time of the host's clock, or VMC_HV_IDLE.
 */
u64 vmc_hv_fault_due(const struct vmc_hv *hv);

/**
 * vmc_hv_fault_release() - send one entry that was kept back and is due
 * @hv: any
 *
 * Return: true if there was one, and room for it.
 */
bool vmc_hv_fault_release(struct vmc_hv *hv);

/**
 * vmc_hv_fault_forget_held() - entries that are kept back are lost
 * @hv: any
 */
void vmc_hv_fault_forget_held(struct vmc_hv *hv);

/* words.c: words of a command */

/**
 * vmc_hv_next_word() - take the next word; one blank separates two
 * @words: any
 * @word: the word
 *
 * Return: true if there is one and it is not empty.
 */
bool vmc_hv_next_word(struct vmc_hv_words *words, struct vmc_hv_word *word);

/**
 * vmc_hv_word_is() - compare a word
 * @word: any
 * @text: NUL terminated
 */
bool vmc_hv_word_is(const struct vmc_hv_word *word, const char *text);

/**
 * vmc_hv_word_number() - read a number that is nothing else
 * @word: any
 * @base: 10 or 16
 * @max: largest value
 * @number: set on success
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_word_number(const struct vmc_hv_word *word, unsigned int base,
		       u64 max, u64 *number);

/**
 * vmc_hv_word_choice() - place of a word among alternatives
 * @word: any
 * @choices: alternatives, separated by "|"
 *
 * Return: the place, or -EINVAL.
 */
int vmc_hv_word_choice(const struct vmc_hv_word *word,
		       const struct vmc_hv_word *choices);

/* protocol.c: what the channel as a whole says */

/**
 * vmc_hv_protocol_take() - handle an entry of the partition
 * @hv: one whose outbox is not full
 * @msg: a private copy
 */
void vmc_hv_protocol_take(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg);

/**
 * vmc_hv_protocol_restart() - forget the partition and all that was agreed
 * @hv: any
 *
 * Entries of both directions that wait are gone too.
 */
void vmc_hv_protocol_restart(struct vmc_hv *hv);

/**
 * vmc_hv_protocol_init() - say Initialize or Initialization Complete
 * @hv: one whose outbox is not full
 * @type: VMC_INIT_ value
 */
void vmc_hv_protocol_init(struct vmc_hv *hv, u8 type);

/**
 * vmc_hv_answer() - put an answer into the outbox
 * @hv: one whose outbox is not full
 * @request: what is answered; session and index are copied
 * @buffer_id: of the answer, 0 where it has none
 * @status: VMC_STATUS_ value
 */
void vmc_hv_answer(struct vmc_hv *hv, const struct vmc_interface *request,
		   u16 buffer_id, u8 status);

/* connection.c: what one HMC index says */

/**
 * vmc_hv_connection_restart() - no session, no buffer
 * @conn: any
 */
void vmc_hv_connection_restart(struct vmc_hv_connection *conn);

/**
 * vmc_hv_connection_begin() - offer the initial buffer (vmc-facts 3.1)
 * @conn: one without buffers
 */
void vmc_hv_connection_begin(struct vmc_hv_connection *conn);

/**
 * vmc_hv_connection_retell() - repeat what the partition has not answered
 * @conn: any
 */
void vmc_hv_connection_retell(struct vmc_hv_connection *conn);

/**
 * vmc_hv_connection_take() - handle an entry of the partition
 * @hv: one whose outbox is not full
 * @conn: the connection that it names
 * @msg: the entry
 *
 * Return: true if it kept to the protocol.
 */
bool vmc_hv_connection_take(struct vmc_hv *hv, struct vmc_hv_connection *conn,
			    const struct vmc_interface *msg);

/* buffer.c: the buffers of one connection */

/**
 * vmc_hv_buffer_data() - the bytes of a buffer
 * @hv: any
 * @conn: its connection
 * @id: below the pool size
 */
u8 *vmc_hv_buffer_data(const struct vmc_hv *hv,
		       const struct vmc_hv_connection *conn, unsigned int id);

/**
 * vmc_hv_buffer_set() - a buffer passes into another state
 * @conn: its connection
 * @id: which
 * @state: not VMC_HV_BUFFER_FULL
 */
void vmc_hv_buffer_set(struct vmc_hv_connection *conn, unsigned int id,
		       enum vmc_hv_buffer_state state);

/**
 * vmc_hv_buffer_fill() - a buffer holds a message, behind those that wait
 * @conn: its connection
 * @id: one that is ours or has just become so
 * @len: of the message
 */
void vmc_hv_buffer_fill(struct vmc_hv_connection *conn, unsigned int id,
			u32 len);

/**
 * vmc_hv_buffer_offer() - an Add Buffer is to be sent
 * @conn: its connection
 * @id: one that the partition does not have
 * @owner: VMC_OWNER_ value
 * @session: to name in it
 */
void vmc_hv_buffer_offer(struct vmc_hv_connection *conn, unsigned int id,
			 u8 owner, u8 session);

/**
 * vmc_hv_buffer_find() - the first buffer in a state
 * @conn: one with such a buffer
 * @state: which
 */
unsigned int vmc_hv_buffer_find(const struct vmc_hv_connection *conn,
				enum vmc_hv_buffer_state state);

/**
 * vmc_hv_buffer_forget_all() - the partition has no buffer of this connection
 * @conn: any
 *
 * Answers that are under way are still to come.
 */
void vmc_hv_buffer_forget_all(struct vmc_hv_connection *conn);

/**
 * vmc_hv_buffer_lioba() - the address of a buffer in window 2
 * @conn: its connection
 * @id: which
 */
u32 vmc_hv_buffer_lioba(const struct vmc_hv_connection *conn, unsigned int id);

/**
 * vmc_hv_buffer_at() - the bytes at an address in window 2
 * @hv: any
 * @lioba: an address that the partition names
 *
 * Return: them, or NULL if the partition has no buffer of that address, or has
 * one that is ours just now.
 */
u8 *vmc_hv_buffer_at(const struct vmc_hv *hv, u32 lioba);

/* outbound.c: what one HMC index sends by itself */

/**
 * vmc_hv_outbound_send() - send one entry, if there is one to send
 * @hv: one whose ring has room
 * @conn: any
 *
 * Return: true if one was sent.
 */
bool vmc_hv_outbound_send(struct vmc_hv *hv, struct vmc_hv_connection *conn);

/**
 * vmc_hv_outbound_next() - when it would have an entry to send
 * @hv: any
 * @conn: any
 *
 * Return: a time of the host's clock, in the past or now if there is one
 * already, or VMC_HV_IDLE.
 */
u64 vmc_hv_outbound_next(const struct vmc_hv *hv,
			 const struct vmc_hv_connection *conn);

/**
 * vmc_hv_outbound_pending() - messages of its own that wait for a buffer
 * @conn: any
 */
u64 vmc_hv_outbound_pending(const struct vmc_hv_connection *conn);

/* router.c: what a message says */

/**
 * vmc_hv_router_answer() - turn a message into its answer, in place
 * @conn: the connection it came by
 * @data: the message
 * @len: its length, which is that of the answer too
 *
 * Return: true if there is an answer.
 */
bool vmc_hv_router_answer(struct vmc_hv_connection *conn, u8 *data, u32 len);

#endif
