// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loop: the simulated device, used as the daemon uses it, with one session and
 * a listener that does nothing. It measures nothing.
 */
#include "loop.h"

#include "device/device.h"
#include "device/sim/sim.h"

/**
 * struct loop - device and the state that its listener reports
 * @device: simulated device
 * @open: TRUE while the session is open
 */
struct loop {
	struct device *device;
	gboolean open;
};

static void ignore(void *loop)
{
	(void)loop;
}

static void ignore_traffic(void *loop, guint index)
{
	(void)loop;
	(void)index;
}

static void ignore_loss(void *loop, guint index, guint count, int error)
{
	(void)loop;
	(void)index;
	(void)count;
	(void)error;
}

static void note_open(void *loop, guint index, int error)
{
	(void)index;
	((struct loop *)loop)->open = !error;
}

static void note_end(void *loop, guint index, int error)
{
	(void)index;
	(void)error;
	((struct loop *)loop)->open = FALSE;
}

static const struct device_listener listener = {
	.changed = ignore,
	.opened = note_open,
	.readable = ignore_traffic,
	.writable = ignore_traffic,
	.message_lost = ignore_loss,
	.lost = note_end,
};

static gboolean is_ready(struct loop *loop)
{
	struct device_info info;

	device_get_info(loop->device, &info);
	return info.state == DEVICE_READY;
}

struct loop *loop_new(void)
{
	static const guint8 name[VMC_HMC_ID_LEN] = "loop";
	struct loop *loop = g_new0(struct loop, 1);
	struct sim_options options;

	sim_options_init(&options);
	if (device_sim_new(&options, &loop->device))
		return NULL;
	device_listen(loop->device, &listener, loop);
	device_start(loop->device);
	while (!is_ready(loop))
		g_main_context_iteration(NULL, TRUE);
	if (device_open(loop->device, 0, name, 60000))
		return NULL;
	while (!loop->open)
		g_main_context_iteration(NULL, TRUE);
	return loop;
}

int loop_pass(struct loop *loop, char *buffer, size_t size)
{
	guint32 room;
	gssize got;

	if (device_send(loop->device, 0, buffer, (guint32)size))
		return -1;
	while (device_next(loop->device, 0, &room)) {
		device_dispatch(loop->device);
		if (!loop->open)
			return -1;
	}
	got = device_receive(loop->device, 0, (guint8 *)buffer, room);
	return got == (gssize)size ? 0 : -1;
}
