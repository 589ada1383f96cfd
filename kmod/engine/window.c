// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flow control: how many requests the partner has not taken yet, as far as we
 * can know. Only counting; what is sent is decided in send.c and signal.c.
 */
#include <linux/minmax.h>
#include <linux/types.h>

#include "adapter.h"
#include "file-session.h"
#include "limits.h"
#include "send.h"
#include "timer.h"
#include "window.h"

static u64 ibmvmc_window_limit(const struct crq_server_adapter *adapter)
{
	return adapter->peer_crq_entries / 2;
}

static u64 ibmvmc_window_used(const struct crq_server_adapter *adapter)
{
	return adapter->sent - adapter->consumed + adapter->repeated;
}

void ibmvmc_window_reset(struct crq_server_adapter *adapter)
{
	adapter->sent = 0;
	adapter->consumed = 0;
	adapter->window_deadline = IBMVMC_TIMER_OFF;
}

bool ibmvmc_window_signal(const struct crq_server_adapter *adapter)
{
	return ibmvmc_window_used(adapter) + 1 < ibmvmc_window_limit(adapter);
}

bool ibmvmc_window_request(const struct crq_server_adapter *adapter)
{
	return ibmvmc_window_used(adapter) < ibmvmc_window_limit(adapter);
}

/* While it is closed, the time runs since something was taken last. */
static void ibmvmc_window_watch(struct crq_server_adapter *adapter, bool taken)
{
	if (ibmvmc_window_signal(adapter))
		adapter->window_deadline = IBMVMC_TIMER_OFF;
	else if (taken || adapter->window_deadline == IBMVMC_TIMER_OFF)
		adapter->window_deadline =
			ibmvmc_now(adapter) + IBMVMC_WINDOW_MS;
}

u64 ibmvmc_window_sent(struct crq_server_adapter *adapter)
{
	adapter->sent++;
	ibmvmc_window_watch(adapter, false);
	return adapter->sent;
}

void ibmvmc_window_repeated(struct ibmvmc_hmc *hmc)
{
	hmc->repeated++;
	hmc->repeated_after = hmc->adapter->sent;
	hmc->adapter->repeated++;
	ibmvmc_window_watch(hmc->adapter, false);
}

void ibmvmc_window_forget(struct ibmvmc_hmc *hmc)
{
	hmc->adapter->repeated -= hmc->repeated;
	hmc->repeated = 0;
}

/* The partner has taken @number, and so all that was sent before it. */
static void ibmvmc_window_take(struct crq_server_adapter *adapter, u64 number)
{
	unsigned int i;

	adapter->consumed = number;
	for (i = 0; adapter->repeated && i < adapter->hmcs; i++)
		if (adapter->slots[i].repeated_after < number)
			ibmvmc_window_forget(&adapter->slots[i]);
}

/* There may be more room than before. */
static void ibmvmc_window_moved(struct crq_server_adapter *adapter,
				bool was_open)
{
	ibmvmc_window_watch(adapter, true);
	ibmvmc_send_flush(adapter);
	if (!was_open && ibmvmc_window_signal(adapter))
		ibmvmc_session_wake_all(adapter);
}

void ibmvmc_window_consumed(struct crq_server_adapter *adapter, u64 number)
{
	bool was_open = ibmvmc_window_signal(adapter);

	if (number <= adapter->consumed)
		return;
	ibmvmc_window_take(adapter, number);
	ibmvmc_window_moved(adapter, was_open);
}

void ibmvmc_window_answered(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;
	bool was_open = ibmvmc_window_signal(adapter);
	bool repeated = hmc->repeated;

	ibmvmc_window_forget(hmc);
	if (hmc->number > adapter->consumed)
		ibmvmc_window_take(adapter, hmc->number);
	else if (!repeated)
		return;
	ibmvmc_window_moved(adapter, was_open);
}

void ibmvmc_window_timeout(struct crq_server_adapter *adapter)
{
	bool was_open = ibmvmc_window_signal(adapter);
	unsigned int i = 0;

	adapter->window_deadline = IBMVMC_TIMER_OFF;
	if (adapter->consumed < adapter->sent) {
		ibmvmc_window_take(adapter, adapter->consumed + 1);
	} else if (adapter->repeated) {
		while (!adapter->slots[i].repeated)
			i++;
		adapter->slots[i].repeated--;
		adapter->repeated--;
	}
	ibmvmc_window_moved(adapter, was_open);
}
