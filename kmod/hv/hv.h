/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated hypervisor: the other end of a Virtual Management Channel. It
 * answers the calls a partition makes (register a queue, send an entry, copy
 * by RDMA), plays the hypervisor's half of the protocol, and can be told to
 * misbehave. It knows the wire format only, never the partition's engine; it
 * does no I/O, allocates nothing after it was made, and each step takes a
 * bounded time, so that it also runs in interrupt context.
 *
 * Calls return hcall codes (vmc/hcall.h), as a hypervisor does; knobs return 0
 * or a negative errno.
 *
 * Locking: the host serialises all calls.
 */
#ifndef VMC_HV_H
#define VMC_HV_H

#include <linux/types.h>

#include "vmc/crq.h"
#include "vmc/hcall.h"
#include "vmc/limits.h"

struct vmc_hv;

/* The value of vmc_hv_next_step() that means "nothing to wait for". */
#define VMC_HV_IDLE (~0ULL)

/* Messages of vmc_hv_emit() that may wait on one HMC index. */
#define VMC_HV_EMIT_DEPTH 8

/* What a simulated hypervisor may be configured to, and its defaults. */
#define VMC_HV_MTU_MIN VMC_PEER_MTU_MIN
#define VMC_HV_POOL_MIN VMC_PEER_POOL_MIN
#define VMC_HV_DELAY_MAX_MS 60000

/**
 * struct vmc_hv_config - how to make a simulated hypervisor
 * @hmcs: HMC connections it offers, VMC_HMCS_MIN..VMC_HMCS_MAX
 * @pool: buffers of one connection, VMC_HV_POOL_MIN..VMC_POOL_MAX
 * @mtu: largest message in bytes, VMC_HV_MTU_MIN..VMC_MTU_MAX
 * @crq_entries: entries of its own queue, a power of two from
 *	VMC_CRQ_ENTRIES_MIN to VMC_CRQ_ENTRIES_4K
 * @delay_ms: how long it thinks over each entry, 0..VMC_HV_DELAY_MAX_MS
 */
struct vmc_hv_config {
	u8 hmcs;
	u16 pool;
	u32 mtu;
	u16 crq_entries;
	u32 delay_ms;
};

/**
 * struct vmc_hv_host - what a host provides
 * @interrupt: raise the partition's CRQ interrupt; called only while the
 *	partition has it enabled, from inside any call. It must only schedule
 *	the partition's work, never run it.
 */
struct vmc_hv_host {
	void (*interrupt)(void *host);
};

/* Which requests of the partition vmc_hv_set_refused() makes it refuse. */
enum vmc_hv_request {
	VMC_HV_REQUEST_OPEN,
	VMC_HV_REQUEST_VMC,
	VMC_HV_REQUESTS
};

/**
 * struct vmc_hv_stats - what it has seen and done since it was made
 * @received: CRQ entries it took from its queue
 * @sent: CRQ entries it put into the partition's queue
 * @messages_in: Signals it took
 * @messages_out: Signals it sent
 * @flood_left: messages of floods that are still to be sent, of all indices
 * @violations: entries and copies of the partition that broke the protocol,
 *	and what the host has told with vmc_hv_violation()
 * @provoked: the same, after a fault rule had misled the partition
 * @faults: faults that rules made
 * @queue_high: most entries that ever waited in its own queue
 */
struct vmc_hv_stats {
	u64 received;
	u64 sent;
	u64 messages_in;
	u64 messages_out;
	u64 flood_left;
	u64 violations;
	u64 provoked;
	u64 faults;
	u32 queue_high;
};

/**
 * vmc_hv_new() - make a hypervisor
 * @config: checked and copied
 * @host: must outlive it
 * @host_data: handed to the operations of @host
 * @hv: the result, on success
 *
 * Return: 0, -EINVAL for a value out of range, -ENOMEM.
 */
int vmc_hv_new(const struct vmc_hv_config *config,
	       const struct vmc_hv_host *host, void *host_data,
	       struct vmc_hv **hv);

/**
 * vmc_hv_free() - end it
 * @hv: NULL is allowed
 */
void vmc_hv_free(struct vmc_hv *hv);

/**
 * vmc_hv_register_queue() - H_REG_CRQ
 * @hv: any
 * @ring: the partition's queue; the partition's, until it is freed
 * @entries: of @ring, a power of two, at least VMC_CRQ_ENTRIES_MIN
 *
 * Interrupts are off afterwards.
 *
 * Return: VMC_H_SUCCESS, VMC_H_CLOSED (registered, but the partner is away),
 * VMC_H_RESOURCE (registered already), VMC_H_PARAMETER.
 */
long vmc_hv_register_queue(struct vmc_hv *hv, struct ibmvmc_crq_msg *ring,
			   u32 entries);

/**
 * vmc_hv_free_queue() - H_FREE_CRQ
 * @hv: any
 *
 * The queue is free at once: unlike firmware it never answers that it is busy.
 * It forgets the partition, and what waits in either direction is gone.
 *
 * Return: VMC_H_SUCCESS, VMC_H_PARAMETER if none is registered.
 */
long vmc_hv_free_queue(struct vmc_hv *hv);

/**
 * vmc_hv_enable_queue() - H_ENABLE_CRQ, after a migration
 * @hv: any
 *
 * Return: VMC_H_SUCCESS, VMC_H_IN_PROGRESS (once after each migration: come
 * again), VMC_H_PARAMETER if no queue is registered.
 */
long vmc_hv_enable_queue(struct vmc_hv *hv);

/**
 * vmc_hv_set_interrupts() - H_VIO_SIGNAL
 * @hv: any
 * @on: raise an interrupt for each entry from now on
 *
 * Return: VMC_H_SUCCESS.
 */
long vmc_hv_set_interrupts(struct vmc_hv *hv, bool on);

/**
 * vmc_hv_send() - H_SEND_CRQ: an entry of the partition
 * @hv: any
 * @word1: bytes 0 to 7
 * @word2: bytes 8 to 15
 * @now_ms: the host's clock
 *
 * The entry is queued; vmc_hv_step() handles it. After a transport event an
 * entry is lost, with success, until the partition has taken the event out of
 * its queue: the partner that it was for is gone.
 *
 * Return: VMC_H_SUCCESS, VMC_H_CLOSED (no partner, or the queue is disabled),
 * VMC_H_DROPPED (its queue is full), VMC_H_PARAMETER (header not allowed).
 */
long vmc_hv_send(struct vmc_hv *hv, u64 word1, u64 word2, u64 now_ms);

/**
 * vmc_hv_copy_in() - H_COPY_RDMA to the hypervisor
 * @hv: any
 * @lioba: the hypervisor's half of a buffer, as its Add Buffer told; the buffer
 *	must belong to the partition: added to it or signalled to it, and not
 *	signalled back
 * @from: @len bytes
 * @len: at most the MTU that was negotiated
 *
 * A wrong address or length is a violation, but not between a transport event
 * and the partition's taking it. Nothing is copied then.
 *
 * Return: VMC_H_SUCCESS, VMC_H_DEST_PARM for an address it never told or took
 * back or that of a buffer of its own, VMC_H_PARAMETER for the length,
 * VMC_H_PERMISSION without a partner.
 */
long vmc_hv_copy_in(struct vmc_hv *hv, u32 lioba, const void *from, u32 len);

/**
 * vmc_hv_copy_out() - H_COPY_RDMA from the hypervisor
 * @hv: any
 * @lioba: as for vmc_hv_copy_in()
 * @to: @len bytes
 * @len: at most the MTU that was negotiated
 *
 * Return: as vmc_hv_copy_in(), with VMC_H_SOURCE_PARM for the address.
 */
long vmc_hv_copy_out(struct vmc_hv *hv, u32 lioba, void *to, u32 len);

/**
 * vmc_hv_request_vmc() - H_REQUEST_VMC
 * @hv: any
 * @drc_index: set on success
 *
 * Return: VMC_H_SUCCESS, VMC_H_AUTHORITY if it was told to refuse.
 */
long vmc_hv_request_vmc(struct vmc_hv *hv, u32 *drc_index);

/**
 * vmc_hv_step() - let it work: take entries whose time has come, send what is
 * to be sent
 * @hv: any
 * @now_ms: the host's clock
 *
 * Takes a bounded time.
 *
 * Return: true if there is more that could be done right now.
 */
bool vmc_hv_step(struct vmc_hv *hv, u64 now_ms);

/**
 * vmc_hv_next_step() - when it wants to be stepped again
 * @hv: any
 *
 * Return: a time of the host's clock, or VMC_HV_IDLE. A call of the partition
 * may change it.
 */
u64 vmc_hv_next_step(const struct vmc_hv *hv);

/**
 * vmc_hv_emit() - send a message by itself
 * @hv: any
 * @index: HMC index
 * @data: @len bytes, copied
 * @len: 0..MTU
 *
 * Return: 0 when it is queued, -EINVAL (no such index), -EMSGSIZE, -ENOTCONN
 * (no session on that index), -EBUSY (VMC_HV_EMIT_DEPTH messages wait there).
 */
int vmc_hv_emit(struct vmc_hv *hv, unsigned int index, const void *data,
		u32 len);

/**
 * vmc_hv_flood() - send many messages by itself, as fast as buffers allow
 * @hv: any
 * @index: HMC index
 * @count: how many; 0 ends a flood that is under way
 * @size: bytes of each, 1..MTU: the message's decimal number, counted from 1, a
 *	blank, filler dots, and a newline as the last byte; cut to @size
 *
 * The session's end ends it.
 *
 * Return: 0, -EINVAL (no such index, size 0), -EMSGSIZE, -ENOTCONN (no
 * session), -EBUSY (one is under way).
 */
int vmc_hv_flood(struct vmc_hv *hv, unsigned int index, u64 count, u32 size);

/**
 * vmc_hv_remove() - take buffers back, for the rest of the session
 * @hv: any
 * @index: HMC index
 * @count: how many, up to VMC_POOL_MAX
 *
 * It ends early when the partition refuses to give one back.
 *
 * Return: 0, -EINVAL, -ENOTCONN (no session), -EBUSY (one is under way).
 */
int vmc_hv_remove(struct vmc_hv *hv, unsigned int index, unsigned int count);

/**
 * vmc_hv_set_offer() - what it offers from the next capabilities exchange on
 * @hv: any
 * @hmcs: HMC connections, 1 to those of the configuration
 * @pool: buffers of one, VMC_HV_POOL_MIN to those of the configuration
 * @mtu: largest message in bytes, VMC_HV_MTU_MIN to that of the configuration
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_set_offer(struct vmc_hv *hv, unsigned int hmcs, unsigned int pool,
		     u32 mtu);

/**
 * vmc_hv_stall() - stop to take entries and to send any, or go on
 * @hv: any
 * @on: stop
 *
 * What the partition sends waits in the queue meanwhile; nothing is lost.
 */
void vmc_hv_stall(struct vmc_hv *hv, bool on);

/**
 * vmc_hv_set_delay() - how long it thinks over each entry from now on
 * @hv: any
 * @delay_ms: 0..VMC_HV_DELAY_MAX_MS
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_set_delay(struct vmc_hv *hv, u32 delay_ms);

/**
 * vmc_hv_set_refused() - refuse a kind of request, or accept it again
 * @hv: any
 * @request: which
 * @refused: refuse it
 */
void vmc_hv_set_refused(struct vmc_hv *hv, enum vmc_hv_request request,
			bool refused);

/**
 * vmc_hv_set_partner() - the partition's partner goes away, or arrives
 * @hv: any
 * @present: it is there, as it is at first
 *
 * Neither is a transport event. While it is away a queue can be registered, but
 * nothing comes, and what the partition sends or copies fails. What was agreed
 * is forgotten. When it arrives it sends Initialize if a queue is registered;
 * what the partition sends before it has answered that is no violation.
 */
void vmc_hv_set_partner(struct vmc_hv *hv, bool present);

/**
 * vmc_hv_entry() - put any entry into the partition's queue
 * @hv: any
 * @word1: bytes 0 to 7; the first of them must not be 0
 * @word2: bytes 8 to 15
 *
 * It means nothing to this side, and comes also from one that is stalled or
 * away.
 *
 * Return: 0, -EINVAL (it would be a free entry), -ENOTCONN without a registered
 * queue, -EBUSY if that is full.
 */
int vmc_hv_entry(struct vmc_hv *hv, u64 word1, u64 word2);

/**
 * vmc_hv_transport_event() - let the channel break, as firmware would tell it
 * @hv: any
 * @kind: VMC_EVENT_MIGRATED (the partition's queue is disabled until it enables
 *	it), or any other kind (this side forgets everything and sends
 *	Initialize)
 *
 * If the partition's queue is full, the event overwrites the last entry.
 *
 * Return: 0, or -ENOTCONN without a registered queue.
 */
int vmc_hv_transport_event(struct vmc_hv *hv, u8 kind);

/**
 * vmc_hv_get_hmc_id() - the name that the application of a session gave
 * @hv: any
 * @index: HMC index
 * @hmc_id: filled on success
 *
 * Return: 0, -EINVAL (no such index), -ENOTCONN (no session on it).
 */
int vmc_hv_get_hmc_id(const struct vmc_hv *hv, unsigned int index,
		      u8 hmc_id[VMC_HMC_ID_LEN]);

/**
 * vmc_hv_violation() - the host saw the partition break a rule
 * @hv: any
 */
void vmc_hv_violation(struct vmc_hv *hv);

/**
 * vmc_hv_get_stats() - what it has seen and done
 * @hv: any
 * @stats: filled completely
 */
void vmc_hv_get_stats(const struct vmc_hv *hv, struct vmc_hv_stats *stats);

#endif
