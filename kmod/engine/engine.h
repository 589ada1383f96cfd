/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol engine as its host sees it: one adapter for each VMC device and
 * one file session for each application. The host tells it "an interrupt came",
 * "the timer fired", "the user did this"; the engine answers through the
 * operations of its transport and its host. It makes no kernel call of its own
 * but for memory, and compiles unchanged in the kernel and in user space. It is
 * not a driver: no
 * user copy, no wait queue, no lock lives here.
 *
 * Locking: the host owns one lock for each adapter (a mutex in the kernel, the
 * one thread of a daemon) and holds it round every call of this header, unless
 * the function says otherwise.
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

/* Channel state; the values are part of the user ABI (vmc-facts 3.8). */
enum ibmvmc_state {
	IBMVMC_STATE_SCHED_RESET = -1,
	IBMVMC_STATE_INITIAL = 0,
	IBMVMC_STATE_CRQINIT = 1,
	IBMVMC_STATE_CAPABILITIES = 2,
	IBMVMC_STATE_READY = 3,
	IBMVMC_STATE_FAILED = 4,
};

/* State of a file session, from the application's side. */
enum ibmvmc_session_state {
	IBMVMC_SESSION_NEW,	/* nothing opened yet */
	IBMVMC_SESSION_WAITING, /* waits for the channel or for its HMC index */
	IBMVMC_SESSION_OPENING, /* Open was sent */
	IBMVMC_SESSION_READY,
	IBMVMC_SESSION_DEAD, /* for good: error tells why */
};

/**
 * struct ibmvmc_config - what a host chooses when it makes an adapter
 * @max_hmcs: HMC connections offered, VMC_HMCS_MIN..VMC_HMCS_MAX
 * @buf_pool_size: buffers of one connection, VMC_POOL_MIN..VMC_POOL_MAX
 * @max_mtu: largest message offered in bytes, VMC_MTU_MIN..VMC_MTU_MAX
 * @max_waiting: sessions that may wait to be opened, IBMVMC_WAITING_MIN..
 *	IBMVMC_WAITING_MAX; 0 is IBMVMC_WAITING_DEFAULT
 */
struct ibmvmc_config {
	u8 max_hmcs;
	u16 buf_pool_size;
	u32 max_mtu;
	u32 max_waiting;
};

/**
 * struct ibmvmc_info - the channel as it is now
 * @state: enum ibmvmc_state
 * @hmcs: HMC connections negotiated, 0 before the channel is ready
 * @pool: buffers of one connection, negotiated
 * @mtu: largest message in bytes, negotiated
 * @peer_crq_entries: entries in the partner's queue, 0 before the channel is
 *	ready
 * @peer_version: protocol version of the partner, 0 before it told; still there
 *	if the channel has failed because of what the partner told
 * @drc_index: of the device that the last request_vmc made, or 0
 * @resets: resets since the adapter was made, of either side
 * @waiting: sessions that wait to be opened
 * @starved: the channel is ready, but no HMC index has had a buffer since:
 *	nothing can be opened yet
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
 * struct ibmvmc_session_info - a file session as it is now
 * @state: enum ibmvmc_session_state
 * @error: why it is dead, a negative errno, else 0
 * @index: HMC index, or -1 before one was chosen
 * @session: HMC session number, or VMC_SESSION_NONE
 * @buffers: buffers this index has
 * @buffers_free: of those, the ones a message could be sent with
 * @next_length: length of the next message in bytes, 0 if there is none
 * @queued: messages received and not yet taken
 * @lost: messages that could not be copied from the hypervisor
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

/* State of an HMC slot. */
enum ibmvmc_hmc_state {
	IBMVMC_HMC_FREE,	/* no session */
	IBMVMC_HMC_INITIAL,	/* taken by a file session, Open not yet sent */
	IBMVMC_HMC_OPENING,	/* Open sent, no response yet */
	IBMVMC_HMC_READY,
	IBMVMC_HMC_CLOSING,	/* Close sent, no response yet, no session */
};

/**
 * struct ibmvmc_hmc_info - one HMC slot as it is now
 * @state: enum ibmvmc_hmc_state
 * @session: HMC session number, of the latest session if there is none now
 * @buffers: buffers it has
 * @buffers_free: of those, the ones a message could be sent with
 * @owner: the host's half of its file session, or NULL
 */
struct ibmvmc_hmc_info {
	enum ibmvmc_hmc_state state;
	u8 session;
	unsigned int buffers;
	unsigned int buffers_free;
	void *owner;
};

/**
 * ibmvmc_adapter_new() - make an adapter
 * @config: copied and checked once; later changes have no effect
 * @transport: how to reach the hypervisor, copied
 * @host_ops: must outlive the adapter
 * @host: handed to every one of them
 * @adapter: the result, on success
 *
 * Return: 0, -EINVAL for a value out of range, -ENOMEM.
 */
int ibmvmc_adapter_new(const struct ibmvmc_config *config,
		       const struct ibmvmc_transport *transport,
		       const struct ibmvmc_host_ops *host_ops, void *host,
		       struct crq_server_adapter **adapter);

/**
 * ibmvmc_adapter_free() - end an adapter
 * @adapter: stopped (ibmvmc_stop() returned 0) or never started; NULL is
 *	allowed
 *
 * File sessions may outlive it: they are dead and hold only memory.
 */
void ibmvmc_adapter_free(struct crq_server_adapter *adapter);

/**
 * ibmvmc_start() - register the queue and begin bring-up (vmc-facts 3.1)
 * @adapter: not started
 *
 * Return: 0 when the handshake is under way (its end is seen by the state
 * event), -EIO or another error of the transport if the queue cannot be
 * registered. A busy transport is waited for by the timer.
 */
int ibmvmc_start(struct crq_server_adapter *adapter);

/**
 * ibmvmc_stop() - end all sessions and give the queue back
 * @adapter: started or not
 * @delay_ms: set with -EBUSY
 *
 * Every session dies with -ENODEV and every mapping ends at the first call, and
 * the channel is in state INITIAL from then on. An Interface Close is sent for
 * each open session.
 *
 * Return: 0 when the queue is free, -EBUSY if the hypervisor needs the call
 * again after *@delay_ms, -EIO if it refuses (nothing of ours is mapped all
 * the same).
 */
int ibmvmc_stop(struct crq_server_adapter *adapter, u32 *delay_ms);

/**
 * ibmvmc_service() - handle what has arrived in the CRQ
 * @adapter: started; harmless if not
 * @budget: handle at most this many entries
 *
 * Interrupts are off when it is called because one came, or on; they are on
 * when it returns false.
 *
 * Return: true if entries are left, so that it must be called again.
 */
bool ibmvmc_service(struct crq_server_adapter *adapter, unsigned int budget);

/**
 * ibmvmc_timer() - the time that was set by the host's set_timer came
 * @adapter: started; harmless if not, or if it is too early: the timer is then
 *	taken to be off
 */
void ibmvmc_timer(struct crq_server_adapter *adapter);

/**
 * ibmvmc_restart() - reset the channel from our side, because the user wants it
 * @adapter: started; harmless if not, or if a reset of our own is under way
 *
 * Every session dies with -ECONNRESET; the queue is freed, registered again and
 * bring-up begins, by the timer (vmc-facts 3.7 b). A restart does not make the
 * channel fail; it is the first of IBMVMC_SELF_RESETS attempts, also if the
 * channel has failed.
 */
void ibmvmc_restart(struct crq_server_adapter *adapter);

/**
 * ibmvmc_resume() - the partition was suspended and runs again
 * @adapter: started
 *
 * Looks at the queue as if an interrupt had come, since one may have been lost.
 */
void ibmvmc_resume(struct crq_server_adapter *adapter);

/**
 * ibmvmc_get_info() - the channel as it is now
 * @adapter: any
 * @info: filled completely
 */
void ibmvmc_get_info(const struct crq_server_adapter *adapter,
		     struct ibmvmc_info *info);

/**
 * ibmvmc_get_hmc_info() - one HMC slot as it is now
 * @adapter: any
 * @index: HMC index, any value
 * @info: filled completely on success
 *
 * Return: 0, or -ENOENT if the channel does not have that index now.
 */
int ibmvmc_get_hmc_info(const struct crq_server_adapter *adapter,
			unsigned int index, struct ibmvmc_hmc_info *info);

/**
 * ibmvmc_request_vmc() - ask the hypervisor to make a VMC device
 * @adapter: any
 * @drc_index: set on success
 * @delay_ms: set with -EBUSY: call again after that many milliseconds
 *
 * Return: 0, -EBUSY, -EPERM, -EIO, -ENODEV, -EINVAL. (vmc-facts 4.4)
 */
int ibmvmc_request_vmc(struct crq_server_adapter *adapter, u32 *drc_index,
		       u32 *delay_ms);

/**
 * ibmvmc_session_new() - the engine's half of an open file
 * @adapter: must outlive the session, unless it was stopped
 * @owner: the host's half, for ibmvmc_session_owner()
 *
 * Return: the session with one reference, or NULL without memory.
 */
struct ibmvmc_file_session *
ibmvmc_session_new(struct crq_server_adapter *adapter, void *owner);

/**
 * ibmvmc_session_set_user() - the user on whose account a session waits
 * @session: new
 * @user: number of the user; 0 unless this is called
 */
void ibmvmc_session_set_user(struct ibmvmc_file_session *session, u32 user);

/**
 * ibmvmc_session_owner() - what the host gave to ibmvmc_session_new()
 * @session: any
 */
void *ibmvmc_session_owner(const struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_get() - take one more reference
 * @session: any
 */
void ibmvmc_session_get(struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_put() - give a reference back
 * @session: NULL is allowed. With the last reference an open session is
 *	closed and its unread messages are gone; wake is not called for it any
 *	more, so that its owner need not live on
 */
void ibmvmc_session_put(struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_open() - begin to open an HMC session (vmc-facts 3.2)
 * @session: new
 * @index: the HMC index wanted, or -1 for any free one
 * @hmc_id: the application's name, copied
 * @timeout_ms: 0: the channel must be ready and the index free now, and the
 *	Open has the engine's own time-out. Else: wait for both, and for the
 *	Open Response, that long in all
 *
 * Return: 0 if it is under way; the end is told by wake: state READY, or DEAD
 * with -ETIMEDOUT (no response), -ECONNREFUSED (refused by the hypervisor),
 * -ENODEV (no channel in that time, or one without that index), -EBUSY or
 * -ENOBUFS (index not closed, or without a buffer, in that time), -ECONNRESET
 * (reset meanwhile), -EIO (the channel has failed and did not come back in that
 * time, or the sending did). Errors at once, which change nothing: -EINVAL (index
 * outside what the engine offers or the ready channel has, or not new), -ENODEV
 * (the adapter is not started, so that nothing will come), -EBUSY (a session
 * lives on that index, or on every one: who knows for how long), -EUSERS or
 * -ENFILE (too many sessions wait already: of this user, or in all); with
 * @timeout_ms 0 also -EAGAIN (channel not ready), -EIO (channel failed, or the
 * sending), -EBUSY (no index free yet), -ENOBUFS (no buffer yet).
 */
int ibmvmc_session_open(struct ibmvmc_file_session *session, int index,
			const u8 hmc_id[VMC_HMC_ID_LEN], u32 timeout_ms);

/**
 * ibmvmc_session_close() - end a session from our side (vmc-facts 3.6)
 * @session: in any state; unread messages stay readable
 *
 * Its buffers are released, an Interface Close is sent, and the session is
 * dead with error 0 at once: nobody waits for the Close Response.
 */
void ibmvmc_session_close(struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_send() - send one message (vmc-facts 3.3)
 * @session: any
 * @data: @len bytes of memory that does not change meanwhile
 * @len: length in bytes; 0 sends nothing
 *
 * Return: 0 if the hypervisor was told of it; -EBUSY if no buffer is free or
 * the partner's queue is full (wake tells when it is worth another try) or the
 * session is still opening; -EMSGSIZE above the MTU; -ENOTCONN if never
 * opened; -ECONNRESET if dead; -EIO if the copy failed. After an error nothing
 * was sent.
 */
int ibmvmc_session_send(struct ibmvmc_file_session *session, const void *data,
			u32 len);

/**
 * ibmvmc_session_writable() - would a message go now
 * @session: any
 */
bool ibmvmc_session_writable(const struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_next() - is there a message
 * @session: any, also dead
 * @len: set to its length in bytes, 0 if there is none
 */
bool ibmvmc_session_next(const struct ibmvmc_file_session *session, u32 *len);

/**
 * ibmvmc_session_receive() - take the next message out of the queue
 * @session: any, also dead
 *
 * The message is the caller's alone until it gives it to
 * ibmvmc_session_done() or ibmvmc_session_put_back(); its bytes may be read
 * without the lock, whatever happens to the channel meanwhile.
 *
 * Return: the message, or NULL if there is none.
 */
struct ibmvmc_storage *
ibmvmc_session_receive(struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_put_back() - the message could not be delivered: it is read
 * again, in the order in which the messages came
 * @session: it was taken from; its readers are woken
 * @message: no longer the caller's
 */
void ibmvmc_session_put_back(struct ibmvmc_file_session *session,
			     struct ibmvmc_storage *message);

/**
 * ibmvmc_session_done() - the message was delivered: its buffer is free to
 * send with, if the session still lives
 * @session: it was taken from
 * @message: no longer the caller's
 */
void ibmvmc_session_done(struct ibmvmc_file_session *session,
			 struct ibmvmc_storage *message);

/**
 * ibmvmc_storage_data() - the bytes of a message
 * @message: from ibmvmc_session_receive()
 * @len: set to its length in bytes, may be 0
 *
 * Locking: none, while the message is the caller's.
 */
const void *ibmvmc_storage_data(const struct ibmvmc_storage *message, u32 *len);

/**
 * ibmvmc_session_get_info() - a file session as it is now
 * @session: any
 * @info: filled completely
 */
void ibmvmc_session_get_info(const struct ibmvmc_file_session *session,
			     struct ibmvmc_session_info *info);

#endif
