/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Engine: the protocol engine's interface for its host. It contains no driver:
 * user copies, wait queues and locks belong to the host.
 *
 * There is one adapter for each VMC device and one file session for each
 * application. The host calls the engine for interrupts, for the timer and on
 * behalf of users; the engine calls the operations of its transport and of its
 * host. It uses no kernel function except for memory, and compiles unchanged in
 * the kernel and in user space.
 *
 * Locking: the host owns one lock for each adapter (a mutex in the kernel, the
 * only thread of a daemon) and holds it across every call of this header,
 * unless the function is documented otherwise.
 */
#ifndef IBMVMC_ENGINE_H
#define IBMVMC_ENGINE_H

#include <linux/types.h>

#include "host-ops.h"
#include "transport.h"
#include "vmc/crq.h"
#include "vmc/limits.h"

struct crq_server_adapter;
struct ibmvmc_file_session;
struct ibmvmc_storage;

/*
 * Channel states. The values are part of the user ABI (docs/protocol.md, Close
 * and reset).
 */
enum ibmvmc_state {
	IBMVMC_STATE_SCHED_RESET = -1,
	IBMVMC_STATE_INITIAL = 0,
	IBMVMC_STATE_CRQINIT = 1,
	IBMVMC_STATE_CAPABILITIES = 2,
	IBMVMC_STATE_READY = 3,
	IBMVMC_STATE_FAILED = 4,
};

/* States of a file session. */
enum ibmvmc_session_state {
	IBMVMC_SESSION_NEW,	/* not opened yet */
	IBMVMC_SESSION_WAITING, /* waits for the channel or a connection */
	IBMVMC_SESSION_OPENING, /* Open was sent */
	IBMVMC_SESSION_READY,
	IBMVMC_SESSION_DEAD, /* permanently; error is the reason */
};

/**
 * struct ibmvmc_config - parameters of an adapter
 * @max_hmcs: number of connections offered, VMC_HMCS_MIN..VMC_HMCS_MAX
 * @buf_pool_size: buffers of each connection, VMC_POOL_MIN..VMC_POOL_MAX
 * @max_mtu: largest message offered in bytes, VMC_MTU_MIN..VMC_MTU_MAX
 * @max_waiting: maximum number of waiting sessions,
 *	IBMVMC_WAITING_MIN..IBMVMC_WAITING_MAX; 0 selects IBMVMC_WAITING_DEFAULT
 */
struct ibmvmc_config {
	u8 max_hmcs;
	u16 buf_pool_size;
	u32 max_mtu;
	u32 max_waiting;
};

/**
 * struct ibmvmc_info - state of a channel
 * @state: channel state
 * @starved: true if the channel is ready but no connection has received a
 *	buffer since, so that no session can be opened
 * @hmcs: negotiated number of connections, 0 before the channel is ready
 * @pool: negotiated buffers of each connection
 * @mtu: negotiated size of the largest message in bytes
 * @peer_crq_entries: entries in the partner's queue, 0 before the channel is
 *	ready
 * @peer_version: partner's protocol version, 0 while unknown; kept if the
 *	channel has failed because of the partner's capabilities
 * @drc_index: DRC index from the last ibmvmc_request_vmc(), or 0
 * @resets: number of resets by either side since the adapter was created
 * @waiting: number of sessions that wait to be opened
 */
struct ibmvmc_info {
	enum ibmvmc_state state;
	bool starved;
	u8 hmcs;
	u16 pool;
	u32 mtu;
	u16 peer_crq_entries;
	u16 peer_version;
	u32 drc_index;
	u32 resets;
	unsigned int waiting;
};

/**
 * struct ibmvmc_session_info - state of a file session
 * @state: session state
 * @error: negative errno if the session is dead, otherwise 0
 * @index: HMC index, or -1 while none is assigned
 * @session: HMC session number, or VMC_SESSION_NONE
 * @buffers: number of valid buffers of the connection
 * @buffers_free: number of buffers that can carry a message to send
 * @next_length: length of the next message in bytes, 0 if there is none
 * @queued: number of messages that were received and not yet taken
 * @lost: number of messages that could not be copied from the hypervisor
 */
struct ibmvmc_session_info {
	enum ibmvmc_session_state state;
	int error;
	int index;
	u8 session;
	unsigned int buffers;
	unsigned int buffers_free;
	u32 next_length;
	unsigned int queued;
	unsigned int lost;
};

/* States of a connection. */
enum ibmvmc_hmc_state {
	IBMVMC_HMC_FREE,    /* no session */
	IBMVMC_HMC_INITIAL, /* reserved, Open not sent yet */
	IBMVMC_HMC_OPENING, /* Open sent, no response yet */
	IBMVMC_HMC_READY,
	IBMVMC_HMC_CLOSING, /* Close sent, no response, no session */
};

/**
 * struct ibmvmc_hmc_info - state of a connection
 * @state: connection state
 * @session: HMC session number, of the latest session if none is alive
 * @buffers: number of valid buffers
 * @buffers_free: number of buffers that can carry a message to send
 * @owner: host's half of the file session, or NULL
 */
struct ibmvmc_hmc_info {
	enum ibmvmc_hmc_state state;
	u8 session;
	unsigned int buffers;
	unsigned int buffers_free;
	void *owner;
};

/**
 * ibmvmc_adapter_new() - create an adapter
 * @config: parameters, copied and checked; later changes have no effect
 * @transport: way to the hypervisor, copied
 * @host_ops: operations of the host; must outlive the adapter
 * @host: argument of these operations
 * @adapter: set to the adapter on success
 *
 * Return: 0, -EINVAL (value out of range), -ENOMEM.
 */
int ibmvmc_adapter_new(const struct ibmvmc_config *config,
		       const struct ibmvmc_transport *transport,
		       const struct ibmvmc_host_ops *host_ops, void *host,
		       struct crq_server_adapter **adapter);

/**
 * ibmvmc_adapter_free() - free an adapter
 * @adapter: adapter that was stopped (ibmvmc_stop() returned 0) or never
 *	started, or NULL
 *
 * File sessions may outlive the adapter: they are dead and hold only memory.
 */
void ibmvmc_adapter_free(struct crq_server_adapter *adapter);

/**
 * ibmvmc_start() - register the queue and begin bring-up
 * @adapter: adapter that is not started
 *
 * A busy transport is called again by the timer. State events report the
 * progress (docs/protocol.md, Initialisation).
 *
 * Return: 0 if the handshake is in progress, -EIO or another error of the
 * transport if the queue cannot be registered.
 */
int ibmvmc_start(struct crq_server_adapter *adapter);

/**
 * ibmvmc_stop() - end all sessions and free the queue
 * @adapter: adapter, started or not
 * @delay_ms: set with -EBUSY, in milliseconds
 *
 * Sends an Interface Close for each open session. The first call ends every
 * session with -ENODEV, unmaps all buffers and sets state INITIAL.
 *
 * Return: 0 if the queue is free, -EBUSY if the caller must call again after
 * *@delay_ms, -EIO if the hypervisor refuses. Even then no memory is mapped.
 */
int ibmvmc_stop(struct crq_server_adapter *adapter, u32 *delay_ms);

/**
 * ibmvmc_service() - handle received CRQ entries
 * @adapter: adapter; no effect unless started
 * @budget: maximum number of entries to handle
 *
 * Called with interrupts on or off. Interrupts are on when it returns false.
 *
 * Return: true if entries are left: the caller must call again.
 */
bool ibmvmc_service(struct crq_server_adapter *adapter, unsigned int budget);

/**
 * ibmvmc_timer() - handle the expiry of the host's timer
 * @adapter: adapter; no effect unless started
 *
 * An early call is permitted; the timer is considered off afterwards.
 */
void ibmvmc_timer(struct crq_server_adapter *adapter);

/**
 * ibmvmc_restart() - reset the channel at the user's request
 * @adapter: adapter; no effect unless started, or during a reset of our own
 *
 * Ends every session with -ECONNRESET. The timer then frees the queue,
 * registers it again and begins bring-up (docs/protocol.md, Close and reset).
 * A restart never makes the channel fail: it is the first of IBMVMC_SELF_RESETS
 * attempts, also on a failed channel.
 */
void ibmvmc_restart(struct crq_server_adapter *adapter);

/**
 * ibmvmc_resume() - continue after a suspension of the partition
 * @adapter: started adapter
 *
 * Drains the queue as after an interrupt, because an interrupt may have been
 * lost.
 */
void ibmvmc_resume(struct crq_server_adapter *adapter);

/**
 * ibmvmc_get_info() - get the state of the channel
 * @adapter: adapter
 * @info: filled completely
 */
void ibmvmc_get_info(const struct crq_server_adapter *adapter,
		     struct ibmvmc_info *info);

/**
 * ibmvmc_get_hmc_info() - get the state of a connection
 * @adapter: adapter
 * @index: HMC index, not checked by the caller
 * @info: filled completely on success
 *
 * Return: 0, or -ENOENT unless @index is below the negotiated number.
 */
int ibmvmc_get_hmc_info(const struct crq_server_adapter *adapter,
			unsigned int index, struct ibmvmc_hmc_info *info);

/**
 * ibmvmc_request_vmc() - request a VMC device from the hypervisor
 * @adapter: adapter
 * @drc_index: set on success
 * @delay_ms: set with -EBUSY: delay before the next call, in milliseconds
 *
 * Return: 0, -EBUSY, -EPERM, -EIO, -ENODEV, -EINVAL (docs/protocol.md,
 * Hypervisor calls).
 */
int ibmvmc_request_vmc(struct crq_server_adapter *adapter, u32 *drc_index,
		       u32 *delay_ms);

/**
 * ibmvmc_session_new() - create a file session
 * @adapter: adapter; must outlive the session, unless it was stopped
 * @owner: host's half, for ibmvmc_session_owner()
 *
 * Return: the session with one reference, or NULL if out of memory.
 */
struct ibmvmc_file_session *
ibmvmc_session_new(struct crq_server_adapter *adapter, void *owner);

/**
 * ibmvmc_session_set_user() - set the user whose limit of waiting sessions
 * applies
 * @session: session in state NEW
 * @user: user ID; the default is 0
 */
void ibmvmc_session_set_user(struct ibmvmc_file_session *session, u32 user);

/**
 * ibmvmc_session_owner() - get the host's half of a session
 * @session: session
 *
 * Return: the @owner of ibmvmc_session_new().
 */
void *ibmvmc_session_owner(const struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_get() - take a reference
 * @session: session
 */
void ibmvmc_session_get(struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_put() - release a reference
 * @session: session or NULL
 *
 * The last reference closes an open session and discards its unread messages.
 * The host's wake operation is not called for it afterwards, so that the owner
 * may be freed.
 */
void ibmvmc_session_put(struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_open() - begin to open an HMC session
 * @session: session in state NEW
 * @index: HMC index, or -1 for any free connection
 * @hmc_id: name of the application, copied
 * @timeout_ms: 0: the channel must be ready and the connection free now, and
 *	the Open has the timeout IBMVMC_OPEN_MS. Otherwise the total time in
 *	milliseconds to wait for both and for the Open Response
 *
 * If the function returns 0, the host's wake operation reports the result:
 * state READY, or DEAD with one of these errors:
 *
 * * -ETIMEDOUT: no response.
 * * -ECONNREFUSED: the hypervisor refused the Open.
 * * -ENODEV: no channel within the time, or none with that index.
 * * -EBUSY, -ENOBUFS: the connection was not closed, or received no buffer,
 *   within the time.
 * * -ECONNRESET: the channel was reset.
 * * -EIO: the channel failed and did not recover within the time, or the Open
 *   could not be sent.
 *
 * Return: 0, or an error after which nothing has changed:
 *
 * * -EINVAL: index not offered or not negotiated, or session not NEW.
 * * -ENODEV: the adapter is not started.
 * * -EBUSY: the connection, or each of them, has a session.
 * * -EUSERS, -ENFILE: too many waiting sessions of this user, or in total.
 * * -ENOMEM.
 * * -EAGAIN, -EIO, -EBUSY, -ENOBUFS: only with @timeout_ms 0: channel not
 *   ready; channel failed or Open not sent; no free connection yet; no buffer
 *   yet.
 */
int ibmvmc_session_open(struct ibmvmc_file_session *session, int index,
			const u8 hmc_id[VMC_HMC_ID_LEN], u32 timeout_ms);

/**
 * ibmvmc_session_close() - close a session
 * @session: session in any state; unread messages stay readable
 *
 * Frees the buffers and sends Interface Close. The session is dead with error 0
 * immediately and does not wait for the Close Response (docs/protocol.md, Close
 * and reset).
 */
void ibmvmc_session_close(struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_send() - send one message
 * @session: session
 * @data: @len bytes that do not change during the call
 * @len: length in bytes; an empty message is not sent
 *
 * Return: 0 if the hypervisor was notified; -EBUSY if no buffer is free, the
 * partner's queue is full (wake reports when to try again), or the session is
 * still opening; -EMSGSIZE above the MTU; -ENOTCONN if never opened;
 * -ECONNRESET if dead; -EIO if the copy failed. After an error nothing was
 * sent.
 */
int ibmvmc_session_send(struct ibmvmc_file_session *session, const void *data,
			u32 len);

/**
 * ibmvmc_session_writable() - check whether a message can be sent now
 * @session: session
 *
 * Return: true if ibmvmc_session_send() would not return -EBUSY.
 */
bool ibmvmc_session_writable(const struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_next() - check for a received message
 * @session: session, also a dead one
 * @len: set to the length in bytes, 0 if there is no message
 *
 * Return: true if there is a message, which may be empty.
 */
bool ibmvmc_session_next(const struct ibmvmc_file_session *session, u32 *len);

/**
 * ibmvmc_session_receive() - take the next message out of the queue
 * @session: session, also a dead one
 *
 * The message belongs to the caller until ibmvmc_session_done() or
 * ibmvmc_session_put_back(). Its bytes may be read without the lock, also after
 * the channel was reset.
 *
 * Return: the message, or NULL if there is none.
 */
struct ibmvmc_storage *
ibmvmc_session_receive(struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_put_back() - return a message that could not be delivered
 * @session: session that the message was taken from; its readers are woken
 * @message: message; no longer belongs to the caller
 *
 * The message is queued again in the order of arrival.
 */
void ibmvmc_session_put_back(struct ibmvmc_file_session *session,
			     struct ibmvmc_storage *message);

/**
 * ibmvmc_session_done() - finish a delivered message
 * @session: session that the message was taken from
 * @message: message; no longer belongs to the caller
 *
 * The buffer is free to send with if the session is still alive.
 */
void ibmvmc_session_done(struct ibmvmc_file_session *session,
			 struct ibmvmc_storage *message);

/**
 * ibmvmc_storage_data() - get the bytes of a message
 * @message: message from ibmvmc_session_receive()
 * @len: set to the length in bytes, may be 0
 *
 * Locking: none, while the message belongs to the caller.
 *
 * Return: the bytes, valid as long as the message.
 */
const void *ibmvmc_storage_data(const struct ibmvmc_storage *message, u32 *len);

/**
 * ibmvmc_session_get_state() - get only the state of a file session
 * @session: session
 * @error: set to a negative errno if the session is dead, otherwise to 0
 *
 * Return: session state.
 */
enum ibmvmc_session_state
ibmvmc_session_get_state(const struct ibmvmc_file_session *session, int *error);

/**
 * ibmvmc_session_get_info() - get the state of a file session, with counts
 * @session: session
 * @info: filled completely
 */
void ibmvmc_session_get_info(const struct ibmvmc_file_session *session,
			     struct ibmvmc_session_info *info);

#endif
