// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the engine's events go: every one to a counter and a tracepoint, what an
 * administrator should know of to the kernel's log. The log never holds an
 * address or an HMC ID, and whatever could be provoked comes at a limited rate.
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

static void ibmvmc_log(const struct ibmvmc_event *event)
{
	switch (event->type) {
	case IBMVMC_EVENT_STATE:
		pr_info_ratelimited("channel state: %s\n",
				    ibmvmc_state_name(event->value));
		break;
	case IBMVMC_EVENT_TRANSPORT:
		pr_notice_ratelimited("transport event %#x: all sessions are lost\n",
				      event->value);
		break;
	case IBMVMC_EVENT_RESET:
		pr_notice_ratelimited("the channel is reset by this side (%d): all sessions are lost\n",
				      event->error);
		break;
	case IBMVMC_EVENT_TIMEOUT:
		if (event->value == VMC_CRQ_INIT)
			pr_notice_ratelimited("the hypervisor is not there yet: it has not answered Initialize\n");
		else
			pr_notice_ratelimited("the hypervisor did not answer a message of type %#x\n",
					      event->value);
		break;
	case IBMVMC_EVENT_SEND_FAILED:
		pr_notice_ratelimited("a message to the hypervisor could not be sent (%d)\n",
				      event->error);
		break;
	case IBMVMC_EVENT_MESSAGE_LOST:
		pr_notice_ratelimited("HMC index %d: a message of %u bytes could not be taken (%d)\n",
				      event->index, event->value, event->error);
		break;
	default:
		break;
	}
}

void ibmvmc_node_report(struct ibmvmc_node *node,
			const struct ibmvmc_event *event)
{
	atomic64_inc(&node->events[event->type]);
	if (event->entry)
		trace_ibmvmc_entry(event);
	else
		trace_ibmvmc_event(event);
	ibmvmc_log(event);

	if (event->type == IBMVMC_EVENT_TRANSPORT)
		WRITE_ONCE(node->last_reset, ibmvmc_reset_kind(event->value));
	else if (event->type == IBMVMC_EVENT_RESET)
		WRITE_ONCE(node->last_reset, IBMVMC_RESET_SELF);
	else if (event->type == IBMVMC_EVENT_STATE)
		ibmvmc_node_changed(node);
}
