// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connections: which are free, Open and Close with their responses and timeouts,
 * and which waiting session is next. Messages are in signal.c.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"
#include "limits.h"
#include "vmc/message.h"
#include "vmc/status.h"

/**
 * ibmvmc_get_free_hmc() - find a slot that can be opened now
 * @adapter: any
 *
 * Return: the lowest free slot that has a buffer for an Open; else the lowest
 * free slot; NULL if none is free.
 */
struct ibmvmc_hmc *ibmvmc_get_free_hmc(struct crq_server_adapter *adapter)
{
	struct ibmvmc_hmc *found = NULL;
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++) {
		struct ibmvmc_hmc *hmc = &adapter->connections[i];

		if (hmc->state != IBMVMC_HMC_FREE)
			continue;
		if (ibmvmc_get_valid_hmc_buffer(adapter, hmc->index))
			return hmc;
		if (!found)
			found = hmc;
	}
	return found;
}

/**
 * ibmvmc_hmcs_in_use() - is there a session that lives on an index
 * @adapter: the channel is ready
 * @index: HMC index, or -1: on every one
 *
 * While one is being closed it has none: it will soon be free.
 */
bool ibmvmc_hmcs_in_use(const struct crq_server_adapter *adapter, int index)
{
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++)
		if ((index < 0 || index == (int)i) &&
		    !adapter->connections[i].file_session)
			return false;
	return true;
}

/**
 * ibmvmc_setup_hmc() - reserve a slot for a file session (vmc-facts 3.2)
 * @session: without a slot; the one it wants, or any
 *
 * On success slot and session point to each other, and the slot is initial.
 * Only the slot in question needs a buffer.
 *
 * Return: 0; -EAGAIN (channel not ready); -EIO (channel failed); -EINVAL (the
 * index was not negotiated); -EBUSY (not free); -ENOBUFS (no buffer yet).
 */
int ibmvmc_setup_hmc(struct ibmvmc_file_session *session)
{
	struct crq_server_adapter *adapter = session->adapter;
	struct ibmvmc_hmc *hmc;

	if (adapter->state == IBMVMC_STATE_FAILED)
		return -EIO;
	if (adapter->state != IBMVMC_STATE_READY ||
	    adapter->trouble != IBMVMC_TROUBLE_NONE)
		return -EAGAIN;

	if (session->wanted < 0) {
		hmc = ibmvmc_get_free_hmc(adapter);
		if (!hmc)
			return -EBUSY;
	} else {
		hmc = ibmvmc_hmc_at(adapter, session->wanted);
		if (!hmc)
			return -EINVAL;
		if (hmc->state != IBMVMC_HMC_FREE)
			return -EBUSY;
	}
	if (!ibmvmc_get_valid_hmc_buffer(adapter, hmc->index))
		return -ENOBUFS;

	hmc->state = IBMVMC_HMC_INITIAL;
	hmc->file_session = session;
	session->hmc = hmc;
	session->index = hmc->index;
	return 0;
}

/**
 * ibmvmc_unset_hmc() - undo ibmvmc_setup_hmc(): no Open was sent
 * @session: with an initial slot; without one afterwards, its state unchanged
 */
void ibmvmc_unset_hmc(struct ibmvmc_file_session *session)
{
	struct ibmvmc_hmc *hmc = session->hmc;

	hmc->state = IBMVMC_HMC_FREE;
	hmc->file_session = NULL;
	session->hmc = NULL;
	session->index = -1;
}

int ibmvmc_get_hmc_info(const struct crq_server_adapter *adapter,
			unsigned int index, struct ibmvmc_hmc_info *info)
{
	const struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(adapter, index);

	if (!hmc)
		return -ENOENT;
	info->state = hmc->state;
	info->session = hmc->session;
	info->owner = hmc->file_session ? hmc->file_session->owner : NULL;
	ibmvmc_count_hmc_buffers(adapter, hmc->index, &info->buffers,
				 &info->buffers_free);
	return 0;
}

/**
 * ibmvmc_session_end() - a session is dead, for good
 * @session: any; nothing happens if it is dead already
 * @error: why, a negative errno, or 0
 *
 * Slot and session forget each other; messages stay readable; everybody who
 * waits is woken.
 */
void ibmvmc_session_end(struct ibmvmc_file_session *session, int error)
{
	struct ibmvmc_hmc *hmc = session->hmc;

	if (session->state == IBMVMC_SESSION_DEAD)
		return;
	session->state = IBMVMC_SESSION_DEAD;
	session->error = error;
	ibmvmc_wait_end(session);
	if (hmc) {
		hmc->file_session = NULL;
		session->hmc = NULL;
		ibmvmc_report(session->adapter, IBMVMC_EVENT_SESSION_ENDED,
			      session->index, session->session, error);
	}
	ibmvmc_session_wake(session);
}

/**
 * ibmvmc_return_hmc() - put a slot back into the pool without any buffer
 * @hmc: in any state, free afterwards; its session number survives
 * @release_readers: end the session that lives on it, with -ECONNRESET, and
 *	wake its waiters; if false, there must be none
 *
 * Return: 0, -EBUSY (nothing done: there is a session and @release_readers is
 * false).
 */
int ibmvmc_return_hmc(struct ibmvmc_hmc *hmc, bool release_readers)
{
	if (hmc->file_session) {
		if (!release_readers)
			return -EBUSY;
		ibmvmc_session_end(hmc->file_session, -ECONNRESET);
	}
	ibmvmc_free_hmc_buffers(hmc, NULL);
	hmc->state = IBMVMC_HMC_FREE;
	hmc->deadline = IBMVMC_TIMER_OFF;
	hmc->number = 0;
	ibmvmc_window_forget(hmc);
	return 0;
}

/**
 * ibmvmc_validate_hmc_session() - is a message of the hypervisor for a slot and
 * session that exist (vmc-facts 2.6)
 * @adapter: the channel is ready
 * @message: as decoded
 *
 * The number must be that of the slot's session. Session 0 means "no session":
 * only an Add or Remove Buffer may carry it, and only where there is none. On
 * a free slot an Add Buffer may carry any number, but the one that was used
 * last only behind the Close Response (before that it is late, and its session
 * gone); a Remove Buffer may carry that one only.
 *
 * Return: 0, -ENOENT (no such index), -ESTALE (not this session).
 */
int ibmvmc_validate_hmc_session(const struct crq_server_adapter *adapter,
				const struct vmc_interface *message)
{
	const struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(adapter, message->index);
	bool add = message->type == VMC_MSG_ADD_BUFFER;
	bool for_buffer = add || message->type == VMC_MSG_REMOVE_BUFFER;

	if (!hmc)
		return -ENOENT;
	if (message->session == VMC_SESSION_NONE) {
		/*
		 * While we close, the hypervisor may be through with it and
		 * have the next initial buffer under way.
		 */
		if (for_buffer && (hmc->state == IBMVMC_HMC_FREE ||
				   hmc->state == IBMVMC_HMC_CLOSING))
			return 0;
		return -ESTALE;
	}
	if (hmc->state == IBMVMC_HMC_FREE) {
		bool latest = message->session == hmc->session;

		/*
		 * An Add Buffer with the latest number comes too late, but not
		 * behind a Close Response: it is the next initial buffer then,
		 * if the hypervisor gives that no session 0.
		 */
		if (add)
			return !latest || hmc->close_answered ? 0 : -ESTALE;
		return for_buffer && latest ? 0 : -ESTALE;
	}
	/* A closing session gets nothing more but its Close Response. */
	if (hmc->state == IBMVMC_HMC_CLOSING &&
	    message->type != VMC_MSG_CLOSE_RESP)
		return -ESTALE;
	return message->session == hmc->session ? 0 : -ESTALE;
}

/**
 * ibmvmc_validate_response() - does a response answer a request that is pending
 * @adapter: the channel is ready
 * @message: as decoded
 * @pending: the state a slot is in while it waits for such a response
 *
 * Return: as ibmvmc_validate_hmc_session(); -EPROTO if none is pending, or it
 * was not sent yet.
 */
static int ibmvmc_validate_response(const struct crq_server_adapter *adapter,
				    const struct vmc_interface *message,
				    enum ibmvmc_hmc_state pending)
{
	const struct ibmvmc_hmc *hmc;
	int rc = ibmvmc_validate_hmc_session(adapter, message);

	if (rc)
		return rc;
	hmc = ibmvmc_hmc_at(adapter, message->index);
	return hmc->state == pending && hmc->number ? 0 : -EPROTO;
}

/**
 * ibmvmc_refuse_status() - the status byte for an Add or Remove Buffer that
 * ibmvmc_validate_hmc_session() refused
 * @error: what it returned
 */
u8 ibmvmc_refuse_status(int error)
{
	return error == -ENOENT ? VMC_STATUS_INVALID_HMC_INDEX :
				  VMC_STATUS_CONNECTION_CLOSED;
}

static u8 ibmvmc_next_session(u8 session)
{
	return session == VMC_SESSION_LAST ? VMC_SESSION_FIRST : session + 1;
}

static int ibmvmc_put_open(struct ibmvmc_hmc *hmc)
{
	struct vmc_interface message = {
		.type = VMC_MSG_OPEN,
		.session = hmc->session,
		.index = hmc->index,
		.buffer_id = hmc->open_buffer->id,
	};
	struct ibmvmc_crq_msg msg;

	vmc_interface_encode(&msg, &message);
	return ibmvmc_send_control(hmc->adapter, &msg);
}

/**
 * ibmvmc_send_open() - Interface Open (vmc-facts 3.2, steps 2 and 3)
 * @buffer: valid, ours, free; the hypervisor's until the response
 * @hmc: initial, with its file session; opening afterwards
 *
 * Copies the 32 bytes of the HMC ID, and no more, to the hypervisor, takes the
 * slot's next session number and sends Open.
 *
 * Return: 0 if it is sent or queued; -ENOTCONN (the channel will be reset when
 * the present call ends); -EIO. After a failure buffer and slot are as before,
 * but for the session number.
 */
static int ibmvmc_send_open(struct ibmvmc_buffer *buffer,
			    struct ibmvmc_hmc *hmc)
{
	int rc;

	memcpy(buffer->storage->data, hmc->file_session->hmc_id,
	       VMC_HMC_ID_LEN);
	rc = ibmvmc_storage_copy(hmc->adapter, IBMVMC_RDMA_TO_HYPERVISOR,
				 buffer, VMC_HMC_ID_LEN);
	if (rc) {
		hmc->copy_failures += rc == -EIO;
		return rc;
	}
	hmc->copy_failures = 0;

	buffer->free = false;
	buffer->owner = VMC_OWNER_HYPERVISOR;
	hmc->open_buffer = buffer;
	hmc->session = ibmvmc_next_session(hmc->session);
	hmc->number = 0;
	hmc->state = IBMVMC_HMC_OPENING;
	rc = ibmvmc_put_open(hmc);
	if (rc) {
		hmc->state = IBMVMC_HMC_INITIAL;
		hmc->open_buffer = NULL;
		buffer->owner = VMC_OWNER_PARTITION;
		buffer->free = true;
	}
	return rc;
}

/* A buffer that the hypervisor does not accept a copy for is of no use. */
static void ibmvmc_distrust_buffer(struct ibmvmc_hmc *hmc,
				   struct ibmvmc_buffer *buffer)
{
	if (hmc->copy_failures < IBMVMC_OPEN_COPY_FAILURES)
		return;
	hmc->copy_failures = 0;
	ibmvmc_free_hmc_buffer(hmc, buffer);
	ibmvmc_await_initial(hmc);
}

/**
 * ibmvmc_open_session() - reserve a slot and send Open (vmc-facts 3.2)
 * @session: new or waiting, with its HMC ID set
 * @give_up: time at which an Open without a response has failed
 *
 * On success the session is opening.
 *
 * Return: 0; else nothing has changed: what ibmvmc_setup_hmc() returned;
 * -EAGAIN (the partner is gone); -EIO (the copy or the sending failed).
 */
int ibmvmc_open_session(struct ibmvmc_file_session *session, u64 give_up)
{
	struct crq_server_adapter *adapter = session->adapter;
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	u64 now;
	int rc;

	rc = ibmvmc_setup_hmc(session);
	if (rc)
		return rc;
	hmc = session->hmc;
	buffer = ibmvmc_get_valid_hmc_buffer(adapter, hmc->index);
	rc = ibmvmc_send_open(buffer, hmc);
	if (rc) {
		ibmvmc_unset_hmc(session);
		ibmvmc_distrust_buffer(hmc, buffer);
		return rc == -ENOTCONN ? -EAGAIN : rc;
	}

	session->session = hmc->session;
	session->state = IBMVMC_SESSION_OPENING;
	now = ibmvmc_now(adapter);
	hmc->give_up = give_up;
	hmc->deadline = give_up > now ? now + (give_up - now) / 2 : now;
	hmc->tries = 1;
	return 0;
}

/**
 * ibmvmc_worth_waiting() - may time heal what kept a session from being opened
 * @adapter: any
 * @error: what ibmvmc_open_session() returned
 *
 * Errors that time may heal; a channel that has failed may be revived, and a
 * call may have failed because of an event that waits in the queue.
 */
bool ibmvmc_worth_waiting(const struct crq_server_adapter *adapter, int error)
{
	return error == -EAGAIN || error == -EBUSY || error == -ENOBUFS ||
	       adapter->state == IBMVMC_STATE_FAILED ||
	       (error == -EIO && crq_queue_pending(&adapter->queue));
}

static struct ibmvmc_file_session *ibmvmc_first(struct list_head *list)
{
	return list_first_entry_or_null(list, struct ibmvmc_file_session,
					waiter.node);
}

/* The session that has waited longest for this slot, or NULL. */
static struct ibmvmc_file_session *ibmvmc_next(struct ibmvmc_hmc *hmc)
{
	struct ibmvmc_file_session *wanting = ibmvmc_first(&hmc->waiting);
	struct ibmvmc_file_session *any;

	any = ibmvmc_first(&hmc->adapter->waiting.any);
	if (!any || !wanting)
		return any ?: wanting;
	return any->waiter.number < wanting->waiter.number ? any : wanting;
}

/**
 * ibmvmc_waiting_serve() - a slot may have become free or got its buffer
 * @hmc: any
 *
 * Opens it for the session that has waited longest, of those that want its index
 * or any.
 */
void ibmvmc_waiting_serve(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;
	struct ibmvmc_file_session *session;
	u64 give_up;
	int rc;

	while ((session = ibmvmc_next(hmc))) {
		give_up = adapter->waiting.heap[session->waiter.place].at_ms;
		rc = ibmvmc_open_session(session, give_up);
		if (rc && ibmvmc_worth_waiting(adapter, rc))
			return;
		if (rc)
			ibmvmc_session_end(session, rc);
		else
			ibmvmc_wait_end(session);
	}
}

/**
 * ibmvmc_waiting_serve_all() - the channel has become ready
 * @adapter: in state READY
 *
 * Sessions that wait for an index that was not negotiated end with -ENODEV.
 */
void ibmvmc_waiting_serve_all(struct crq_server_adapter *adapter)
{
	struct ibmvmc_file_session *session;
	struct ibmvmc_hmc *hmc;
	unsigned int i;

	for (i = 0; i < adapter->config.max_hmcs; i++) {
		hmc = &adapter->connections[i];
		if (i < adapter->hmcs) {
			ibmvmc_waiting_serve(hmc);
			continue;
		}
		while ((session = ibmvmc_first(&hmc->waiting)))
			ibmvmc_session_end(session, -ENODEV);
	}
}

/* Why a session that has waited until now could not be opened. */
static int ibmvmc_obstacle(struct crq_server_adapter *adapter, int wanted)
{
	const struct ibmvmc_hmc *hmc;

	if (adapter->state == IBMVMC_STATE_FAILED)
		return -EIO;
	if (adapter->state != IBMVMC_STATE_READY)
		return -ENODEV;
	hmc = wanted < 0 ? ibmvmc_get_free_hmc(adapter) :
			   ibmvmc_hmc_at(adapter, wanted);
	if (!hmc || hmc->state != IBMVMC_HMC_FREE)
		return -EBUSY;
	return -ENOBUFS;
}

/**
 * ibmvmc_waiting_expire() - end the sessions that have waited too long
 * @adapter: any
 * @now: the time
 */
void ibmvmc_waiting_expire(struct crq_server_adapter *adapter, u64 now)
{
	struct ibmvmc_file_session *session;

	while (ibmvmc_waiting_deadline(&adapter->waiting) <= now) {
		session = adapter->waiting.heap[0].session;
		ibmvmc_session_end(session,
				   ibmvmc_obstacle(adapter, session->wanted));
	}
}

/* What is wrong with an Open Response, or 0. */
static int ibmvmc_check_open_resp(struct crq_server_adapter *adapter,
				  const struct vmc_interface *message)
{
	const struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_validate_response(adapter, message, IBMVMC_HMC_OPENING);
	if (rc)
		return rc;
	hmc = ibmvmc_hmc_at(adapter, message->index);
	return message->buffer_id == hmc->open_buffer->id ? 0 : -EINVAL;
}

/*
 * A hypervisor that refuses every Open may hold a session open that this side
 * has lost. Only a reset ends that one; it waits until no session lives, and
 * every one that waits has been refused, too.
 */
static void ibmvmc_open_refused(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;

	hmc->refusals++;
	if (hmc->refusals < IBMVMC_OPEN_REFUSALS || adapter->refused ||
	    ibmvmc_any_session(adapter) || adapter->waiting.count)
		return;
	adapter->refused = true;
	ibmvmc_channel_broken(adapter, -ECONNREFUSED);
}

/**
 * ibmvmc_process_open_resp() - process an Open Response (vmc-facts 3.2, step 5)
 * @crq: Open Response, a private copy
 * @adapter: the channel is ready
 *
 * It must answer the Open that was sent: index, session and buffer. Success
 * makes the session ready. A refusal ends it with -ECONNREFUSED; the initial
 * buffer is ours again, so that the slot can be opened once more. Everything
 * else is dropped.
 */
void ibmvmc_process_open_resp(const struct ibmvmc_crq_msg *crq,
			      struct crq_server_adapter *adapter)
{
	struct ibmvmc_file_session *session;
	struct vmc_interface message;
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = vmc_interface_decode(crq, &message);
	if (!rc)
		rc = ibmvmc_check_open_resp(adapter, &message);
	if (rc) {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    rc);
		return;
	}

	hmc = ibmvmc_hmc_at(adapter, message.index);
	buffer = hmc->open_buffer;
	session = hmc->file_session;
	hmc->open_buffer = NULL;
	hmc->deadline = IBMVMC_TIMER_OFF;
	buffer->owner = VMC_OWNER_PARTITION;
	buffer->free = true;
	ibmvmc_send_forget(hmc);

	if (message.status == VMC_STATUS_SUCCESS) {
		hmc->state = IBMVMC_HMC_READY;
		hmc->refusals = 0;
		adapter->refused = false;
		session->state = IBMVMC_SESSION_READY;
		ibmvmc_report(adapter, IBMVMC_EVENT_SESSION_READY, hmc->index,
			      hmc->session, 0);
		ibmvmc_session_wake(session);
		ibmvmc_window_answered(hmc);
		return;
	}

	/* What was added for this session has gone with it. */
	ibmvmc_session_end(session, -ECONNREFUSED);
	ibmvmc_free_hmc_buffers(hmc, buffer);
	hmc->state = IBMVMC_HMC_FREE;
	ibmvmc_open_refused(hmc);
	ibmvmc_window_answered(hmc);
	ibmvmc_waiting_serve(hmc);
}

/**
 * ibmvmc_send_close() - Interface Close (vmc-facts 3.6)
 * @hmc: without file session and buffers; closing
 *
 * Return: 0 if it is sent or queued; -ENOTCONN (the channel will be reset when
 * the present call ends); -EIO (the time-out sends it again).
 */
static int ibmvmc_send_close(struct ibmvmc_hmc *hmc)
{
	struct vmc_interface message = {
		.type = VMC_MSG_CLOSE,
		.session = hmc->session,
		.index = hmc->index,
	};
	struct ibmvmc_crq_msg msg;

	vmc_interface_encode(&msg, &message);
	return ibmvmc_send_control(hmc->adapter, &msg);
}

/**
 * ibmvmc_close_hmc() - end a slot's session (vmc-facts 3.6)
 * @hmc: opening or ready; closing afterwards
 * @error: what its file session dies with, a negative errno, or 0
 *
 * The buffers' storage is released before Close is sent.
 */
void ibmvmc_close_hmc(struct ibmvmc_hmc *hmc, int error)
{
	ibmvmc_session_end(hmc->file_session, error);
	ibmvmc_free_hmc_buffers(hmc, NULL);
	/* An Open that was never sent must go out before its Close. */
	if (hmc->number)
		ibmvmc_send_forget(hmc);
	hmc->state = IBMVMC_HMC_CLOSING;
	hmc->number = 0;
	hmc->tries = 0;
	hmc->deadline = IBMVMC_TIMER_OFF;
	ibmvmc_send_close(hmc);
}

/**
 * ibmvmc_open_timeout() - no Open Response in time
 * @hmc: opening
 *
 * Once, the same Open is sent again. At the end the session dies with
 * -ETIMEDOUT and a Close is sent.
 */
void ibmvmc_open_timeout(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;
	int rc;

	ibmvmc_report(adapter, IBMVMC_EVENT_TIMEOUT, hmc->index, VMC_MSG_OPEN,
		      -ETIMEDOUT);
	if (hmc->tries == 1 && ibmvmc_now(adapter) < hmc->give_up) {
		hmc->tries++;
		hmc->deadline = hmc->give_up;
		rc = ibmvmc_put_open(hmc);
		if (rc == -EIO)
			ibmvmc_close_hmc(hmc, rc);
		return;
	}
	ibmvmc_close_hmc(hmc, -ETIMEDOUT);
}

/*
 * The slot is free. A buffer that is there came for the next session: while
 * closing it gets no other.
 */
static void ibmvmc_closed(struct ibmvmc_hmc *hmc, bool answered)
{
	hmc->state = IBMVMC_HMC_FREE;
	hmc->close_answered = answered;
	hmc->deadline = IBMVMC_TIMER_OFF;
	ibmvmc_await_initial(hmc);
	ibmvmc_send_forget(hmc);
}

/**
 * ibmvmc_process_close_resp() - process a Close Response (vmc-facts 3.6)
 * @crq: Close Response, a private copy
 * @adapter: the channel is ready
 *
 * It must answer the Close that is pending. The slot is free afterwards; it can
 * be opened when the hypervisor has added its initial buffer, which may have
 * arrived before (initial.h). The second failure in a row resets the channel.
 * Everything else is dropped.
 */
void ibmvmc_process_close_resp(const struct ibmvmc_crq_msg *crq,
			       struct crq_server_adapter *adapter)
{
	struct vmc_interface message;
	struct ibmvmc_hmc *hmc;
	bool failed;
	int rc;

	rc = vmc_interface_decode(crq, &message);
	if (!rc)
		rc = ibmvmc_validate_response(adapter, &message,
					      IBMVMC_HMC_CLOSING);
	if (rc) {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    rc);
		return;
	}

	hmc = ibmvmc_hmc_at(adapter, message.index);
	failed = message.status != VMC_STATUS_SUCCESS;
	ibmvmc_closed(hmc, true);
	if (failed) {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    -EPROTO);
		if (++adapter->close_failures >= IBMVMC_CLOSE_FAILURES)
			ibmvmc_channel_broken(adapter, -EPROTO);
	} else {
		adapter->close_failures = 0;
	}
	ibmvmc_window_answered(hmc);
	ibmvmc_waiting_serve(hmc);
}

/**
 * ibmvmc_close_timeout() - no Close Response in time
 * @hmc: closing
 *
 * Sends it at most IBMVMC_CLOSE_TRIES times; then the slot is free as after a
 * failure, but that one resets no channel: other sessions may be well.
 */
void ibmvmc_close_timeout(struct ibmvmc_hmc *hmc)
{
	ibmvmc_report(hmc->adapter, IBMVMC_EVENT_TIMEOUT, hmc->index,
		      VMC_MSG_CLOSE, -ETIMEDOUT);
	if (hmc->tries >= IBMVMC_CLOSE_TRIES) {
		/* The next initial buffer is as good as the response. */
		ibmvmc_closed(hmc, false);
		ibmvmc_window_forget(hmc);
		ibmvmc_waiting_serve(hmc);
		return;
	}
	ibmvmc_send_close(hmc);
}
