// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fault injection: applies the rules to each entry and call, and keeps back
 * entries that a rule delays. It posts the entries for the partition, so that
 * no entry bypasses the rules. It does not parse rules: fault-rule.c does.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

int vmc_hv_fault_add(struct vmc_hv *hv, const struct vmc_hv_fault *fault)
{
	unsigned int i;

	for (i = 0; i < VMC_HV_FAULTS; i++) {
		if (hv->faults[i].count)
			continue;
		hv->faults[i] = *fault;
		hv->fault_count++;
		hv->unreliable = true;
		return 0;
	}
	return -ENOSPC;
}

void vmc_hv_fault_clear(struct vmc_hv *hv)
{
	unsigned int i;

	memset(hv->faults, 0, sizeof(hv->faults));
	hv->fault_count = 0;
	for (i = 0; i < VMC_HV_HELD; i++)
		if (hv->held[i].from)
			hv->held[i].at_ms = hv->now_ms;
}

/* Count a match of a rule. Returns true if the rule injects its fault now. */
static bool rule_fires(struct vmc_hv *hv, struct vmc_hv_fault *rule)
{
	if (rule->skip) {
		rule->skip--;
		return false;
	}
	rule->count--;
	if (!rule->count)
		hv->fault_count--;
	hv->stats.faults++;
	return true;
}

bool vmc_hv_fault_call(struct vmc_hv *hv, enum vmc_hv_call call, long *answer)
{
	struct vmc_hv_fault *rule;

	if (!hv->fault_count)
		return false;
	for (rule = hv->faults; rule < hv->faults + VMC_HV_FAULTS; rule++) {
		if (!rule->count || rule->action != VMC_HV_FAULT_HCALL ||
		    rule->message != call || !rule_fires(hv, rule))
			continue;
		*answer = rule->answer;
		return true;
	}
	return false;
}

static bool is_interface(const struct ibmvmc_crq_msg *msg)
{
	return vmc_crq_header(msg) == VMC_CRQ_MESSAGE &&
	       (vmc_crq_type(msg) & ~VMC_MSG_RESPONSE) != VMC_MSG_CAPABILITIES;
}

static u8 index_of(const struct ibmvmc_crq_msg *msg)
{
	struct vmc_interface message;

	if (!is_interface(msg) || vmc_interface_decode(msg, &message))
		return VMC_HV_INDEX_ANY;
	return message.index;
}

static bool rule_matches(const struct vmc_hv_fault *rule,
			 const struct ibmvmc_crq_msg *msg, u8 from)
{
	const struct vmc_hv_message *kind = &vmc_hv_messages[rule->message];

	if (!rule->count || rule->action == VMC_HV_FAULT_HCALL ||
	    !(rule->from & from))
		return false;
	if (rule->index != VMC_HV_INDEX_ANY && rule->index != index_of(msg))
		return false;
	if (kind->header == VMC_CRQ_FREE)
		return true;
	return kind->header == vmc_crq_header(msg) &&
	       (!kind->type || kind->type == vmc_crq_type(msg));
}

static bool find_rule(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg,
		      u8 from, struct vmc_hv_fault *found)
{
	struct vmc_hv_fault *rule;

	if (!hv->fault_count)
		return false;
	for (rule = hv->faults; rule < hv->faults + VMC_HV_FAULTS; rule++) {
		if (!rule_matches(rule, msg, from))
			continue;
		*found = *rule;
		if (rule_fires(hv, rule))
			return true;
	}
	return false;
}

static void corrupt(struct ibmvmc_crq_msg *msg, const struct vmc_hv_fault *rule)
{
	const struct vmc_hv_field *field = &vmc_hv_fields[rule->field];
	u32 value = 0;
	u8 i;

	for (i = 0; rule->added && i < field->size; i++)
		value = value << 8 | msg->bytes[field->at + i];
	value += rule->value;
	for (i = field->size; i--; value >>= 8)
		msg->bytes[field->at + i] = (u8)(value & 0xff);
}

void vmc_hv_fault_mark(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg)
{
	u8 index = index_of(msg);

	if (is_interface(msg) && index < hv->config.hmcs)
		hv->connections[index].faulted = VMC_HV_FAULT_SESSIONS;
	else
		hv->faulted = true;
}

bool vmc_hv_faulted(const struct vmc_hv *hv)
{
	unsigned int i;

	if (hv->faulted)
		return true;
	for (i = 0; i < hv->config.hmcs; i++)
		if (hv->connections[i].faulted)
			return true;
	return false;
}

void vmc_hv_violation(struct vmc_hv *hv)
{
	if (vmc_hv_faulted(hv))
		hv->stats.provoked++;
	else
		hv->stats.violations++;
}

/* Keep an entry back. Returns false if all places are used. */
static bool hold(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg, u8 from,
		 u64 at_ms, bool overtaken)
{
	unsigned int i;

	for (i = 0; i < VMC_HV_HELD; i++) {
		if (hv->held[i].from)
			continue;
		hv->held[i].msg = *msg;
		hv->held[i].from = from;
		hv->held[i].at_ms = at_ms;
		hv->held[i].overtaken = overtaken;
		hv->held_count++;
		return true;
	}
	return false;
}

/* After an entry has passed, those reordered after it are due. */
static void overtake(struct vmc_hv *hv, u8 from)
{
	unsigned int i;

	if (!hv->held_count)
		return;
	for (i = 0; i < VMC_HV_HELD; i++)
		if (hv->held[i].from == from && hv->held[i].overtaken)
			hv->held[i].at_ms = hv->now_ms;
}

unsigned int vmc_hv_fault_entry(struct vmc_hv *hv, struct ibmvmc_crq_msg *msg,
				u8 from, u64 now_ms,
				struct vmc_hv_verdict *verdict)
{
	struct vmc_hv_fault rule;
	unsigned int copies = 1;

	*verdict = (struct vmc_hv_verdict){ 0 };
	if (!find_rule(hv, msg, from, &rule)) {
		overtake(hv, from);
		return 1;
	}

	vmc_hv_fault_mark(hv, msg);
	verdict->faulted = true;
	switch (rule.action) {
	case VMC_HV_FAULT_DROP:
		return 0;
	case VMC_HV_FAULT_DUPLICATE:
		copies = 2;
		break;
	case VMC_HV_FAULT_REORDER:
	case VMC_HV_FAULT_DELAY:
		copies = !hold(hv, msg, from, now_ms + rule.value,
			       rule.action == VMC_HV_FAULT_REORDER);
		break;
	case VMC_HV_FAULT_CORRUPT:
		corrupt(msg, &rule);
		vmc_hv_fault_mark(hv, msg);
		break;
	case VMC_HV_FAULT_REFUSE:
		verdict->refused = true;
		break;
	}
	return copies;
}

void vmc_hv_post(struct vmc_hv *hv, const struct ibmvmc_crq_msg *msg)
{
	struct ibmvmc_crq_msg copy = *msg;
	struct vmc_hv_verdict verdict;
	unsigned int copies;

	copies = vmc_hv_fault_entry(hv, &copy, VMC_HV_FROM_HYPERVISOR,
				    hv->now_ms, &verdict);
	/* Without the valid bit the slot would hide later entries. */
	if (!(vmc_crq_header(&copy) & VMC_CRQ_VALID))
		return;
	while (copies-- && !vmc_hv_ring_full(hv))
		vmc_hv_ring_post(hv, &copy);
}

void vmc_hv_post_event(struct vmc_hv *hv, u8 kind)
{
	struct vmc_hv_verdict verdict;
	struct ibmvmc_crq_msg msg;

	vmc_crq_control(&msg, VMC_CRQ_TRANSPORT, kind);
	if (!vmc_hv_fault_entry(hv, &msg, VMC_HV_FROM_HYPERVISOR, hv->now_ms,
				&verdict) ||
	    !(vmc_crq_header(&msg) & VMC_CRQ_VALID))
		return;
	vmc_hv_ring_force(hv, &msg);
	hv->event = hv->produced - 1;
	hv->event_unseen = true;
}

u64 vmc_hv_fault_due(const struct vmc_hv *hv)
{
	u64 due = VMC_HV_IDLE;
	unsigned int i;

	if (!hv->held_count)
		return VMC_HV_IDLE;
	for (i = 0; i < VMC_HV_HELD; i++)
		if (hv->held[i].from)
			due = min(due, hv->held[i].at_ms);
	return due;
}

bool vmc_hv_fault_release(struct vmc_hv *hv)
{
	const struct vmc_hv_verdict faulted = { .faulted = true };
	struct vmc_hv_held *held;

	if (!hv->held_count)
		return false;
	for (held = hv->held; held < hv->held + VMC_HV_HELD; held++) {
		if (!held->from || held->at_ms > hv->now_ms)
			continue;
		if (held->from == VMC_HV_FROM_PARTITION) {
			if (!vmc_hv_inbox_room(hv))
				continue;
			vmc_hv_inbox_add(hv, &held->msg, hv->now_ms, faulted);
		} else {
			if (!vmc_hv_ring_room(hv))
				continue;
			vmc_hv_ring_post(hv, &held->msg);
		}
		vmc_hv_fault_mark(hv, &held->msg);
		held->from = 0;
		hv->held_count--;
		return true;
	}
	return false;
}

void vmc_hv_fault_forget_held(struct vmc_hv *hv)
{
	memset(hv->held, 0, sizeof(hv->held));
	hv->held_count = 0;
}
