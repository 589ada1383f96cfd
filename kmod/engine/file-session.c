// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * File sessions: their life, and how they get to an HMC session. Messages are
 * in messages.c.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "adapter.h"
#include "buffer.h"
#include "close.h"
#include "crq.h"
#include "file-session.h"
#include "hmc.h"
#include "limits.h"
#include "open.h"
#include "report.h"
#include "storage.h"
#include "timer.h"

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

void ibmvmc_session_wake(struct ibmvmc_file_session *session)
{
	struct crq_server_adapter *adapter = session->adapter;

	if (refcount_read(&session->refs))
		adapter->host_ops->wake(adapter->host, session);
}

void ibmvmc_session_wake_all(struct crq_server_adapter *adapter)
{
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++)
		if (adapter->slots[i].state == IBMVMC_HMC_READY)
			ibmvmc_session_wake(adapter->slots[i].file_session);
}

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

void ibmvmc_session_close(struct ibmvmc_file_session *session)
{
	if (session->state == IBMVMC_SESSION_DEAD)
		return;
	if (session->hmc)
		ibmvmc_close_hmc(session->hmc, 0);
	else
		ibmvmc_session_end(session, 0);
	ibmvmc_finish(session->adapter);
}

/*
 * Errors that time may heal; a channel that has failed may be revived, and a
 * call may have failed because of an event that waits in the queue.
 */
bool ibmvmc_worth_waiting(const struct crq_server_adapter *adapter, int error)
{
	return error == -EAGAIN || error == -EBUSY || error == -ENOBUFS ||
	       adapter->state == IBMVMC_STATE_FAILED ||
	       (error == -EIO && crq_queue_pending(&adapter->queue));
}

/* It could not be opened at once, because of @error. */
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
	/* Without a timer nobody would end the wait. */
	if (!adapter->started)
		return -ENODEV;

	memcpy(session->hmc_id, hmc_id, VMC_HMC_ID_LEN);
	session->wanted = index;
	give_up = ibmvmc_now(adapter) + (timeout_ms ?: IBMVMC_OPEN_MS);
	rc = ibmvmc_open_session(session, give_up);
	/* In a channel that has failed nothing was called. */
	if (rc == -EIO && adapter->state != IBMVMC_STATE_FAILED &&
	    ibmvmc_was_reset(adapter))
		/* It may have come back by now. */
		rc = ibmvmc_open_session(session, give_up);
	if (rc == -EBUSY && ibmvmc_hmcs_in_use(adapter, index))
		return rc;
	if (rc && rc != -EINVAL && timeout_ms)
		rc = ibmvmc_session_wait(session, rc, give_up);
	ibmvmc_finish(adapter);
	return rc;
}
