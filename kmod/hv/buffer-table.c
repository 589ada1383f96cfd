// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buffer table of one connection: keeps the state and the number of buffers in
 * each state, and maps the addresses by which the partition reaches its
 * buffers. It does not check whether a change of state is allowed.
 */
#include <linux/string.h>

#include "internal.h"

/*
 * An address is aligned to 4 KiB like an I/O address and contains the
 * generation (never 0), the HMC index and the buffer id. Each time a buffer is
 * offered it gets another generation, so that older addresses do not match.
 */
#define LIOBA_GENERATION_SHIFT 24
#define LIOBA_INDEX_SHIFT 18
#define LIOBA_ID_SHIFT 12
#define LIOBA_MASK 0x3f

u8 *vmc_hv_buffer_data(const struct vmc_hv *hv,
		       const struct vmc_hv_connection *conn, unsigned int id)
{
	return conn->memory + (size_t)id * hv->config.mtu;
}

void vmc_hv_buffer_set(struct vmc_hv_connection *conn, unsigned int id,
		       enum vmc_hv_buffer_state state)
{
	struct vmc_hv_buffer *buffer = &conn->buffers[id];

	conn->counts[buffer->state]--;
	buffer->state = (u8)state;
	conn->counts[state]++;
}

void vmc_hv_buffer_fill(struct vmc_hv_connection *conn, unsigned int id,
			u32 len)
{
	unsigned int last = conn->full_head + conn->counts[VMC_HV_BUFFER_FULL];

	conn->full[last % VMC_POOL_MAX] = (u8)id;
	conn->buffers[id].len = len;
	vmc_hv_buffer_set(conn, id, VMC_HV_BUFFER_FULL);
}

void vmc_hv_buffer_offer(struct vmc_hv_connection *conn, unsigned int id,
			 u8 owner, u8 session)
{
	struct vmc_hv_buffer *buffer = &conn->buffers[id];

	/*
	 * A response does not identify which of two Add Buffers of one session
	 * it answers, so keep the address while one is unanswered.
	 */
	if (!buffer->unanswered || buffer->session != session) {
		buffer->unanswered = 0;
		buffer->generation++;
		if (!buffer->generation)
			buffer->generation = 1;
	}
	buffer->owner = owner;
	buffer->session = session;
	buffer->add_due = true;
	conn->adds_due++;
	vmc_hv_connection_set_busy(conn, true);
	vmc_hv_buffer_set(conn, id, VMC_HV_BUFFER_OFFERED);
}

unsigned int vmc_hv_buffer_find(const struct vmc_hv_connection *conn,
				enum vmc_hv_buffer_state state)
{
	unsigned int id = 0;

	while (conn->buffers[id].state != state)
		id++;
	return id;
}

void vmc_hv_buffer_forget_all(struct vmc_hv_connection *conn)
{
	unsigned int id;

	for (id = 0; id < VMC_POOL_MAX; id++) {
		conn->buffers[id].state = VMC_HV_BUFFER_NONE;
		conn->buffers[id].add_due = false;
	}
	memset(conn->counts, 0, sizeof(conn->counts));
	conn->counts[VMC_HV_BUFFER_NONE] = VMC_POOL_MAX;
	conn->adds_due = 0;
}

u32 vmc_hv_buffer_lioba(const struct vmc_hv_connection *conn, unsigned int id)
{
	return (u32)conn->buffers[id].generation << LIOBA_GENERATION_SHIFT |
	       (u32)conn->index << LIOBA_INDEX_SHIFT | id << LIOBA_ID_SHIFT;
}

/* Returns true for buffers of the partition, including those offered to it. */
static bool partition_may_copy(const struct vmc_hv_buffer *buffer)
{
	return buffer->state == VMC_HV_BUFFER_PARTITION ||
	       (buffer->state == VMC_HV_BUFFER_OFFERED &&
		buffer->owner == VMC_OWNER_PARTITION);
}

u8 *vmc_hv_buffer_at(const struct vmc_hv *hv, u32 lioba)
{
	unsigned int index = lioba >> LIOBA_INDEX_SHIFT & LIOBA_MASK;
	unsigned int id = lioba >> LIOBA_ID_SHIFT & LIOBA_MASK;
	const struct vmc_hv_connection *conn;

	if (index >= hv->config.hmcs || id >= hv->config.pool)
		return NULL;
	conn = &hv->connections[index];
	if (!partition_may_copy(&conn->buffers[id]) ||
	    vmc_hv_buffer_lioba(conn, id) != lioba)
		return NULL;
	return vmc_hv_buffer_data(hv, conn, id);
}
