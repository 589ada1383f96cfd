// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Test transport: implements the recording transport and the manual clock. It
 * answers nothing by itself.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "transport.h"

const struct ibmvmc_config transport_config = {
	.max_hmcs = 2,
	.buf_pool_size = 16,
	.max_mtu = 4096,
};

const u8 transport_hmc_id[VMC_HMC_ID_LEN] = "0123456789abcdefghijklmnopqrstuv";

const struct vmc_capabilities transport_peer = {
	.hmcs = 2,
	.pool = 16,
	.mtu = 4096,
	.crq_entries = 256,
	.version = VMC_VERSION,
};

static void trace(struct transport *transport, char letter)
{
	if (transport->trace_len < TRANSPORT_TRACE - 1)
		transport->trace[transport->trace_len++] = letter;
}

static int fault(struct transport *transport, enum transport_op op,
		 u32 *delay_ms)
{
	struct transport_fault *fault = &transport->faults[op];

	if (!fault->times)
		return 0;
	fault->times--;
	if (delay_ms)
		*delay_ms = fault->delay_ms;
	return fault->error;
}

static int do_register(void *data)
{
	struct transport *transport = data;
	int rc = fault(transport, TRANSPORT_REGISTER, NULL);

	trace(transport, 'R');
	if (rc)
		return rc;
	if (transport->registered)
		return -EEXIST;
	transport->registered = true;
	transport->interrupts = false;
	transport->next = 0;
	if (transport->early)
		transport_push(transport, transport->early);
	transport->early = NULL;
	return 0;
}

static int do_free(void *data, u32 *delay_ms)
{
	struct transport *transport = data;

	trace(transport, 'F');
	if (fault(transport, TRANSPORT_FREE, delay_ms))
		return transport->faults[TRANSPORT_FREE].error;
	transport->registered = false;
	transport->interrupts = false;
	return 0;
}

static int do_enable(void *data, u32 *delay_ms)
{
	struct transport *transport = data;

	trace(transport, 'E');
	return fault(transport, TRANSPORT_ENABLE, delay_ms);
}

static int do_interrupts(void *data, bool on)
{
	struct transport *transport = data;
	int rc = on ? fault(transport, TRANSPORT_INTERRUPTS, NULL) : 0;

	trace(transport, on ? 'I' : 'i');
	if (rc)
		return rc;
	/*
	 * The entry arrives just before the interrupts are enabled: none is
	 * raised.
	 */
	if (on && transport->at_enabling)
		transport_push(transport, transport->at_enabling);
	if (on)
		transport->at_enabling = NULL;
	transport->interrupts = on;
	if (on)
		transport->state_at_interrupts_on = transport_state(transport);
	return 0;
}

static int do_send(void *data, u64 word1, u64 word2)
{
	struct transport *transport = data;
	int rc = fault(transport, TRANSPORT_SEND, NULL);

	trace(transport, 'S');
	if (rc)
		return rc;
	if (transport->send_limit &&
	    transport->sent_count >= transport->send_limit)
		return -EAGAIN;
	cr_assert_lt(transport->sent_count, TRANSPORT_SENT);
	vmc_crq_from_words(&transport->sent[transport->sent_count++], word1,
			   word2);
	return 0;
}

static int do_copy(void *data, enum ibmvmc_rdma direction, u64 ioba, u32 lioba,
		   u32 len)
{
	struct transport *transport = data;
	int rc = fault(transport, TRANSPORT_COPY, NULL);
	void *memory = (void *)(uintptr_t)ioba;

	trace(transport, 'C');
	cr_assert_gt(len, 0);
	cr_assert_leq(len, VMC_MTU_MAX);
	transport->copy_len = len;
	transport->copy_lioba = lioba;
	if (rc)
		return rc;
	if (direction == IBMVMC_RDMA_TO_HYPERVISOR)
		memcpy(transport->copied, memory, len);
	else
		memcpy(memory, transport->remote, len);
	return 0;
}

static int do_request(void *data, u32 *drc_index, u32 *delay_ms)
{
	struct transport *transport = data;
	int rc = fault(transport, TRANSPORT_REQUEST, delay_ms);

	*drc_index = 0x20000001;
	return rc;
}

static int do_map(void *data, void *memory, u32 size, u64 *ioba)
{
	struct transport *transport = data;
	int rc = fault(transport, TRANSPORT_MAP, NULL);
	unsigned int i = 0;

	trace(transport, 'M');
	if (rc)
		return rc;
	/* The I/O address is the address of the memory. */
	while (transport->mappings[i].ioba)
		i++;
	*ioba = (uintptr_t)memory;
	transport->mappings[i].ioba = *ioba;
	transport->mappings[i].size = size;
	transport->maps++;
	transport->mapped_bytes += size;
	return 0;
}

static void do_unmap(void *data, u64 ioba, u32 size)
{
	struct transport *transport = data;
	struct transport_mapping *mapping;
	unsigned int i;

	trace(transport, 'U');
	for (i = 0; i < TRANSPORT_MAPPINGS; i++) {
		mapping = &transport->mappings[i];
		if (mapping->ioba != ioba || mapping->size != size)
			continue;
		mapping->ioba = 0;
		transport->maps--;
		transport->mapped_bytes -= size;
		return;
	}
	transport->unmap_mismatches++;
}

static u64 do_now(void *data)
{
	struct transport *transport = data;

	return transport->now_ms;
}

static void do_set_timer(void *data, u64 at_ms)
{
	struct transport *transport = data;

	transport->timer_ms = at_ms;
	transport->timer_sets++;
}

static void do_wake(void *data, struct ibmvmc_file_session *session)
{
	struct transport *transport = data;

	transport->wakes++;
	transport->woken = session;
}

static void do_report(void *data, const struct ibmvmc_event *event)
{
	struct transport *transport = data;

	transport->events[event->type]++;
	transport->last[event->type] = *event;
	transport->last[event->type].entry = NULL;
}

static const struct ibmvmc_transport_ops ops = {
	.register_queue = do_register,
	.free_queue = do_free,
	.enable_queue = do_enable,
	.set_interrupts = do_interrupts,
	.send = do_send,
	.copy_rdma = do_copy,
	.request_vmc = do_request,
	.map = do_map,
	.unmap = do_unmap,
};

static const struct ibmvmc_host_ops host_ops = {
	.now_ms = do_now,
	.set_timer = do_set_timer,
	.wake = do_wake,
	.report = do_report,
};

struct transport *transport_new(const struct ibmvmc_config *config)
{
	struct transport *transport = calloc(1, sizeof(*transport));
	struct ibmvmc_transport way = {
		.ops = &ops,
		.data = transport,
		.entries = TRANSPORT_RING,
	};
	int rc;

	cr_assert_not_null(transport);
	way.ring = transport->ring;
	transport->timer_ms = IBMVMC_TIMER_OFF;
	rc = ibmvmc_adapter_new(config ? config : &transport_config, &way,
				&host_ops, transport, &transport->adapter);
	cr_assert_eq(rc, 0);
	return transport;
}

void transport_free(struct transport *transport)
{
	u32 delay_ms;

	cr_assert_eq(ibmvmc_stop(transport->adapter, &delay_ms), 0);
	cr_assert_eq(transport->maps, 0);
	cr_assert_eq(transport->mapped_bytes, 0);
	cr_assert_eq(transport->unmap_mismatches, 0);
	cr_assert_eq(transport->timer_ms, IBMVMC_TIMER_OFF);
	ibmvmc_adapter_free(transport->adapter);
	free(transport);
}

void transport_push(struct transport *transport,
		    const struct ibmvmc_crq_msg *msg)
{
	struct ibmvmc_crq_msg *slot = &transport->ring[transport->next];

	cr_assert_eq(vmc_crq_header(slot), VMC_CRQ_FREE);
	*slot = *msg;
	transport->next = (transport->next + 1) % TRANSPORT_RING;
}

void transport_service(struct transport *transport)
{
	unsigned int rounds = 0;

	while (ibmvmc_service(transport->adapter, 8))
		cr_assert_lt(++rounds, TRANSPORT_RING);
}

void transport_deliver(struct transport *transport,
		       const struct ibmvmc_crq_msg *msg)
{
	transport_push(transport, msg);
	transport_service(transport);
}

void transport_advance(struct transport *transport, u64 ms)
{
	u64 end = transport->now_ms + ms;
	unsigned int rounds = 0;

	while (transport->timer_ms <= end) {
		if (transport->timer_ms > transport->now_ms)
			transport->now_ms = transport->timer_ms;
		transport->timer_ms = IBMVMC_TIMER_OFF;
		ibmvmc_timer(transport->adapter);
		cr_assert_lt(++rounds, 100000,
			     "the timer expires more than 100000 times");
	}
	transport->now_ms = end;
}

void transport_control(struct transport *transport, u8 header, u8 type)
{
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, header, type);
	transport_deliver(transport, &msg);
}

void transport_capabilities(struct transport *transport,
			    const struct vmc_capabilities *caps)
{
	struct ibmvmc_crq_msg msg;

	vmc_capabilities_encode(&msg, VMC_MSG_CAPABILITIES_RESP, caps);
	transport_deliver(transport, &msg);
}

void transport_interface(struct transport *transport,
			 const struct vmc_interface *message)
{
	struct ibmvmc_crq_msg msg;

	vmc_interface_encode(&msg, message);
	transport_deliver(transport, &msg);
}

void transport_add(struct transport *transport, u8 index, u8 session, u16 id,
		   u8 owner)
{
	struct vmc_interface message = {
		.type = VMC_MSG_ADD_BUFFER,
		.owner = owner,
		.session = session,
		.index = index,
		.buffer_id = id,
		.word = 0x1000 * (id + 1U),
	};

	transport_interface(transport, &message);
}

void transport_remove(struct transport *transport, u8 index, u8 session)
{
	struct vmc_interface message = {
		.type = VMC_MSG_REMOVE_BUFFER,
		.session = session,
		.index = index,
	};

	transport_interface(transport, &message);
}

void transport_signal(struct transport *transport, u8 index, u8 session, u16 id,
		      u32 len)
{
	struct vmc_interface message = {
		.type = VMC_MSG_SIGNAL,
		.session = session,
		.index = index,
		.buffer_id = id,
		.word = len,
	};

	transport_interface(transport, &message);
}

void transport_open_resp(struct transport *transport, u8 index, u8 session,
			 u16 id, u8 status)
{
	struct vmc_interface message = {
		.type = VMC_MSG_OPEN_RESP,
		.status = status,
		.session = session,
		.index = index,
		.buffer_id = id,
	};

	transport_interface(transport, &message);
}

void transport_close_resp(struct transport *transport, u8 index, u8 session,
			  u8 status)
{
	struct vmc_interface message = {
		.type = VMC_MSG_CLOSE_RESP,
		.status = status,
		.session = session,
		.index = index,
	};

	transport_interface(transport, &message);
}

void transport_ready(struct transport *transport,
		     const struct vmc_capabilities *peer)
{
	cr_assert_eq(ibmvmc_start(transport->adapter), 0);
	transport_control(transport, VMC_CRQ_INIT, VMC_INIT_COMPLETE);
	transport_capabilities(transport, peer ? peer : &transport_peer);
	cr_assert_eq(transport_state(transport), IBMVMC_STATE_READY);
}

struct ibmvmc_file_session *transport_open(struct transport *transport,
					   u8 index, u16 buffers)
{
	struct ibmvmc_file_session *session;
	u8 number;
	u16 id;

	session = ibmvmc_session_new(transport->adapter, transport);
	cr_assert_not_null(session);
	transport_add(transport, index, VMC_SESSION_NONE, 0,
		      VMC_OWNER_PARTITION);
	cr_assert_eq(ibmvmc_session_open(session, index, transport_hmc_id, 0),
		     0);
	number = transport_session(session).session;
	for (id = 1; id < buffers; id++)
		transport_add(transport, index, number, id,
			      id % 2 ? VMC_OWNER_PARTITION :
				       VMC_OWNER_HYPERVISOR);
	transport_open_resp(transport, index, number, 0, VMC_STATUS_SUCCESS);
	cr_assert_eq(transport_session(session).state, IBMVMC_SESSION_READY);
	cr_assert_eq(transport_session(session).buffers, buffers);
	return session;
}

unsigned int transport_sent(const struct transport *transport, u8 header,
			    u8 type)
{
	unsigned int count = 0;
	unsigned int i;

	for (i = 0; i < transport->sent_count; i++)
		if (vmc_crq_header(&transport->sent[i]) == header &&
		    vmc_crq_type(&transport->sent[i]) == type)
			count++;
	return count;
}

unsigned int transport_messages(const struct transport *transport, u8 type,
				struct vmc_interface *last)
{
	unsigned int i;

	for (i = 0; last && i < transport->sent_count; i++)
		if (vmc_crq_header(&transport->sent[i]) == VMC_CRQ_MESSAGE &&
		    vmc_crq_type(&transport->sent[i]) == type)
			cr_assert_eq(vmc_interface_decode(&transport->sent[i],
							  last),
				     0);
	return transport_sent(transport, VMC_CRQ_MESSAGE, type);
}

void transport_forget(struct transport *transport)
{
	transport->sent_count = 0;
	transport->trace_len = 0;
	memset(transport->trace, 0, sizeof(transport->trace));
	transport->wakes = 0;
	transport->woken = NULL;
	memset(transport->events, 0, sizeof(transport->events));
}

enum ibmvmc_state transport_state(const struct transport *transport)
{
	struct ibmvmc_info info;

	ibmvmc_get_info(transport->adapter, &info);
	return info.state;
}

void transport_fail(struct transport *transport, enum transport_op op,
		    int error, unsigned int times)
{
	transport->faults[op].error = error;
	transport->faults[op].times = times;
	transport->faults[op].delay_ms = 10;
}

struct ibmvmc_session_info
transport_session(const struct ibmvmc_file_session *session)
{
	struct ibmvmc_session_info info;

	ibmvmc_session_get_info(session, &info);
	return info;
}
