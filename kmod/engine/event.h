/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events: reports of the protocol engine to its host. They are the source of
 * log lines, tracepoints and counters, and contain no text.
 */
#ifndef IBMVMC_EVENT_H
#define IBMVMC_EVENT_H

#include <linux/types.h>

#include "vmc/crq.h"

/**
 * enum ibmvmc_event_type - types of events
 * @IBMVMC_EVENT_STATE: change of the channel's state; value: new state
 * @IBMVMC_EVENT_ENTRY_RECEIVED: entry: received CRQ entry
 * @IBMVMC_EVENT_ENTRY_SENT: entry: CRQ entry that was sent
 * @IBMVMC_EVENT_ENTRY_DROPPED: entry: CRQ entry that was dropped, or a Close
 *	Response with an error status; error: reason
 * @IBMVMC_EVENT_SEND_FAILED: entry: CRQ entry that is not sent; error: reason
 * @IBMVMC_EVENT_TRANSPORT: transport event; value: VMC_EVENT_ value
 * @IBMVMC_EVENT_RESET: reset of the channel by the engine; error: reason, 0 if
 *	requested by the user
 * @IBMVMC_EVENT_TIMEOUT: no response; index; value: VMC_MSG_ value of the
 *	request, or VMC_CRQ_INIT for Initialize
 * @IBMVMC_EVENT_SESSION_READY: session was opened; index; value: session number
 * @IBMVMC_EVENT_SESSION_ENDED: session has ended; index; value: session number;
 *	error
 * @IBMVMC_EVENT_USABLE: first buffer of the ready channel arrived; index
 * @IBMVMC_EVENT_MESSAGE_LOST: message could not be copied; index; value: length
 *	in bytes; error
 * @IBMVMC_EVENT_TYPES: number of types
 */
enum ibmvmc_event_type {
	IBMVMC_EVENT_STATE,
	IBMVMC_EVENT_ENTRY_RECEIVED,
	IBMVMC_EVENT_ENTRY_SENT,
	IBMVMC_EVENT_ENTRY_DROPPED,
	IBMVMC_EVENT_SEND_FAILED,
	IBMVMC_EVENT_TRANSPORT,
	IBMVMC_EVENT_RESET,
	IBMVMC_EVENT_TIMEOUT,
	IBMVMC_EVENT_SESSION_READY,
	IBMVMC_EVENT_SESSION_ENDED,
	IBMVMC_EVENT_USABLE,
	IBMVMC_EVENT_MESSAGE_LOST,
	IBMVMC_EVENT_TYPES
};

/**
 * struct ibmvmc_event - one event
 * @type: type
 * @index: HMC index, or -1 for the whole channel
 * @value: value as defined by @type, otherwise 0
 * @error: negative errno, or 0
 * @entry: CRQ entry, or NULL
 */
struct ibmvmc_event {
	enum ibmvmc_event_type type;
	int index;
	u32 value;
	int error;
	const struct ibmvmc_crq_msg *entry;
};

#endif
