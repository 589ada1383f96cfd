/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects of the protocol engine, and what its files provide to each other. An
 * adapter owns its connections, a connection its buffers, a buffer one reference
 * to its storage. A connection and its file session point to each other while the
 * session lives. Nothing outside this directory includes it, but for tests.
 *
 * The files are listed from the ground upwards: none calls a later one.
 *
 * Locking: the host's lock of the adapter protects everything but the bytes of a
 * message that was handed out (engine.h).
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
 * struct crq_queue - our queue
 * @msgs: the ring; the partner writes it whenever it likes
 * @size: entries of @msgs, a power of two
 * @cur: the entry to be looked at next
 * @entry: the private copy that crq_queue_next_crq() returns
 */
struct crq_queue {
	struct ibmvmc_crq_msg *msgs;
	u32 size;
	u32 cur;
	struct ibmvmc_crq_msg entry;
};

/**
 * struct ibmvmc_deadline - one element of the heap
 * @at_ms: time at which the session has waited too long
 * @session: the session
 */
struct ibmvmc_deadline {
	u64 at_ms;
	struct ibmvmc_file_session *session;
};

/**
 * struct ibmvmc_waiting - all sessions of an adapter that wait
 * @heap: their deadlines, the earliest first
 * @capacity: elements that @heap has room for
 * @count: elements in @heap
 * @any: sessions that take any HMC index, oldest first
 * @users: users of the waiting sessions
 * @number: number of sessions that have begun to wait so far
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
 * struct ibmvmc_waiter - a session's place among those that wait
 * @node: in the list of its HMC index or in @any; empty while it does not wait
 * @user: its user, NULL while it does not wait
 * @place: index of its deadline in the heap
 * @number: order among all sessions that wait
 */
struct ibmvmc_waiter {
	struct list_head node;
	struct ibmvmc_waiting_user *user;
	unsigned int place;
	u64 number;
};

/**
 * struct ibmvmc_storage - the memory of one buffer, and the message in it
 * @refs: one of the buffer, one of whoever has the message
 * @node: in the file session's list while the message waits there
 * @buffer: whose storage this is, or NULL once the buffer was forgotten
 * @data: @size bytes
 * @size: bytes that were allocated and mapped; later negotiations do not
 *	change it
 * @len: bytes of the message
 * @order: of the message, among those of its file session
 * @ioba: where the transport mapped it, while @buffer is set
 */
struct ibmvmc_storage {
	refcount_t refs;
	struct list_head node;
	struct ibmvmc_buffer *buffer;
	void *data;
	u32 size;
	u32 len;
	u64 order;
	u64 ioba;
};

/**
 * struct ibmvmc_buffer - one buffer of an HMC index
 * @storage: our half, or NULL if the buffer is not valid
 * @lioba: the hypervisor's half, an address in its DMA window
 * @id: its number, and its place in the slot's table
 * @owner: VMC_OWNER_ value, as it is now
 * @free: ours, and neither a message nor an Open is in it
 * @session: that its Add Buffer named
 * @number: of the request that gave it away last (window.h)
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
 * struct ibmvmc_hmc - one slot: the HMC connection of one index
 * @adapter: whose it is
 * @file_session: the session that lives on it, or NULL
 * @state: as above
 * @index: its HMC index
 * @session: number of its latest session; survives close and reset
 * @open_buffer: the buffer that the pending Open names, while opening
 * @tries: how often the pending Open or Close was sent
 * @number: of the first sending of it (window.h), 0 before that
 * @repeated: sendings after the first that take a place in the window
 * @repeated_after: number of the latest request before the last of these
 * @deadline: when something is to be done about it; on a free slot, about a
 *	missing initial buffer
 * @give_up: when the pending Open has failed
 * @close_answered: the latest session ended by a Close Response: what still
 *	comes with its number was sent after it
 * @copy_failures: Opens in a row whose HMC ID could not be copied
 * @refusals: Opens in a row that the hypervisor refused
 * @waiting: sessions that wait for its index, oldest first
 * @buffers: a table for as many as this side offers
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
 * struct ibmvmc_file_session - one application's session, used once
 * @refs: the host's references
 * @node: in the adapter's list of all, while there is an adapter
 * @waiter: place among those that wait to be opened
 * @user: user on whose account it waits
 * @adapter: NULL once it was freed
 * @hmc: its slot, while it is opening or ready
 * @owner: the host's half
 * @state: from the application's side
 * @error: why it is dead
 * @wanted: HMC index asked for, or -1
 * @index: HMC index it has or had, or -1
 * @session: number it has or had
 * @hmc_id: the application's name
 * @messages: received, not yet taken
 * @queued: how many these are
 * @delivered: how many have come in all
 * @lost: how many could not be copied
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
 * @entries: in the order they are to be sent in
 * @capacity: how many fit
 * @count: how many there are
 * @congested: the partner's queue was full when we tried last
 * @retry_at: when to try again
 */
struct ibmvmc_pending {
	struct ibmvmc_crq_msg *entries;
	unsigned int capacity;
	unsigned int count;
	bool congested;
	u64 retry_at;
};

/* What is to be done about the channel once the present call has unwound. */
enum ibmvmc_trouble {
	IBMVMC_TROUBLE_NONE,
	IBMVMC_TROUBLE_PARTNER_GONE,
	IBMVMC_TROUBLE_RESET,
};

/**
 * struct crq_server_adapter - one VMC device
 * @ops: how to reach the hypervisor
 * @transport: for @ops
 * @host_ops: what the host provides
 * @host: for @host_ops
 * @config: what this side offers
 * @queue: what the partner sends
 * @started: between ibmvmc_start() and ibmvmc_stop()
 * @registered: the hypervisor knows @queue, or may do so yet
 * @state: of the channel
 * @hmcs: negotiated, 0 while the channel is not ready
 * @pool: negotiated
 * @mtu: negotiated
 * @peer_crq_entries: of the partner's queue, 0 before it told
 * @peer_version: of the partner, 0 before it told
 * @drc_index: of the device that was requested last
 * @resets: of either side
 * @peer_initialized: the partner's Initialize came since the last bring-up, or
 *	none can be under way any more: the next one is a restart
 * @listening: interrupts are on, or a handler's to switch on again
 * @draining: entries are being taken out of @queue
 * @enabling: a migration has disabled the queue, and nothing shows yet that it
 *	works again
 * @closed: the last Initialize met no partner, or a disabled queue
 * @tries: at what the state waits for
 * @self_resets: resets of our own since the channel was usable last
 * @starved: resets because of a missing initial buffer, since every index had
 *	one
 * @close_failures: Close Responses with an error since one without
 * @refused: the channel was reset because Opens were refused, and none has
 *	succeeded since
 * @deadline: when something is to be done about the channel; in state READY,
 *	about the first buffer that has not arrived yet
 * @give_up: when freeing or enabling the queue has failed
 * @next_reset: no reset of our own before this time
 * @trouble: see above
 * @trouble_error: why
 * @pending: control entries to be sent
 * @sent: number of the latest request that was sent (window.h)
 * @consumed: number of the latest one that the partner has taken, or is
 *	thought to have
 * @repeated: places that the slots' repetitions take
 * @window_deadline: when a closed window forgets its oldest entry
 * @armed: what the host's timer was set to last
 * @slots: one for each HMC index this side offers
 * @sessions: all file sessions
 * @waiting: those that wait to be opened
 */
struct crq_server_adapter {
	const struct ibmvmc_transport_ops *ops;
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

	u8 hmcs;
	u16 pool;
	u32 mtu;
	u16 peer_crq_entries;
	u16 peer_version;
	u32 drc_index;
	u32 resets;

	bool peer_initialized;
	bool enabling;
	bool closed;
	unsigned int tries;
	unsigned int self_resets;
	unsigned int starved;
	unsigned int close_failures;
	bool refused;
	u64 deadline;
	u64 give_up;
	u64 next_reset;
	enum ibmvmc_trouble trouble;
	int trouble_error;

	struct ibmvmc_pending pending;
	u64 sent;
	u64 consumed;
	unsigned int repeated;
	u64 window_deadline;
	u64 armed;

	struct ibmvmc_hmc *connections;
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
void ibmvmc_report(struct crq_server_adapter *adapter,
		   enum ibmvmc_event_type type, int index, u32 value,
		   int error);
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

/* hmc.c */
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
void ibmvmc_process_open_resp(const struct ibmvmc_crq_msg *crq,
			      struct crq_server_adapter *adapter);
void ibmvmc_close_hmc(struct ibmvmc_hmc *hmc, int error);
void ibmvmc_open_timeout(struct ibmvmc_hmc *hmc);
void ibmvmc_process_close_resp(const struct ibmvmc_crq_msg *crq,
			       struct crq_server_adapter *adapter);
void ibmvmc_close_timeout(struct ibmvmc_hmc *hmc);

/* signal.c */
int ibmvmc_send_msg(struct crq_server_adapter *adapter,
		    struct ibmvmc_buffer *buffer, struct ibmvmc_hmc *hmc,
		    u32 msg_len);
int ibmvmc_recv_msg(struct crq_server_adapter *adapter,
		    const struct ibmvmc_crq_msg *crq);

/* pool.c */
int ibmvmc_add_buffer(struct crq_server_adapter *adapter,
		      const struct ibmvmc_crq_msg *crq);
int ibmvmc_rem_buffer(struct crq_server_adapter *adapter,
		      const struct ibmvmc_crq_msg *crq);

/* channel.c */
int ibmvmc_register_queue(struct crq_server_adapter *adapter);
int ibmvmc_enable_interrupts(struct crq_server_adapter *adapter);
bool ibmvmc_bring_up(struct crq_server_adapter *adapter);
void ibmvmc_greet(struct crq_server_adapter *adapter);
void ibmvmc_init_timeout(struct crq_server_adapter *adapter);
void ibmvmc_process_capabilities(struct crq_server_adapter *adapter,
				 const struct ibmvmc_crq_msg *crqp);
void ibmvmc_capabilities_timeout(struct crq_server_adapter *adapter);
void ibmvmc_forget_peer(struct crq_server_adapter *adapter);
void ibmvmc_reset(struct crq_server_adapter *adapter, bool xport_event);
bool ibmvmc_reset_task(struct crq_server_adapter *adapter);
bool ibmvmc_enable_step(struct crq_server_adapter *adapter);
void ibmvmc_handle_crq_init(const struct ibmvmc_crq_msg *crq,
			    struct crq_server_adapter *adapter);
void ibmvmc_handle_crq_event(const struct ibmvmc_crq_msg *crq,
			     struct crq_server_adapter *adapter);

/* run.c */
void ibmvmc_end_call(struct crq_server_adapter *adapter);
void ibmvmc_catch_up(struct crq_server_adapter *adapter);

#endif
