/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the engine tells what happened: typed events to the host, never text.
 */
#ifndef IBMVMC_REPORT_H
#define IBMVMC_REPORT_H

#include <linux/types.h>

#include "event.h"

struct crq_server_adapter;

/**
 * ibmvmc_report() - tell an event that is about no single entry
 * @adapter: any
 * @type: which
 * @index: HMC index, or -1 for the whole channel
 * @value: as event.h tells of the type
 * @error: negative errno, or 0
 */
void ibmvmc_report(struct crq_server_adapter *adapter,
		   enum ibmvmc_event_type type, int index, u32 value,
		   int error);

/**
 * ibmvmc_report_entry() - tell an event that is about one CRQ entry
 * @adapter: any
 * @type: which
 * @entry: the entry; a private copy
 * @error: negative errno, or 0
 */
void ibmvmc_report_entry(struct crq_server_adapter *adapter,
			 enum ibmvmc_event_type type,
			 const struct ibmvmc_crq_msg *entry, int error);

#endif
