// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Device: passes each call to the back end, with defaults for the operations
 * that a back end leaves out, and names the resets. It keeps no state.
 */
#include "device.h"

#include "../errors.h"
#include "uapi/ibmvmc.h"

void device_free(struct device *device)
{
	if (device)
		device->ops->free(device);
}

void device_listen(struct device *device,
		   const struct device_listener *listener, void *data)
{
	device->listener = listener;
	device->listener_data = data;
}

int device_start(struct device *device)
{
	return device->ops->start(device);
}

enum device_work device_dispatch(struct device *device)
{
	return device->ops->dispatch(device);
}

void device_get_info(struct device *device, struct device_info *info)
{
	device->ops->get_info(device, info);
}

void device_get_hmc_info(struct device *device, guint index,
			 struct device_hmc_info *info)
{
	device->ops->get_hmc_info(device, index, info);
}

gboolean device_is_quiet(struct device *device)
{
	return device->ops->quiet && device->ops->quiet(device);
}

int device_open(struct device *device, guint index,
		const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms)
{
	return device->ops->open(device, index, hmc_id, timeout_ms);
}

void device_close(struct device *device, guint index)
{
	device->ops->close(device, index);
}

int device_send(struct device *device, guint index, gconstpointer data,
		guint32 len)
{
	return device->ops->send(device, index, data, len);
}

int device_next(struct device *device, guint index, guint32 *room)
{
	return device->ops->next(device, index, room);
}

gssize device_receive(struct device *device, guint index, guint8 *to,
		      guint32 room)
{
	return device->ops->receive(device, index, to, room);
}

int device_request_vmc(struct device *device)
{
	return device->ops->request_vmc(device);
}

const char *device_explain(struct device *device, int error)
{
	const char *words = device->ops->explain ?
				    device->ops->explain(device, error) :
				    NULL;

	return words ? words : error_meaning(error);
}

int device_command(struct device *device, const char *line, gboolean run,
		   char **why)
{
	return device->ops->command(device, line, run, why);
}

const char *device_reset_words(guint32 kind)
{
	switch (kind) {
	case IBMVMC_RESET_NONE:
		return NULL;
	case IBMVMC_RESET_PARTNER_FAILED:
		return "the partner failed";
	case IBMVMC_RESET_PARTNER_DEREGISTERED:
		return "the partner deregistered its queue";
	case IBMVMC_RESET_PARTNER_TERMINATED:
		return "the partner was terminated";
	case IBMVMC_RESET_MIGRATED:
		return "the partition was suspended or migrated";
	case IBMVMC_RESET_SELF:
		return "the channel was reset by this side";
	case IBMVMC_RESET_REMOVED:
		return "the device was removed";
	default:
		return "the partner is gone; the reason is unknown";
	}
}
