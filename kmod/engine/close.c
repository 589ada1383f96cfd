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
#include "initial.h"
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
	/* An Open that was never sent must go out before its Close. */
	if (hmc->number)
		ibmvmc_send_forget(hmc);
	hmc->state = IBMVMC_HMC_CLOSING;
	hmc->number = 0;
	hmc->tries = 0;
	hmc->deadline = IBMVMC_TIMER_OFF;
	ibmvmc_send_close(hmc);
}

void ibmvmc_close_tried(struct ibmvmc_hmc *hmc)
{
	hmc->tries++;
	hmc->deadline = ibmvmc_now(hmc->adapter) + IBMVMC_CLOSE_MS;
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
