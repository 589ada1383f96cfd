// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fault rules as text: has the tables of all words, and parses and prints a
 * rule. It does not apply rules: fault.c does.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

static const char *const action_names[VMC_HV_FAULT_ACTIONS] = {
	"drop", "duplicate", "reorder", "delay", "corrupt", "refuse", "hcall",
};

#define P VMC_HV_FROM_PARTITION
#define H VMC_HV_FROM_HYPERVISOR
#define CONTROL VMC_HV_LAYOUT_CONTROL
#define CAPABILITIES VMC_HV_LAYOUT_CAPABILITIES
#define INTERFACE VMC_HV_LAYOUT_INTERFACE

const struct vmc_hv_message vmc_hv_messages[VMC_HV_MESSAGES] = {
	{ "any", VMC_CRQ_FREE, 0, P | H, CONTROL },
	{ "initialize", VMC_CRQ_INIT, VMC_INIT_INITIALIZE, P | H, CONTROL },
	{ "initialize-response", VMC_CRQ_INIT, VMC_INIT_COMPLETE, P | H,
	  CONTROL },
	{ "event", VMC_CRQ_TRANSPORT, 0, H, CONTROL },
	{ "capabilities", VMC_CRQ_MESSAGE, VMC_MSG_CAPABILITIES, P,
	  CAPABILITIES },
	{ "capabilities-response", VMC_CRQ_MESSAGE, VMC_MSG_CAPABILITIES_RESP,
	  H, CAPABILITIES },
	{ "open", VMC_CRQ_MESSAGE, VMC_MSG_OPEN, P, INTERFACE },
	{ "open-response", VMC_CRQ_MESSAGE, VMC_MSG_OPEN_RESP, H, INTERFACE },
	{ "close", VMC_CRQ_MESSAGE, VMC_MSG_CLOSE, P, INTERFACE },
	{ "close-response", VMC_CRQ_MESSAGE, VMC_MSG_CLOSE_RESP, H, INTERFACE },
	{ "add-buffer", VMC_CRQ_MESSAGE, VMC_MSG_ADD_BUFFER, H, INTERFACE },
	{ "add-buffer-response", VMC_CRQ_MESSAGE, VMC_MSG_ADD_BUFFER_RESP, P,
	  INTERFACE },
	{ "remove-buffer", VMC_CRQ_MESSAGE, VMC_MSG_REMOVE_BUFFER, H,
	  INTERFACE },
	{ "remove-buffer-response", VMC_CRQ_MESSAGE, VMC_MSG_REMOVE_BUFFER_RESP,
	  P, INTERFACE },
	{ "signal", VMC_CRQ_MESSAGE, VMC_MSG_SIGNAL, P | H, INTERFACE },
};

const struct vmc_hv_field vmc_hv_fields[VMC_HV_FIELDS] = {
	{ "valid", 0, 1, VMC_HV_LAYOUT_ALL },
	{ "type", 1, 1, VMC_HV_LAYOUT_ALL },
	{ "status", 2, 1, CAPABILITIES | INTERFACE },
	{ "owner", 3, 1, INTERFACE },
	{ "session", 4, 1, INTERFACE },
	{ "index", 5, 1, INTERFACE },
	{ "buffer", 6, 2, INTERFACE },
	{ "length", 12, 4, INTERFACE },
	{ "address", 12, 4, INTERFACE },
	{ "hmcs", 5, 1, CAPABILITIES },
	{ "pool", 6, 2, CAPABILITIES },
	{ "mtu", 8, 4, CAPABILITIES },
	{ "crq-entries", 12, 2, CAPABILITIES },
	{ "version", 14, 2, CAPABILITIES },
};

const struct vmc_hv_answer vmc_hv_answers[VMC_HV_ANSWERS] = {
	{ "busy", VMC_H_BUSY },
	{ "closed", VMC_H_CLOSED },
	{ "not-available", VMC_H_NOT_AVAILABLE },
	{ "in-progress", VMC_H_IN_PROGRESS },
	{ "long-busy-1ms", VMC_H_LONG_BUSY_1_MSEC },
	{ "long-busy-10ms", VMC_H_LONG_BUSY_10_MSEC },
	{ "long-busy-100ms", VMC_H_LONG_BUSY_100_MSEC },
	{ "long-busy-1s", VMC_H_LONG_BUSY_1_SEC },
	{ "long-busy-10s", VMC_H_LONG_BUSY_10_SEC },
	{ "long-busy-100s", VMC_H_LONG_BUSY_100_SEC },
	{ "hardware", VMC_H_HARDWARE },
	{ "function", VMC_H_FUNCTION },
	{ "privilege", VMC_H_PRIVILEGE },
	{ "parameter", VMC_H_PARAMETER },
	{ "not-found", VMC_H_NOT_FOUND },
	{ "no-mem", VMC_H_NO_MEM },
	{ "authority", VMC_H_AUTHORITY },
	{ "permission", VMC_H_PERMISSION },
	{ "dropped", VMC_H_DROPPED },
	{ "source-parm", VMC_H_SOURCE_PARM },
	{ "dest-parm", VMC_H_DEST_PARM },
	{ "resource", VMC_H_RESOURCE },
};

const char *const vmc_hv_calls[VMC_HV_CALLS] = {
	[VMC_HV_CALL_REG_CRQ] = "reg-crq",
	[VMC_HV_CALL_FREE_CRQ] = "free-crq",
	[VMC_HV_CALL_ENABLE_CRQ] = "enable-crq",
	[VMC_HV_CALL_VIO_SIGNAL] = "vio-signal",
	[VMC_HV_CALL_SEND_CRQ] = "send-crq",
	[VMC_HV_CALL_COPY_RDMA] = "copy-rdma",
	[VMC_HV_CALL_REQUEST_VMC] = "request-vmc",
};

static int parse_message(const struct vmc_hv_word *word,
			 struct vmc_hv_fault *fault)
{
	u8 i;

	for (i = 0; i < VMC_HV_MESSAGES; i++) {
		if (!vmc_hv_word_is(word, vmc_hv_messages[i].name))
			continue;
		fault->message = i;
		fault->from = vmc_hv_messages[i].from;
		return 0;
	}
	return -EINVAL;
}

static int parse_call(const struct vmc_hv_word *word,
		      struct vmc_hv_fault *fault)
{
	int i;

	for (i = 0; i < VMC_HV_CALLS; i++) {
		if (vmc_hv_word_is(word, vmc_hv_calls[i])) {
			fault->message = (u8)i;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_answer(const struct vmc_hv_word *word,
			struct vmc_hv_fault *fault)
{
	u8 i;

	for (i = 0; i < VMC_HV_ANSWERS; i++) {
		if (vmc_hv_word_is(word, vmc_hv_answers[i].name)) {
			fault->answer = vmc_hv_answers[i].answer;
			return 0;
		}
	}
	return -EINVAL;
}

static bool message_has(const struct vmc_hv_fault *fault,
			const struct vmc_hv_field *field)
{
	return vmc_hv_messages[fault->message].layout & field->layouts;
}

/* Parse "FIELD VALUE" or "FIELD +VALUE", which adds to the field. */
static int parse_field(const struct vmc_hv_word *name,
		       const struct vmc_hv_word *word,
		       struct vmc_hv_fault *fault)
{
	struct vmc_hv_word value = *word;
	u64 number, max;
	u8 i = 0;

	while (i < VMC_HV_FIELDS &&
	       (!vmc_hv_word_is(name, vmc_hv_fields[i].name) ||
		!message_has(fault, &vmc_hv_fields[i])))
		i++;
	if (i == VMC_HV_FIELDS)
		return -EINVAL;
	fault->field = i;
	fault->added = *value.text == '+';
	value.text += fault->added;
	value.len -= fault->added;
	max = (1ULL << 8 * vmc_hv_fields[i].size) - 1;
	if (vmc_hv_word_number(&value, 10, max, &number))
		return -EINVAL;
	fault->value = (u32)number;
	return 0;
}

static int parse_sender(const struct vmc_hv_word *word,
			struct vmc_hv_fault *fault)
{
	if (vmc_hv_word_is(word, "partition"))
		fault->from &= VMC_HV_FROM_PARTITION;
	else if (vmc_hv_word_is(word, "hypervisor"))
		fault->from &= VMC_HV_FROM_HYPERVISOR;
	else
		return -EINVAL;
	return fault->from ? 0 : -EINVAL;
}

static int parse_option(const struct vmc_hv_word *name,
			const struct vmc_hv_word *word,
			struct vmc_hv_fault *fault)
{
	u64 number;

	if (vmc_hv_word_is(name, "from"))
		return parse_sender(word, fault);
	if (vmc_hv_word_number(word, 10, ~0U, &number))
		return -EINVAL;
	if (vmc_hv_word_is(name, "skip"))
		fault->skip = (u32)number;
	else if (vmc_hv_word_is(name, "count") && number)
		fault->count = (u32)number;
	else if (vmc_hv_word_is(name, "index") &&
		 fault->action != VMC_HV_FAULT_HCALL &&
		 number < VMC_HV_INDEX_ANY)
		fault->index = (u8)number;
	else if (vmc_hv_word_is(name, "ms") &&
		 fault->action == VMC_HV_FAULT_DELAY &&
		 number <= VMC_HV_FAULT_MS_MAX)
		fault->value = (u32)number;
	else
		return -EINVAL;
	return 0;
}

static int parse_subject(struct vmc_hv_words *words, struct vmc_hv_fault *fault)
{
	struct vmc_hv_word word, value;

	if (!vmc_hv_next_word(words, &word))
		return -EINVAL;
	if (fault->action == VMC_HV_FAULT_HCALL) {
		if (parse_call(&word, fault) || !vmc_hv_next_word(words, &word))
			return -EINVAL;
		return parse_answer(&word, fault);
	}
	if (parse_message(&word, fault))
		return -EINVAL;
	if (fault->action != VMC_HV_FAULT_CORRUPT)
		return 0;
	if (!vmc_hv_next_word(words, &word) || !vmc_hv_next_word(words, &value))
		return -EINVAL;
	return parse_field(&word, &value, fault);
}

static bool can_refuse(const struct vmc_hv_message *message)
{
	return message->header == VMC_CRQ_MESSAGE &&
	       (message->type == VMC_MSG_CAPABILITIES ||
		message->type == VMC_MSG_OPEN ||
		message->type == VMC_MSG_CLOSE);
}

static bool rule_valid(const struct vmc_hv_fault *fault)
{
	return fault->action != VMC_HV_FAULT_REFUSE ||
	       can_refuse(&vmc_hv_messages[fault->message]);
}

int vmc_hv_fault_parse(const char *text, size_t len, struct vmc_hv_fault *fault)
{
	struct vmc_hv_words words = { .at = text, .len = len };
	struct vmc_hv_fault rule = {
		.index = VMC_HV_INDEX_ANY,
		.value = VMC_HV_REORDER_MS,
		.count = 1,
	};
	struct vmc_hv_word word, value;

	if (!vmc_hv_next_word(&words, &word))
		return -EINVAL;
	if (vmc_hv_word_is(&word, "clear") && !words.at) {
		rule.count = 0;
		*fault = rule;
		return 0;
	}
	while (rule.action < VMC_HV_FAULT_ACTIONS &&
	       !vmc_hv_word_is(&word, action_names[rule.action]))
		rule.action++;
	if (rule.action == VMC_HV_FAULT_ACTIONS ||
	    parse_subject(&words, &rule) || !rule_valid(&rule))
		return -EINVAL;
	while (words.at) {
		if (!vmc_hv_next_word(&words, &word) ||
		    !vmc_hv_next_word(&words, &value) ||
		    parse_option(&word, &value, &rule))
			return -EINVAL;
	}
	*fault = rule;
	return 0;
}

static int print_subject(const struct vmc_hv_fault *fault, char *text,
			 size_t size)
{
	const char *name = vmc_hv_messages[fault->message].name;
	u8 i = 0;

	if (fault->action == VMC_HV_FAULT_HCALL) {
		while (vmc_hv_answers[i].answer != fault->answer)
			i++;
		return scnprintf(text, size, "hcall %s %s",
				 vmc_hv_calls[fault->message],
				 vmc_hv_answers[i].name);
	}
	if (fault->action == VMC_HV_FAULT_CORRUPT)
		return scnprintf(text, size, "corrupt %s %s %s%u", name,
				 vmc_hv_fields[fault->field].name,
				 fault->added ? "+" : "", fault->value);
	if (fault->action == VMC_HV_FAULT_DELAY)
		return scnprintf(text, size, "delay %s ms %u", name,
				 fault->value);
	return scnprintf(text, size, "%s %s", action_names[fault->action],
			 name);
}

int vmc_hv_fault_print(const struct vmc_hv_fault *fault, char *text,
		       size_t size)
{
	bool entry = fault->action != VMC_HV_FAULT_HCALL;
	int len = print_subject(fault, text, size);

	if (entry && fault->from != vmc_hv_messages[fault->message].from)
		len += scnprintf(text + len, size - len, " from %s",
				 fault->from == VMC_HV_FROM_PARTITION ?
					 "partition" :
					 "hypervisor");
	if (entry && fault->index != VMC_HV_INDEX_ANY)
		len += scnprintf(text + len, size - len, " index %u",
				 fault->index);
	if (fault->skip)
		len += scnprintf(text + len, size - len, " skip %u",
				 fault->skip);
	return len +
	       scnprintf(text + len, size - len, " count %u", fault->count);
}
