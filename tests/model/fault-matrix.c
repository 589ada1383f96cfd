// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fault matrix: tests every entry and every hcall with each fault of the
 * simulated hypervisor, in every state of the driver. It tests single faults;
 * search.c and simulation.c combine them.
 *
 * The cases are generated from the tables of hv/fault.h. A case brings the
 * driver into a state, turns one knob, uses the channel in every way, and then
 * expects the channel to work: waiters are released in time with a documented
 * error, both sides have the same buffers, a session opens and carries
 * messages, and the driver has broken no rule unless a fault misled it. Usage:
 * fault-matrix [-v] ['STATE: KNOB']
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hv/fault.h"
#include "pair.h"
#include "recovery.h"
#include "vmc/message.h"

/* Timeout of the opens that the fault may hit. */
#define OPEN_MS 4000

/* Time for each use of the channel. */
#define USE_MS 300

/* A partner with a queue of 16 entries and 16 buffers for each index. */
static const struct vmc_hv_config hypervisor = { PAIR_HMCS, VMC_POOL_MIN, 64,
						 VMC_CRQ_ENTRIES_MIN, 0 };

static struct pair pair;

/* Totals of all cases. */
static unsigned long cases, failures;
static unsigned long hit;

static bool is_capabilities(struct pair *p)
{
	return pair_state(p) == IBMVMC_STATE_CAPABILITIES;
}

static bool is_ready(struct pair *p)
{
	return pair_state(p) == IBMVMC_STATE_READY;
}

static bool is_failed(struct pair *p)
{
	return pair_state(p) == IBMVMC_STATE_FAILED;
}

static bool is_resetting(struct pair *p)
{
	return pair_state(p) == IBMVMC_STATE_SCHED_RESET;
}

static bool is_closing(struct pair *p)
{
	struct ibmvmc_hmc_info info;

	return !ibmvmc_get_hmc_info(pair_adapter(p), 0, &info) &&
	       info.state == IBMVMC_HMC_CLOSING;
}

static bool is_opening(struct pair *p)
{
	return pair_session(p, 0) == IBMVMC_SESSION_OPENING;
}

static void down(void)
{
}

static void initializing(void)
{
	pair_turn(&pair, "partner off");
	pair_start(&pair);
	pair_run(&pair);
}

static void capabilities(void)
{
	pair_turn(&pair, "delay 100");
	pair_start(&pair);
	if (!pair_until(&pair, is_capabilities, 1000))
		pair_wrong(&pair, "the state was not reached");
}

static void ready(void)
{
	pair_start(&pair);
	pair_run(&pair);
	if (!is_ready(&pair))
		pair_wrong(&pair, "the state was not reached");
}

static void waiting(void)
{
	initializing();
	pair_open(&pair, 0, OPEN_MS);
}

static void opening(void)
{
	ready();
	pair_turn(&pair, "delay 100");
	pair_open(&pair, 0, OPEN_MS);
	if (!pair_until(&pair, is_opening, 1000))
		pair_wrong(&pair, "the state was not reached");
}

static void open_idle(void)
{
	ready();
	pair_open(&pair, 0, OPEN_MS);
	if (!pair_opened(&pair, 0))
		pair_wrong(&pair, "the state was not reached");
	pair_run(&pair);
}

static void open_traffic(void)
{
	open_idle();
	pair_emit(&pair, 0);
	pair_emit(&pair, 0);
	pair_run(&pair);
	pair_turn(&pair, "stall on");
	pair_emit(&pair, 0);
	pair_send(&pair, 0);
	pair_send(&pair, 0);
}

static void window_full(void)
{
	unsigned int sent = 0;

	open_idle();
	pair_turn(&pair, "stall on");
	while (pair_send(&pair, 0) && sent <= VMC_CRQ_ENTRIES_MIN)
		sent++;
	if (sent != VMC_CRQ_ENTRIES_MIN / 2 - 1)
		pair_wrong(&pair, "the state was not reached");
}

static void closing(void)
{
	open_idle();
	pair_turn(&pair, "delay 100");
	pair_close(&pair, 0);
	if (!pair_until(&pair, is_closing, 1000))
		pair_wrong(&pair, "the state was not reached");
}

static void resetting(void)
{
	open_idle();
	pair_turn(&pair, "fault hcall free-crq long-busy-100ms count 3");
	ibmvmc_restart(pair_adapter(&pair));
	pair_run(&pair);
	if (!is_resetting(&pair))
		pair_wrong(&pair, "the state was not reached");
}

static void enabling(void)
{
	open_idle();
	pair_turn(&pair, "fault hcall enable-crq long-busy-100ms count 3");
	pair_turn(&pair, "reset migrated");
	pair_run(&pair);
}

static void failed(void)
{
	pair_turn(&pair, "fault corrupt capabilities-response version 512");
	pair_start(&pair);
	if (!pair_until(&pair, is_failed, 1000))
		pair_wrong(&pair, "the state was not reached");
}

static const struct state {
	const char *name;
	void (*reach)(void);
} states[] = {
	{ "down", down },
	{ "initializing", initializing },
	{ "capabilities", capabilities },
	{ "ready", ready },
	{ "waiting", waiting },
	{ "opening", opening },
	{ "open", open_idle },
	{ "traffic", open_traffic },
	{ "window-full", window_full },
	{ "closing", closing },
	{ "resetting", resetting },
	{ "enabling", enabling },
	{ "failed", failed },
};

/* Ends all faults; the hypervisor still checks the protocol. */
static void release(void)
{
	pair_turn(&pair, "stall off");
	pair_turn(&pair, "delay 0");
	pair_turn(&pair, "partner on");
	pair_start(&pair);
}

static void use_index(unsigned int index)
{
	if (pair_session(&pair, index) == IBMVMC_SESSION_DEAD)
		pair_open(&pair, index, OPEN_MS);
	pair_opened(&pair, index);
	for (int i = 0; i < 3; i++) {
		pair_send(&pair, index);
		pair_emit(&pair, index);
	}
	pair_take_for(&pair, USE_MS);
}

/* A session whose messages were not changed has lost none. */
static void check_history(unsigned int index)
{
	const struct pair_user *user = &pair.users[index];
	struct ibmvmc_session_info info;

	if (pair.lossy || pair_session(&pair, index) != IBMVMC_SESSION_READY)
		return;
	ibmvmc_session_get_info(user->session, &info);
	if (user->echoed + user->emits + info.lost < user->sent + user->emitted)
		pair_wrong(
			&pair,
			"index %u: %u of %u messages were echoed, %u of %u unsolicited ones arrived, %u lost",
			index, user->echoed, user->sent, user->emits,
			user->emitted, info.lost);
}

/* Uses every entry and call that the driver knows. */
static void use_all(void)
{
	static const char *const breaks[] = { "reset partner-failed",
					      "reset migrated",
					      "partner restart" };
	u32 drc_index, delay_ms;

	use_index(0);
	pair_turn(&pair, "remove 0 2");
	use_index(1);
	ibmvmc_request_vmc(pair_adapter(&pair), &drc_index, &delay_ms);
	pair_take_for(&pair, USE_MS);
	check_history(0);
	check_history(1);
	pair_close(&pair, 0);
	use_index(0);
	check_history(0);
	for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
		pair_turn(&pair, breaks[i]);
		pair_take_for(&pair, USE_MS);
	}
	ibmvmc_restart(pair_adapter(&pair));
	use_index(0);
	pair_close(&pair, 1);
}

/*
 * Faults that lose or change entries without notice: the receiver cannot know
 * that a buffer or session is wrong.
 */
static bool touches_messages(const char *knob)
{
	return strstr(knob, " signal ") || strstr(knob, " any ") ||
	       strstr(knob, " corrupt ") || !strncmp(knob, "entry ", 6);
}

/* Limits that one side has received wrongly hold until the next exchange. */
static bool touches_limits(const char *knob)
{
	return strstr(knob, "corrupt capabilities-response ") ||
	       !strncmp(knob, "entry 8081", 10);
}

static void run_case(const struct state *state, const char *knob)
{
	struct vmc_hv_stats before, after;

	cases++;
	pair_begin(&pair, &hypervisor);
	state->reach();
	pair.lossy = touches_messages(knob);
	vmc_hv_get_stats(pair_hv(&pair), &before);
	if (!pair_turn(&pair, knob))
		pair_wrong(&pair, "no such knob");
	release();
	use_all();
	vmc_hv_get_stats(pair_hv(&pair), &after);
	hit += after.faults > before.faults;
	recovery_demand(&pair, touches_limits(knob));
	if (*pair.wrong) {
		failures++;
		printf("# %s\n# repeat: fault-matrix '%s: %s'\n", pair.wrong,
		       state->name, knob);
	}
	pair_end(&pair);
}

static void run_knob(const char *knob)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		run_case(&states[i], knob);
}

/* Tries a rule once and repeatedly, for each sender of the entry. */
static void run_rule(const struct vmc_hv_fault *fault)
{
	static const u32 counts[] = { 1, 4 };
	struct vmc_hv_fault rule = *fault;
	char knob[128] = "fault ";

	for (u8 from = 1; from < VMC_HV_FROM_BOTH; from++) {
		rule.from = fault->from & from;
		for (size_t c = 0; rule.from && c < 2; c++) {
			rule.count = counts[c];
			vmc_hv_fault_print(&rule, knob + 6, sizeof(knob) - 6);
			run_knob(knob);
		}
	}
}

static void run_corruptions(struct vmc_hv_fault fault)
{
	static const struct {
		bool added;
		u32 value;
	} values[] = {
		{ false, 0 },  { false, 1 },  { true, 1 },
		{ false, 16 }, { true, 255 }, { false, ~0U },
	};

	fault.action = VMC_HV_FAULT_CORRUPT;
	for (fault.field = 0; fault.field < VMC_HV_FIELDS; fault.field++) {
		const struct vmc_hv_field *field = &vmc_hv_fields[fault.field];

		if (!(vmc_hv_messages[fault.message].layout & field->layouts))
			continue;
		for (size_t v = 0; v < sizeof(values) / sizeof(values[0]);
		     v++) {
			fault.added = values[v].added;
			fault.value = values[v].value;
			if (field->size < 4)
				fault.value &= (1U << 8 * field->size) - 1;
			run_rule(&fault);
		}
	}
}

static bool can_refuse(u8 message)
{
	const char *name = vmc_hv_messages[message].name;

	return !strcmp(name, "open") || !strcmp(name, "close") ||
	       !strcmp(name, "capabilities");
}

static void run_messages(void)
{
	for (u8 message = 0; message < VMC_HV_MESSAGES; message++) {
		struct vmc_hv_fault fault = {
			.message = message,
			.from = vmc_hv_messages[message].from,
			.index = VMC_HV_INDEX_ANY,
		};

		for (fault.action = VMC_HV_FAULT_DROP;
		     fault.action <= VMC_HV_FAULT_REFUSE; fault.action++) {
			fault.value = fault.action == VMC_HV_FAULT_DELAY ?
					      1500 :
					      VMC_HV_REORDER_MS;
			if (fault.action == VMC_HV_FAULT_CORRUPT ||
			    (fault.action == VMC_HV_FAULT_REFUSE &&
			     !can_refuse(message)))
				continue;
			run_rule(&fault);
		}
		run_corruptions(fault);
	}
}

static void run_calls(void)
{
	static const u32 skips[] = { 0, 1, 3 };
	char knob[128] = "fault ";

	for (u8 call = 0; call < VMC_HV_CALLS; call++) {
		for (size_t i = 0; i < VMC_HV_ANSWERS * 6; i++) {
			struct vmc_hv_fault fault = {
				.action = VMC_HV_FAULT_HCALL,
				.message = call,
				.answer = vmc_hv_answers[i / 6].answer,
				.skip = skips[i % 6 / 2],
				.count = i % 2 ? 20 : 1,
			};

			vmc_hv_fault_print(&fault, knob + 6, sizeof(knob) - 6);
			run_knob(knob);
		}
	}
}

static void run_stray(const struct vmc_interface *message)
{
	struct ibmvmc_crq_msg entry;
	char knob[64];

	vmc_interface_encode(&entry, message);
	snprintf(knob, sizeof(knob), "entry %llx %llx",
		 (unsigned long long)vmc_crq_word1(&entry),
		 (unsigned long long)vmc_crq_word2(&entry));
	run_knob(knob);
}

/* Tries stray entries, each with one wrong field. */
static void run_strays(void)
{
	static const u32 words[] = { 0, 1, 64, 65, 0x1000000, ~0U };
	static const u16 ids[] = { 0, 1, 15, 16, VMC_BUFFER_NONE };

	for (u8 m = 0; m < VMC_HV_MESSAGES; m++) {
		struct vmc_interface message = {
			.type = vmc_hv_messages[m].type,
			.session = 1,
			.word = 64,
		};

		if (vmc_hv_messages[m].layout != VMC_HV_LAYOUT_INTERFACE)
			continue;
		for (int i = 0; i < 16; i++) {
			message.session = (u8)(i / 4);
			message.index = (u8)(i % 4 == 3 ? 255 : i % 4);
			message.status = (u8)(i % 2);
			run_stray(&message);
		}
		message.session = 1;
		message.index = 0;
		for (int i = 0; i < 10; i++) {
			message.buffer_id = ids[i / 2];
			message.owner = (u8)(i % 2);
			message.status = (u8)(i % 2);
			run_stray(&message);
		}
		message.buffer_id = 15;
		for (int i = 0; i < 6; i++) {
			message.word = words[i];
			run_stray(&message);
		}
	}
	run_knob("entry c001000000000000 0");
	run_knob("entry c002000000000000 0");
	run_knob("entry c0ff000000000000 0");
	run_knob("entry 8081000000020010 0000004000100101");
	run_knob("entry 8081010000020010 0000004000100101");
	for (int kind = 0; kind < 256; kind++) {
		char knob[32];

		snprintf(knob, sizeof(knob), "event %d", kind);
		run_knob(knob);
	}
}

static int run_named(const char *name)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		size_t len = strlen(states[i].name);

		if (strncmp(states[i].name, name, len) ||
		    strncmp(name + len, ": ", 2))
			continue;
		run_case(&states[i], name + len + 2);
		return 0;
	}
	return -EINVAL;
}

static void run(const char *what, void (*part)(void))
{
	static int number;
	unsigned long before = failures, count = cases;

	part();
	printf("%sok %d - the driver recovers from %s (%lu cases)\n",
	       failures == before ? "" : "not ", ++number, what, cases - count);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "-v")) {
		pair.trace = true;
		argc--;
		argv++;
	}
	if (argc > 1 && strcmp(argv[1], "--tap")) {
		if (run_named(argv[1])) {
			fprintf(stderr,
				"usage: fault-matrix [-v] ['STATE: KNOB']\n");
			return 2;
		}
		printf("%sok 1 - %s\n1..1\n", failures ? "not " : "", argv[1]);
		return failures != 0;
	}
	run("every fault of every entry", run_messages);
	run("every result of every hcall", run_calls);
	run("every stray entry and event", run_strays);
	printf("# %lu cases, %lu with an applied fault, %lu failures\n1..3\n",
	       cases, hit, failures);
	return failures != 0;
}
