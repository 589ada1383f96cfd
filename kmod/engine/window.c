// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Flow control: how many requests the partner has not taken yet, as far as we
 * can know. Only counting; what is sent is decided in send.c and signal.c.
 */
#include <linux/minmax.h>
#include <linux/types.h>

#include "adapter.h"
#include "file-session.h"
#include "send.h"
#include "window.h"

static u64 ibmvmc_window_limit(const struct crq_server_adapter *adapter)
{
	return max_t(u64, adapter->peer_crq_entries / 2, 1);
}

void ibmvmc_window_reset(struct crq_server_adapter *adapter)
{
	adapter->sent = 0;
	adapter->consumed = 0;
}

bool ibmvmc_window_signal(const struct crq_server_adapter *adapter)
{
	u64 limit = max_t(u64, ibmvmc_window_limit(adapter) - 1, 1);

	return adapter->sent - adapter->consumed < limit;
}

bool ibmvmc_window_request(const struct crq_server_adapter *adapter)
{
	return adapter->sent - adapter->consumed <
	       ibmvmc_window_limit(adapter);
}

u64 ibmvmc_window_sent(struct crq_server_adapter *adapter)
{
	return ++adapter->sent;
}

void ibmvmc_window_consumed(struct crq_server_adapter *adapter, u64 number)
{
	bool was_open = ibmvmc_window_signal(adapter);

	if (number <= adapter->consumed)
		return;
	adapter->consumed = number;
	ibmvmc_send_flush(adapter);
	if (!was_open && ibmvmc_window_signal(adapter))
		ibmvmc_session_wake_all(adapter);
}
