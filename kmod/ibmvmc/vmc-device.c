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

static u64 ibmvmc_device_now_ms(void *data)
{
	return ktime_to_ms(ktime_get());
}

static void ibmvmc_device_set_timer(void *data, u64 at_ms)
{
	struct ibmvmc_device *device = data;
	u64 now_ms = ibmvmc_device_now_ms(data);
	unsigned long delay = 0;

	if (at_ms == IBMVMC_TIMER_OFF) {
		cancel_delayed_work(&device->timer);
		return;
	}
	if (at_ms > now_ms)
		delay = msecs_to_jiffies(min_t(u64, at_ms - now_ms, INT_MAX));
	mod_delayed_work(device->workqueue, &device->timer, delay);
}

void ibmvmc_device_wake_waiters(wait_queue_head_t *wait)
{
	wake_up_interruptible_poll(wait, EPOLLIN | EPOLLRDNORM | EPOLLOUT |
						 EPOLLWRNORM | EPOLLPRI |
						 EPOLLERR | EPOLLHUP);
}

static void ibmvmc_device_wake(void *data, struct ibmvmc_file_session *session)
{
	ibmvmc_device_wake_waiters(ibmvmc_session_owner(session));
}

static void ibmvmc_device_report(void *data, const struct ibmvmc_event *event)
{
	struct ibmvmc_device *device = data;

	ibmvmc_report_event(device->node, event);
}

static const struct ibmvmc_host_ops ibmvmc_device_ops = {
	.now_ms = ibmvmc_device_now_ms,
	.set_timer = ibmvmc_device_set_timer,
	.wake = ibmvmc_device_wake,
	.report = ibmvmc_device_report,
};

static void ibmvmc_task(struct work_struct *work)
{
	struct ibmvmc_device *device =
		container_of(work, struct ibmvmc_device, service);
	bool more;

	mutex_lock(&device->lock);
	more = ibmvmc_service(device->adapter, IBMVMC_SERVICE_ENTRIES);
	mutex_unlock(&device->lock);
	if (more)
		queue_work(device->workqueue, &device->service);
}

static void ibmvmc_timer_task(struct work_struct *work)
{
	struct delayed_work *timer = to_delayed_work(work);
	struct ibmvmc_device *device =
		container_of(timer, struct ibmvmc_device, timer);

	mutex_lock(&device->lock);
	ibmvmc_timer(device->adapter);
	mutex_unlock(&device->lock);
}

void ibmvmc_interrupt(struct ibmvmc_device *device)
{
	queue_work(device->workqueue, &device->service);
}

VMC_EXPORT(ibmvmc_interrupt, IBMVMC);

void ibmvmc_resumed(struct ibmvmc_device *device)
{
	mutex_lock(&device->lock);
	ibmvmc_resume(device->adapter);
	mutex_unlock(&device->lock);
}

VMC_EXPORT(ibmvmc_resumed, IBMVMC);

int ibmvmc_device_new(struct ibmvmc_node *node,
		      const struct ibmvmc_transport *transport,
		      struct ibmvmc_device **result)
{
	struct ibmvmc_device *device;
	int rc = -ENOMEM;

	device = kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	device->node = node;
	kref_init(&device->refs);
	mutex_init(&device->lock);
	INIT_WORK(&device->service, ibmvmc_task);
	INIT_DELAYED_WORK(&device->timer, ibmvmc_timer_task);
	device->workqueue = alloc_ordered_workqueue("ibmvmc", 0);
	if (!device->workqueue)
		goto free_device;
	rc = ibmvmc_adapter_new(&node->config, transport, &ibmvmc_device_ops,
				device, &device->adapter);
	if (rc)
		goto destroy_workqueue;
	*result = device;
	return 0;

destroy_workqueue:
	destroy_workqueue(device->workqueue);
free_device:
	kfree(device);
	return rc;
}

int ibmvmc_device_start(struct ibmvmc_device *device)
{
	int rc;

	mutex_lock(&device->lock);
	rc = ibmvmc_start(device->adapter);
	mutex_unlock(&device->lock);
	return rc;
}

int ibmvmc_device_stop(struct ibmvmc_device *device)
{
	u64 give_up = ibmvmc_device_now_ms(device) + IBMVMC_FREE_TOTAL_MS;
	struct ibmvmc_info info;
	u32 delay_ms = 0;
	int rc;

	for (;;) {
		mutex_lock(&device->lock);
		rc = ibmvmc_stop(device->adapter, &delay_ms);
		mutex_unlock(&device->lock);
		if (rc != -EBUSY || ibmvmc_device_now_ms(device) >= give_up)
			break;
		msleep(clamp_t(u32, delay_ms, IBMVMC_DELAY_MIN_MS,
			       IBMVMC_DELAY_MAX_MS));
	}
	if (rc)
		pr_warn("the hypervisor did not free the queue (%d)\n", rc);

	/* A stopped engine does not schedule them again. */
	cancel_work_sync(&device->service);
	cancel_delayed_work_sync(&device->timer);
	destroy_workqueue(device->workqueue);

	mutex_lock(&device->lock);
	ibmvmc_get_info(device->adapter, &info);
	device->resets = info.resets;
	ibmvmc_adapter_free(device->adapter);
	device->adapter = NULL;
	mutex_unlock(&device->lock);
	return rc ? -EIO : 0;
}

void ibmvmc_device_get(struct ibmvmc_device *device)
{
	kref_get(&device->refs);
}

static void ibmvmc_device_free(struct kref *refs)
{
	struct ibmvmc_device *device =
		container_of(refs, struct ibmvmc_device, refs);

	mutex_destroy(&device->lock);
	kfree(device);
}

void ibmvmc_device_put(struct ibmvmc_device *device)
{
	if (device)
		kref_put(&device->refs, ibmvmc_device_free);
}
