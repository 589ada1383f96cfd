// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The adapter as an object: made, freed, asked. What it does over time is in
 * channel.c and the files behind it.
 */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "adapter.h"
#include "initial.h"
#include "limits.h"

static bool ibmvmc_config_valid(const struct ibmvmc_config *config, u32 entries)
{
	return config->max_hmcs >= VMC_HMCS_MIN &&
	       config->max_hmcs <= VMC_HMCS_MAX &&
	       config->buf_pool_size >= VMC_POOL_MIN &&
	       config->buf_pool_size <= VMC_POOL_MAX &&
	       config->max_mtu >= VMC_MTU_MIN &&
	       config->max_mtu <= VMC_MTU_MAX &&
	       (!config->max_waiting ||
		config->max_waiting >= IBMVMC_WAITING_MIN) &&
	       config->max_waiting <= IBMVMC_WAITING_MAX &&
	       entries >= VMC_CRQ_ENTRIES_MIN &&
	       entries <= IBMVMC_CRQ_ENTRIES_MAX && is_power_of_2(entries);
}

static int ibmvmc_slots_new(struct crq_server_adapter *adapter)
{
	unsigned int pool = adapter->config.buf_pool_size;
	unsigned int i, id;

	adapter->slots = kcalloc(adapter->config.max_hmcs,
				 sizeof(*adapter->slots), GFP_KERNEL);
	if (!adapter->slots)
		return -ENOMEM;
	for (i = 0; i < adapter->config.max_hmcs; i++) {
		struct ibmvmc_hmc *hmc = &adapter->slots[i];

		hmc->adapter = adapter;
		hmc->index = i;
		hmc->state = IBMVMC_HMC_FREE;
		hmc->deadline = IBMVMC_TIMER_OFF;
		INIT_LIST_HEAD(&hmc->waiting);
		hmc->buffers = kcalloc(pool, sizeof(*hmc->buffers), GFP_KERNEL);
		if (!hmc->buffers)
			return -ENOMEM;
		for (id = 0; id < pool; id++)
			hmc->buffers[id].id = id;
	}
	return 0;
}

/* Room for what a partner that keeps to its half of our queue can ask for. */
static int ibmvmc_pending_new(struct ibmvmc_pending *pending, u32 entries,
			      u8 hmcs)
{
	pending->capacity = entries / 2 + 2 * hmcs + 2;
	pending->retry_at = IBMVMC_TIMER_OFF;
	pending->entries = kvcalloc(pending->capacity,
				    sizeof(*pending->entries), GFP_KERNEL);
	return pending->entries ? 0 : -ENOMEM;
}

static void ibmvmc_adapter_destroy(struct crq_server_adapter *adapter)
{
	unsigned int i;

	for (i = 0; adapter->slots && i < adapter->config.max_hmcs; i++)
		kfree(adapter->slots[i].buffers);
	kfree(adapter->slots);
	ibmvmc_waiting_clear(&adapter->waiting);
	kvfree(adapter->pending.entries);
	kfree(adapter);
}

int ibmvmc_adapter_new(const struct ibmvmc_config *config,
		       const struct ibmvmc_transport *transport,
		       const struct ibmvmc_host_ops *host_ops, void *host,
		       struct crq_server_adapter **result)
{
	struct crq_server_adapter *adapter;
	int rc;

	if (!ibmvmc_config_valid(config, transport->entries))
		return -EINVAL;
	adapter = kzalloc(sizeof(*adapter), GFP_KERNEL);
	if (!adapter)
		return -ENOMEM;

	adapter->config = *config;
	adapter->ops = transport->ops;
	adapter->transport = transport->data;
	adapter->host_ops = host_ops;
	adapter->host = host;
	adapter->state = IBMVMC_STATE_INITIAL;
	adapter->deadline = IBMVMC_TIMER_OFF;
	adapter->armed = IBMVMC_TIMER_OFF;
	adapter->window_deadline = IBMVMC_TIMER_OFF;
	INIT_LIST_HEAD(&adapter->sessions);
	crq_queue_init(&adapter->queue, transport->ring, transport->entries);
	rc = ibmvmc_slots_new(adapter);
	if (!rc)
		rc = ibmvmc_pending_new(&adapter->pending, transport->entries,
					config->max_hmcs);
	if (!rc)
		rc = ibmvmc_waiting_init(&adapter->waiting,
					 config->max_waiting ?:
						 IBMVMC_WAITING_DEFAULT);
	if (rc) {
		ibmvmc_adapter_destroy(adapter);
		return rc;
	}
	*result = adapter;
	return 0;
}

void ibmvmc_adapter_free(struct crq_server_adapter *adapter)
{
	struct ibmvmc_file_session *session, *next;

	if (!adapter)
		return;
	list_for_each_entry_safe(session, next, &adapter->sessions, node) {
		list_del_init(&session->node);
		ibmvmc_wait_end(session);
		if (session->state != IBMVMC_SESSION_DEAD) {
			session->state = IBMVMC_SESSION_DEAD;
			session->error = -ENODEV;
		}
		session->adapter = NULL;
	}
	ibmvmc_adapter_destroy(adapter);
}

void ibmvmc_get_info(const struct crq_server_adapter *adapter,
		     struct ibmvmc_info *info)
{
	memset(info, 0, sizeof(*info));
	info->state = adapter->state;
	info->hmcs = adapter->hmcs;
	info->pool = adapter->pool;
	info->mtu = adapter->mtu;
	info->peer_crq_entries = adapter->peer_crq_entries;
	info->peer_version = adapter->peer_version;
	info->drc_index = adapter->drc_index;
	info->resets = adapter->resets;
	info->waiting = adapter->waiting.count;
	info->starved = ibmvmc_is_starved(adapter);
}

int ibmvmc_request_vmc(struct crq_server_adapter *adapter, u32 *drc_index,
		       u32 *delay_ms)
{
	u32 index = 0;
	int rc;

	rc = adapter->ops->request_vmc(adapter->transport, &index, delay_ms);
	/* What is no errno would be taken for success. */
	if (rc > 0)
		rc = -EIO;
	if (rc)
		return rc;
	adapter->drc_index = index;
	*drc_index = index;
	return 0;
}
