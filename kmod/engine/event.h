/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the protocol engine tells about itself, as typed events: the source of
 * log lines, tracepoints and counters. Nothing here is text; the host words it.
 */
#ifndef IBMVMC_EVENT_H
#define IBMVMC_EVENT_H

#include <linux/types.h>

#include "vmc/crq.h"

/**
 * enum ibmvmc_event_type - what can happen
 * @IBMVMC_EVENT_STATE: the channel's state changed; value = the new one
 * @IBMVMC_EVENT_ENTRY_RECEIVED: entry = a CRQ entry of the partner
 * @IBMVMC_EVENT_ENTRY_SENT: entry = a CRQ entry of ours
 * @IBMVMC_EVENT_ENTRY_DROPPED: entry was refused; error = why
 * @IBMVMC_EVENT_SEND_FAILED: entry was not sent, for good; error = why
 * @IBMVMC_EVENT_TRANSPORT: a transport event; value = its VMC_EVENT_ kind
 * @IBMVMC_EVENT_RESET: the channel is reset by ourselves; error = why, 0 if the
 *	user wants it
 * @IBMVMC_EVENT_TIMEOUT: no answer to value = the message's type, or
 *	VMC_CRQ_INIT for Initialize; index
 * @IBMVMC_EVENT_SESSION_READY: index, value = HMC session
 * @IBMVMC_EVENT_SESSION_ENDED: index, value = HMC session, error
 * @IBMVMC_EVENT_USABLE: the ready channel got its first buffer, for index
 * @IBMVMC_EVENT_MESSAGE_LOST: a message could not be copied; index, value = its
 *	length in bytes, error
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
 * struct ibmvmc_event - one thing that happened
 * @type: which
 * @index: HMC index, or -1 where the event is about the whole channel
 * @value: as told of the type, else 0
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
