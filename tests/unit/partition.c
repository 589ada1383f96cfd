// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Test partition: implements the partition of partition.h. It contains no
 * test.
 */
#include "partition.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

const struct vmc_hv_config partition_config = {
	.hmcs = 2,
	.pool = 16,
	.mtu = 4096,
	.crq_entries = 64,
};

static void interrupt(void *host)
{
	struct partition *partition = host;

	partition->interrupts++;
}

static const struct vmc_hv_host host = { .interrupt = interrupt };

struct partition *partition_new(const struct vmc_hv_config *config)
{
	struct partition *partition = calloc(1, sizeof(*partition));

	cr_assert_not_null(partition);
	partition->now_ms = 1000;
	cr_assert_eq(vmc_hv_new(config, &host, partition, &partition->hv), 0);
	partition_register(partition);
	return partition;
}

void partition_free(struct partition *partition)
{
	vmc_hv_free(partition->hv);
	free(partition);
}

void partition_register(struct partition *partition)
{
	memset(partition->ring, 0, sizeof(partition->ring));
	memset(partition->buffers, 0, sizeof(partition->buffers));
	partition->next = 0;
	cr_assert_eq(vmc_hv_register_queue(partition->hv, partition->ring,
					   PARTITION_RING),
		     VMC_H_SUCCESS);
	vmc_hv_set_interrupts(partition->hv, true);
}

static long send_entry(struct partition *partition,
		       const struct ibmvmc_crq_msg *msg)
{
	return vmc_hv_send(partition->hv, vmc_crq_word1(msg),
			   vmc_crq_word2(msg), partition->now_ms);
}

long partition_send(struct partition *partition,
		    const struct vmc_interface *message)
{
	struct ibmvmc_crq_msg msg;

	vmc_interface_encode(&msg, message);
	return send_entry(partition, &msg);
}

long partition_send_init(struct partition *partition, u8 type)
{
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, VMC_CRQ_INIT, type);
	return send_entry(partition, &msg);
}

long partition_send_capabilities(struct partition *partition,
				 const struct vmc_capabilities *but)
{
	struct vmc_capabilities caps = {
		.hmcs = PARTITION_HMCS,
		.pool = VMC_POOL_MAX,
		.mtu = VMC_MTU_MAX,
		.crq_entries = PARTITION_RING,
		.version = VMC_VERSION,
	};
	struct ibmvmc_crq_msg msg;

	vmc_capabilities_encode(&msg, VMC_MSG_CAPABILITIES, but ? but : &caps);
	return send_entry(partition, &msg);
}

bool partition_take(struct partition *partition, struct ibmvmc_crq_msg *msg)
{
	struct ibmvmc_crq_msg *slot =
		&partition->ring[partition->next % PARTITION_RING];

	if (!(slot->bytes[0] & VMC_CRQ_VALID))
		return false;
	*msg = *slot;
	slot->bytes[0] = VMC_CRQ_FREE;
	partition->next++;
	return true;
}

static void answer_add(struct partition *partition,
		       const struct vmc_interface *request)
{
	struct vmc_interface answer = {
		.type = VMC_MSG_ADD_BUFFER_RESP,
		.status = partition->refuse_adds,
		.session = request->session,
		.index = request->index,
		.buffer_id = request->buffer_id,
	};
	struct partition_buffer *buffer;

	cr_assert_lt(request->index, PARTITION_HMCS);
	cr_assert_lt(request->buffer_id, VMC_POOL_MAX);
	buffer = &partition->buffers[request->index][request->buffer_id];
	if (!answer.status && buffer->state != PARTITION_NONE)
		answer.status = VMC_STATUS_INVALID_BUFFER_ID;
	if (!answer.status) {
		buffer->lioba = request->word;
		buffer->state = request->owner == VMC_OWNER_PARTITION ?
					PARTITION_FREE :
					PARTITION_THEIRS;
	}
	cr_assert_eq(partition_send(partition, &answer), VMC_H_SUCCESS);
}

static int lowest_free(const struct partition *partition, u8 index)
{
	for (int id = 0; id < VMC_POOL_MAX; id++)
		if (partition->buffers[index][id].state == PARTITION_FREE)
			return id;
	return -1;
}

static void answer_remove(struct partition *partition,
			  const struct vmc_interface *request)
{
	int id = lowest_free(partition, request->index);
	struct vmc_interface answer = {
		.type = VMC_MSG_REMOVE_BUFFER_RESP,
		.status = id < 0 ? VMC_STATUS_NO_BUFFER : VMC_STATUS_SUCCESS,
		.session = request->session,
		.index = request->index,
		.buffer_id = id < 0 ? VMC_BUFFER_NONE : (u16)id,
	};

	if (id >= 0)
		partition->buffers[request->index][id].state = PARTITION_NONE;
	cr_assert_eq(partition_send(partition, &answer), VMC_H_SUCCESS);
}

static void take_signal(struct partition *partition,
			const struct vmc_interface *signal)
{
	struct partition_buffer *buffer =
		&partition->buffers[signal->index][signal->buffer_id];

	cr_assert_eq(buffer->state, PARTITION_THEIRS,
		     "a Signal names buffer %u, which is not the hypervisor's",
		     signal->buffer_id);
	partition->message_len = signal->word;
	cr_assert_eq(vmc_hv_copy_out(partition->hv, buffer->lioba,
				     partition->message, signal->word),
		     VMC_H_SUCCESS);
	partition->messages++;
	buffer->state = partition->hold ? PARTITION_UNREAD : PARTITION_FREE;
	if (partition->check)
		partition->check(partition);
}

bool partition_handle(struct partition *partition)
{
	struct vmc_interface message;
	struct ibmvmc_crq_msg msg;

	if (!partition_take(partition, &msg))
		return false;
	if (partition->log_count < PARTITION_ENTRIES)
		partition->log[partition->log_count++] = msg;
	if (vmc_interface_decode(&msg, &message))
		return true;
	if (message.type == VMC_MSG_ADD_BUFFER)
		answer_add(partition, &message);
	else if (message.type == VMC_MSG_REMOVE_BUFFER)
		answer_remove(partition, &message);
	else if (message.type == VMC_MSG_SIGNAL)
		take_signal(partition, &message);
	return true;
}

void partition_run(struct partition *partition)
{
	bool more = true;

	while (more) {
		more = vmc_hv_step(partition->hv, partition->now_ms);
		while (partition_handle(partition))
			more = true;
	}
}

void partition_run_for(struct partition *partition, u64 ms)
{
	u64 end = partition->now_ms + ms;
	u64 next;

	for (;;) {
		partition_run(partition);
		next = vmc_hv_next_step(partition->hv);
		if (next > end)
			break;
		cr_assert_gt(
			next, partition->now_ms,
			"no entry is in transit, but the next step is due");
		partition->now_ms = next;
	}
	partition->now_ms = end;
	partition_run(partition);
}

void partition_bring_up(struct partition *partition)
{
	partition_send_init(partition, VMC_INIT_INITIALIZE);
	partition_run(partition);
	partition_send_capabilities(partition, NULL);
	partition_run(partition);
	cr_assert_eq(partition->buffers[0][0].state, PARTITION_FREE);
}

void partition_ask_open(struct partition *partition, u8 index, u8 session)
{
	struct vmc_interface open = {
		.type = VMC_MSG_OPEN,
		.session = session,
		.index = index,
	};
	u8 id[VMC_HMC_ID_LEN] = "test";

	vmc_hv_copy_in(partition->hv, partition->buffers[index][0].lioba, id,
		       sizeof(id));
	cr_assert_eq(partition_send(partition, &open), VMC_H_SUCCESS);
}

void partition_open(struct partition *partition, u8 index, u8 session)
{
	struct vmc_interface answer;
	unsigned int before;

	if (partition->buffers[index][0].state == PARTITION_NONE)
		partition_bring_up(partition);
	before = partition_logged(partition, VMC_CRQ_MESSAGE, VMC_MSG_OPEN_RESP,
				  NULL);
	partition_ask_open(partition, index, session);
	partition_run(partition);
	cr_assert_eq(partition_logged(partition, VMC_CRQ_MESSAGE,
				      VMC_MSG_OPEN_RESP, &answer),
		     before + 1);
	cr_assert_eq(answer.status, VMC_STATUS_SUCCESS);
	cr_assert_eq(answer.index, index);
	cr_assert_eq(answer.session, session);
}

void partition_ask_close(struct partition *partition, u8 index, u8 session)
{
	struct vmc_interface close = {
		.type = VMC_MSG_CLOSE,
		.session = session,
		.index = index,
	};

	memset(partition->buffers[index], 0, sizeof(partition->buffers[index]));
	cr_assert_eq(partition_send(partition, &close), VMC_H_SUCCESS);
}

void partition_message(struct partition *partition, u8 index, u8 session,
		       const void *data, u32 len)
{
	int id = lowest_free(partition, index);
	struct vmc_interface signal = {
		.type = VMC_MSG_SIGNAL,
		.session = session,
		.index = index,
		.buffer_id = (u16)id,
		.word = len,
	};

	cr_assert_geq(id, 0, "no free buffer");
	cr_assert_eq(vmc_hv_copy_in(partition->hv,
				    partition->buffers[index][id].lioba, data,
				    len),
		     VMC_H_SUCCESS);
	partition->buffers[index][id].state = PARTITION_THEIRS;
	cr_assert_eq(partition_send(partition, &signal), VMC_H_SUCCESS);
}

void partition_read_all(struct partition *partition, u8 index)
{
	for (int id = 0; id < VMC_POOL_MAX; id++)
		if (partition->buffers[index][id].state == PARTITION_UNREAD)
			partition->buffers[index][id].state = PARTITION_FREE;
}

unsigned int partition_count(const struct partition *partition, u8 index,
			     enum partition_buffer_state state)
{
	unsigned int count = 0;

	for (int id = 0; id < VMC_POOL_MAX; id++)
		count += partition->buffers[index][id].state == state;
	return count;
}

unsigned int partition_logged(const struct partition *partition, u8 header,
			      u8 type, struct vmc_interface *last)
{
	const struct ibmvmc_crq_msg *msg;
	unsigned int count = 0;

	for (unsigned int i = 0; i < partition->log_count; i++) {
		msg = &partition->log[i];
		if (vmc_crq_header(msg) != header || vmc_crq_type(msg) != type)
			continue;
		count++;
		if (last)
			cr_assert_eq(vmc_interface_decode(msg, last), 0);
	}
	return count;
}

void partition_forget_log(struct partition *partition)
{
	partition->log_count = 0;
}

u64 partition_violations(const struct partition *partition)
{
	struct vmc_hv_stats stats;

	vmc_hv_get_stats(partition->hv, &stats);
	return stats.violations;
}
