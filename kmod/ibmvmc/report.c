// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reports: counts and traces each event of the engine, logs those for
 * administrators at a limited rate, and announces changes by poll and uevent.
 * The log contains neither addresses nor HMC IDs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/poll.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

#include "internal.h"
#include "uapi/ibmvmc.h"
#include "vmc/message.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static void ibmvmc_uevent_task(struct work_struct *work)
{
	struct ibmvmc_node *node =
		container_of(to_delayed_work(work), struct ibmvmc_node, uevent);

	WRITE_ONCE(node->next_uevent,
		   jiffies + msecs_to_jiffies(IBMVMC_UEVENT_MS));
	kobject_uevent(&node->misc.this_device->kobj, KOBJ_CHANGE);
}

static void ibmvmc_announce(struct ibmvmc_node *node)
{
	unsigned long next = READ_ONCE(node->next_uevent);
	unsigned long now = jiffies;

	/* Pairs with the release in ibmvmc_report_start(). */
	if (smp_load_acquire(&node->shown))
		schedule_delayed_work(&node->uevent,
				      time_before(now, next) ? next - now : 0);
}

void ibmvmc_report_init(struct ibmvmc_node *node)
{
	init_waitqueue_head(&node->changed);
	INIT_DELAYED_WORK(&node->uevent, ibmvmc_uevent_task);
	node->next_uevent = jiffies;
	ratelimit_state_init(&node->log_limit, IBMVMC_LOG_SECONDS * HZ,
			     IBMVMC_LOG_LINES);
}

void ibmvmc_report_start(struct ibmvmc_node *node)
{
	/* The channel of an attached device may have changed before this. */
	smp_store_release(&node->shown, true);
	ibmvmc_announce(node);
}

void ibmvmc_report_stop(struct ibmvmc_node *node)
{
	cancel_delayed_work_sync(&node->uevent);
}

void ibmvmc_node_changed(struct ibmvmc_node *node)
{
	/* A reader of the new number must see the change itself. */
	smp_mb__before_atomic();
	atomic_inc(&node->changes);
	wake_up_interruptible_poll(&node->changed, EPOLLPRI);
	ibmvmc_announce(node);
}

/* Returns the kind of a transport event in INFO, which has the same numbers. */
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

/* Names a request that can time out. */
static const char *ibmvmc_request_name(u32 type)
{
	switch (type) {
	case VMC_CRQ_INIT:
		return "Initialize; it may not be ready yet";
	case VMC_MSG_CAPABILITIES:
		return "Capabilities";
	case VMC_MSG_OPEN:
		return "Open";
	case VMC_MSG_CLOSE:
		return "Close";
	default:
		return "a request";
	}
}

static void ibmvmc_log(const struct ibmvmc_event *event)
{
	switch (event->type) {
	case IBMVMC_EVENT_STATE:
		pr_info("channel state: %s\n", ibmvmc_state_name(event->value));
		break;
	case IBMVMC_EVENT_TRANSPORT:
		pr_notice("transport event %#x (%s): all sessions are lost\n",
			  event->value,
			  ibmvmc_reset_name(ibmvmc_reset_kind(event->value)));
		break;
	case IBMVMC_EVENT_RESET:
		pr_notice("channel reset by the driver (%d): sessions lost\n",
			  event->error);
		break;
	case IBMVMC_EVENT_TIMEOUT:
		pr_notice("the hypervisor did not respond to %s\n",
			  ibmvmc_request_name(event->value));
		break;
	case IBMVMC_EVENT_SEND_FAILED:
		pr_notice("an entry could not be sent to the hypervisor (%d)\n",
			  event->error);
		break;
	case IBMVMC_EVENT_MESSAGE_LOST:
		pr_notice("HMC index %d: lost a message of %u bytes (%d)\n",
			  event->index, event->value, event->error);
		break;
	default:
		break;
	}
}

static bool ibmvmc_is_logged(enum ibmvmc_event_type type)
{
	return type == IBMVMC_EVENT_STATE || type == IBMVMC_EVENT_TRANSPORT ||
	       type == IBMVMC_EVENT_RESET || type == IBMVMC_EVENT_TIMEOUT ||
	       type == IBMVMC_EVENT_SEND_FAILED ||
	       type == IBMVMC_EVENT_MESSAGE_LOST;
}

void ibmvmc_report_event(struct ibmvmc_node *node,
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
		ibmvmc_announce(node);
}
