// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a device is asked for: the provider is asked again and again while the
 * hypervisor is busy, with nothing locked but the wish itself.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>

#include "engine/limits.h"
#include "node.h"
#include "uapi/ibmvmc.h"

static int ibmvmc_ask_provider(struct ibmvmc_node *node, u32 *drc_index,
			       u32 *delay_ms)
{
	const struct ibmvmc_provider *provider;
	int rc = -ENODEV;

	down_read(&node->provider_lock);
	provider = node->provider;
	if (provider)
		rc = provider->request_vmc(provider->data, drc_index, delay_ms);
	up_read(&node->provider_lock);
	/* What is no errno would be taken for success. */
	return rc > 0 ? -EIO : rc;
}

int ibmvmc_node_request(struct ibmvmc_node *node, u32 *drc_index)
{
	unsigned long give_up =
		jiffies + msecs_to_jiffies(IBMVMC_REQUEST_TOTAL_MS);
	u32 delay_ms = 0;
	u32 index = 0;
	int rc;

	if (mutex_lock_interruptible(&node->request_lock))
		return -EINTR;
	for (;;) {
		rc = ibmvmc_ask_provider(node, &index, &delay_ms);
		if (rc != -EBUSY)
			break;
		rc = -ETIMEDOUT;
		if (time_after(jiffies, give_up))
			break;
		rc = -EINTR;
		if (msleep_interruptible(clamp_t(u32, delay_ms,
						 IBMVMC_DELAY_MIN_MS,
						 IBMVMC_DELAY_MAX_MS)))
			break;
	}
	if (!rc) {
		WRITE_ONCE(node->drc_index, index);
		*drc_index = index;
		ibmvmc_node_changed(node);
	}
	mutex_unlock(&node->request_lock);
	return rc;
}
