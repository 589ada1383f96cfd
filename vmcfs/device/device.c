// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The calls of the device interface, handed to the back end. What a back end
 * leaves out is answered here.
 */
#include "device.h"

#include <errno.h>

#include "../errors.h"

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

gboolean device_dispatch(struct device *device)
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
	if (device->ops->command)
		return device->ops->command(device, line, run, why);
	*why = g_strdup_printf("%s has no commands of its own", device->name);
	return -EINVAL;
}
