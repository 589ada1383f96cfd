/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A transport for the tests of the protocol engine: it records what the engine
 * does, hands it the entries a test makes up, has a manual clock, and fails
 * where it is told to. It is no hypervisor: it answers nothing by itself. Where
 * an answer is what matters, tests use kmod/sim.
 */
#ifndef TESTS_UNIT_TRANSPORT_H
#define TESTS_UNIT_TRANSPORT_H

#include "engine/engine.h"
#include "vmc/message.h"
#include "vmc/status.h"

#define TRANSPORT_RING 64
#define TRANSPORT_SENT 8192
#define TRANSPORT_TRACE 65536
#define TRANSPORT_MAPPINGS (VMC_HMCS_MAX * VMC_POOL_MAX)

/* Operations that can be made to fail. */
enum transport_op {
	TRANSPORT_REGISTER,
	TRANSPORT_FREE,
	TRANSPORT_ENABLE,
	TRANSPORT_INTERRUPTS,
	TRANSPORT_SEND,
	TRANSPORT_COPY,
	TRANSPORT_MAP,
	TRANSPORT_REQUEST,
	TRANSPORT_OPS
};

/**
 * struct transport_fault - what an operation answers instead of success
 * @error: what it returns
 * @times: for how many calls; 0 is none
 * @delay_ms: what it asks for with -EBUSY
 */
struct transport_fault {
	int error;
	unsigned int times;
	u32 delay_ms;
};

struct transport_mapping {
	u64 ioba;
	u32 size;
};

/**
 * struct transport - the world as the engine sees it
 * @adapter: the engine
 * @ring: its queue
 * @next: where the next entry is put
 * @now_ms: the clock; only tests move it
 * @timer_ms: what the engine's timer is set to
 * @timer_sets: how often it was set
 * @early: put into the queue as soon as it is registered, once, or NULL
 * @at_enabling: put into the queue when interrupts go on, once, or NULL
 * @interrupts: as the engine has switched them
 * @registered: between register and free
 * @faults: by operation
 * @send_limit: so many entries can be sent, then the queue is full; 0 is none
 * @sent: entries that were sent, oldest first
 * @sent_count: how many
 * @trace: one letter for each operation, oldest first: R register, F free, E
 *	enable, I and i interrupts on and off, S send, C copy, M map, U unmap
 * @trace_len: how many
 * @mappings: those there are now; an address of 0 is none
 * @maps: how many there are
 * @mapped_bytes: of them
 * @unmap_mismatches: ends of a mapping that there was not, or of another size
 * @remote: what a copy from the hypervisor delivers
 * @copied: what the last copy to the hypervisor carried
 * @copy_len: bytes of the last copy
 * @copy_lioba: its address on the other side
 * @wakes: calls of wake
 * @woken: the session of the last one
 * @events: reports, by type
 * @last: the last report of each type; its entry is not kept
 * @state_at_interrupts_on: the channel's state when they came on last
 */
struct transport {
	struct crq_server_adapter *adapter;
	struct ibmvmc_crq_msg ring[TRANSPORT_RING];
	u32 next;
	u64 now_ms;
	u64 timer_ms;
	unsigned int timer_sets;
	const struct ibmvmc_crq_msg *early;
	const struct ibmvmc_crq_msg *at_enabling;
	bool interrupts;
	bool registered;
	struct transport_fault faults[TRANSPORT_OPS];
	unsigned int send_limit;
	struct ibmvmc_crq_msg sent[TRANSPORT_SENT];
	unsigned int sent_count;
	char trace[TRANSPORT_TRACE];
	unsigned int trace_len;
	struct transport_mapping mappings[TRANSPORT_MAPPINGS];
	unsigned int maps;
	u64 mapped_bytes;
	unsigned int unmap_mismatches;
	u8 remote[VMC_MTU_MAX];
	u8 copied[VMC_MTU_MAX];
	u32 copy_len;
	u32 copy_lioba;
	unsigned int wakes;
	struct ibmvmc_file_session *woken;
	unsigned int events[IBMVMC_EVENT_TYPES];
	struct ibmvmc_event last[IBMVMC_EVENT_TYPES];
	int state_at_interrupts_on;
};

/* Two connections of 16 buffers of 4096 bytes. */
extern const struct ibmvmc_config transport_config;
extern const u8 transport_hmc_id[VMC_HMC_ID_LEN];

/* An adapter that is not started; NULL is transport_config. */
struct transport *transport_new(const struct ibmvmc_config *config);
/* Stop, free, and check that nothing is mapped any more. */
void transport_free(struct transport *transport);

/* Put an entry into the queue, as the hypervisor; it must have room. */
void transport_push(struct transport *transport,
		    const struct ibmvmc_crq_msg *msg);
/* The same, and let the engine handle it. */
void transport_deliver(struct transport *transport,
		       const struct ibmvmc_crq_msg *msg);
void transport_service(struct transport *transport);
/* Move the clock, and fire the engine's timer each time it is due. */
void transport_advance(struct transport *transport, u64 ms);

/* Entries of the hypervisor, delivered. */
void transport_control(struct transport *transport, u8 header, u8 type);
void transport_capabilities(struct transport *transport,
			    const struct vmc_capabilities *caps);
void transport_interface(struct transport *transport,
			 const struct vmc_interface *message);
void transport_add(struct transport *transport, u8 index, u8 session, u16 id,
		   u8 owner);
void transport_remove(struct transport *transport, u8 index, u8 session);
void transport_signal(struct transport *transport, u8 index, u8 session, u16 id,
		      u32 len);
void transport_open_resp(struct transport *transport, u8 index, u8 session,
			 u16 id, u8 status);
void transport_close_resp(struct transport *transport, u8 index, u8 session,
			  u8 status);

/* What most tests answer to Capabilities: as much as transport_config. */
extern const struct vmc_capabilities transport_peer;

/* Start, up to a ready channel; NULL is transport_peer. */
void transport_ready(struct transport *transport,
		     const struct vmc_capabilities *peer);
/*
 * On a ready channel: an open session on an index. Buffer 0 is initial, the
 * others up to @buffers are the hypervisor's (even ids) and ours (odd ids).
 */
struct ibmvmc_file_session *transport_open(struct transport *transport,
					   u8 index, u16 buffers);

/* What the engine has sent: how many of a kind, and the last of them. */
unsigned int transport_sent(const struct transport *transport, u8 header,
			    u8 type);
unsigned int transport_messages(const struct transport *transport, u8 type,
				struct vmc_interface *last);
/* Forget what was recorded so far. */
void transport_forget(struct transport *transport);

enum ibmvmc_state transport_state(const struct transport *transport);
void transport_fail(struct transport *transport, enum transport_op op,
		    int error, unsigned int times);

struct ibmvmc_session_info
transport_session(const struct ibmvmc_file_session *session);

#endif
