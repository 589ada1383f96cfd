/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the protocol engine tells about itself, as typed events: the source of
 * log lines, tracepoints and counters. Nothing here is text; the host words it.
 */
#ifndef IBMVMC_EVENT_H
#define IBMVMC_EVENT_H

#include <linux/types.h>

#include "vmc/crq.h"

enum ibmvmc_event_type {
	IBMVMC_EVENT_STATE,		/* channel state changed: value = new state */
	IBMVMC_EVENT_ENTRY_RECEIVED,	/* entry = a CRQ entry of the partner */
	IBMVMC_EVENT_ENTRY_SENT,	/* entry = a CRQ entry of ours */
	IBMVMC_EVENT_ENTRY_DROPPED,	/* entry refused: error = why */
	IBMVMC_EVENT_SEND_FAILED,	/* entry not sent for good: error */
	IBMVMC_EVENT_TRANSPORT,		/* value = VMC_EVENT_ kind */
	IBMVMC_EVENT_RESET,		/* channel reset by ourselves: error = why */
	IBMVMC_EVENT_TIMEOUT,		/* value = message type unanswered, index */
	IBMVMC_EVENT_SESSION_READY,	/* index, value = HMC session */
	IBMVMC_EVENT_SESSION_ENDED,	/* index, value = HMC session, error */
	IBMVMC_EVENT_MESSAGE_LOST,	/* index, error: inbound message not copied */
};

/**
 * struct ibmvmc_event - one thing that happened
 * @type: which
 * @index: HMC index, or -1 where the event is about the whole channel
 * @value: as told beside the type
 * @error: negative errno, or 0
 * @entry: the CRQ entry, or NULL
 */
struct ibmvmc_event {
	enum ibmvmc_event_type type;
	int index;
	u32 value;
	int error;
	const struct ibmvmc_crq_msg *entry;
};

#endif
