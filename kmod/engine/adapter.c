// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Adapter: creates, frees and reports the objects of the engine, and notes
 * trouble for run.c. It sends and receives nothing.
 */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"
#include "limits.h"
#include "vmc/message.h"

/**
 * ibmvmc_now() - the host's clock
 * @adapter: any
 *
 * Return: milliseconds.
 */
u64 ibmvmc_now(const struct crq_server_adapter *adapter)
{
	return adapter->host_ops->now_ms(adapter->host);
}

/**
 * ibmvmc_report() - tell an event that is about no single entry
 * @adapter: any
 * @type: which
 * @index: HMC index, or -1 for the whole channel
 * @value: as event.h tells of the type
 * @error: negative errno, or 0
 */
void ibmvmc_report(struct crq_server_adapter *adapter,
		   enum ibmvmc_event_type type, int index, u32 value,
		   int error)
{
	struct ibmvmc_event event = {
		.type = type,
		.index = index,
		.value = value,
		.error = error,
	};

	adapter->host_ops->report(adapter->host, &event);
}

/**
 * ibmvmc_report_entry() - tell an event that is about one CRQ entry
 * @adapter: any
 * @type: which
 * @entry: the entry; a private copy
 * @error: negative errno, or 0
 */
void ibmvmc_report_entry(struct crq_server_adapter *adapter,
			 enum ibmvmc_event_type type,
			 const struct ibmvmc_crq_msg *entry, int error)
{
	struct ibmvmc_event event = {
		.type = type,
		.index = -1,
		.error = error,
		.entry = entry,
	};
	struct vmc_interface message;

	/* An undefined owner byte leaves the index readable. */
	if (vmc_interface_decode(entry, &message) != -EBADMSG)
		event.index = message.index;
	adapter->host_ops->report(adapter->host, &event);
}

/**
 * ibmvmc_set_state() - change the channel's state, and report it
 * @adapter: any
 * @state: the new one
 */
void ibmvmc_set_state(struct crq_server_adapter *adapter,
		      enum ibmvmc_state state)
{
	if (adapter->state == state)
		return;
	adapter->state = state;
	ibmvmc_report(adapter, IBMVMC_EVENT_STATE, -1, (u32)state, 0);
}

/**
 * ibmvmc_partner_gone() - note that there is no partner any more
 * @adapter: any
 *
 * For a send or a copy that told so, without a transport event.
 */
void ibmvmc_partner_gone(struct crq_server_adapter *adapter)
{
	if (adapter->trouble != IBMVMC_TROUBLE_NONE)
		return;
	adapter->trouble = IBMVMC_TROUBLE_PARTNER_GONE;
	adapter->trouble_error = -ENOTCONN;
}

/**
 * ibmvmc_channel_broken() - note that the channel needs a reset of our own
 * @adapter: any
 * @error: why, for the report
 */
void ibmvmc_channel_broken(struct crq_server_adapter *adapter, int error)
{
	if (adapter->trouble != IBMVMC_TROUBLE_NONE)
		return;
	adapter->trouble = IBMVMC_TROUBLE_RESET;
	adapter->trouble_error = error;
}

/**
 * ibmvmc_hmc_at() - the slot of an HMC index
 * @adapter: any
 * @index: any value
 *
 * Return: the slot, or NULL unless @index is below the negotiated number.
 */
struct ibmvmc_hmc *ibmvmc_hmc_at(const struct crq_server_adapter *adapter,
				 unsigned int index)
{
	return index < adapter->hmcs ? &adapter->connections[index] : NULL;
}

/**
 * ibmvmc_any_session() - is there a session that a reset would end
 * @adapter: any
 */
bool ibmvmc_any_session(const struct crq_server_adapter *adapter)
{
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++)
		if (adapter->connections[i].file_session)
			return true;
	return false;
}

/**
 * ibmvmc_is_starved() - has no index had a buffer since the channel became ready
 * @adapter: any
 *
 * Nothing can be opened while this is true.
 */
bool ibmvmc_is_starved(const struct crq_server_adapter *adapter)
{
	return adapter->state == IBMVMC_STATE_READY &&
	       adapter->deadline != IBMVMC_TIMER_OFF;
}

/**
 * ibmvmc_session_wake() - tell the host that a session has changed
 * @session: any that has an adapter
 *
 * Nobody is told of a session whose last reference was given back: its owner
 * may be gone.
 */
void ibmvmc_session_wake(struct ibmvmc_file_session *session)
{
	struct crq_server_adapter *adapter = session->adapter;

	if (refcount_read(&session->refs))
		adapter->host_ops->wake(adapter->host, session);
}

/**
 * ibmvmc_session_wake_all() - wake the writers of every ready session
 * @adapter: any
 */
void ibmvmc_session_wake_all(struct crq_server_adapter *adapter)
{
	unsigned int i;

	for (i = 0; i < adapter->hmcs; i++)
		if (adapter->connections[i].state == IBMVMC_HMC_READY)
			ibmvmc_session_wake(adapter->connections[i].file_session);
}

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

static int ibmvmc_connections_new(struct crq_server_adapter *adapter)
{
	unsigned int pool = adapter->config.buf_pool_size;
	unsigned int i, id;

	adapter->connections = kcalloc(adapter->config.max_hmcs,
				       sizeof(*adapter->connections),
				       GFP_KERNEL);
	if (!adapter->connections)
		return -ENOMEM;
	for (i = 0; i < adapter->config.max_hmcs; i++) {
		struct ibmvmc_hmc *hmc = &adapter->connections[i];

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

	for (i = 0; adapter->connections && i < adapter->config.max_hmcs; i++)
		kfree(adapter->connections[i].buffers);
	kfree(adapter->connections);
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
	rc = ibmvmc_connections_new(adapter);
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
