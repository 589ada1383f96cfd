/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracepoints: one for every CRQ entry, and one for every other event of the
 * engine. They contain neither kernel addresses nor HMC IDs nor payload.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ibmvmc

#if !defined(IBMVMC_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define IBMVMC_TRACE_H

#include <linux/tracepoint.h>

#include "engine/event.h"

#define show_ibmvmc_event(type)					\
	__print_symbolic(type,					\
		{ IBMVMC_EVENT_STATE,		"state" },	\
		{ IBMVMC_EVENT_ENTRY_RECEIVED,	"received" },	\
		{ IBMVMC_EVENT_ENTRY_SENT,	"sent" },	\
		{ IBMVMC_EVENT_ENTRY_DROPPED,	"dropped" },	\
		{ IBMVMC_EVENT_SEND_FAILED,	"send_failed" }, \
		{ IBMVMC_EVENT_TRANSPORT,	"transport" },	\
		{ IBMVMC_EVENT_RESET,		"reset" },	\
		{ IBMVMC_EVENT_TIMEOUT,		"timeout" },	\
		{ IBMVMC_EVENT_SESSION_READY,	"session_ready" }, \
		{ IBMVMC_EVENT_SESSION_ENDED,	"session_ended" }, \
		{ IBMVMC_EVENT_USABLE,		"usable" },	\
		{ IBMVMC_EVENT_MESSAGE_LOST,	"message_lost" })

/* A CRQ entry was received, sent, dropped, or could not be sent. */
TRACE_EVENT(ibmvmc_entry,
	TP_PROTO(const struct ibmvmc_event *event),
	TP_ARGS(event),
	TP_STRUCT__entry(
		__field(int, type)
		__field(int, index)
		__field(int, error)
		__array(u8, bytes, VMC_CRQ_ENTRY_LEN)
	),
	TP_fast_assign(
		__entry->type = event->type;
		__entry->index = event->index;
		__entry->error = event->error;
		memcpy(__entry->bytes, event->entry->bytes, VMC_CRQ_ENTRY_LEN);
	),
	TP_printk("%s hmc=%d error=%d %s",
		  show_ibmvmc_event(__entry->type),
		  __entry->index, __entry->error,
		  __print_hex(__entry->bytes, VMC_CRQ_ENTRY_LEN))
);

/* Another event of the engine; engine/event.h has the meaning of value. */
TRACE_EVENT(ibmvmc_event,
	TP_PROTO(const struct ibmvmc_event *event),
	TP_ARGS(event),
	TP_STRUCT__entry(
		__field(int, type)
		__field(int, index)
		__field(int, value)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->type = event->type;
		__entry->index = event->index;
		__entry->value = event->value;
		__entry->error = event->error;
	),
	TP_printk("%s hmc=%d value=%d error=%d",
		  show_ibmvmc_event(__entry->type),
		  __entry->index, __entry->value, __entry->error)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH ibmvmc
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
