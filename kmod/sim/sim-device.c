// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Simulated device of the module ibmvmc-sim: runs the simulated hypervisor,
 * attaches the device to ibmvmc, and connects the knobs. It does not implement
 * the knobs: hv/ does.
 *
 * The hypervisor's lock nests inside the engine's, and the hypervisor's
 * interrupt only schedules work, so that the two locks cannot deadlock.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "sim-device.h"

static u64 sim_now_ms(void *data)
{
	return ktime_to_ms(ktime_get());
}

static void sim_interrupt(void *data)
{
	struct sim_device *device = data;

	ibmvmc_interrupt(device->attached);
}

static const struct vmc_hv_host sim_hv_host = {
	.interrupt = sim_interrupt,
};

static void sim_enter(void *data)
{
	struct sim_device *device = data;

	mutex_lock(&device->lock);
}

/* Schedule the next step of the hypervisor. The lock is held. */
static void sim_schedule(struct sim_device *device)
{
	u64 at_ms = vmc_hv_next_step(device->link.hv);
	u64 now_ms = sim_now_ms(device);
	unsigned long delay = 0;

	if (at_ms == VMC_HV_IDLE)
		return;
	if (at_ms > now_ms)
		delay = msecs_to_jiffies(min_t(u64, at_ms - now_ms, INT_MAX));
	mod_delayed_work(device->workqueue, &device->step, delay);
}

static void sim_leave(void *data)
{
	struct sim_device *device = data;

	sim_schedule(device);
	mutex_unlock(&device->lock);
}

static const struct vmc_sim_link_host sim_link_host = {
	.now_ms = sim_now_ms,
	.enter = sim_enter,
	.leave = sim_leave,
};

static void sim_step(struct work_struct *work)
{
	struct sim_device *device =
		container_of(to_delayed_work(work), struct sim_device, step);

	mutex_lock(&device->lock);
	if (vmc_hv_step(device->link.hv, sim_now_ms(device)))
		mod_delayed_work(device->workqueue, &device->step, 0);
	else
		sim_schedule(device);
	mutex_unlock(&device->lock);
}

static int sim_request_vmc(void *data, u32 *drc_index, u32 *delay_ms)
{
	return vmc_sim_transport_ops.request_vmc(data, drc_index, delay_ms);
}

int sim_device_new(const struct vmc_hv_config *config,
		   struct sim_device **result)
{
	struct sim_device *device;
	int rc;

	device = kvzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	mutex_init(&device->lock);
	mutex_init(&device->live_lock);
	INIT_DELAYED_WORK(&device->step, sim_step);
	device->link.host = &sim_link_host;
	device->link.host_data = device;
	device->provider.name = "ibmvmc-sim";
	device->provider.request_vmc = sim_request_vmc;
	device->provider.data = &device->link;

	rc = vmc_hv_new(config, &sim_hv_host, device, &device->link.hv);
	if (rc)
		goto free_device;
	rc = -ENOMEM;
	device->workqueue = alloc_ordered_workqueue("ibmvmc-sim", 0);
	if (!device->workqueue)
		goto free_hv;
	rc = ibmvmc_provider_register(&device->provider);
	if (rc)
		goto destroy_workqueue;
	*result = device;
	return 0;

destroy_workqueue:
	destroy_workqueue(device->workqueue);
free_hv:
	vmc_hv_free(device->link.hv);
free_device:
	mutex_destroy(&device->live_lock);
	mutex_destroy(&device->lock);
	kvfree(device);
	return rc;
}

void sim_device_free(struct sim_device *device)
{
	sim_device_set_live(device, false);
	ibmvmc_provider_unregister(&device->provider);
	cancel_delayed_work_sync(&device->step);
	destroy_workqueue(device->workqueue);
	vmc_hv_free(device->link.hv);
	mutex_destroy(&device->live_lock);
	mutex_destroy(&device->lock);
	kvfree(device);
}

int sim_device_set_live(struct sim_device *device, bool live)
{
	struct ibmvmc_transport transport =
		vmc_sim_link_transport(&device->link);
	int rc = 0;

	mutex_lock(&device->live_lock);
	if (live && !device->attached) {
		rc = ibmvmc_attach(&transport, &device->attached);
	} else if (!live && device->attached) {
		rc = ibmvmc_detach(device->attached);
		device->attached = NULL;
	}
	mutex_unlock(&device->live_lock);
	return rc;
}

static struct vmc_hv *sim_knobs_enter(void *data)
{
	struct sim_device *device = data;

	sim_enter(device);
	return device->link.hv;
}

static bool sim_knobs_is_live(void *data)
{
	struct sim_device *device = data;
	bool live;

	mutex_lock(&device->live_lock);
	live = device->attached;
	mutex_unlock(&device->live_lock);
	return live;
}

static int sim_knobs_set_live(void *data, bool live)
{
	return sim_device_set_live(data, live);
}

static const struct vmc_hv_debugfs_ops sim_knobs_ops = {
	.enter = sim_knobs_enter,
	.leave = sim_leave,
	.is_live = sim_knobs_is_live,
	.set_live = sim_knobs_set_live,
};

void sim_device_add_knobs(struct sim_device *device)
{
	vmc_hv_debugfs_init(&device->knobs, "ibmvmc-sim", &sim_knobs_ops,
			    device);
}

void sim_device_remove_knobs(struct sim_device *device)
{
	vmc_hv_debugfs_exit(&device->knobs);
}
