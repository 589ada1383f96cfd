// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interface Open, its response, and what happens without one.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "adapter.h"
#include "buffer.h"
#include "close.h"
#include "file-session.h"
#include "hmc.h"
#include "initial.h"
#include "limits.h"
#include "open.h"
#include "report.h"
#include "reset.h"
#include "send.h"
#include "storage.h"
#include "timer.h"
#include "vmc/message.h"
#include "vmc/status.h"
#include "window.h"

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

int ibmvmc_send_open(struct ibmvmc_buffer *buffer, struct ibmvmc_hmc *hmc)
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
