/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fault rules: rules of the simulated hypervisor that drop, duplicate, reorder,
 * delay, corrupt or refuse CRQ entries, and rules that make hcalls fail. They
 * do not decide the consequences of a fault for the protocol. The words of a
 * rule are in the tables below, so that a test can try each of them.
 *
 * Locking: the host serialises all calls, as for hv.h.
 */
#ifndef VMC_HV_FAULT_H
#define VMC_HV_FAULT_H

#include <linux/types.h>

struct vmc_hv;

/* Largest number of active rules. */
#define VMC_HV_FAULTS 16

/* Longest delay of an entry in milliseconds. */
#define VMC_HV_FAULT_MS_MAX 60000

/* Delay in milliseconds of a reordered entry that no other one passes. */
#define VMC_HV_REORDER_MS 100

/* Matches entries with every HMC index, and without one. */
#define VMC_HV_INDEX_ANY 0xff

/* Sender of an entry; a rule may match both. */
#define VMC_HV_FROM_PARTITION 1
#define VMC_HV_FROM_HYPERVISOR 2
#define VMC_HV_FROM_BOTH (VMC_HV_FROM_PARTITION | VMC_HV_FROM_HYPERVISOR)

/* Action of a rule on an entry or a call. */
enum vmc_hv_fault_action {
	VMC_HV_FAULT_DROP,
	VMC_HV_FAULT_DUPLICATE,
	VMC_HV_FAULT_REORDER, /* sent after the next one */
	VMC_HV_FAULT_DELAY,   /* sent after @value milliseconds */
	VMC_HV_FAULT_CORRUPT,
	VMC_HV_FAULT_REFUSE, /* answered with a failure */
	VMC_HV_FAULT_HCALL,
	VMC_HV_FAULT_ACTIONS
};

/* Hypervisor calls that can fail. */
enum vmc_hv_call {
	VMC_HV_CALL_REG_CRQ,
	VMC_HV_CALL_FREE_CRQ,
	VMC_HV_CALL_ENABLE_CRQ,
	VMC_HV_CALL_VIO_SIGNAL,
	VMC_HV_CALL_SEND_CRQ,
	VMC_HV_CALL_COPY_RDMA,
	VMC_HV_CALL_REQUEST_VMC,
	VMC_HV_CALLS
};

/**
 * struct vmc_hv_fault - one rule
 * @action: enum vmc_hv_fault_action
 * @message: place in vmc_hv_messages; for an hcall, enum vmc_hv_call
 * @field: place in vmc_hv_fields of the field to corrupt
 * @from: VMC_HV_FROM_ values of matching entries
 * @index: HMC index of matching entries, or VMC_HV_INDEX_ANY
 * @added: true to add @value to the field instead of replacing it
 * @value: value of the field, or delay in milliseconds
 * @answer: answer of the hcall
 * @skip: number of matching entries or calls before the first fault
 * @count: number of faults still to inject, 0 in an unused rule
 */
struct vmc_hv_fault {
	u8 action;
	u8 message;
	u8 field;
	u8 from;
	u8 index;
	bool added;
	u32 value;
	long answer;
	u32 skip;
	u32 count;
};

/* Layout of an entry, which determines its fields. */
#define VMC_HV_LAYOUT_CONTROL 1
#define VMC_HV_LAYOUT_CAPABILITIES 2
#define VMC_HV_LAYOUT_INTERFACE 4
#define VMC_HV_LAYOUT_ALL 7

/**
 * struct vmc_hv_message - a kind of CRQ entry
 * @name: word in a rule
 * @header: byte 0, or VMC_CRQ_FREE for every header
 * @type: byte 1, or 0 for every type
 * @from: VMC_HV_FROM_ values of its senders
 * @layout: VMC_HV_LAYOUT_ value
 */
struct vmc_hv_message {
	const char *name;
	u8 header;
	u8 type;
	u8 from;
	u8 layout;
};

/**
 * struct vmc_hv_field - a field of CRQ entries
 * @name: word in a rule
 * @at: offset of its first byte
 * @size: size in bytes, big-endian
 * @layouts: VMC_HV_LAYOUT_ values of the entries that have it
 */
struct vmc_hv_field {
	const char *name;
	u8 at;
	u8 size;
	u8 layouts;
};

/**
 * struct vmc_hv_answer - an answer of an hcall
 * @name: word in a rule
 * @answer: VMC_H_ value
 */
struct vmc_hv_answer {
	const char *name;
	long answer;
};

#define VMC_HV_MESSAGES 15
#define VMC_HV_FIELDS 14
#define VMC_HV_ANSWERS 22

extern const struct vmc_hv_message vmc_hv_messages[VMC_HV_MESSAGES];
extern const struct vmc_hv_field vmc_hv_fields[VMC_HV_FIELDS];
extern const struct vmc_hv_answer vmc_hv_answers[VMC_HV_ANSWERS];
extern const char *const vmc_hv_calls[VMC_HV_CALLS];

/**
 * vmc_hv_fault_add() - activate a rule
 * @hv: hypervisor
 * @fault: copied; @count above 0
 *
 * If several rules match an entry, the first one whose @skip is used up injects
 * its fault. A failing call has no effect, with two exceptions: a queue is
 * registered if the answer is VMC_H_CLOSED, and no entry is sent or taken after
 * an attempt to free the queue was answered with a busy code.
 *
 * Return: 0, or -ENOSPC if VMC_HV_FAULTS rules are active.
 */
int vmc_hv_fault_add(struct vmc_hv *hv, const struct vmc_hv_fault *fault);

/**
 * vmc_hv_fault_clear() - remove all rules
 * @hv: hypervisor
 *
 * Entries that a rule keeps back are sent in the next step.
 */
void vmc_hv_fault_clear(struct vmc_hv *hv);

/**
 * vmc_hv_fault_parse() - parse a rule
 * @text: @len bytes: "ACTION MESSAGE [FIELD VALUE] [OPTION VALUE]...",
 *	"hcall NAME ANSWER [OPTION VALUE]..."
 * @len: length in bytes
 * @fault: filled completely on success; @count 0 for "clear"
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_fault_parse(const char *text, size_t len,
		       struct vmc_hv_fault *fault);

/**
 * vmc_hv_fault_print() - print a rule
 * @fault: rule
 * @text: filled and terminated with a NUL
 * @size: size of @text in bytes
 *
 * Return: number of bytes written, without the NUL.
 */
int vmc_hv_fault_print(const struct vmc_hv_fault *fault, char *text,
		       size_t size);

#endif
