// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channel: passes events of the device to the HMC indices, and changes of these
 * to the listener. It sends and receives no message.
 */
#include "channel.h"

#include <errno.h>

#include "../device/device.h"
#include "../errors.h"

static void notify_changed(struct channel *channel)
{
	if (channel->listener)
		channel->listener->changed(channel->listener_data);
}

static void on_hmc_changed(void *data, struct hmc *hmc)
{
	struct channel *channel = data;

	notices_memory(channel);
	if (channel->listener)
		channel->listener->hmc_changed(channel->listener_data, hmc);
}

/*
 * Indices are never removed: a channel that becomes ready again offers the old
 * ones again.
 */
static void on_changed(void *data)
{
	struct channel *channel = data;
	struct device_info info;

	device_get_info(channel->device, &info);
	while (channel->hmcs->len < info.hmcs)
		g_ptr_array_add(channel->hmcs, hmc_new(&channel->hmc_config,
						       channel->hmcs->len));
	notices_channel(channel);
	notify_changed(channel);
}

static void on_opened(void *data, guint index, int error)
{
	hmc_on_opened(channel_hmc(data, index), error);
}

static void on_readable(void *data, guint index)
{
	hmc_on_readable(channel_hmc(data, index));
}

static void on_writable(void *data, guint index)
{
	hmc_on_writable(channel_hmc(data, index));
}

static void on_message_lost(void *data, guint index, guint count, int error)
{
	hmc_on_message_lost(channel_hmc(data, index), count, error);
}

static void on_lost(void *data, guint index, int error)
{
	hmc_on_lost(channel_hmc(data, index), error);
}

/* The table of errors is about sessions; these two differ for a request. */
static const char *request_meaning(int error)
{
	switch (error) {
	case -EPERM:
		return "not permitted; only root may request one, and not every hypervisor provides one";
	case -ENODEV:
		return "no driver is loaded, or the hypervisor has no resources for a device";
	default:
		return error_meaning(error);
	}
}

static void on_requested(void *data, int error)
{
	struct channel *channel = data;

	channel->requesting = FALSE;
	channel->request_result = error;
	if (error)
		last_error_set(
			&channel->last_error, error,
			"request-vmc: the hypervisor did not provide a device: %s",
			request_meaning(error));
	notify_changed(channel);
}

static const struct device_listener device_listener = {
	.changed = on_changed,
	.opened = on_opened,
	.readable = on_readable,
	.writable = on_writable,
	.message_lost = on_message_lost,
	.lost = on_lost,
	.requested = on_requested,
};

struct channel *channel_new(struct device *device,
			    const struct channel_config *config)
{
	struct channel *channel = g_new0(struct channel, 1);

	channel->device = device;
	channel->config = *config;
	channel->hmc_config = (struct hmc_config){
		.device = device,
		.memory = &channel->memory,
		.history = config->history,
		.records = config->records,
		.capture = config->capture,
		.sendq = config->sendq,
		.send_timeout_ms = config->send_timeout_ms,
		.open_timeout_ms = config->open_timeout_ms,
		.changed = on_hmc_changed,
		.data = channel,
	};
	memory_init(&channel->memory, config->memory, config->clock);
	channel->hmcs =
		g_ptr_array_new_with_free_func((GDestroyNotify)hmc_free);
	device_listen(device, &device_listener, channel);
	return channel;
}

void channel_free(struct channel *channel)
{
	if (!channel)
		return;
	device_free(channel->device);
	g_ptr_array_unref(channel->hmcs);
	memory_clear(&channel->memory);
	last_error_clear(&channel->last_error);
	g_free(channel);
}

void channel_listen(struct channel *channel,
		    const struct channel_listener *listener, void *data)
{
	channel->listener = listener;
	channel->listener_data = data;
}

gboolean channel_is_ready(const struct channel *channel)
{
	struct device_info info;

	device_get_info(channel->device, &info);
	return info.state == DEVICE_READY;
}

struct hmc *channel_hmc(const struct channel *channel, guint index)
{
	return index < channel->hmcs->len ?
		       g_ptr_array_index(channel->hmcs, index) :
		       NULL;
}

int channel_request_vmc(struct channel *channel)
{
	int error = 0;

	if (!channel->requesting)
		error = device_request_vmc(channel->device);
	if (error)
		return last_error_set(&channel->last_error, error,
				      "request-vmc: %s",
				      request_meaning(error));
	channel->requesting = TRUE;
	return 0;
}

int channel_command(struct channel *channel, const char *line, gboolean run)
{
	g_autofree char *why = NULL;
	int error = device_command(channel->device, line, run, &why);

	if (error)
		last_error_set(&channel->last_error, error, "'%s': %s", line,
			       why);
	return error;
}

guint64 channel_unsent(const struct channel *channel)
{
	guint64 count = 0;

	for (guint i = 0; i < channel->hmcs->len; i++)
		count += channel_hmc(channel, i)->counters.unsent_messages;
	return count;
}

gboolean channel_shut_down(struct channel *channel)
{
	gboolean done = TRUE;

	for (guint i = 0; i < channel->hmcs->len; i++) {
		struct hmc *hmc = g_ptr_array_index(channel->hmcs, i);

		if (hmc->state == HMC_NONE)
			continue;
		if (hmc->state != HMC_CLOSING)
			hmc->caller = (struct caller){ 0 };
		if (hmc_close(hmc) == -EINPROGRESS)
			done = FALSE;
	}
	return done;
}
