// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the numbers of the user ABI to those of the device interface.
 */
#include "info.h"

#include <errno.h>

#include "../resets.h"

enum device_state chardev_info_state(gint32 state)
{
	switch (state) {
	case IBMVMC_CHANNEL_NONE:
		return DEVICE_DOWN;
	case IBMVMC_CHANNEL_READY:
		return DEVICE_READY;
	case IBMVMC_CHANNEL_FAILED:
		return DEVICE_FAILED;
	default:
		return DEVICE_CONNECTING;
	}
}

const char *chardev_info_reset(guint32 kind)
{
	switch (kind) {
	case IBMVMC_RESET_NONE:
		return reset_words(RESET_NONE);
	case IBMVMC_RESET_PARTNER_FAILED:
		return reset_words(RESET_PARTNER_FAILED);
	case IBMVMC_RESET_PARTNER_DEREGISTERED:
		return reset_words(RESET_PARTNER_DEREGISTERED);
	case IBMVMC_RESET_PARTNER_TERMINATED:
		return reset_words(RESET_PARTNER_TERMINATED);
	case IBMVMC_RESET_MIGRATED:
		return reset_words(RESET_MIGRATED);
	case IBMVMC_RESET_SELF:
		return reset_words(RESET_SELF);
	case IBMVMC_RESET_REMOVED:
		return reset_words(RESET_REMOVED);
	default:
		return reset_words(RESET_OTHER_EVENT);
	}
}

void chardev_info_channel(const struct ibmvmc_ioc_info *from,
			  struct device_info *to)
{
	*to = (struct device_info){
		.state = chardev_info_state(from->channel_state),
		.hmcs = MIN(from->hmcs, VMC_HMCS_MAX),
		.mtu = from->mtu,
		.pool = from->pool,
		.drc_index = from->drc_index,
		.resets = from->resets,
		.last_reset = chardev_info_reset(from->last_reset),
	};
}

void chardev_info_hmc(const struct ibmvmc_ioc_info *from,
		      struct device_hmc_info *to)
{
	*to = (struct device_hmc_info){
		.session = from->hmc_session,
		.buffers = from->buffers,
		.buffers_free = from->buffers_free,
	};
}

int chardev_info_open_error(int error, gboolean waited)
{
	if (!waited)
		return error == -EINVAL ? -ENODEV : error;
	return error == -EBUSY || error == -ENOBUFS ? -ETIMEDOUT : error;
}
