// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Canonical state: computes the hash of a pair and checks its invariants. It
 * changes no state.
 */
#include "canon.h"

#include <string.h>

#include "engine/internal.h"
#include "hv/internal.h"
#include "sim/internal.h"
#include "vmc/message.h"

/**
 * struct canon - hash in progress
 * @hash: hash so far
 * @now: clock in milliseconds
 * @latest: latest session number of each index
 */
struct canon {
	u64 hash;
	u64 now;
	u8 latest[PAIR_HMCS];
};

static void add(struct canon *canon, u64 value)
{
	canon->hash ^= value + 0x9e3779b97f4a7c15 + (canon->hash << 6) +
		       (canon->hash >> 2);
	canon->hash *= 0xff51afd7ed558ccd;
	canon->hash ^= canon->hash >> 33;
}

/* All times in the past are equal. */
static void add_time(struct canon *canon, u64 at)
{
	if (at == ~0ULL)
		add(canon, at);
	else
		add(canon, at > canon->now ? at - canon->now : 0);
}

static void add_session(struct canon *canon, unsigned int index, u8 session)
{
	if (session == VMC_SESSION_NONE || index >= PAIR_HMCS)
		add(canon, session);
	else
		add(canon, 256 + (u8)(canon->latest[index] - session));
}

/* Adds an entry; an address only distinguishes generations of a buffer. */
static void add_entry(struct canon *canon, const struct vmc_hv *hv,
		      const struct ibmvmc_crq_msg *msg)
{
	struct vmc_interface message;
	unsigned int id;

	add(canon, vmc_crq_header(msg) << 8 | vmc_crq_type(msg));
	if (vmc_crq_type(msg) == VMC_MSG_CAPABILITIES ||
	    vmc_crq_type(msg) == VMC_MSG_CAPABILITIES_RESP ||
	    vmc_interface_decode(msg, &message)) {
		add(canon, vmc_crq_word1(msg));
		add(canon, vmc_crq_word2(msg));
		return;
	}
	id = message.buffer_id;
	if (message.type == VMC_MSG_ADD_BUFFER && message.index < PAIR_HMCS &&
	    id < VMC_POOL_MAX)
		message.word = vmc_hv_buffer_lioba(
				       &hv->connections[message.index], id) -
			       message.word;
	add(canon, (u64)message.status << 32 | (u64)message.owner << 24 |
			   (u64)message.index << 16 | message.buffer_id);
	add_session(canon, message.index, message.session);
	add(canon, message.word);
}

/* Adds a message by its distance from the latest of its kind. */
static void add_message(struct canon *canon, const struct pair_user *user,
			const u8 *data, u32 len)
{
	u32 number;

	add(canon, len);
	if (len != PAIR_MESSAGE)
		return;
	memcpy(&number, data + 1, sizeof(number));
	add(canon, *data);
	add(canon, (*data == 'S' ? user->sent : user->emitted) - number);
}

static void add_user(struct canon *canon, const struct pair_user *user)
{
	const struct ibmvmc_file_session *session = user->session;
	const struct ibmvmc_storage *message;

	add(canon, session != NULL);
	if (!session)
		return;
	add_time(canon, user->give_up);
	add(canon, user->sent - user->echoed);
	add(canon, user->emitted - user->emits);
	add(canon, session->state);
	add(canon, (u64)session->error);
	add(canon, session->lost != 0);
	if (session->waiter.user)
		add_time(canon,
			 session->adapter->waiting.heap[session->waiter.place]
				 .at_ms);
	list_for_each_entry(message, &session->messages, node)
		add_message(canon, user, message->data, message->len);
}

static void add_number(struct canon *canon,
		       const struct crq_server_adapter *adapter, u64 number)
{
	add(canon, number > adapter->window.consumed ?
			   number - adapter->window.consumed :
			   0);
}

static void add_buffer(struct canon *canon, const struct ibmvmc_hmc *hmc,
		       const struct ibmvmc_buffer *buffer,
		       const struct vmc_hv *hv)
{
	add(canon, buffer->storage != NULL);
	if (!buffer->storage)
		return;
	add(canon, buffer->owner << 1 | buffer->free);
	add(canon,
	    vmc_hv_buffer_lioba(&hv->connections[hmc->index], buffer->id) -
		    buffer->lioba);
	add_session(canon, hmc->index, buffer->session);
	add_number(canon, hmc->adapter, buffer->number);
}

static void add_slot(struct canon *canon, const struct ibmvmc_hmc *hmc,
		     const struct vmc_hv *hv)
{
	add(canon, hmc->state);
	add(canon, hmc->open_buffer ? hmc->open_buffer->id + 1U : 0);
	add(canon, hmc->tries);
	add(canon, hmc->number != 0);
	add_number(canon, hmc->adapter, hmc->number);
	add(canon, hmc->repeated);
	if (hmc->repeated)
		add_number(canon, hmc->adapter, hmc->repeated_after);
	add_time(canon, hmc->deadline);
	if (hmc->state == IBMVMC_HMC_OPENING)
		add_time(canon, hmc->give_up);
	add(canon, hmc->close_answered);
	add(canon, hmc->copy_failures);
	add(canon, hmc->refusals);
	for (u16 id = 0; id < hmc->adapter->negotiated.pool; id++)
		add_buffer(canon, hmc, &hmc->buffers[id], hv);
}

static void add_engine(struct canon *canon,
		       const struct crq_server_adapter *adapter,
		       const struct vmc_hv *hv)
{
	add(canon, (u64)adapter->state);
	add(canon, adapter->registered | adapter->interrupts_on << 1 |
			   adapter->handshake.peer_initialized << 2 |
			   adapter->handshake.enabling << 3 |
			   adapter->recovery.refused << 4 |
			   adapter->handshake.closed << 5);
	add(canon,
	    (u64)adapter->negotiated.hmcs << 16 | adapter->negotiated.pool);
	add(canon, adapter->negotiated.mtu);
	add(canon, adapter->tries);
	add(canon, adapter->recovery.self_resets);
	add(canon, adapter->recovery.starved);
	add(canon, adapter->recovery.close_failures);
	add(canon, adapter->trouble.kind);
	add_time(canon, adapter->deadline);
	if (adapter->state == IBMVMC_STATE_SCHED_RESET ||
	    adapter->handshake.enabling)
		add_time(canon, adapter->recovery.give_up);
	add_time(canon, adapter->recovery.next_reset);
	add(canon, adapter->pending.congested);
	add_time(canon, adapter->pending.retry_at);
	for (unsigned int i = 0; i < adapter->pending.count; i++)
		add_entry(canon, hv, &adapter->pending.entries[i]);
	add(canon, adapter->window.sent - adapter->window.consumed);
	add(canon, adapter->window.repeated);
	add_time(canon, adapter->window.deadline);
	for (unsigned int i = 0; i < PAIR_HMCS; i++)
		add_slot(canon, &adapter->connections[i], hv);
}

static void add_connection(struct canon *canon, const struct vmc_hv *hv,
			   const struct vmc_hv_connection *conn,
			   const struct pair_user *user)
{
	add(canon, conn->state);
	add_session(canon, conn->index, conn->session);
	add(canon, conn->open_buffer);
	add(canon, conn->faulted);
	add(canon, conn->removing << 8 | conn->shrink);
	add_time(canon, conn->retry_ms);
	add(canon, conn->emit_count);
	for (unsigned int id = 0; id < hv->config.pool; id++) {
		const struct vmc_hv_buffer *buffer = &conn->buffers[id];

		add(canon, buffer->state | buffer->owner << 8 |
				   buffer->unanswered << 16 |
				   (u64)buffer->add_due << 24);
		add_session(canon, conn->index, buffer->session);
	}
	for (unsigned int i = 0; i < conn->counts[VMC_HV_BUFFER_FULL]; i++) {
		unsigned int id =
			conn->full[(conn->full_head + i) % VMC_POOL_MAX];

		add(canon, id);
		add_message(canon, user, vmc_hv_buffer_data(hv, conn, id),
			    conn->buffers[id].len);
	}
}

static void add_queues(struct canon *canon, const struct vmc_hv *hv,
		       const struct crq_queue *queue)
{
	u32 i;

	/* Adds the entries that the partition has not taken. */
	for (i = queue->cur; vmc_crq_header(&queue->msgs[i]) & VMC_CRQ_VALID;
	     i = (i + 1) & (queue->size - 1))
		add_entry(canon, hv, &queue->msgs[i]);
	add(canon, ~0U);
	for (i = 0; i < hv->inbox_count; i++) {
		const struct vmc_hv_arrival *arrival =
			&hv->inbox[(hv->inbox_head + i) %
				   hv->config.crq_entries];

		add_entry(canon, hv, &arrival->msg);
		add(canon,
		    arrival->verdict.faulted | arrival->verdict.refused << 1);
	}
	add(canon, ~1U);
	for (i = 0; i < hv->outbox_count; i++)
		add_entry(canon, hv,
			  &hv->outbox[(hv->outbox_head + i) % VMC_HV_OUTBOX]);
	add(canon, ~2U);
	for (i = 0; i < VMC_HV_HELD; i++) {
		if (!hv->held[i].from)
			continue;
		add_entry(canon, hv, &hv->held[i].msg);
		add(canon, hv->held[i].from | hv->held[i].overtaken << 8);
		add_time(canon, hv->held[i].at_ms);
	}
}

static void add_hypervisor(struct canon *canon, const struct vmc_hv *hv)
{
	add(canon, hv->channel);
	add(canon, (hv->ring != NULL) | hv->interrupts << 1 |
			   hv->disabled << 2 | hv->enabling << 3 |
			   hv->freeing << 4 | hv->event_unseen << 5 |
			   hv->away << 6 | hv->arriving << 7 |
			   hv->stalled << 8 | hv->faulted << 9);
	add(canon, hv->turn);
	for (unsigned int i = 0; i < VMC_HV_FAULTS; i++) {
		const struct vmc_hv_fault *fault = &hv->faults[i];

		if (!fault->count)
			continue;
		add(canon,
		    fault->action | fault->message << 8 | fault->field << 16);
		add(canon, fault->from | fault->added << 8);
		add(canon, fault->value);
		add(canon, (u64)fault->answer);
		add(canon, (u64)fault->skip << 32 | fault->count);
	}
}

u64 canon_hash(struct pair *pair)
{
	const struct crq_server_adapter *adapter = pair_adapter(pair);
	const struct vmc_hv *hv = pair_hv(pair);
	struct canon canon = { .hash = 1, .now = pair->now_ms };

	for (unsigned int i = 0; i < PAIR_HMCS; i++)
		canon.latest[i] = adapter->connections[i].session;
	add(&canon, pair->sim->interrupted | pair->lossy << 1);
	add_time(&canon, pair->sim->timer_ms);
	add_engine(&canon, adapter, hv);
	add_hypervisor(&canon, hv);
	add_queues(&canon, hv, &adapter->queue);
	for (unsigned int i = 0; i < PAIR_HMCS; i++) {
		add_connection(&canon, hv, &hv->connections[i],
			       &pair->users[i]);
		add_user(&canon, &pair->users[i]);
	}
	return canon.hash ? canon.hash : 1;
}

static void check_slot(struct pair *pair, const struct ibmvmc_hmc *hmc)
{
	bool live = hmc->state == IBMVMC_HMC_OPENING ||
		    hmc->state == IBMVMC_HMC_READY;

	if (hmc->state == IBMVMC_HMC_INITIAL)
		pair_wrong(pair, "index %u: state INITIAL after a call",
			   hmc->index);
	if (live != (hmc->file_session != NULL) ||
	    (live && hmc->file_session->hmc != hmc))
		pair_wrong(pair, "index %u: state %u, session %p", hmc->index,
			   hmc->state, (void *)hmc->file_session);
	if ((hmc->state == IBMVMC_HMC_OPENING) != (hmc->open_buffer != NULL))
		pair_wrong(
			pair,
			"index %u: state %u, but the buffer of its Open is %s",
			hmc->index, hmc->state,
			hmc->open_buffer ? "set" : "lost");
	if (hmc->state == IBMVMC_HMC_OPENING &&
	    hmc->deadline == IBMVMC_TIMER_OFF)
		pair_wrong(pair, "index %u: an Open without a timeout",
			   hmc->index);
	if (hmc->state == IBMVMC_HMC_CLOSING && !hmc->adapter->pending.count &&
	    hmc->deadline == IBMVMC_TIMER_OFF)
		pair_wrong(pair, "index %u: a Close without a timeout",
			   hmc->index);
}

/* No buffer has two owners, unless a fault misled one side. */
static void check_owners(struct pair *pair, const struct ibmvmc_hmc *hmc)
{
	const struct vmc_hv *hv = pair_hv(pair);
	const struct vmc_hv_connection *conn = &hv->connections[hmc->index];

	for (u16 id = 0;
	     !vmc_hv_faulted(hv) && id < hmc->adapter->negotiated.pool; id++) {
		const struct ibmvmc_buffer *buffer = &hmc->buffers[id];
		u8 state = conn->buffers[id].state;

		if (buffer->free && !buffer->storage)
			pair_wrong(pair,
				   "index %u: buffer %u is free, but not valid",
				   hmc->index, id);
		if (buffer->storage && buffer->owner == VMC_OWNER_PARTITION &&
		    buffer->lioba == vmc_hv_buffer_lioba(conn, id) &&
		    (state == VMC_HV_BUFFER_IDLE ||
		     state == VMC_HV_BUFFER_FULL))
			pair_wrong(pair, "index %u: buffer %u has two owners",
				   hmc->index, id);
	}
}

void canon_check(struct pair *pair)
{
	const struct crq_server_adapter *adapter = pair_adapter(pair);
	const struct vmc_hv *hv = pair_hv(pair);

	if (hv->stats.violations)
		pair_wrong(pair, "the partition broke a rule");
	if (adapter->trouble.kind != IBMVMC_TROUBLE_NONE)
		pair_wrong(pair, "trouble was recorded and not handled");
	if (adapter->armed != pair->sim->timer_ms)
		pair_wrong(pair, "the timer is not at the earliest deadline");
	if (adapter->pending.count && !adapter->pending.congested &&
	    adapter->window.deadline == IBMVMC_TIMER_OFF)
		pair_wrong(
			pair,
			"entries are queued without congestion or a closed window");
	if (adapter->state == IBMVMC_STATE_SCHED_RESET &&
	    adapter->deadline == IBMVMC_TIMER_OFF)
		pair_wrong(pair, "a reset without a deadline");
	if (adapter->state == IBMVMC_STATE_CAPABILITIES &&
	    adapter->deadline == IBMVMC_TIMER_OFF)
		pair_wrong(pair, "a capabilities exchange without a timeout");
	for (unsigned int i = 0; i < PAIR_HMCS; i++) {
		check_slot(pair, &adapter->connections[i]);
		check_owners(pair, &adapter->connections[i]);
	}
}
