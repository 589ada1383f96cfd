/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test transport: records the engine's operations, delivers entries of a test,
 * has a manual clock and fails on demand. It is not a hypervisor and answers
 * nothing by itself; tests that need responses use kmod/sim.
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

/* Operations that can fail on demand. */
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
 * struct transport_fault - failure of an operation
 * @error: return value
 * @times: number of failing calls
 * @delay_ms: delay reported with -EBUSY, in milliseconds
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
 * struct transport - test transport and host
 * @adapter: adapter of the engine
 * @ring: queue of the engine
 * @next: index of the next entry to write
 * @now_ms: clock in milliseconds; only tests change it
 * @timer_ms: time of the engine's timer
 * @timer_sets: number of times that the timer was set
 * @early: entry written once when the queue is registered, or NULL
 * @at_enabling: entry written once when interrupts are enabled, or NULL
 * @interrupts: true if the engine has enabled interrupts
 * @registered: true between register and free
 * @faults: failures, by operation
 * @send_limit: number of entries after which the queue is full; 0 for no limit
 * @sent: entries that were sent, oldest first
 * @sent_count: number of @sent
 * @trace: one letter for each operation, oldest first: R register, F free, E
 *	enable, I and i interrupts on and off, S send, C copy, M map, U unmap
 * @trace_len: number of operations in @trace
 * @mappings: present mappings; address 0 marks a free element
 * @maps: number of present mappings
 * @mapped_bytes: total size of the present mappings
 * @unmap_mismatches: number of unmap operations without a matching mapping
 * @remote: data that a copy from the hypervisor delivers
 * @copied: data of the last copy to the hypervisor
 * @copy_len: length of the last copy in bytes
 * @copy_lioba: hypervisor's address of the last copy
 * @wakes: number of wake operations
 * @woken: session of the last wake operation
 * @events: number of events, by type
 * @last: last event of each type, without the entry
 * @state_at_interrupts_on: channel state when interrupts were last enabled
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

/* Configuration: two connections of 16 buffers of 4096 bytes. */
extern const struct ibmvmc_config transport_config;
extern const u8 transport_hmc_id[VMC_HMC_ID_LEN];

/* Creates an adapter that is not started; NULL selects transport_config. */
struct transport *transport_new(const struct ibmvmc_config *config);
/* Stops and frees the adapter, and checks that no mapping is left. */
void transport_free(struct transport *transport);

/* Writes an entry of the hypervisor into the queue, which must have room. */
void transport_push(struct transport *transport,
		    const struct ibmvmc_crq_msg *msg);
/* Writes an entry and makes the engine handle it. */
void transport_deliver(struct transport *transport,
		       const struct ibmvmc_crq_msg *msg);
void transport_service(struct transport *transport);
/* Advances the clock, and calls the engine's timer each time it expires. */
void transport_advance(struct transport *transport, u64 ms);

/* Each of these writes one entry and makes the engine handle it. */
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

/* Usual response to Capabilities, with the limits of transport_config. */
extern const struct vmc_capabilities transport_peer;

/*
 * Starts the adapter until the channel is ready; NULL selects transport_peer.
 */
void transport_ready(struct transport *transport,
		     const struct vmc_capabilities *peer);
/*
 * Opens a session on an index of a ready channel. Buffer 0 is the initial one;
 * of the others below @buffers the hypervisor owns the even ones.
 */
struct ibmvmc_file_session *transport_open(struct transport *transport,
					   u8 index, u16 buffers);

/* Return the number of entries of a type that were sent, and the last one. */
unsigned int transport_sent(const struct transport *transport, u8 header,
			    u8 type);
unsigned int transport_messages(const struct transport *transport, u8 type,
				struct vmc_interface *last);
/* Clears all records. */
void transport_forget(struct transport *transport);

enum ibmvmc_state transport_state(const struct transport *transport);
void transport_fail(struct transport *transport, enum transport_op op,
		    int error, unsigned int times);

struct ibmvmc_session_info
transport_session(const struct ibmvmc_file_session *session);

#endif
