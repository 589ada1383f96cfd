// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outbound entries: sends the entries of a connection that are not responses:
 * Add Buffers, messages, and Remove Buffers to get a buffer. It also implements
 * the knobs that make a connection send messages. It does not send immediate
 * responses: connection.c does.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

enum action {
	ACTION_NONE,
	ACTION_ADD,
	ACTION_SIGNAL,
	ACTION_MESSAGE,
	ACTION_HAND_BACK,
	ACTION_REMOVE,
};

/*
 * Remove several buffers at a time, so that a flood does not need one round
 * trip for each message, but leave the partition enough buffers to send with.
 */
static bool wants_remove(const struct vmc_hv *hv,
			 const struct vmc_hv_connection *conn)
{
	u64 most = clamp_t(u64, hv->pool / 4, 1, VMC_HV_REMOVING_MAX);
	u64 coming = conn->removing + conn->counts[VMC_HV_BUFFER_OFFERED];

	return coming < min(most, vmc_hv_connection_pending(conn));
}

/*
 * A message that is not answered leaves its buffer on this side, and only
 * another message can return a buffer. When the partition has none left, send
 * it an empty message; otherwise it could never send again.
 */
static bool partition_starves(const struct vmc_hv_connection *conn)
{
	return conn->counts[VMC_HV_BUFFER_IDLE] &&
	       !conn->counts[VMC_HV_BUFFER_PARTITION] &&
	       !conn->counts[VMC_HV_BUFFER_OFFERED];
}

/* Next entry to send, ignoring the delay of a Remove Buffer. */
static enum action next_action(const struct vmc_hv *hv,
			       const struct vmc_hv_connection *conn)
{
	if (conn->adds_due)
		return ACTION_ADD;
	if (conn->state != VMC_HV_CONNECTION_OPEN)
		return ACTION_NONE;
	if (conn->counts[VMC_HV_BUFFER_FULL])
		return ACTION_SIGNAL;
	if (vmc_hv_connection_pending(conn)) {
		if (conn->counts[VMC_HV_BUFFER_IDLE])
			return ACTION_MESSAGE;
		return wants_remove(hv, conn) ? ACTION_REMOVE : ACTION_NONE;
	}
	if (conn->shrink > conn->removing)
		return ACTION_REMOVE;
	return partition_starves(conn) ? ACTION_HAND_BACK : ACTION_NONE;
}

u64 vmc_hv_outbound_next(const struct vmc_hv *hv,
			 const struct vmc_hv_connection *conn)
{
	switch (next_action(hv, conn)) {
	case ACTION_NONE:
		return VMC_HV_IDLE;
	case ACTION_REMOVE:
		return max(conn->retry_ms, hv->now_ms);
	default:
		return hv->now_ms;
	}
}

static void post(struct vmc_hv *hv, const struct vmc_interface *interface)
{
	struct ibmvmc_crq_msg msg;

	vmc_interface_encode(&msg, interface);
	vmc_hv_post(hv, &msg);
}

static void send_add(struct vmc_hv *hv, struct vmc_hv_connection *conn)
{
	struct vmc_interface msg = {
		.type = VMC_MSG_ADD_BUFFER,
		.index = conn->index,
	};
	struct vmc_hv_buffer *buffer;
	unsigned int id = 0;

	while (!conn->buffers[id].add_due)
		id++;
	buffer = &conn->buffers[id];
	buffer->add_due = false;
	conn->adds_due--;
	if (buffer->unanswered < U8_MAX)
		buffer->unanswered++;

	msg.owner = buffer->owner;
	msg.session = buffer->session;
	msg.buffer_id = (u16)id;
	msg.word = vmc_hv_buffer_lioba(conn, id);
	post(hv, &msg);
}

static void send_remove(struct vmc_hv *hv, struct vmc_hv_connection *conn)
{
	struct vmc_interface msg = {
		.type = VMC_MSG_REMOVE_BUFFER,
		.session = conn->session,
		.index = conn->index,
	};

	conn->removing++;
	post(hv, &msg);
}

static void send_signal(struct vmc_hv *hv, struct vmc_hv_connection *conn)
{
	unsigned int id = conn->full[conn->full_head];
	struct vmc_interface msg = {
		.type = VMC_MSG_SIGNAL,
		.session = conn->session,
		.index = conn->index,
		.buffer_id = (u16)id,
		.word = conn->buffers[id].len,
	};

	conn->full_head = (conn->full_head + 1) % VMC_POOL_MAX;
	vmc_hv_buffer_set(conn, id, VMC_HV_BUFFER_PARTITION);
	hv->stats.messages_out++;
	post(hv, &msg);
}

static u8 *emit_data(const struct vmc_hv *hv,
		     const struct vmc_hv_connection *conn, unsigned int number)
{
	return conn->memory +
	       (size_t)(hv->config.pool + number % VMC_HV_EMIT_DEPTH) *
		       hv->config.mtu;
}

static u32 take_emit(const struct vmc_hv *hv, struct vmc_hv_connection *conn,
		     u8 *data)
{
	u32 len = conn->emits[conn->emit_head];

	memcpy(data, emit_data(hv, conn, conn->emit_head), len);
	conn->emit_head = (conn->emit_head + 1) % VMC_HV_EMIT_DEPTH;
	conn->emit_count--;
	return len;
}

/* Increment a decimal number in place, which avoids a 64-bit division. */
static void count_up(char digits[], unsigned int count)
{
	while (count--) {
		if (digits[count] != '9') {
			digits[count]++;
			return;
		}
		digits[count] = '0';
	}
}

static u32 take_flood(struct vmc_hv_connection *conn, u8 *data)
{
	u32 size = conn->flood_size;
	u32 i = 0, at = 0;

	count_up(conn->flood_number, sizeof(conn->flood_number));
	while (conn->flood_number[i] == '0')
		i++;
	while (i < sizeof(conn->flood_number) && at < size)
		data[at++] = (u8)conn->flood_number[i++];
	if (at < size)
		data[at++] = ' ';
	memset(data + at, '.', size - at);
	data[size - 1] = '\n';
	conn->flood_left--;
	return size;
}

/* Messages of vmc_hv_emit() go before those of a flood. */
static void send_message(struct vmc_hv *hv, struct vmc_hv_connection *conn)
{
	unsigned int id = vmc_hv_buffer_find(conn, VMC_HV_BUFFER_IDLE);
	u8 *data = vmc_hv_buffer_data(hv, conn, id);
	u32 len;

	if (conn->emit_count)
		len = take_emit(hv, conn, data);
	else
		len = take_flood(conn, data);
	vmc_hv_buffer_fill(conn, id, len);
	send_signal(hv, conn);
}

static void hand_back(struct vmc_hv *hv, struct vmc_hv_connection *conn)
{
	vmc_hv_buffer_fill(conn, vmc_hv_buffer_find(conn, VMC_HV_BUFFER_IDLE),
			   0);
	send_signal(hv, conn);
}

bool vmc_hv_outbound_send(struct vmc_hv *hv, struct vmc_hv_connection *conn)
{
	switch (next_action(hv, conn)) {
	case ACTION_NONE:
		vmc_hv_connection_set_busy(conn, false);
		return false;
	case ACTION_ADD:
		send_add(hv, conn);
		break;
	case ACTION_SIGNAL:
		send_signal(hv, conn);
		break;
	case ACTION_MESSAGE:
		send_message(hv, conn);
		break;
	case ACTION_HAND_BACK:
		hand_back(hv, conn);
		break;
	case ACTION_REMOVE:
		if (conn->retry_ms > hv->now_ms)
			return false;
		send_remove(hv, conn);
		break;
	}
	return true;
}

/* Check the index and the length of a message to send. */
static int check_message(struct vmc_hv *hv, unsigned int index, u32 len,
			 struct vmc_hv_connection **conn)
{
	if (index >= hv->config.hmcs)
		return -EINVAL;
	*conn = &hv->connections[index];
	if ((*conn)->state != VMC_HV_CONNECTION_OPEN)
		return -ENOTCONN;
	vmc_hv_connection_set_busy(*conn, true);
	return len > hv->mtu ? -EMSGSIZE : 0;
}

int vmc_hv_emit(struct vmc_hv *hv, unsigned int index, const void *data,
		u32 len)
{
	struct vmc_hv_connection *conn;
	unsigned int last;
	int rc;

	rc = check_message(hv, index, len, &conn);
	if (rc)
		return rc;
	if (conn->emit_count == VMC_HV_EMIT_DEPTH)
		return -EBUSY;

	last = (conn->emit_head + conn->emit_count) % VMC_HV_EMIT_DEPTH;
	memcpy(emit_data(hv, conn, last), data, len);
	conn->emits[last] = len;
	conn->emit_count++;
	return 0;
}

int vmc_hv_flood(struct vmc_hv *hv, unsigned int index, u64 count, u32 size)
{
	struct vmc_hv_connection *conn;
	int rc;

	rc = check_message(hv, index, size, &conn);
	if (rc)
		return rc;
	if (!count) {
		conn->flood_left = 0;
		return 0;
	}
	if (!size)
		return -EINVAL;
	if (conn->flood_left)
		return -EBUSY;

	conn->flood_left = count;
	conn->flood_size = size;
	memset(conn->flood_number, '0', sizeof(conn->flood_number));
	return 0;
}

int vmc_hv_remove(struct vmc_hv *hv, unsigned int index, unsigned int count)
{
	struct vmc_hv_connection *conn;
	int rc;

	rc = check_message(hv, index, 0, &conn);
	if (rc)
		return rc;
	if (count > VMC_POOL_MAX)
		return -EINVAL;
	if (conn->shrink)
		return -EBUSY;
	conn->shrink = count;
	return 0;
}
