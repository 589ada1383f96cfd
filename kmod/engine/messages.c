// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The messages of a file session, from the host's side: sending, taking,
 * giving back. Nothing is allocated for a message.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "adapter.h"
#include "buffer.h"
#include "crq.h"
#include "file-session.h"
#include "signal.h"
#include "storage.h"
#include "timer.h"
#include "window.h"

/* Why a session cannot take a message to send, or 0. */
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
	*len = list_first_entry(&session->messages, struct ibmvmc_storage,
				node)->len;
	return true;
}

bool ibmvmc_session_writable(const struct ibmvmc_file_session *session)
{
	struct crq_server_adapter *adapter = session->adapter;

	return session->state == IBMVMC_SESSION_READY &&
	       !adapter->pending.congested && ibmvmc_window_signal(adapter) &&
	       ibmvmc_get_valid_hmc_buffer(adapter, session->hmc->index);
}

int ibmvmc_session_send(struct ibmvmc_file_session *session, const void *data,
			u32 len)
{
	struct crq_server_adapter *adapter = session->adapter;
	struct ibmvmc_buffer *buffer;
	int rc;

	rc = ibmvmc_check_send(session);
	if (rc)
		return rc;
	if (len > adapter->mtu)
		return -EMSGSIZE;
	if (!len)
		return 0;
	if (!ibmvmc_session_writable(session))
		return -EBUSY;

	buffer = ibmvmc_get_free_hmc_buffer(adapter, session->hmc->index);
	memcpy(buffer->storage->data, data, len);
	rc = ibmvmc_send_msg(adapter, buffer, session->hmc, len);
	if (rc == -ENOTCONN || (rc == -EIO && ibmvmc_was_reset(adapter)))
		rc = -ECONNRESET;
	ibmvmc_finish(adapter);
	return rc;
}

void ibmvmc_session_deliver(struct ibmvmc_file_session *session,
			    struct ibmvmc_storage *message)
{
	ibmvmc_storage_get(message);
	message->order = session->delivered++;
	list_add_tail(&message->node, &session->messages);
	session->queued++;
	ibmvmc_session_wake(session);
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

	/* Several may have been taken, and come back in any order. */
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
	/* Without its buffer, the session it came by is dead. */
	if (message->buffer)
		ibmvmc_release_buffer(session->hmc, message->buffer);
	ibmvmc_storage_put(message);
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
