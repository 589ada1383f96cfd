// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reports of the engine: each event is counted and traced, and those that an
 * administrator should see are logged, all together at a limited rate. The log
 * never holds an address or an HMC ID.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include <linux/ratelimit.h>

#include "names.h"
#include "node.h"
#include "trace.h"
#include "uapi/ibmvmc.h"

/* A transport event as INFO tells it: the numbers are the same. */
static u32 ibmvmc_reset_kind(u32 event)
{
	switch (event) {
	case IBMVMC_RESET_PARTNER_FAILED:
	case IBMVMC_RESET_PARTNER_DEREGISTERED:
	case IBMVMC_RESET_PARTNER_TERMINATED:
	case IBMVMC_RESET_MIGRATED:
		return event;
	default:
		return IBMVMC_RESET_OTHER_EVENT;
	}
}

static void ibmvmc_log_timeout(u32 type)
{
	if (type == VMC_CRQ_INIT)
		pr_notice("the hypervisor is not there yet: it has not answered Initialize\n");
	else
		pr_notice("the hypervisor did not answer a message of type %#x\n",
			  type);
}

static void ibmvmc_log(const struct ibmvmc_event *event)
{
	switch (event->type) {
	case IBMVMC_EVENT_STATE:
		pr_info("channel state: %s\n",
			ibmvmc_state_name(event->value));
		break;
	case IBMVMC_EVENT_TRANSPORT:
		pr_notice("transport event %#x: all sessions are lost\n",
			  event->value);
		break;
	case IBMVMC_EVENT_RESET:
		pr_notice("the channel is reset by this side (%d): all sessions are lost\n",
			  event->error);
		break;
	case IBMVMC_EVENT_TIMEOUT:
		ibmvmc_log_timeout(event->value);
		break;
	case IBMVMC_EVENT_SEND_FAILED:
		pr_notice("a message to the hypervisor could not be sent (%d)\n",
			  event->error);
		break;
	case IBMVMC_EVENT_MESSAGE_LOST:
		pr_notice("HMC index %d: a message of %u bytes could not be taken (%d)\n",
			  event->index, event->value, event->error);
		break;
	default:
		break;
	}
}

/* Has this event a line in the log? */
static bool ibmvmc_is_logged(enum ibmvmc_event_type type)
{
	return type == IBMVMC_EVENT_STATE || type == IBMVMC_EVENT_TRANSPORT ||
	       type == IBMVMC_EVENT_RESET || type == IBMVMC_EVENT_TIMEOUT ||
	       type == IBMVMC_EVENT_SEND_FAILED ||
	       type == IBMVMC_EVENT_MESSAGE_LOST;
}

void ibmvmc_node_report(struct ibmvmc_node *node,
			const struct ibmvmc_event *event)
{
	atomic64_inc(&node->events[event->type]);
	if (event->entry)
		trace_ibmvmc_entry(event);
	else
		trace_ibmvmc_event(event);
	if (ibmvmc_is_logged(event->type) && __ratelimit(&node->log_limit))
		ibmvmc_log(event);

	if (event->type == IBMVMC_EVENT_TRANSPORT)
		WRITE_ONCE(node->last_reset, ibmvmc_reset_kind(event->value));
	else if (event->type == IBMVMC_EVENT_RESET)
		WRITE_ONCE(node->last_reset, IBMVMC_RESET_SELF);
	else if (event->type == IBMVMC_EVENT_STATE)
		ibmvmc_node_changed(node);
	else if (event->type == IBMVMC_EVENT_USABLE)
		ibmvmc_node_announce(node);
}
