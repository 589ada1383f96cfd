// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How the engine tells what happened. Nothing here changes anything.
 */
#include <linux/types.h>

#include "adapter.h"
#include "report.h"
#include "vmc/message.h"

void ibmvmc_report(struct crq_server_adapter *adapter,
		   enum ibmvmc_event_type type, int index, u32 value,
		   int error)
{
	struct ibmvmc_event event = {
		.type = type,
		.index = index,
		.value = value,
		.error = error,
	};

	adapter->host_ops->report(adapter->host, &event);
}

void ibmvmc_report_entry(struct crq_server_adapter *adapter,
			 enum ibmvmc_event_type type,
			 const struct ibmvmc_crq_msg *entry, int error)
{
	struct ibmvmc_event event = {
		.type = type,
		.index = -1,
		.error = error,
		.entry = entry,
	};
	struct vmc_interface message;

	/* An undefined owner byte leaves the index readable. */
	if (vmc_interface_decode(entry, &message) != -EBADMSG)
		event.index = message.index;
	adapter->host_ops->report(adapter->host, &event);
}
