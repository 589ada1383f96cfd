// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attached device: runs the engine in two work items, one for arrived entries
 * and one for its timer. Each takes the lock, lets the engine do a bounded
 * amount of work, and queues itself again if there is more. It does not know
 * open files.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "compat.h"
#include "engine/engine-limits.h"
#include "internal.h"

/* Number of entries to handle before the lock is released for others. */
#define IBMVMC_SERVICE_ENTRIES 64

static u64 ibmvmc_host_now_ms(void *data)
{
	return ktime_to_ms(ktime_get());
}

static void ibmvmc_host_set_timer(void *data, u64 at_ms)
{
	struct ibmvmc_host *host = data;
	u64 now_ms = ibmvmc_host_now_ms(data);
	unsigned long delay = 0;

	if (at_ms == IBMVMC_TIMER_OFF) {
		cancel_delayed_work(&host->timer);
		return;
	}
	if (at_ms > now_ms)
		delay = msecs_to_jiffies(min_t(u64, at_ms - now_ms, INT_MAX));
	mod_delayed_work(host->workqueue, &host->timer, delay);
}

void ibmvmc_host_wake_waiters(wait_queue_head_t *wait)
{
	wake_up_interruptible_poll(wait, EPOLLIN | EPOLLRDNORM | EPOLLOUT |
						 EPOLLWRNORM | EPOLLPRI |
						 EPOLLERR | EPOLLHUP);
}

static void ibmvmc_host_wake(void *data, struct ibmvmc_file_session *session)
{
	ibmvmc_host_wake_waiters(ibmvmc_session_owner(session));
}

static void ibmvmc_host_report(void *data, const struct ibmvmc_event *event)
{
	struct ibmvmc_host *host = data;

	ibmvmc_report_event(host->node, event);
}

static const struct ibmvmc_host_ops ibmvmc_host_ops = {
	.now_ms = ibmvmc_host_now_ms,
	.set_timer = ibmvmc_host_set_timer,
	.wake = ibmvmc_host_wake,
	.report = ibmvmc_host_report,
};

static void ibmvmc_task(struct work_struct *work)
{
	struct ibmvmc_host *host =
		container_of(work, struct ibmvmc_host, service);
	bool more;

	mutex_lock(&host->lock);
	more = ibmvmc_service(host->adapter, IBMVMC_SERVICE_ENTRIES);
	mutex_unlock(&host->lock);
	if (more)
		queue_work(host->workqueue, &host->service);
}

static void ibmvmc_timer_task(struct work_struct *work)
{
	struct ibmvmc_host *host =
		container_of(to_delayed_work(work), struct ibmvmc_host, timer);

	mutex_lock(&host->lock);
	ibmvmc_timer(host->adapter);
	mutex_unlock(&host->lock);
}

void ibmvmc_interrupt(struct ibmvmc_host *host)
{
	queue_work(host->workqueue, &host->service);
}

VMC_EXPORT(ibmvmc_interrupt, IBMVMC);

void ibmvmc_resumed(struct ibmvmc_host *host)
{
	mutex_lock(&host->lock);
	ibmvmc_resume(host->adapter);
	mutex_unlock(&host->lock);
}

VMC_EXPORT(ibmvmc_resumed, IBMVMC);

int ibmvmc_host_new(struct ibmvmc_node *node,
		    const struct ibmvmc_transport *transport,
		    struct ibmvmc_host **result)
{
	struct ibmvmc_host *host;
	int rc = -ENOMEM;

	host = kzalloc(sizeof(*host), GFP_KERNEL);
	if (!host)
		return -ENOMEM;
	host->node = node;
	kref_init(&host->refs);
	mutex_init(&host->lock);
	INIT_WORK(&host->service, ibmvmc_task);
	INIT_DELAYED_WORK(&host->timer, ibmvmc_timer_task);
	host->workqueue = alloc_ordered_workqueue("ibmvmc", 0);
	if (!host->workqueue)
		goto free_host;
	rc = ibmvmc_adapter_new(&node->config, transport, &ibmvmc_host_ops,
				host, &host->adapter);
	if (rc)
		goto destroy_workqueue;
	*result = host;
	return 0;

destroy_workqueue:
	destroy_workqueue(host->workqueue);
free_host:
	kfree(host);
	return rc;
}

int ibmvmc_host_start(struct ibmvmc_host *host)
{
	int rc;

	mutex_lock(&host->lock);
	rc = ibmvmc_start(host->adapter);
	mutex_unlock(&host->lock);
	return rc;
}

int ibmvmc_host_stop(struct ibmvmc_host *host)
{
	u64 give_up = ibmvmc_host_now_ms(host) + IBMVMC_FREE_TOTAL_MS;
	struct ibmvmc_info info;
	u32 delay_ms = 0;
	int rc;

	for (;;) {
		mutex_lock(&host->lock);
		rc = ibmvmc_stop(host->adapter, &delay_ms);
		mutex_unlock(&host->lock);
		if (rc != -EBUSY || ibmvmc_host_now_ms(host) >= give_up)
			break;
		msleep(clamp_t(u32, delay_ms, IBMVMC_DELAY_MIN_MS,
			       IBMVMC_DELAY_MAX_MS));
	}
	if (rc)
		pr_warn("the hypervisor did not free the queue (%d)\n", rc);

	/* A stopped engine does not schedule them again. */
	cancel_work_sync(&host->service);
	cancel_delayed_work_sync(&host->timer);
	destroy_workqueue(host->workqueue);

	mutex_lock(&host->lock);
	ibmvmc_get_info(host->adapter, &info);
	host->resets = info.resets;
	ibmvmc_adapter_free(host->adapter);
	host->adapter = NULL;
	mutex_unlock(&host->lock);
	return rc ? -EIO : 0;
}

void ibmvmc_host_get(struct ibmvmc_host *host)
{
	kref_get(&host->refs);
}

static void ibmvmc_host_free(struct kref *refs)
{
	struct ibmvmc_host *host = container_of(refs, struct ibmvmc_host, refs);

	mutex_destroy(&host->lock);
	kfree(host);
}

void ibmvmc_host_put(struct ibmvmc_host *host)
{
	if (host)
		kref_put(&host->refs, ibmvmc_host_free);
}
