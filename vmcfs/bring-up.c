// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Before the mount the main loop is turned by hand, until what is waited for
 * has come or its time is up.
 */
#include "bring-up.h"

#include <sysexits.h>

#include "channel/channel.h"
#include "defaults.h"
#include "device/chardev/chardev.h"
#include "device/device.h"
#include "device/sim/sim.h"
#include "errors.h"
#include "loop.h"
#include "options.h"

int bring_up_device(const struct options *options, struct privilege *privilege,
		    struct device **device)
{
	g_autofree char *why = NULL;
	int error;

	if (g_str_equal(options->device, VMCFS_DEVICE_SIM))
		error = device_sim_new(&options->sim, device);
	else
		error = device_chardev_new(options->device, privilege, device,
					   &why);
	if (!error)
		return 0;
	if (why)
		g_printerr("vmcfs: %s\n", why);
	else
		g_printerr("vmcfs: %s: %s\n", options->device,
			   error_meaning(error));
	return EX_UNAVAILABLE;
}

static gboolean is_ready(gpointer data)
{
	return channel_is_ready(data);
}

int bring_up_channel(struct channel *channel)
{
	int error = device_start(channel->device);

	if (error) {
		g_printerr("vmcfs: %s: cannot be started: %s\n",
			   channel->device->name, error_meaning(error));
		return EX_UNAVAILABLE;
	}
	if (!loop_until(is_ready, channel, channel->config.open_timeout_ms))
		g_printerr(
			"vmcfs: %s: the channel is not up yet; its hmcN directories come when it is\n",
			channel->device->name);
	return 0;
}

static int open_session(struct channel *channel,
			const struct session_option *session)
{
	struct hmc *hmc = channel_hmc(channel, session->index);
	int error;

	if (!hmc) {
		g_printerr(
			"vmcfs: open=%u: the channel offers %u HMC indices, counted from 0\n",
			session->index, channel->hmcs->len);
		return EX_UNAVAILABLE;
	}
	error = hmc_open(hmc, session->command.id, session->command.id_len);
	while (!error && hmc->state == HMC_OPENING)
		g_main_context_iteration(NULL, TRUE);
	if (!error && hmc->state == HMC_READY)
		return 0;
	g_printerr("vmcfs: open=%u: %s\n", session->index,
		   hmc->last_error.sentence);
	return EX_UNAVAILABLE;
}

int bring_up_sessions(struct channel *channel, GPtrArray *sessions)
{
	int status = 0;

	for (guint i = 0; !status && i < sessions->len; i++)
		status = open_session(channel, g_ptr_array_index(sessions, i));
	return status;
}
