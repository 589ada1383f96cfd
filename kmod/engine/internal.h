/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Engine internals: objects of the protocol engine and the functions that its
 * files share. Nothing outside this directory includes this header, except
 * tests.
 *
 * An adapter owns its connections, a connection its buffers, a buffer one
 * reference to its storage. A connection and its file session point to each
 * other while the session is alive. Functions are listed from the lowest file
 * to the highest: no file calls a later one.
 *
 * Locking: the host's lock of the adapter protects everything except the bytes
 * of a message that was handed out (engine.h).
 */
#ifndef IBMVMC_ENGINE_INTERNAL_H
#define IBMVMC_ENGINE_INTERNAL_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "engine.h"
#include "event.h"
#include "host-ops.h"
#include "transport.h"
#include "vmc/crq.h"
#include "vmc/limits.h"

struct ibmvmc_hmc;
struct ibmvmc_waiting_user;
struct vmc_interface;

/**
 * struct crq_queue - receive queue
 * @msgs: ring; the partner writes to it at any time
 * @size: number of entries of @msgs, a power of two
 * @cur: index of the next entry
 * @entry: private copy that crq_queue_next_crq() returns
 */
struct crq_queue {
	struct ibmvmc_crq_msg *msgs;
	u32 size;
	u32 cur;
	struct ibmvmc_crq_msg entry;
};

/**
 * struct ibmvmc_deadline - element of the heap of deadlines
 * @at_ms: deadline in milliseconds of the host's clock
 * @session: waiting session
 */
struct ibmvmc_deadline {
	u64 at_ms;
	struct ibmvmc_file_session *session;
};

/**
 * struct ibmvmc_waiting - waiting sessions of an adapter
 * @heap: deadlines, the earliest first
 * @capacity: maximum number of elements of @heap
 * @count: number of elements of @heap
 * @any: sessions that accept any HMC index, oldest first
 * @users: users of the waiting sessions
 * @number: number of sessions that have started to wait so far
 */
struct ibmvmc_waiting {
	struct ibmvmc_deadline *heap;
	unsigned int capacity;
	unsigned int count;
	struct list_head any;
	struct list_head users;
	u64 number;
};

/**
 * struct ibmvmc_waiter - session's position among the waiting ones
 * @node: link in the list of a connection or of ibmvmc_waiting.any; empty while
 *	the session does not wait
 * @user: user, NULL while the session does not wait
 * @place: index of the deadline in the heap
 * @number: order of arrival among all waiting sessions
 */
struct ibmvmc_waiter {
	struct list_head node;
	struct ibmvmc_waiting_user *user;
	unsigned int place;
	u64 number;
};

/**
 * struct ibmvmc_storage - memory of a buffer and the message in it
 * @refs: one reference of the buffer, one of the session or reader that holds
 *	the message
 * @node: link in the file session's list of received messages
 * @buffer: buffer of the storage, NULL after the buffer was invalidated
 * @data: @size bytes
 * @lent: address of the message in the memory of the hypervisor, or NULL if it
 *	is in @data
 * @size: allocated and mapped size in bytes; later negotiations do not change
 *	it
 * @len: length of the message in bytes
 * @order: order of the message within its file session
 * @ioba: mapped address, valid while @buffer is set
 */
struct ibmvmc_storage {
	refcount_t refs;
	struct list_head node;
	struct ibmvmc_buffer *buffer;
	void *data;
	const void *lent;
	u32 size;
	u32 len;
	u64 order;
	u64 ioba;
};

/**
 * struct ibmvmc_buffer - buffer of a connection
 * @storage: partition's half, or NULL if the buffer is not valid
 * @lioba: hypervisor's half, an address in its DMA window
 * @id: buffer number, the index in the connection's table
 * @owner: present owner, VMC_OWNER_ value
 * @free: true if owned by the partition and without a message or an Open
 * @session: session number of the Add Buffer
 * @number: number of the last request that passed the buffer to the hypervisor
 *	(send.c)
 */
struct ibmvmc_buffer {
	struct ibmvmc_storage *storage;
	u32 lioba;
	u16 id;
	u8 owner;
	bool free;
	u8 session;
	u64 number;
};

/**
 * struct ibmvmc_hmc - connection
 * @adapter: adapter
 * @file_session: live session, or NULL
 * @state: state
 * @index: HMC index
 * @session: latest session number; survives close and reset
 * @open_buffer: buffer of the pending Open, while opening
 * @tries: number of times that the pending Open or Close was sent
 * @number: number of the first of these requests (send.c), 0 before that
 * @repeated: number of repeated requests that occupy a place in the window
 * @repeated_after: number of the latest request before the last repetition
 * @deadline: next timeout; on a free connection that of the initial buffer
 * @give_up: final deadline of the pending Open
 * @close_answered: true if a Close Response ended the latest session: entries
 *	with its number were sent afterwards
 * @copy_failures: number of consecutive Opens whose HMC ID could not be copied
 * @refusals: number of consecutive Opens that the hypervisor refused
 * @waiting: sessions that wait for this HMC index, oldest first
 * @buffers: table of config.buf_pool_size buffers
 */
struct ibmvmc_hmc {
	struct crq_server_adapter *adapter;
	struct ibmvmc_file_session *file_session;
	enum ibmvmc_hmc_state state;
	u8 index;
	u8 session;
	struct ibmvmc_buffer *open_buffer;
	unsigned int tries;
	u64 number;
	unsigned int repeated;
	u64 repeated_after;
	u64 deadline;
	u64 give_up;
	bool close_answered;
	unsigned int copy_failures;
	unsigned int refusals;
	struct list_head waiting;
	struct ibmvmc_buffer *buffers;
};

/**
 * struct ibmvmc_file_session - application's session, used once
 * @refs: references of the host
 * @node: link in the adapter's list
 * @waiter: position among the waiting sessions
 * @user: user whose limit of waiting sessions applies
 * @adapter: adapter, NULL after it was freed
 * @hmc: connection, while the session is opening or ready
 * @owner: host's half
 * @state: state
 * @error: reason of the end
 * @wanted: requested HMC index, or -1
 * @index: present or past HMC index, or -1
 * @session: present or past session number
 * @hmc_id: name of the application
 * @messages: received messages that were not yet taken
 * @queued: number of @messages
 * @delivered: number of messages received in total
 * @lost: number of messages that could not be copied
 */
struct ibmvmc_file_session {
	refcount_t refs;
	struct list_head node;
	struct ibmvmc_waiter waiter;
	u32 user;
	struct crq_server_adapter *adapter;
	struct ibmvmc_hmc *hmc;
	void *owner;
	enum ibmvmc_session_state state;
	int error;
	int wanted;
	int index;
	u8 session;
	u8 hmc_id[VMC_HMC_ID_LEN];
	struct list_head messages;
	unsigned int queued;
	u64 delivered;
	unsigned int lost;
};

/**
 * struct ibmvmc_pending - control entries that could not be sent yet
 * @entries: entries in the order of sending
 * @capacity: maximum number of entries
 * @count: number of entries
 * @congested: true if the partner's queue was full at the last attempt
 * @retry_at: time of the next attempt
 */
struct ibmvmc_pending {
	struct ibmvmc_crq_msg *entries;
	unsigned int capacity;
	unsigned int count;
	bool congested;
	u64 retry_at;
};

/* Recorded trouble: run.c acts on it when the present call has unwound. */
enum ibmvmc_trouble_kind {
	IBMVMC_TROUBLE_NONE,
	IBMVMC_TROUBLE_PARTNER_GONE,
	IBMVMC_TROUBLE_RESET,
};

/**
 * struct ibmvmc_trouble - trouble that a call has found
 * @kind: kind
 * @error: reason, for the report
 */
struct ibmvmc_trouble {
	enum ibmvmc_trouble_kind kind;
	int error;
};

/**
 * struct ibmvmc_negotiated - values of the capabilities exchange
 * @hmcs: number of connections
 * @pool: buffers of each connection
 * @mtu: MTU in bytes
 * @crq_entries: entries of the partner's queue
 * @version: protocol version of the partner
 *
 * All are 0 while they are unknown.
 */
struct ibmvmc_negotiated {
	u8 hmcs;
	u16 pool;
	u32 mtu;
	u16 crq_entries;
	u16 version;
};

/**
 * struct ibmvmc_handshake - progress of the handshake
 * @peer_initialized: true if the partner's Initialize has arrived since
 *	bring-up, or no crossing one can arrive now: another one is a
 *	restart
 * @enabling: true if a migration has disabled the queue and nothing has shown
 *	yet that the queue works again
 * @closed: true if the last Initialize found no partner or a disabled queue
 */
struct ibmvmc_handshake {
	bool peer_initialized;
	bool enabling;
	bool closed;
};

/**
 * struct ibmvmc_recovery - counters and times of resets of our own
 * @self_resets: number of resets of our own since the channel was usable
 * @starved: number of resets because of a missing initial buffer, since all
 *	connections had one
 * @close_failures: number of consecutive Close Responses with an error
 * @refused: true if the channel was reset because of refused Opens, and no Open
 *	has succeeded since
 * @give_up: final deadline to free or enable the queue
 * @next_reset: earliest time of the next reset of our own
 */
struct ibmvmc_recovery {
	unsigned int self_resets;
	unsigned int starved;
	unsigned int close_failures;
	bool refused;
	u64 give_up;
	u64 next_reset;
};

/**
 * struct ibmvmc_window - flow control of requests (send.c)
 * @sent: number of the latest request that was sent
 * @consumed: number of the latest request that the partner has taken or is
 *	assumed to have taken
 * @repeated: number of places that repeated requests occupy
 * @deadline: time at which a closed window permits one more entry
 */
struct ibmvmc_window {
	u64 sent;
	u64 consumed;
	unsigned int repeated;
	u64 deadline;
};

/**
 * struct crq_server_adapter - one VMC device
 * @ops: operations of the transport
 * @direct: see struct ibmvmc_transport
 * @transport: argument of @ops
 * @host_ops: operations of the host
 * @host: argument of @host_ops
 * @config: parameters of this side
 * @queue: receive queue
 * @started: true between ibmvmc_start() and ibmvmc_stop()
 * @registered: true if @queue is or may still be registered
 * @interrupts_on: true if interrupts were enabled successfully
 * @draining: true while entries are taken out of @queue
 * @state: channel state
 * @tries: number of attempts in @state
 * @deadline: next timeout of the channel; in state READY that of the first
 *	buffer
 * @armed: time of the host's timer
 * @drc_index: DRC index of the last requested device
 * @resets: number of resets by either side
 * @handshake: progress of the handshake
 * @negotiated: values of the capabilities exchange
 * @recovery: counters and times of resets of our own
 * @trouble: recorded trouble
 * @pending: control entries to be sent
 * @window: flow control of requests
 * @connections: table of config.max_hmcs connections
 * @answered: connection whose Open or Close Response is being handled, or NULL
 * @sessions: all file sessions
 * @waiting: sessions that wait to be opened
 */
struct crq_server_adapter {
	const struct ibmvmc_transport_ops *ops;
	bool direct;
	void *transport;
	const struct ibmvmc_host_ops *host_ops;
	void *host;
	struct ibmvmc_config config;

	struct crq_queue queue;
	bool started;
	bool registered;
	bool interrupts_on;
	bool draining;

	enum ibmvmc_state state;
	unsigned int tries;
	u64 deadline;
	u64 armed;
	u32 drc_index;
	u32 resets;

	struct ibmvmc_handshake handshake;
	struct ibmvmc_negotiated negotiated;
	struct ibmvmc_recovery recovery;
	struct ibmvmc_trouble trouble;
	struct ibmvmc_pending pending;
	struct ibmvmc_window window;

	struct ibmvmc_hmc *connections;
	struct ibmvmc_hmc *answered;
	struct list_head sessions;
	struct ibmvmc_waiting waiting;
};

/* waiting.c */
int ibmvmc_waiting_init(struct ibmvmc_waiting *waiting, unsigned int capacity);
void ibmvmc_waiting_clear(struct ibmvmc_waiting *waiting);
int ibmvmc_wait(struct ibmvmc_file_session *session, u64 give_up);
void ibmvmc_wait_end(struct ibmvmc_file_session *session);
u64 ibmvmc_waiting_deadline(const struct ibmvmc_waiting *waiting);

/* queue.c */
void crq_queue_init(struct crq_queue *queue, struct ibmvmc_crq_msg *ring,
		    u32 entries);
void crq_queue_clear(struct crq_queue *queue);
bool crq_queue_pending(const struct crq_queue *queue);
struct ibmvmc_crq_msg *crq_queue_next_crq(struct crq_queue *queue);

/* adapter.c */
u64 ibmvmc_now(const struct crq_server_adapter *adapter);
void ibmvmc_report_transport(const struct crq_server_adapter *adapter, u8 kind);
void ibmvmc_report_reset(const struct crq_server_adapter *adapter, int error);
void ibmvmc_report_timeout(const struct crq_server_adapter *adapter, int index,
			   u32 request);
void ibmvmc_report_ready(const struct ibmvmc_hmc *hmc);
void ibmvmc_report_ended(const struct ibmvmc_file_session *session);
void ibmvmc_report_usable(const struct ibmvmc_hmc *hmc);
void ibmvmc_report_lost(const struct ibmvmc_hmc *hmc, u32 len, int error);
void ibmvmc_report_entry(struct crq_server_adapter *adapter,
			 enum ibmvmc_event_type type,
			 const struct ibmvmc_crq_msg *entry, int error);
void ibmvmc_set_state(struct crq_server_adapter *adapter,
		      enum ibmvmc_state state);
void ibmvmc_partner_gone(struct crq_server_adapter *adapter);
void ibmvmc_channel_broken(struct crq_server_adapter *adapter, int error);
struct ibmvmc_hmc *ibmvmc_hmc_at(const struct crq_server_adapter *adapter,
				 unsigned int index);
bool ibmvmc_any_session(const struct crq_server_adapter *adapter);
bool ibmvmc_is_starved(const struct crq_server_adapter *adapter);
void ibmvmc_session_wake(struct ibmvmc_file_session *session);
void ibmvmc_session_wake_all(struct crq_server_adapter *adapter);

/* buffer.c */
int ibmvmc_storage_new(struct crq_server_adapter *adapter,
		       struct ibmvmc_buffer *buffer);
void ibmvmc_storage_get(struct ibmvmc_storage *storage);
void ibmvmc_storage_put(struct ibmvmc_storage *storage);
void ibmvmc_storage_detach(struct crq_server_adapter *adapter,
			   struct ibmvmc_buffer *buffer);
int ibmvmc_storage_copy(struct crq_server_adapter *adapter,
			enum ibmvmc_rdma direction,
			const struct ibmvmc_buffer *buffer, u32 len);
int ibmvmc_storage_send(struct crq_server_adapter *adapter,
			const struct ibmvmc_buffer *buffer, const void *data,
			u32 len);
int ibmvmc_storage_receive(struct crq_server_adapter *adapter,
			   const struct ibmvmc_buffer *buffer, u32 len);
struct ibmvmc_buffer *
ibmvmc_get_valid_hmc_buffer(struct crq_server_adapter *adapter, u8 hmc_index);
struct ibmvmc_buffer *
ibmvmc_get_free_hmc_buffer(struct crq_server_adapter *adapter, u8 hmc_index);
void ibmvmc_free_hmc_buffer(struct ibmvmc_hmc *hmc,
			    struct ibmvmc_buffer *buffer);
void ibmvmc_free_hmc_buffers(struct ibmvmc_hmc *hmc,
			     const struct ibmvmc_buffer *keep);
void ibmvmc_count_hmc_buffers(const struct crq_server_adapter *adapter,
			      u8 hmc_index, unsigned int *valid,
			      unsigned int *free);
void ibmvmc_release_buffer(struct ibmvmc_hmc *hmc,
			   struct ibmvmc_buffer *buffer);

/* send.c */
void ibmvmc_window_reset(struct crq_server_adapter *adapter);
bool ibmvmc_window_signal(const struct crq_server_adapter *adapter);
void ibmvmc_window_forget(struct ibmvmc_hmc *hmc);
int ibmvmc_send_now(struct crq_server_adapter *adapter,
		    const struct ibmvmc_crq_msg *msg);
int ibmvmc_send_signal(struct crq_server_adapter *adapter,
		       const struct ibmvmc_crq_msg *msg, u64 *number);
int ibmvmc_send_control(struct crq_server_adapter *adapter,
			const struct ibmvmc_crq_msg *msg);
int ibmvmc_send_vital(struct crq_server_adapter *adapter,
		      const struct ibmvmc_crq_msg *msg);
void ibmvmc_send_forget(const struct ibmvmc_hmc *hmc);
void ibmvmc_send_retry(struct crq_server_adapter *adapter);
void ibmvmc_send_reset(struct crq_server_adapter *adapter);
void ibmvmc_window_consumed(struct crq_server_adapter *adapter, u64 number);
void ibmvmc_window_answered(struct ibmvmc_hmc *hmc);
void ibmvmc_window_timeout(struct crq_server_adapter *adapter);

/* initial.c */
void ibmvmc_await_initial(struct ibmvmc_hmc *hmc);
void ibmvmc_await_buffers(struct crq_server_adapter *adapter);
void ibmvmc_initial_arrived(struct ibmvmc_hmc *hmc);
void ibmvmc_first_timeout(struct crq_server_adapter *adapter);
void ibmvmc_initial_timeout(struct ibmvmc_hmc *hmc);

/* hmc-session.c */
struct ibmvmc_hmc *ibmvmc_get_free_hmc(struct crq_server_adapter *adapter);
bool ibmvmc_hmcs_in_use(const struct crq_server_adapter *adapter, int index);
int ibmvmc_setup_hmc(struct ibmvmc_file_session *session);
void ibmvmc_unset_hmc(struct ibmvmc_file_session *session);
void ibmvmc_session_end(struct ibmvmc_file_session *session, int error);
int ibmvmc_return_hmc(struct ibmvmc_hmc *hmc, bool release_readers);
int ibmvmc_validate_hmc_session(const struct crq_server_adapter *adapter,
				const struct vmc_interface *message);
u8 ibmvmc_refuse_status(int error);
int ibmvmc_open_session(struct ibmvmc_file_session *session, u64 give_up);
bool ibmvmc_worth_waiting(const struct crq_server_adapter *adapter, int error);
void ibmvmc_waiting_serve(struct ibmvmc_hmc *hmc);
void ibmvmc_waiting_serve_all(struct crq_server_adapter *adapter);
void ibmvmc_waiting_expire(struct crq_server_adapter *adapter, u64 now);
int ibmvmc_process_open_resp(struct crq_server_adapter *adapter,
			     const struct vmc_interface *response);
void ibmvmc_close_hmc(struct ibmvmc_hmc *hmc, int error);
void ibmvmc_open_timeout(struct ibmvmc_hmc *hmc);
int ibmvmc_process_close_resp(struct crq_server_adapter *adapter,
			      const struct vmc_interface *response);
void ibmvmc_answered(struct crq_server_adapter *adapter);
void ibmvmc_close_timeout(struct ibmvmc_hmc *hmc);

/* signal.c */
int ibmvmc_send_msg(struct crq_server_adapter *adapter,
		    struct ibmvmc_buffer *buffer, struct ibmvmc_hmc *hmc,
		    const void *data, u32 msg_len);
int ibmvmc_recv_msg(struct crq_server_adapter *adapter,
		    const struct vmc_interface *request);

/* pool.c */
int ibmvmc_add_buffer(struct crq_server_adapter *adapter,
		      const struct vmc_interface *request);
void ibmvmc_refuse_add_buffer(struct crq_server_adapter *adapter,
			      const struct vmc_interface *request);
int ibmvmc_rem_buffer(struct crq_server_adapter *adapter,
		      const struct vmc_interface *request);

/* bring-up.c */
int ibmvmc_register_queue(struct crq_server_adapter *adapter);
int ibmvmc_enable_interrupts(struct crq_server_adapter *adapter);
bool ibmvmc_bring_up(struct crq_server_adapter *adapter);
void ibmvmc_greet(struct crq_server_adapter *adapter);
void ibmvmc_init_timeout(struct crq_server_adapter *adapter);
int ibmvmc_process_capabilities(struct crq_server_adapter *adapter,
				const struct ibmvmc_crq_msg *crq);
void ibmvmc_capabilities_timeout(struct crq_server_adapter *adapter);
void ibmvmc_forget_peer(struct crq_server_adapter *adapter);
void ibmvmc_reset(struct crq_server_adapter *adapter, bool xport_event);
bool ibmvmc_reset_task(struct crq_server_adapter *adapter);
bool ibmvmc_enable_step(struct crq_server_adapter *adapter);
int ibmvmc_handle_crq_init(struct crq_server_adapter *adapter,
			   const struct ibmvmc_crq_msg *crq);
void ibmvmc_handle_crq_event(struct crq_server_adapter *adapter,
			     const struct ibmvmc_crq_msg *crq);

/* run.c */
void ibmvmc_end_call(struct crq_server_adapter *adapter);
bool ibmvmc_catch_up(struct crq_server_adapter *adapter);

#endif
