// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * File sessions: manages an application's session from its creation to its last
 * message. A file session is used for one HMC session and ends with it. Open
 * and Close are in hmc-session.c.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"
#include "engine-limits.h"

struct ibmvmc_file_session *
ibmvmc_session_new(struct crq_server_adapter *adapter, void *owner)
{
	struct ibmvmc_file_session *session;

	session = kzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT);
	if (!session)
		return NULL;
	refcount_set(&session->refs, 1);
	session->adapter = adapter;
	session->owner = owner;
	session->state = IBMVMC_SESSION_NEW;
	session->index = -1;
	INIT_LIST_HEAD(&session->messages);
	list_add_tail(&session->node, &adapter->sessions);
	return session;
}

void ibmvmc_session_set_user(struct ibmvmc_file_session *session, u32 user)
{
	session->user = user;
}

void *ibmvmc_session_owner(const struct ibmvmc_file_session *session)
{
	return session->owner;
}

void ibmvmc_session_get(struct ibmvmc_file_session *session)
{
	refcount_inc(&session->refs);
}

void ibmvmc_session_close(struct ibmvmc_file_session *session)
{
	if (session->state == IBMVMC_SESSION_DEAD)
		return;
	if (session->hmc)
		ibmvmc_close_hmc(session->hmc, 0);
	else
		ibmvmc_session_end(session, 0);
	ibmvmc_end_call(session->adapter);
}

void ibmvmc_session_put(struct ibmvmc_file_session *session)
{
	struct ibmvmc_storage *message, *next;

	if (!session || !refcount_dec_and_test(&session->refs))
		return;
	ibmvmc_session_close(session);
	list_for_each_entry_safe(message, next, &session->messages, node)
		ibmvmc_storage_put(message);
	list_del(&session->node);
	kfree(session);
}

/* The session could not be opened immediately, because of @error. */
static int ibmvmc_session_wait(struct ibmvmc_file_session *session, int error,
			       u64 give_up)
{
	int rc;

	if (!ibmvmc_worth_waiting(session->adapter, error)) {
		ibmvmc_session_end(session, error);
		return 0;
	}
	rc = ibmvmc_wait(session, give_up);
	if (!rc)
		session->state = IBMVMC_SESSION_WAITING;
	return rc;
}

int ibmvmc_session_open(struct ibmvmc_file_session *session, int index,
			const u8 hmc_id[VMC_HMC_ID_LEN], u32 timeout_ms)
{
	struct crq_server_adapter *adapter = session->adapter;
	u64 give_up;
	int rc;

	if (session->state != IBMVMC_SESSION_NEW)
		return -EINVAL;
	if (index < -1 || index >= adapter->config.max_hmcs)
		return -EINVAL;
	/* Without a timer the wait would never end. */
	if (!adapter->started)
		return -ENODEV;

	memcpy(session->hmc_id, hmc_id, VMC_HMC_ID_LEN);
	session->wanted = index;
	give_up = ibmvmc_now(adapter) + (timeout_ms ?: IBMVMC_OPEN_MS);
	rc = ibmvmc_open_session(session, give_up);
	/*
	 * A failed channel makes no hypervisor call. Another may be ready again
	 * after a reset.
	 */
	if (rc == -EIO && adapter->state != IBMVMC_STATE_FAILED &&
	    ibmvmc_catch_up(adapter))
		rc = ibmvmc_open_session(session, give_up);
	if (rc == -EBUSY && ibmvmc_hmcs_in_use(adapter, index))
		return rc;
	if (rc && rc != -EINVAL && timeout_ms)
		rc = ibmvmc_session_wait(session, rc, give_up);
	ibmvmc_end_call(adapter);
	return rc;
}

/* Returns 0, or the reason why the session cannot send a message. */
static int ibmvmc_check_send(const struct ibmvmc_file_session *session)
{
	switch (session->state) {
	case IBMVMC_SESSION_NEW:
		return -ENOTCONN;
	case IBMVMC_SESSION_WAITING:
	case IBMVMC_SESSION_OPENING:
		return -EBUSY;
	case IBMVMC_SESSION_READY:
		return 0;
	default:
		return -ECONNRESET;
	}
}

bool ibmvmc_session_next(const struct ibmvmc_file_session *session, u32 *len)
{
	*len = 0;
	if (list_empty(&session->messages))
		return false;
	*len = list_first_entry(&session->messages, struct ibmvmc_storage, node)
		       ->len;
	return true;
}

static bool ibmvmc_session_may_send(const struct ibmvmc_file_session *session)
{
	const struct crq_server_adapter *adapter = session->adapter;

	return session->state == IBMVMC_SESSION_READY &&
	       !adapter->pending.congested && ibmvmc_window_signal(adapter);
}

bool ibmvmc_session_writable(const struct ibmvmc_file_session *session)
{
	return ibmvmc_session_may_send(session) &&
	       ibmvmc_get_valid_hmc_buffer(session->adapter,
					   session->hmc->index);
}

int ibmvmc_session_send(struct ibmvmc_file_session *session, const void *data,
			u32 len)
{
	struct crq_server_adapter *adapter = session->adapter;
	struct ibmvmc_buffer *buffer = NULL;
	int rc;

	rc = ibmvmc_check_send(session);
	if (rc)
		return rc;
	if (len > adapter->negotiated.mtu)
		return -EMSGSIZE;
	if (!len)
		return 0;
	if (ibmvmc_session_may_send(session))
		buffer = ibmvmc_get_free_hmc_buffer(adapter,
						    session->hmc->index);
	if (!buffer)
		return -EBUSY;

	rc = ibmvmc_send_msg(adapter, buffer, session->hmc, data, len);
	if (rc == -ENOTCONN || (rc == -EIO && ibmvmc_catch_up(adapter)))
		rc = -ECONNRESET;
	ibmvmc_end_call(adapter);
	return rc;
}

struct ibmvmc_storage *
ibmvmc_session_receive(struct ibmvmc_file_session *session)
{
	struct ibmvmc_storage *message;

	message = list_first_entry_or_null(&session->messages,
					   struct ibmvmc_storage, node);
	if (message) {
		list_del_init(&message->node);
		session->queued--;
	}
	return message;
}

void ibmvmc_session_put_back(struct ibmvmc_file_session *session,
			     struct ibmvmc_storage *message)
{
	struct list_head *behind = &session->messages;
	struct ibmvmc_storage *later;

	/* Several messages may be put back, in any order. */
	list_for_each_entry(later, &session->messages, node) {
		if (later->order > message->order) {
			behind = &later->node;
			break;
		}
	}
	list_add_tail(&message->node, behind);
	session->queued++;
	if (session->adapter)
		ibmvmc_session_wake(session);
}

void ibmvmc_session_done(struct ibmvmc_file_session *session,
			 struct ibmvmc_storage *message)
{
	/* A message without a buffer belongs to a dead session. */
	if (message->buffer)
		ibmvmc_release_buffer(session->hmc, message->buffer);
	ibmvmc_storage_put(message);
}

enum ibmvmc_session_state
ibmvmc_session_get_state(const struct ibmvmc_file_session *session, int *error)
{
	*error = session->error;
	return session->state;
}

void ibmvmc_session_get_info(const struct ibmvmc_file_session *session,
			     struct ibmvmc_session_info *info)
{
	memset(info, 0, sizeof(*info));
	info->state = session->state;
	info->error = session->error;
	info->index = session->index;
	info->session = session->session;
	info->queued = session->queued;
	info->lost = session->lost;
	ibmvmc_session_next(session, &info->next_length);
	if (session->hmc)
		ibmvmc_count_hmc_buffers(session->adapter, session->hmc->index,
					 &info->buffers, &info->buffers_free);
}
