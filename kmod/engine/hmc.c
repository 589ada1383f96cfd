// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pool of HMC slots. Messages are neither sent nor read here.
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "adapter.h"
#include "buffer.h"
#include "file-session.h"
#include "hmc.h"
#include "vmc/message.h"
#include "vmc/status.h"
#include "window.h"

struct ibmvmc_hmc *ibmvmc_hmc_at(const struct crq_server_adapter *adapter,
				 unsigned int index)
{
	return index < adapter->hmcs ? &adapter->slots[index] : NULL;
}

struct ibmvmc_hmc *ibmvmc_get_free_hmc(struct crq_server_adapter *adapter)
{
	struct ibmvmc_hmc *found = NULL;
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++) {
		struct ibmvmc_hmc *hmc = &adapter->slots[i];

		if (hmc->state != IBMVMC_HMC_FREE)
			continue;
		if (ibmvmc_get_valid_hmc_buffer(adapter, hmc->index))
			return hmc;
		if (!found)
			found = hmc;
	}
	return found;
}

bool ibmvmc_any_session(const struct crq_server_adapter *adapter)
{
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++)
		if (adapter->slots[i].file_session)
			return true;
	return false;
}

bool ibmvmc_hmcs_in_use(const struct crq_server_adapter *adapter, int index)
{
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++)
		if ((index < 0 || index == (int)i) &&
		    !adapter->slots[i].file_session)
			return false;
	return true;
}

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

int ibmvmc_validate_response(const struct crq_server_adapter *adapter,
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

u8 ibmvmc_refuse_status(int error)
{
	return error == -ENOENT ? VMC_STATUS_INVALID_HMC_INDEX :
				  VMC_STATUS_CONNECTION_CLOSED;
}
