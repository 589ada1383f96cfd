/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults that the simulated hypervisor makes: rules that lose, repeat, reorder,
 * delay, corrupt or refuse CRQ entries, and rules that make hcalls fail. The
 * words of a rule are entries of the tables below, so that a test can try every
 * one of them. It does not decide what the protocol makes of a fault.
 *
 * Locking: the host serialises all calls, as for hv.h.
 */
#ifndef VMC_HV_FAULT_H
#define VMC_HV_FAULT_H

#include <linux/types.h>

struct vmc_hv;

/* Rules that can be in force at the same time. */
#define VMC_HV_FAULTS 16

/* Longest time in milliseconds by which a rule delays an entry. */
#define VMC_HV_FAULT_MS_MAX 60000

/* A reordered entry is sent after this time if no other one passes it. */
#define VMC_HV_REORDER_MS 100

/* Matches entries of every HMC index, and those without one. */
#define VMC_HV_INDEX_ANY 0xff

/* Sender of an entry; a rule may match both. */
#define VMC_HV_FROM_PARTITION 1
#define VMC_HV_FROM_HYPERVISOR 2
#define VMC_HV_FROM_BOTH (VMC_HV_FROM_PARTITION | VMC_HV_FROM_HYPERVISOR)

/* What a rule does with an entry, or with a call. */
enum vmc_hv_fault_action {
	VMC_HV_FAULT_DROP,
	VMC_HV_FAULT_DUPLICATE,
	VMC_HV_FAULT_REORDER,	/* sent after the next one */
	VMC_HV_FAULT_DELAY,	/* sent after @value milliseconds */
	VMC_HV_FAULT_CORRUPT,
	VMC_HV_FAULT_REFUSE,	/* answered with a failure */
	VMC_HV_FAULT_HCALL,
	VMC_HV_FAULT_ACTIONS
};

/* The hcalls that can fail. */
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
 * @field: place in vmc_hv_fields, of a corruption
 * @from: VMC_HV_FROM_ values of the entries it matches
 * @index: HMC index of the entries it matches, or VMC_HV_INDEX_ANY
 * @added: @value is added to the field instead of replacing it
 * @value: of the field; of a delay, the milliseconds
 * @answer: hcall answer
 * @skip: matching entries, or calls, that pass before the first fault
 * @count: faults still to be made, 0 in an unused rule
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

/* Layout of a message, which says what fields it has. */
#define VMC_HV_LAYOUT_CONTROL 1
#define VMC_HV_LAYOUT_CAPABILITIES 2
#define VMC_HV_LAYOUT_INTERFACE 4
#define VMC_HV_LAYOUT_ALL 7

/**
 * struct vmc_hv_message - a kind of CRQ entry
 * @name: word for it
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
 * @name: word for it
 * @at: offset of its first byte
 * @size: bytes, big-endian
 * @layouts: VMC_HV_LAYOUT_ values of the messages that have it
 */
struct vmc_hv_field {
	const char *name;
	u8 at;
	u8 size;
	u8 layouts;
};

/**
 * struct vmc_hv_answer - an answer of an hcall
 * @name: word for it
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
 * vmc_hv_fault_add() - put a rule in force
 * @hv: any
 * @fault: copied; @count above 0
 *
 * Of several rules that match an entry, the first one that skips it no more
 * makes its fault. A call that fails has no effect, with two exceptions: a
 * queue is registered if the answer is VMC_H_CLOSED, and nothing is sent or
 * taken after an attempt to free it that was answered with a busy code.
 *
 * Return: 0, or -ENOSPC with VMC_HV_FAULTS rules in force.
 */
int vmc_hv_fault_add(struct vmc_hv *hv, const struct vmc_hv_fault *fault);

/**
 * vmc_hv_fault_clear() - end all rules
 * @hv: any
 *
 * Entries that were delayed or are to be reordered are sent at the next step.
 */
void vmc_hv_fault_clear(struct vmc_hv *hv);

/**
 * vmc_hv_fault_parse() - read the words of a rule
 * @text: @len bytes: "ACTION MESSAGE [FIELD VALUE] [OPTION VALUE]...",
 *	"hcall NAME ANSWER [OPTION VALUE]..."
 * @len: in bytes
 * @fault: filled completely on success; @count 0 for "clear"
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_fault_parse(const char *text, size_t len,
		       struct vmc_hv_fault *fault);

/**
 * vmc_hv_fault_print() - the words of a rule
 * @fault: any
 * @text: filled and ended with a NUL
 * @size: bytes of @text
 *
 * Return: bytes written, the NUL excluded.
 */
int vmc_hv_fault_print(const struct vmc_hv_fault *fault, char *text,
		       size_t size);

#endif
