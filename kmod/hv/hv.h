/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated hypervisor: the other end of a Virtual Management Channel. It
 * answers the calls of a partition (register a queue, send an entry, copy by
 * RDMA), implements the hypervisor's half of the protocol, and can inject
 * faults. It depends on the wire format only, not on the partition's engine. It
 * does no I/O, allocates memory only in vmc_hv_new(), and each step takes a
 * bounded time, so that it can run in interrupt context.
 *
 * Calls return hcall codes (vmc/hcall.h), as a hypervisor does, or the answer
 * of a fault rule (fault.h); knobs return 0 or a negative errno.
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

/* Value of vmc_hv_next_step() while no step is due. */
#define VMC_HV_IDLE (~0ULL)

/* Largest number of pending messages of vmc_hv_emit() on one connection. */
#define VMC_HV_EMIT_DEPTH 8

/* Limits of the configuration. */
#define VMC_HV_MTU_MIN VMC_PEER_MTU_MIN
#define VMC_HV_POOL_MIN VMC_PEER_POOL_MIN
#define VMC_HV_DELAY_MAX_MS 60000

/**
 * struct vmc_hv_config - configuration of a simulated hypervisor
 * @hmcs: connections that it offers, VMC_HMCS_MIN..VMC_HMCS_MAX
 * @pool: buffers of each connection, VMC_HV_POOL_MIN..VMC_POOL_MAX
 * @mtu: largest message in bytes, VMC_HV_MTU_MIN..VMC_MTU_MAX
 * @crq_entries: entries of its own queue, a power of two from
 *	VMC_CRQ_ENTRIES_MIN to VMC_CRQ_ENTRIES_4K
 * @delay_ms: delay before an entry is handled, 0..VMC_HV_DELAY_MAX_MS
 */
struct vmc_hv_config {
	u8 hmcs;
	u16 pool;
	u32 mtu;
	u16 crq_entries;
	u32 delay_ms;
};

/**
 * struct vmc_hv_host - operations of a host
 * @interrupt: raise the partition's CRQ interrupt. Called from any function of
 *	this header while the partition has the interrupt enabled. It must
 *	schedule the work of the partition instead of running it.
 */
struct vmc_hv_host {
	void (*interrupt)(void *host);
};

/* Requests of the partition that vmc_hv_set_refused() can refuse. */
enum vmc_hv_request {
	VMC_HV_REQUEST_OPEN,
	VMC_HV_REQUEST_VMC,
	VMC_HV_REQUESTS
};

/**
 * struct vmc_hv_stats - counters since the hypervisor was created
 * @received: CRQ entries received from the partition
 * @sent: CRQ entries sent to the partition
 * @messages_in: Signals received
 * @messages_out: Signals sent
 * @flood_left: messages of floods still to send, on all connections
 * @violations: entries and copies of the partition that broke the protocol,
 *	and calls of vmc_hv_violation()
 * @provoked: number of those after a fault rule had misled the partition
 * @faults: faults injected by rules
 * @queue_high: largest number of entries ever pending in its queue
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
 * vmc_hv_new() - create a hypervisor
 * @config: checked and copied
 * @host: operations; must outlive the hypervisor
 * @host_data: argument of the operations of @host
 * @hv: set on success
 *
 * Return: 0, -EINVAL for a value out of range, -ENOMEM.
 */
int vmc_hv_new(const struct vmc_hv_config *config,
	       const struct vmc_hv_host *host, void *host_data,
	       struct vmc_hv **hv);

/**
 * vmc_hv_free() - free a hypervisor
 * @hv: NULL is allowed
 */
void vmc_hv_free(struct vmc_hv *hv);

/**
 * vmc_hv_register_queue() - handle H_REG_CRQ
 * @hv: hypervisor
 * @ring: queue of the partition; must stay valid until it is freed
 * @entries: size of @ring, a power of two, at least VMC_CRQ_ENTRIES_MIN
 *
 * Interrupts are off afterwards.
 *
 * Return: VMC_H_SUCCESS, VMC_H_CLOSED (registered, but the partner is away),
 * VMC_H_RESOURCE (registered already), VMC_H_PARAMETER.
 */
long vmc_hv_register_queue(struct vmc_hv *hv, struct ibmvmc_crq_msg *ring,
			   u32 entries);

/**
 * vmc_hv_free_queue() - handle H_FREE_CRQ
 * @hv: hypervisor
 *
 * The queue is freed at once; unlike firmware, it is busy only by a fault rule.
 * Drops pending entries of both directions and forgets the partition.
 *
 * Return: VMC_H_SUCCESS, VMC_H_PARAMETER if none is registered.
 */
long vmc_hv_free_queue(struct vmc_hv *hv);

/**
 * vmc_hv_enable_queue() - handle H_ENABLE_CRQ after a migration
 * @hv: hypervisor
 *
 * Return: VMC_H_SUCCESS, VMC_H_IN_PROGRESS (once after each migration, then
 * repeat the call), VMC_H_PARAMETER if no queue is registered.
 */
long vmc_hv_enable_queue(struct vmc_hv *hv);

/**
 * vmc_hv_set_interrupts() - handle H_VIO_SIGNAL
 * @hv: hypervisor
 * @on: true to raise an interrupt for each entry from now on
 *
 * Return: VMC_H_SUCCESS.
 */
long vmc_hv_set_interrupts(struct vmc_hv *hv, bool on);

/**
 * vmc_hv_send() - handle H_SEND_CRQ: receive an entry of the partition
 * @hv: hypervisor
 * @word1: bytes 0 to 7
 * @word2: bytes 8 to 15
 * @now_ms: time of the host's clock in milliseconds
 *
 * The entry is queued and handled by vmc_hv_step(). After a transport event,
 * entries succeed but are dropped until the partition has taken the event from
 * its queue, because they are for a partner that is gone.
 *
 * Return: VMC_H_SUCCESS, VMC_H_CLOSED (no partner, or the queue is disabled),
 * VMC_H_DROPPED (its queue is full), VMC_H_PARAMETER (header not allowed).
 */
long vmc_hv_send(struct vmc_hv *hv, u64 word1, u64 word2, u64 now_ms);

/**
 * vmc_hv_copy_in() - handle H_COPY_RDMA to the hypervisor
 * @hv: hypervisor
 * @lioba: address of a buffer as given in its Add Buffer. The partition must
 *	own the buffer: it was added or signalled to it, and not signalled back
 * @from: @len bytes
 * @len: length in bytes, at most the negotiated MTU
 *
 * A wrong address or length counts as a violation, except while a transport
 * event is in the partition's queue. Nothing is copied then.
 *
 * Return: VMC_H_SUCCESS, VMC_H_DEST_PARM for an address that is unknown,
 * removed or of a buffer owned by this side, VMC_H_PARAMETER for the length,
 * VMC_H_PERMISSION without a partner.
 */
long vmc_hv_copy_in(struct vmc_hv *hv, u32 lioba, const void *from, u32 len);

/**
 * vmc_hv_copy_out() - handle H_COPY_RDMA from the hypervisor
 * @hv: hypervisor
 * @lioba: address, see vmc_hv_copy_in()
 * @to: @len bytes
 * @len: length in bytes, at most the negotiated MTU
 *
 * Return: see vmc_hv_copy_in(), with VMC_H_SOURCE_PARM for the address.
 */
long vmc_hv_copy_out(struct vmc_hv *hv, u32 lioba, void *to, u32 len);

/**
 * vmc_hv_lend() - as vmc_hv_copy_out(), but return the address of the bytes
 * @hv: hypervisor
 * @lioba: address, see vmc_hv_copy_in()
 * @len: length in bytes, at most the negotiated MTU
 * @data: set to the address, or to NULL if the partition has to copy
 *
 * The bytes stay until the partition passes the buffer back or copies into it,
 * or the hypervisor is freed. Nothing is lent after the first fault rule was
 * added, because a fault can pass the buffer back. A partition reads its messages
 * before it adds a rule. One in another thread has to copy.
 *
 * Return: see vmc_hv_copy_out().
 */
long vmc_hv_lend(struct vmc_hv *hv, u32 lioba, u32 len, const void **data);

/**
 * vmc_hv_request_vmc() - handle H_REQUEST_VMC
 * @hv: hypervisor
 * @drc_index: set on success
 *
 * Return: VMC_H_SUCCESS, VMC_H_AUTHORITY if the refuse knob is on.
 */
long vmc_hv_request_vmc(struct vmc_hv *hv, u32 *drc_index);

/**
 * vmc_hv_step() - handle received entries and send those that are due
 * @hv: hypervisor
 * @now_ms: time of the host's clock in milliseconds
 *
 * Takes a bounded time.
 *
 * Return: true if more can be done right now.
 */
bool vmc_hv_step(struct vmc_hv *hv, u64 now_ms);

/**
 * vmc_hv_next_step() - get the time of the next step
 * @hv: hypervisor
 *
 * Return: a time of the host's clock, or VMC_HV_IDLE. A call of the partition
 * may change it.
 */
u64 vmc_hv_next_step(const struct vmc_hv *hv);

/**
 * vmc_hv_emit() - send a message
 * @hv: hypervisor
 * @index: HMC index
 * @data: @len bytes, copied
 * @len: length in bytes, 0..MTU
 *
 * Return: 0 when the message is queued, -EINVAL (no such index), -EMSGSIZE,
 * -ENOTCONN (no session on that index), -EBUSY (VMC_HV_EMIT_DEPTH messages are
 * queued already).
 */
int vmc_hv_emit(struct vmc_hv *hv, unsigned int index, const void *data,
		u32 len);

/**
 * vmc_hv_flood() - send many messages, as fast as buffers allow
 * @hv: hypervisor
 * @index: HMC index
 * @count: number of messages; 0 ends a flood
 * @size: length of each in bytes, 1..MTU. A message consists of its decimal
 *	number, counted from 1, a blank, filler dots and a newline, cut to @size
 *
 * A flood ends with its session.
 *
 * Return: 0, -EINVAL (no such index, size 0), -EMSGSIZE, -ENOTCONN (no
 * session), -EBUSY (a flood is in progress).
 */
int vmc_hv_flood(struct vmc_hv *hv, unsigned int index, u64 count, u32 size);

/**
 * vmc_hv_remove() - take buffers back for the rest of the session
 * @hv: hypervisor
 * @index: HMC index
 * @count: number of buffers, up to VMC_POOL_MAX
 *
 * Ends early if the partition refuses to return a buffer.
 *
 * Return: 0, -EINVAL, -ENOTCONN (no session), -EBUSY (a removal is in
 * progress).
 */
int vmc_hv_remove(struct vmc_hv *hv, unsigned int index, unsigned int count);

/**
 * vmc_hv_set_offer() - set the offer for the next capabilities exchange
 * @hv: hypervisor
 * @hmcs: number of connections, 1 to that of the configuration
 * @pool: buffers of each, VMC_HV_POOL_MIN to those of the configuration
 * @mtu: largest message in bytes, VMC_HV_MTU_MIN to that of the configuration
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_set_offer(struct vmc_hv *hv, unsigned int hmcs, unsigned int pool,
		     u32 mtu);

/**
 * vmc_hv_stall() - stop taking and sending entries, or continue
 * @hv: hypervisor
 * @on: true to stop
 *
 * Entries of the partition stay queued; none is lost.
 */
void vmc_hv_stall(struct vmc_hv *hv, bool on);

/**
 * vmc_hv_set_delay() - set the delay before an entry is handled
 * @hv: hypervisor
 * @delay_ms: delay in milliseconds, 0..VMC_HV_DELAY_MAX_MS
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_set_delay(struct vmc_hv *hv, u32 delay_ms);

/**
 * vmc_hv_set_refused() - refuse a kind of request, or accept it again
 * @hv: hypervisor
 * @request: kind of request
 * @refused: true to refuse it
 */
void vmc_hv_set_refused(struct vmc_hv *hv, enum vmc_hv_request request,
			bool refused);

/**
 * vmc_hv_set_partner() - make the partition's partner absent or present
 * @hv: hypervisor
 * @present: true if it is present, which is the initial state
 *
 * Neither causes a transport event. While the partner is away, the partition
 * can register a queue but receives nothing, and its sends and copies fail.
 * When the partner returns, everything negotiated is forgotten, and it sends
 * Initialize if a queue is registered. Entries that the partition sends before
 * it has answered Initialize are not violations.
 */
void vmc_hv_set_partner(struct vmc_hv *hv, bool present);

/**
 * vmc_hv_entry() - put an arbitrary entry into the partition's queue
 * @hv: hypervisor, even stalled or without a partner
 * @word1: bytes 0 to 7; byte 0 must not be 0
 * @word2: bytes 8 to 15
 *
 * Does not change the state of this side.
 *
 * Return: 0, -EINVAL (it would be a free entry), -ENOTCONN without a registered
 * queue, -EBUSY if the queue is full.
 */
int vmc_hv_entry(struct vmc_hv *hv, u64 word1, u64 word2);

/**
 * vmc_hv_transport_event() - break the channel, and report it as firmware does
 * @hv: hypervisor
 * @kind: VMC_EVENT_MIGRATED (disables the partition's queue until the partition
 *	enables it), or another kind (this side forgets everything and sends
 *	Initialize)
 *
 * If the partition's queue is full, the event overwrites the last entry.
 *
 * Return: 0, or -ENOTCONN without a registered queue.
 */
int vmc_hv_transport_event(struct vmc_hv *hv, u8 kind);

/**
 * vmc_hv_get_hmc_id() - get the name of the application of a session
 * @hv: hypervisor
 * @index: HMC index
 * @hmc_id: filled on success
 *
 * Return: 0, -EINVAL (no such index), -ENOTCONN (no session on it).
 */
int vmc_hv_get_hmc_id(const struct vmc_hv *hv, unsigned int index,
		      u8 hmc_id[VMC_HMC_ID_LEN]);

/**
 * vmc_hv_violation() - count a violation of the protocol by the partition
 * @hv: hypervisor
 */
void vmc_hv_violation(struct vmc_hv *hv);

/**
 * vmc_hv_get_stats() - get the counters
 * @hv: hypervisor
 * @stats: filled completely
 */
void vmc_hv_get_stats(const struct vmc_hv *hv, struct vmc_hv_stats *stats);

#endif
