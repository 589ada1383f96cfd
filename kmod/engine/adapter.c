// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Adapter: creates, frees and reports the objects of the engine. It also
 * records trouble, which run.c handles. It neither sends nor receives entries.
 */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#include "internal.h"
#include "engine-limits.h"
#include "vmc/message.h"

/**
 * ibmvmc_now() - read the host's clock
 * @adapter: adapter
 *
 * Return: milliseconds.
 */
u64 ibmvmc_now(const struct crq_server_adapter *adapter)
{
	return adapter->host_ops->now_ms(adapter->host);
}

static void ibmvmc_report(const struct crq_server_adapter *adapter,
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

/* Each of these functions reports one type of event (event.h). */
void ibmvmc_report_transport(const struct crq_server_adapter *adapter, u8 kind)
{
	ibmvmc_report(adapter, IBMVMC_EVENT_TRANSPORT, -1, kind, 0);
}

void ibmvmc_report_reset(const struct crq_server_adapter *adapter, int error)
{
	ibmvmc_report(adapter, IBMVMC_EVENT_RESET, -1, 0, error);
}

void ibmvmc_report_timeout(const struct crq_server_adapter *adapter, int index,
			   u32 request)
{
	ibmvmc_report(adapter, IBMVMC_EVENT_TIMEOUT, index, request,
		      -ETIMEDOUT);
}

void ibmvmc_report_ready(const struct ibmvmc_hmc *hmc)
{
	ibmvmc_report(hmc->adapter, IBMVMC_EVENT_SESSION_READY, hmc->index,
		      hmc->session, 0);
}

void ibmvmc_report_ended(const struct ibmvmc_file_session *session)
{
	ibmvmc_report(session->adapter, IBMVMC_EVENT_SESSION_ENDED,
		      session->index, session->session, session->error);
}

void ibmvmc_report_usable(const struct ibmvmc_hmc *hmc)
{
	ibmvmc_report(hmc->adapter, IBMVMC_EVENT_USABLE, hmc->index, 0, 0);
}

void ibmvmc_report_lost(const struct ibmvmc_hmc *hmc, u32 len, int error)
{
	ibmvmc_report(hmc->adapter, IBMVMC_EVENT_MESSAGE_LOST, hmc->index, len,
		      error);
}

/**
 * ibmvmc_report_entry() - report an event that concerns one CRQ entry
 * @adapter: adapter
 * @type: event type
 * @entry: private copy of the entry
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

	/* The index is valid even if the owner byte is undefined. */
	if (vmc_interface_decode(entry, &message) != -EBADMSG)
		event.index = message.index;
	adapter->host_ops->report(adapter->host, &event);
}

/**
 * ibmvmc_set_state() - change the channel's state and report the change
 * @adapter: adapter
 * @state: new state
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
 * ibmvmc_partner_gone() - record that the partner is gone
 * @adapter: adapter
 *
 * Used when a send or a copy fails with -ENOTCONN and no transport event has
 * arrived.
 */
void ibmvmc_partner_gone(struct crq_server_adapter *adapter)
{
	if (adapter->trouble.kind != IBMVMC_TROUBLE_NONE)
		return;
	adapter->trouble.kind = IBMVMC_TROUBLE_PARTNER_GONE;
	adapter->trouble.error = -ENOTCONN;
}

/**
 * ibmvmc_channel_broken() - record that the engine must reset the channel
 * @adapter: adapter
 * @error: reason, for the report
 */
void ibmvmc_channel_broken(struct crq_server_adapter *adapter, int error)
{
	if (adapter->trouble.kind != IBMVMC_TROUBLE_NONE)
		return;
	adapter->trouble.kind = IBMVMC_TROUBLE_RESET;
	adapter->trouble.error = error;
}

/**
 * ibmvmc_hmc_at() - get the connection of an HMC index
 * @adapter: adapter
 * @index: HMC index, not checked by the caller
 *
 * Return: the connection, or NULL unless @index is below the negotiated number.
 */
struct ibmvmc_hmc *ibmvmc_hmc_at(const struct crq_server_adapter *adapter,
				 unsigned int index)
{
	return index < adapter->negotiated.hmcs ? &adapter->connections[index] :
						  NULL;
}

/**
 * ibmvmc_any_session() - check for sessions that a reset would end
 * @adapter: adapter
 *
 * Return: true if at least one connection has a file session.
 */
bool ibmvmc_any_session(const struct crq_server_adapter *adapter)
{
	unsigned int i;

	for (i = 0; i < adapter->negotiated.hmcs; i++)
		if (adapter->connections[i].file_session)
			return true;
	return false;
}

/**
 * ibmvmc_is_starved() - check whether the first buffer is still missing
 * @adapter: adapter
 *
 * Return: true if no connection has received a buffer since the channel became
 * ready. No session can be opened then.
 */
bool ibmvmc_is_starved(const struct crq_server_adapter *adapter)
{
	return adapter->state == IBMVMC_STATE_READY &&
	       adapter->deadline != IBMVMC_TIMER_OFF;
}

/**
 * ibmvmc_session_wake() - notify the host of a change of a session
 * @session: session with an adapter
 *
 * The host is not notified after the last reference was released: the owner may
 * have been freed.
 */
void ibmvmc_session_wake(struct ibmvmc_file_session *session)
{
	struct crq_server_adapter *adapter = session->adapter;

	if (refcount_read(&session->refs))
		adapter->host_ops->wake(adapter->host, session);
}

/**
 * ibmvmc_session_wake_all() - wake the writers of all ready sessions
 * @adapter: adapter
 */
void ibmvmc_session_wake_all(struct crq_server_adapter *adapter)
{
	const struct ibmvmc_hmc *hmc;
	unsigned int i;

	for (i = 0; i < adapter->negotiated.hmcs; i++) {
		hmc = &adapter->connections[i];
		if (hmc->state == IBMVMC_HMC_READY)
			ibmvmc_session_wake(hmc->file_session);
	}
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

	adapter->connections =
		kcalloc(adapter->config.max_hmcs, sizeof(*adapter->connections),
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

/*
 * A partner that uses only its half of our queue cannot cause more pending
 * entries than this.
 */
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
	adapter->direct = transport->direct;
	adapter->state = IBMVMC_STATE_INITIAL;
	adapter->deadline = IBMVMC_TIMER_OFF;
	adapter->armed = IBMVMC_TIMER_OFF;
	adapter->window.deadline = IBMVMC_TIMER_OFF;
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
	info->hmcs = adapter->negotiated.hmcs;
	info->pool = adapter->negotiated.pool;
	info->mtu = adapter->negotiated.mtu;
	info->peer_crq_entries = adapter->negotiated.crq_entries;
	info->peer_version = adapter->negotiated.version;
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
	/*
	 * A positive value is not an errno; callers would take it for success.
	 */
	if (rc > 0)
		rc = -EIO;
	if (rc)
		return rc;
	adapter->drc_index = index;
	*drc_index = index;
	return 0;
}
