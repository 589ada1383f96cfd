// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interface Close, its response, and what happens without one.
 */
#include <linux/errno.h>
#include <linux/types.h>

#include "adapter.h"
#include "buffer.h"
#include "close.h"
#include "file-session.h"
#include "hmc.h"
#include "limits.h"
#include "report.h"
#include "reset.h"
#include "send.h"
#include "timer.h"
#include "vmc/message.h"
#include "vmc/status.h"
#include "window.h"

int ibmvmc_send_close(struct ibmvmc_hmc *hmc)
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

void ibmvmc_close_hmc(struct ibmvmc_hmc *hmc, int error)
{
	ibmvmc_session_end(hmc->file_session, error);
	ibmvmc_free_hmc_buffers(hmc, NULL);
	hmc->state = IBMVMC_HMC_CLOSING;
	hmc->number = 0;
	hmc->tries = 1;
	hmc->deadline = ibmvmc_now(hmc->adapter) + IBMVMC_CLOSE_MS;
	/* A Close that could not be sent is sent again by the time-out. */
	ibmvmc_send_close(hmc);
}

/* The hypervisor would not, or did not, confirm the end of a session. */
static void ibmvmc_close_failed(struct ibmvmc_hmc *hmc, int error)
{
	struct crq_server_adapter *adapter = hmc->adapter;

	ibmvmc_return_hmc(hmc, false);
	if (++adapter->close_failures >= IBMVMC_CLOSE_FAILURES)
		ibmvmc_channel_broken(adapter, error);
}

/* What is wrong with a Close Response, or 0. */
static int ibmvmc_check_close_resp(struct crq_server_adapter *adapter,
				   const struct vmc_interface *message)
{
	int rc = ibmvmc_validate_hmc_session(adapter, message);

	if (rc)
		return rc;
	if (ibmvmc_hmc_at(adapter, message->index)->state !=
	    IBMVMC_HMC_CLOSING)
		return -EPROTO;
	return 0;
}

void ibmvmc_process_close_resp(const struct ibmvmc_crq_msg *crq,
			       struct crq_server_adapter *adapter)
{
	struct vmc_interface message;
	struct ibmvmc_hmc *hmc;
	u64 number;
	int rc;

	rc = vmc_interface_decode(crq, &message);
	if (!rc)
		rc = ibmvmc_check_close_resp(adapter, &message);
	if (rc) {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    rc);
		return;
	}

	hmc = ibmvmc_hmc_at(adapter, message.index);
	number = hmc->number;
	if (message.status == VMC_STATUS_SUCCESS) {
		/* A buffer that is there came for the next session. */
		hmc->state = IBMVMC_HMC_FREE;
		hmc->deadline = IBMVMC_TIMER_OFF;
		hmc->number = 0;
		adapter->close_failures = 0;
	} else {
		ibmvmc_report_entry(adapter, IBMVMC_EVENT_ENTRY_DROPPED, crq,
				    -EPROTO);
		ibmvmc_close_failed(hmc, -EPROTO);
	}
	ibmvmc_window_consumed(adapter, number);
	ibmvmc_session_try_waiting(adapter);
}

void ibmvmc_close_timeout(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;

	ibmvmc_report(adapter, IBMVMC_EVENT_TIMEOUT, hmc->index, VMC_MSG_CLOSE,
		      -ETIMEDOUT);
	if (hmc->tries >= IBMVMC_CLOSE_TRIES) {
		ibmvmc_close_failed(hmc, -ETIMEDOUT);
		return;
	}
	hmc->tries++;
	hmc->deadline = ibmvmc_now(adapter) + IBMVMC_CLOSE_MS;
	ibmvmc_send_close(hmc);
}
