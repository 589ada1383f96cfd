// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Knobs: has the table of all knobs of the simulated hypervisor, parses their
 * commands, and implements those that change the channel (stall, delay, refuse,
 * partner, entry, reset, offer). It does not implement knobs that send messages
 * (outbound.c) and fault rules (fault.c).
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

void vmc_hv_stall(struct vmc_hv *hv, bool on)
{
	hv->stalled = on;
}

int vmc_hv_set_delay(struct vmc_hv *hv, u32 delay_ms)
{
	if (delay_ms > VMC_HV_DELAY_MAX_MS)
		return -EINVAL;
	hv->config.delay_ms = delay_ms;
	return 0;
}

void vmc_hv_set_refused(struct vmc_hv *hv, enum vmc_hv_request request,
			bool refused)
{
	hv->refused[request] = refused;
}

void vmc_hv_set_partner(struct vmc_hv *hv, bool present)
{
	if (present == !hv->away)
		return;
	hv->away = !present;
	vmc_hv_protocol_restart(hv);
	if (present && hv->ring) {
		hv->arriving = true;
		vmc_hv_outbox_init(hv, VMC_INIT_INITIALIZE);
	}
}

int vmc_hv_entry(struct vmc_hv *hv, u64 word1, u64 word2)
{
	struct ibmvmc_crq_msg msg;

	vmc_crq_from_words(&msg, word1, word2);
	if (vmc_crq_header(&msg) == VMC_CRQ_FREE)
		return -EINVAL;
	if (!hv->ring)
		return -ENOTCONN;
	if (vmc_hv_ring_full(hv))
		return -EBUSY;
	vmc_hv_fault_mark(hv, &msg);
	vmc_hv_ring_post(hv, &msg);
	return 0;
}

int vmc_hv_transport_event(struct vmc_hv *hv, u8 kind)
{
	bool migrated = kind == VMC_EVENT_MIGRATED;

	if (!hv->ring)
		return -ENOTCONN;

	vmc_hv_protocol_restart(hv);
	vmc_hv_post_event(hv, kind);
	if (migrated) {
		hv->disabled = true;
		hv->enabling = false;
	} else {
		/* Sent once the queue has room and a stall has ended. */
		vmc_hv_outbox_init(hv, VMC_INIT_INITIALIZE);
	}
	return 0;
}

int vmc_hv_set_offer(struct vmc_hv *hv, unsigned int hmcs, unsigned int pool,
		     u32 mtu)
{
	if (hmcs < VMC_HMCS_MIN || hmcs > hv->config.hmcs ||
	    pool < VMC_HV_POOL_MIN || pool > hv->config.pool ||
	    mtu < VMC_HV_MTU_MIN || mtu > hv->config.mtu)
		return -EINVAL;
	hv->offer.hmcs = (u8)hmcs;
	hv->offer.pool = (u16)pool;
	hv->offer.mtu = mtu;
	return 0;
}

/* Largest decimal number of a command. */
#define NUMBER_MAX (~0U)

static int show_switch(bool on, char *text, size_t size)
{
	return scnprintf(text, size, "%s\n", on ? "on" : "off");
}

static int turn_stall(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	vmc_hv_stall(hv, command->number[0] == 0);
	return 0;
}

static int show_stall(const struct vmc_hv *hv, char *text, size_t size)
{
	return show_switch(hv->stalled, text, size);
}

static int turn_delay(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	return vmc_hv_set_delay(hv, (u32)command->number[0]);
}

static int show_delay(const struct vmc_hv *hv, char *text, size_t size)
{
	return scnprintf(text, size, "%u\n", hv->config.delay_ms);
}

static int turn_refuse(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	vmc_hv_set_refused(hv, (enum vmc_hv_request)command->number[0],
			   command->number[1] == 0);
	return 0;
}

static int show_refuse(const struct vmc_hv *hv, char *text, size_t size)
{
	return scnprintf(text, size, "open %s\nrequest-vmc %s\n",
			 hv->refused[VMC_HV_REQUEST_OPEN] ? "on" : "off",
			 hv->refused[VMC_HV_REQUEST_VMC] ? "on" : "off");
}

static int turn_partner(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	if (command->number[0] != 0)
		vmc_hv_set_partner(hv, false);
	if (command->number[0] != 1)
		vmc_hv_set_partner(hv, true);
	return 0;
}

static int show_partner(const struct vmc_hv *hv, char *text, size_t size)
{
	return show_switch(!hv->away, text, size);
}

static int turn_reset(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	static const u8 kinds[] = {
		VMC_EVENT_PARTNER_FAILED,
		VMC_EVENT_PARTNER_DEREGISTERED,
		VMC_EVENT_PARTNER_TERMINATED,
		VMC_EVENT_MIGRATED,
	};

	return vmc_hv_transport_event(hv, kinds[command->number[0]]);
}

static int turn_event(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	if (command->number[0] > U8_MAX)
		return -EINVAL;
	return vmc_hv_transport_event(hv, (u8)command->number[0]);
}

static int turn_entry(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	return vmc_hv_entry(hv, command->number[0], command->number[1]);
}

static int turn_emit(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	if (command->len > VMC_MTU_MAX)
		return -EMSGSIZE;
	return vmc_hv_emit(hv, (unsigned int)command->number[0], command->text,
			   (u32)command->len);
}

static int turn_flood(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	return vmc_hv_flood(hv, (unsigned int)command->number[0],
			    command->number[1], (u32)command->number[2]);
}

static int turn_remove(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	return vmc_hv_remove(hv, (unsigned int)command->number[0],
			     (unsigned int)command->number[1]);
}

static int turn_offer(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	return vmc_hv_set_offer(hv, (unsigned int)command->number[0],
				(unsigned int)command->number[1],
				(u32)command->number[2]);
}

static int show_offer(const struct vmc_hv *hv, char *text, size_t size)
{
	return scnprintf(text, size, "%u %u %u\n", hv->offer.hmcs,
			 hv->offer.pool, hv->offer.mtu);
}

static int turn_fault(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	if (command->fault.count)
		return vmc_hv_fault_add(hv, &command->fault);
	vmc_hv_fault_clear(hv);
	return 0;
}

static int show_fault(const struct vmc_hv *hv, char *text, size_t size)
{
	unsigned int i;
	int len = 0;

	*text = '\0';
	for (i = 0; i < VMC_HV_FAULTS; i++) {
		if (!hv->faults[i].count)
			continue;
		len += vmc_hv_fault_print(&hv->faults[i], text + len,
					  size - len);
		len += scnprintf(text + len, size - len, "\n");
	}
	return len;
}

const struct vmc_hv_knob vmc_hv_knobs[] = {
	{ "emit", "INDEX TEXT", NULL, "the hypervisor sends TEXT", turn_emit,
	  NULL },
	{ "flood", "INDEX COUNT SIZE", NULL,
	  "it sends COUNT messages of SIZE bytes; COUNT 0 ends the flood",
	  turn_flood, NULL },
	{ "stall", "on|off", NULL,
	  "it stops taking and sending entries, or continues", turn_stall,
	  show_stall },
	{ "delay", "MS", NULL,
	  "it waits MS milliseconds before it handles an entry", turn_delay,
	  show_delay },
	{ "refuse", "open|request-vmc on|off", NULL,
	  "it refuses such requests, or accepts them again", turn_refuse,
	  show_refuse },
	{ "reset", "partner-failed|deregistered|terminated|migrated", NULL,
	  "the channel breaks with this kind of transport event", turn_reset,
	  NULL },
	{ "event", "KIND", NULL,
	  "the channel breaks with the transport event KIND", turn_event,
	  NULL },
	{ "partner", "on|off|restart", NULL,
	  "it appears, or disappears without an event, or both", turn_partner,
	  show_partner },
	{ "remove", "INDEX COUNT", NULL,
	  "it takes COUNT buffers back until the session ends", turn_remove,
	  NULL },
	{ "offer", "HMCS BUFFERS MTU", NULL,
	  "its offer for the next capabilities exchange", turn_offer,
	  show_offer },
	{ "entry", "WORD1 WORD2", NULL,
	  "this entry, in hexadecimal, arrives at the partition", turn_entry,
	  NULL },
	{ "fault", "RULE",
	  "drop|duplicate|reorder|delay|refuse MESSAGE [OPTION VALUE]...\n"
	  "corrupt MESSAGE FIELD [+]VALUE [OPTION VALUE]...\n"
	  "hcall CALL ANSWER [OPTION VALUE]...\n"
	  "clear",
	  "entries and calls fail: see docs/simulator.md", turn_fault,
	  show_fault },
	{},
};

const struct vmc_hv_knob *vmc_hv_find_knob(const char *name, size_t len)
{
	const struct vmc_hv_word word = { .text = name, .len = len };
	const struct vmc_hv_knob *knob;

	for (knob = vmc_hv_knobs; knob->name; knob++)
		if (vmc_hv_word_is(&word, knob->name))
			return knob;
	return NULL;
}

/* Parse one of the alternatives. A switch also accepts 1 and 0. */
static int parse_choice(const struct vmc_hv_word *usage,
			const struct vmc_hv_word *word, u64 *number)
{
	int place = vmc_hv_word_choice(word, usage);

	if (place < 0 && !strncmp(usage->text, "on|off", strlen("on|off")) &&
	    word->len == 1 && (*word->text == '0' || *word->text == '1'))
		place = *word->text == '0';
	if (place < 0)
		return place;
	*number = (u64)place;
	return 0;
}

static int parse_word(const struct vmc_hv_word *usage,
		      const struct vmc_hv_word *word, u64 *number)
{
	if (memchr(usage->text, '|', usage->len))
		return parse_choice(usage, word, number);
	if (usage->len >= 4 && !memcmp(usage->text, "WORD", 4))
		return vmc_hv_word_number(word, 16, ~0ULL, number);
	return vmc_hv_word_number(word, 10, NUMBER_MAX, number);
}

/* Parse "RULE" or "TEXT", which take the rest of the line. */
static int parse_rest(const struct vmc_hv_word *usage,
		      const struct vmc_hv_words *words,
		      struct vmc_hv_command *command, bool *done)
{
	*done = true;
	if (vmc_hv_word_is(usage, "RULE"))
		return words->at ? vmc_hv_fault_parse(words->at, words->len,
						      &command->fault) :
				   -EINVAL;
	if (vmc_hv_word_is(usage, "TEXT")) {
		command->text = words->at;
		command->len = words->len;
		return words->at ? 0 : -EINVAL;
	}
	*done = false;
	return 0;
}

static bool takes_text(const struct vmc_hv_knob *knob)
{
	return strstr(knob->usage, "TEXT");
}

int vmc_hv_parse(const struct vmc_hv_knob *knob, const char *text, size_t len,
		 struct vmc_hv_command *command)
{
	struct vmc_hv_words usages = { knob->usage, strlen(knob->usage) };
	struct vmc_hv_words words = { text, len };
	struct vmc_hv_word usage, word;
	unsigned int count = 0;
	bool done;
	int rc;

	if (len && text[len - 1] == '\n' && !takes_text(knob))
		words.len--;
	*command = (struct vmc_hv_command){ .knob = knob };
	while (vmc_hv_next_word(&usages, &usage)) {
		rc = parse_rest(&usage, &words, command, &done);
		if (rc || done)
			return rc;
		if (!vmc_hv_next_word(&words, &word) ||
		    parse_word(&usage, &word, &command->number[count++]))
			return -EINVAL;
	}
	return words.at ? -EINVAL : 0;
}

int vmc_hv_turn(struct vmc_hv *hv, const struct vmc_hv_command *command)
{
	return command->knob->turn(hv, command);
}
