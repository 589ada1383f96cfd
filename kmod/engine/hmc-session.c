// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HMC sessions: opens and closes the session of a connection, and serves the
 * file sessions that wait for it. Messages are in signal.c.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"
#include "engine-limits.h"
#include "vmc/message.h"
#include "vmc/status.h"

/**
 * ibmvmc_get_free_hmc() - find a connection for a session without a wanted
 * index
 * @adapter: adapter
 *
 * Return: the lowest free connection with a buffer for an Open, otherwise the
 * lowest free connection, or NULL.
 */
struct ibmvmc_hmc *ibmvmc_get_free_hmc(struct crq_server_adapter *adapter)
{
	struct ibmvmc_hmc *found = NULL;
	unsigned int i;

	for (i = 0; i < adapter->negotiated.hmcs; i++) {
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
 * ibmvmc_hmcs_in_use() - check whether connections have a session
 * @adapter: adapter whose channel is ready
 * @index: HMC index, or -1 for all connections
 *
 * A connection that is being closed has no session and will soon be free.
 *
 * Return: true if the connection, or each of them, has a session.
 */
bool ibmvmc_hmcs_in_use(const struct crq_server_adapter *adapter, int index)
{
	unsigned int i;

	for (i = 0; i < adapter->negotiated.hmcs; i++)
		if ((index < 0 || index == (int)i) &&
		    !adapter->connections[i].file_session)
			return false;
	return true;
}

/**
 * ibmvmc_setup_hmc() - reserve a connection for a file session
 * @session: file session without a connection
 *
 * On success connection and session point to each other, and the connection is
 * in state INITIAL. Only the wanted connection needs a buffer
 * (docs/protocol.md, Open).
 *
 * Return: 0; -EAGAIN (channel not ready); -EIO (channel failed); -EINVAL (index
 * not negotiated); -EBUSY (not free); -ENOBUFS (no buffer yet).
 */
int ibmvmc_setup_hmc(struct ibmvmc_file_session *session)
{
	struct crq_server_adapter *adapter = session->adapter;
	struct ibmvmc_hmc *hmc;

	if (adapter->state == IBMVMC_STATE_FAILED)
		return -EIO;
	if (adapter->state != IBMVMC_STATE_READY ||
	    adapter->trouble.kind != IBMVMC_TROUBLE_NONE)
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
 * ibmvmc_unset_hmc() - undo ibmvmc_setup_hmc() before an Open was sent
 * @session: session with a connection in state INITIAL; has none afterwards,
 *	its state is unchanged
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
 * ibmvmc_session_end() - end a file session
 * @session: file session; unchanged if it is dead already
 * @error: reason, a negative errno, or 0
 *
 * Connection and session forget each other; received messages stay readable;
 * all waiters are woken.
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
		ibmvmc_report_ended(session);
	}
	ibmvmc_session_wake(session);
}

/**
 * ibmvmc_return_hmc() - free a connection and invalidate its buffers
 * @hmc: connection in any state; free afterwards, keeps its session number
 * @release_readers: true to end a live session with -ECONNRESET
 *
 * Return: 0, or -EBUSY if a session is alive and @release_readers is false (the
 * connection is unchanged then).
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
 * ibmvmc_validate_hmc_session() - check the index and session of an entry
 * @adapter: adapter whose channel is ready
 * @message: decoded request or response
 *
 * The session must be the connection's. VMC_SESSION_NONE means "no session":
 * only Add Buffer and Remove Buffer may carry it, on a connection without a
 * session. On a free connection, Add Buffer may carry any session number. The
 * most recently used one is accepted only after its Close Response; before that
 * the entry is stale. Remove Buffer may carry only that number then.
 *
 * Return: 0, -ENOENT (no such index), -ESTALE (another session).
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
		 * While we close, the hypervisor may have finished closing and
		 * added the next initial buffer.
		 */
		if (for_buffer && (hmc->state == IBMVMC_HMC_FREE ||
				   hmc->state == IBMVMC_HMC_CLOSING))
			return 0;
		return -ESTALE;
	}
	if (hmc->state == IBMVMC_HMC_FREE) {
		bool latest = message->session == hmc->session;

		/*
		 * After the Close Response, this is the next initial buffer of
		 * a hypervisor that does not use session 0; before it, the
		 * entry is stale.
		 */
		if (add)
			return !latest || hmc->close_answered ? 0 : -ESTALE;
		return for_buffer && latest ? 0 : -ESTALE;
	}
	/* Only the Close Response is valid for a closing session. */
	if (hmc->state == IBMVMC_HMC_CLOSING &&
	    message->type != VMC_MSG_CLOSE_RESP)
		return -ESTALE;
	return message->session == hmc->session ? 0 : -ESTALE;
}

/**
 * ibmvmc_validate_response() - check that a response answers a sent request
 * @adapter: adapter whose channel is ready
 * @response: decoded response
 * @pending: state of a connection that waits for such a response
 *
 * Return: as ibmvmc_validate_hmc_session(); -EPROTO if no request is pending or
 * the request has not been sent yet.
 */
static int ibmvmc_validate_response(const struct crq_server_adapter *adapter,
				    const struct vmc_interface *response,
				    enum ibmvmc_hmc_state pending)
{
	const struct ibmvmc_hmc *hmc;
	int rc = ibmvmc_validate_hmc_session(adapter, response);

	if (rc)
		return rc;
	hmc = ibmvmc_hmc_at(adapter, response->index);
	return hmc->state == pending && hmc->number ? 0 : -EPROTO;
}

/**
 * ibmvmc_refuse_status() - get the status of a refused Add or Remove Buffer
 * @error: error of ibmvmc_validate_hmc_session()
 *
 * Return: VMC_STATUS_ value.
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
 * ibmvmc_send_open() - send Interface Open
 * @buffer: buffer that is valid, free and owned by the partition; owned by the
 *	hypervisor until the response
 * @hmc: connection in state INITIAL with its file session; OPENING afterwards
 *
 * Copies the VMC_HMC_ID_LEN bytes of the HMC ID to the hypervisor, advances the
 * session number and sends Open (docs/protocol.md, Open).
 *
 * Return: 0 if sent or queued; -ENOTCONN (the channel is reset when the present
 * call ends); -EIO. After a failure only the session number has changed.
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

/* Invalidates a buffer after IBMVMC_OPEN_COPY_FAILURES failed copies. */
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
 * ibmvmc_open_session() - reserve a connection and send Open
 * @session: new or waiting session with its HMC ID
 * @give_up: deadline of the Open Response, in milliseconds of the host's clock
 *
 * On success the session is opening; after an error nothing has changed.
 *
 * Return: 0; errors of ibmvmc_setup_hmc(); -EAGAIN (the partner is gone); -EIO
 * (copying or sending failed).
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
 * ibmvmc_worth_waiting() - check whether an Open may succeed later
 * @adapter: adapter
 * @error: error of ibmvmc_open_session()
 *
 * Return: true for transient errors, on a failed channel, which may be revived,
 * and for -EIO if the queue may hold the event that caused it.
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

/* Returns the session that has waited longest for this connection, or NULL. */
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
 * ibmvmc_waiting_serve() - open a free connection for a waiting session
 * @hmc: connection, which may have become free or received a buffer
 *
 * Serves the session that has waited longest for this HMC index or for any.
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
 * ibmvmc_waiting_serve_all() - serve waiting sessions of a ready channel
 * @adapter: adapter in state READY
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
		if (i < adapter->negotiated.hmcs) {
			ibmvmc_waiting_serve(hmc);
			continue;
		}
		while ((session = ibmvmc_first(&hmc->waiting)))
			ibmvmc_session_end(session, -ENODEV);
	}
}

/* Returns the reason why a session has waited until its deadline. */
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
 * ibmvmc_waiting_expire() - end the waiting sessions whose deadline expired
 * @adapter: adapter
 * @now: time in milliseconds of the host's clock
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

/* Returns 0, or the reason why an Open Response is dropped. */
static int ibmvmc_check_open_resp(struct crq_server_adapter *adapter,
				  const struct vmc_interface *response)
{
	const struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_validate_response(adapter, response, IBMVMC_HMC_OPENING);
	if (rc)
		return rc;
	hmc = ibmvmc_hmc_at(adapter, response->index);
	return response->buffer_id == hmc->open_buffer->id ? 0 : -EINVAL;
}

/*
 * A hypervisor that refuses every Open may hold a session that this side has
 * lost, which only a reset ends. The reset waits until no session is alive and
 * no session is waiting.
 */
static void ibmvmc_open_refused(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;

	hmc->refusals++;
	if (hmc->refusals < IBMVMC_OPEN_REFUSALS || adapter->recovery.refused ||
	    ibmvmc_any_session(adapter) || adapter->waiting.count)
		return;
	adapter->recovery.refused = true;
	ibmvmc_channel_broken(adapter, -ECONNREFUSED);
}

/**
 * ibmvmc_process_open_resp() - process an Open Response
 * @adapter: adapter whose channel is ready
 * @response: decoded Open Response
 *
 * Success makes the session ready. A refusal ends it with -ECONNREFUSED; the
 * initial buffer is free again, so that the connection can be opened again. The
 * caller calls ibmvmc_answered().
 *
 * Return: 0; otherwise the response is dropped: -EINVAL (another buffer), or an
 * error of ibmvmc_validate_response().
 */
int ibmvmc_process_open_resp(struct crq_server_adapter *adapter,
			     const struct vmc_interface *response)
{
	struct ibmvmc_file_session *session;
	struct ibmvmc_buffer *buffer;
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_check_open_resp(adapter, response);
	if (rc)
		return rc;

	hmc = ibmvmc_hmc_at(adapter, response->index);
	adapter->answered = hmc;
	buffer = hmc->open_buffer;
	session = hmc->file_session;
	hmc->open_buffer = NULL;
	hmc->deadline = IBMVMC_TIMER_OFF;
	buffer->owner = VMC_OWNER_PARTITION;
	buffer->free = true;
	ibmvmc_send_forget(hmc);

	if (response->status == VMC_STATUS_SUCCESS) {
		hmc->state = IBMVMC_HMC_READY;
		hmc->refusals = 0;
		adapter->recovery.refused = false;
		session->state = IBMVMC_SESSION_READY;
		ibmvmc_report_ready(hmc);
		ibmvmc_session_wake(session);
		return 0;
	}

	/* Buffers that were added for this session are no longer valid. */
	ibmvmc_session_end(session, -ECONNREFUSED);
	ibmvmc_free_hmc_buffers(hmc, buffer);
	hmc->state = IBMVMC_HMC_FREE;
	ibmvmc_open_refused(hmc);
	return 0;
}

/**
 * ibmvmc_send_close() - send Interface Close
 * @hmc: connection in state CLOSING, without file session and buffers
 *
 * Return: 0 if sent or queued; -ENOTCONN (the channel is reset when the present
 * call ends); -EIO (the timeout sends Close again).
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
 * ibmvmc_close_hmc() - close a connection's session
 * @hmc: connection in state OPENING or READY; CLOSING afterwards
 * @error: reason for the file session, a negative errno, or 0
 *
 * The buffers are freed before Close is sent (docs/protocol.md, Close and
 * reset).
 */
void ibmvmc_close_hmc(struct ibmvmc_hmc *hmc, int error)
{
	ibmvmc_session_end(hmc->file_session, error);
	ibmvmc_free_hmc_buffers(hmc, NULL);
	/* An Open that is still queued must be sent before its Close. */
	if (hmc->number)
		ibmvmc_send_forget(hmc);
	hmc->state = IBMVMC_HMC_CLOSING;
	hmc->number = 0;
	hmc->tries = 0;
	hmc->deadline = IBMVMC_TIMER_OFF;
	ibmvmc_send_close(hmc);
}

/**
 * ibmvmc_open_timeout() - handle a missing Open Response
 * @hmc: connection in state OPENING
 *
 * After half of the time Open is sent again, once. At the deadline the session
 * ends with -ETIMEDOUT and Close is sent.
 */
void ibmvmc_open_timeout(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;
	int rc;

	ibmvmc_report_timeout(adapter, hmc->index, VMC_MSG_OPEN);
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
 * Frees a connection. A buffer that arrived while it was closing is the initial
 * buffer of the next session.
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
 * ibmvmc_process_close_resp() - process a Close Response
 * @adapter: adapter whose channel is ready
 * @response: decoded Close Response
 *
 * Frees the connection, also after a failure. It can be opened when its next
 * initial buffer has arrived, which may be before the response. After
 * IBMVMC_CLOSE_FAILURES failures in a row the channel is reset. The caller
 * calls ibmvmc_answered().
 *
 * Return: 0; -EPROTO (Close failed); otherwise the response is dropped, with an
 * error of ibmvmc_validate_response().
 */
int ibmvmc_process_close_resp(struct crq_server_adapter *adapter,
			      const struct vmc_interface *response)
{
	struct ibmvmc_hmc *hmc;
	int rc;

	rc = ibmvmc_validate_response(adapter, response, IBMVMC_HMC_CLOSING);
	if (rc)
		return rc;

	hmc = ibmvmc_hmc_at(adapter, response->index);
	adapter->answered = hmc;
	ibmvmc_closed(hmc, true);
	if (response->status == VMC_STATUS_SUCCESS) {
		adapter->recovery.close_failures = 0;
		return 0;
	}
	if (++adapter->recovery.close_failures >= IBMVMC_CLOSE_FAILURES)
		ibmvmc_channel_broken(adapter, -EPROTO);
	return -EPROTO;
}

/**
 * ibmvmc_answered() - act on an Open or Close Response that was handled
 * @adapter: started adapter
 *
 * Releases the request's place in the window, and opens a free connection for
 * the next waiting session. Both can send entries: the caller first reports a
 * failed response.
 */
void ibmvmc_answered(struct crq_server_adapter *adapter)
{
	struct ibmvmc_hmc *hmc = adapter->answered;

	if (!hmc)
		return;
	adapter->answered = NULL;
	ibmvmc_window_answered(hmc);
	ibmvmc_waiting_serve(hmc);
}

/**
 * ibmvmc_close_timeout() - handle a missing Close Response
 * @hmc: connection in state CLOSING
 *
 * Sends Close again. After IBMVMC_CLOSE_TRIES attempts the connection is free;
 * the channel is not reset, because other sessions may be alive.
 */
void ibmvmc_close_timeout(struct ibmvmc_hmc *hmc)
{
	ibmvmc_report_timeout(hmc->adapter, hmc->index, VMC_MSG_CLOSE);
	if (hmc->tries >= IBMVMC_CLOSE_TRIES) {
		/*
		 * The next initial buffer will also show that Close was
		 * handled.
		 */
		ibmvmc_closed(hmc, false);
		ibmvmc_window_forget(hmc);
		ibmvmc_waiting_serve(hmc);
		return;
	}
	ibmvmc_send_close(hmc);
}
