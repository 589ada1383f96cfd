// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exhaustive search: visits every order of the actions of applications, driver
 * and hypervisor with two connections of three buffers. Longer runs at random
 * are in simulation.c.
 *
 * The search is breadth first over distinct states, and tries every fault in
 * each state, up to a maximum number of faults on one path. The invariants of
 * canon.h hold in each state, and every state recovers after the end of the
 * faults. Usage: search [--states N] [--depth N] [--faults N] [--path
 * START,ACTION,...]
 */
#include <linux/minmax.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arena.h"
#include "canon.h"
#include "hv/internal.h"
#include "pair.h"
#include "recovery.h"
#include "sim/internal.h"

/* States of the normal run, and their maximum. */
#define STATES 100000
#define STATES_MAX (1U << 27)

/* Faults on one path. */
#define FAULTS 1

#define OPEN_MS 4000

/* Messages of one session that may be in transit at the same time. */
#define MESSAGES 2

/* Bytes of packed states of one depth; unused pages take no memory. */
#define LEVEL_MAX (64UL << 30)

static const struct vmc_hv_config hypervisor = { PAIR_HMCS, 3, PAIR_MESSAGE * 2,
						 VMC_CRQ_ENTRIES_MIN, 0 };

static struct pair *pair;

static bool run_open(unsigned int index)
{
	if (pair->users[index].session)
		return false;
	pair_open(pair, index, OPEN_MS);
	return true;
}

static bool run_close(unsigned int index)
{
	if (!pair->users[index].session)
		return false;
	pair_close(pair, index);
	return true;
}

static bool run_send(unsigned int index)
{
	const struct pair_user *user = &pair->users[index];

	return user->sent - user->echoed < MESSAGES && pair_send(pair, index);
}

static bool run_emit(unsigned int index)
{
	const struct pair_user *user = &pair->users[index];

	return user->emitted == user->emits && pair_emit(pair, index);
}

static bool run_take(unsigned int index)
{
	u32 len;

	if (!pair->users[index].session ||
	    !ibmvmc_session_next(pair->users[index].session, &len))
		return false;
	pair_take(pair);
	return true;
}

/* Makes the hypervisor take one entry and send one. */
static bool run_hypervisor(unsigned int unused)
{
	(void)unused;
	return vmc_hv_step_once(pair_hv(pair), pair->now_ms);
}

/* Makes the driver handle one entry. */
static bool run_driver(unsigned int unused)
{
	(void)unused;
	if (!pair->sim->interrupted)
		return false;
	pair->sim->interrupted = false;
	vmc_hv_set_interrupts(pair_hv(pair), false);
	if (ibmvmc_service(pair_adapter(pair), 1))
		pair->sim->interrupted = true;
	return true;
}

/* Advances the clock to the next deadline of either side. */
static bool run_time(unsigned int unused)
{
	u64 next = min(pair->sim->timer_ms, vmc_hv_next_step(pair_hv(pair)));

	(void)unused;
	if (next <= pair->now_ms)
		next = pair->sim->timer_ms;
	if (next == VMC_HV_IDLE)
		return false;
	pair->now_ms = max(next, pair->now_ms);
	if (pair->sim->timer_ms > pair->now_ms)
		return true;
	pair->sim->timer_ms = IBMVMC_TIMER_OFF;
	ibmvmc_timer(pair_adapter(pair));
	return true;
}

static bool run_restart(unsigned int unused)
{
	(void)unused;
	ibmvmc_restart(pair_adapter(pair));
	return true;
}

static const struct action {
	const char *name;
	bool (*run)(unsigned int index);
	unsigned int index;
	const char *fault; /* a knob; counts as a fault, like a restart */
} actions[] = {
	{ "hypervisor", run_hypervisor, 0, NULL },
	{ "driver", run_driver, 0, NULL },
	{ "time", run_time, 0, NULL },
	{ "open0", run_open, 0, NULL },
	{ "open1", run_open, 1, NULL },
	{ "close0", run_close, 0, NULL },
	{ "close1", run_close, 1, NULL },
	{ "send0", run_send, 0, NULL },
	{ "send1", run_send, 1, NULL },
	{ "emit0", run_emit, 0, NULL },
	{ "take0", run_take, 0, NULL },
	{ "take1", run_take, 1, NULL },
	{ "restart", run_restart, 0, "" },
	{ "drop-to", NULL, 0, "fault drop any from hypervisor" },
	{ "drop-from", NULL, 0, "fault drop any from partition" },
	{ "duplicate-to", NULL, 0, "fault duplicate any from hypervisor" },
	{ "duplicate-from", NULL, 0, "fault duplicate any from partition" },
	{ "reorder-to", NULL, 0, "fault reorder any from hypervisor" },
	{ "reorder-from", NULL, 0, "fault reorder any from partition" },
	{ "type", NULL, 0, "fault corrupt any type +1" },
	{ "session", NULL, 0, "fault corrupt add-buffer session +1" },
	{ "index", NULL, 0, "fault corrupt signal index +1 from hypervisor" },
	{ "buffer", NULL, 0, "fault corrupt signal buffer +1 from hypervisor" },
	{ "length", NULL, 0, "fault corrupt signal length 33 from hypervisor" },
	{ "owner", NULL, 0, "fault corrupt add-buffer owner +1" },
	{ "open-status", NULL, 0, "fault corrupt open-response status 1" },
	{ "open-buffer", NULL, 0, "fault corrupt open-response buffer +1" },
	{ "refuse-open", NULL, 0, "fault refuse open" },
	{ "refuse-close", NULL, 0, "fault refuse close" },
	{ "send-full", NULL, 0, "fault hcall send-crq dropped" },
	{ "send-closed", NULL, 0, "fault hcall send-crq closed" },
	{ "send-fails", NULL, 0, "fault hcall send-crq hardware" },
	{ "copy-closed", NULL, 0, "fault hcall copy-rdma permission" },
	{ "copy-fails", NULL, 0, "fault hcall copy-rdma hardware" },
	{ "mask-fails", NULL, 0, "fault hcall vio-signal hardware" },
	{ "remove", NULL, 0, "remove 0 1" },
	{ "failed", NULL, 0, "reset partner-failed" },
	{ "migrated", NULL, 0, "reset migrated" },
	{ "partner", NULL, 0, "partner restart" },
	{ "initialize", NULL, 0, "entry c001000000000000 0" },
};

#define ACTIONS (sizeof(actions) / sizeof(actions[0]))

static void start_ready(void)
{
}

static void start_open(void)
{
	pair_open(pair, 0, OPEN_MS);
	pair_opened(pair, 0);
	pair_run(pair);
}

/* Messages of both sides are in transit, and one is unread. */
static void start_traffic(void)
{
	start_open();
	pair_emit(pair, 0);
	pair_run(pair);
	pair_send(pair, 0);
	pair_open(pair, 1, OPEN_MS);
}

static void start_closing(void)
{
	start_open();
	pair_send(pair, 0);
	pair_close(pair, 0);
}

static void start_resetting(void)
{
	start_open();
	pair_open(pair, 1, OPEN_MS);
	ibmvmc_restart(pair_adapter(pair));
}

/* Initial states of the search. */
static const struct start {
	const char *name;
	void (*reach)(void);
} starts[] = {
	{ "ready", start_ready },	  { "open", start_open },
	{ "traffic", start_traffic },	  { "closing", start_closing },
	{ "resetting", start_resetting },
};

#define STARTS (sizeof(starts) / sizeof(starts[0]))

/**
 * struct state - state that was found
 * @parent: predecessor; an initial state is its own parent
 * @action: action that led here; for an initial state its index in the table
 * @faults: number of faults on the path
 */
struct state {
	u32 parent;
	u8 action;
	u8 faults;
};

/**
 * struct level - packed states of one depth
 * @bytes: length and bytes of each state
 * @used: bytes in use
 */
struct level {
	u8 *bytes;
	size_t used;
};

static struct state *states;
static u32 count, limit = STATES;
static u64 *table;
static size_t table_mask;
static struct level levels[2];
static unsigned int depth_limit = ~0U, fault_limit = FAULTS;
static unsigned long steps;

static void *reserve(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

/* Stores a hash; false if the hash is known. */
static bool remember(u64 hash)
{
	size_t at = hash & table_mask;

	while (table[at] && table[at] != hash)
		at = (at + 1) & table_mask;
	if (table[at])
		return false;
	table[at] = hash;
	return true;
}

static void push(struct level *level, u32 number)
{
	u8 *at = level->bytes + level->used;
	u32 len = (u32)arena_pack(at + 2 * sizeof(u32));

	memcpy(at, &number, sizeof(number));
	memcpy(at + sizeof(u32), &len, sizeof(len));
	level->used += 2 * sizeof(u32) + len;
	if (level->used + ARENA_PACKED_MAX > LEVEL_MAX)
		limit = count;
}

static void print_path(u32 number)
{
	const struct state *state = &states[number];

	if (state->parent == number) {
		printf("%s", starts[state->action].name);
		return;
	}
	print_path(state->parent);
	printf(",%s", actions[state->action].name);
}

/* Faults that lose messages without notice leave no history to check. */
static bool is_lossy(const char *knob)
{
	return strstr(knob, " any ") || strstr(knob, " signal ") ||
	       strstr(knob, " corrupt ");
}

static bool run_action(const struct action *action, unsigned int faults)
{
	if (action->fault && faults >= fault_limit)
		return false;
	if (action->run)
		return action->run(action->index);
	pair->lossy |= is_lossy(action->fault);
	return pair_turn(pair, action->fault);
}

static bool report(u32 parent, size_t action)
{
	if (!*pair->wrong)
		return true;
	printf("# %s\n# repeat: search --path ", pair->wrong);
	print_path(parent);
	printf(",%s\n", actions[action].name);
	return false;
}

static bool visit(const u8 *packed, u32 len, u32 number, size_t i,
		  struct level *next)
{
	const struct state *from = &states[number];

	arena_unpack(packed, len);
	if (!run_action(&actions[i], from->faults))
		return true;
	steps++;
	canon_check(pair);
	if (!report(number, i))
		return false;
	if (!remember(canon_hash(pair)))
		return true;
	states[count] = (struct state){
		.parent = number,
		.action = (u8)i,
		.faults = (u8)(from->faults + (actions[i].fault != NULL)),
	};
	push(next, count++);
	/* Overwrites the state in the arena. */
	recovery_demand(pair, false);
	return report(number, i);
}

static bool expand(const struct level *level, struct level *next)
{
	const u8 *at = level->bytes;
	u32 number, len;

	while (at < level->bytes + level->used && count < limit) {
		memcpy(&number, at, sizeof(number));
		memcpy(&len, at + sizeof(u32), sizeof(len));
		at += 2 * sizeof(u32);
		for (size_t i = 0; i < ACTIONS; i++)
			if (!visit(at, len, number, i, next))
				return false;
		at += len;
	}
	return true;
}

static void begin(void)
{
	arena_use(1);
	pair = calloc(1, sizeof(*pair));
	pair_begin(pair, &hypervisor);
	pair_start(pair);
	pair_run(pair);
	arena_base();
}

static bool search(void)
{
	static u8 first[ARENA_PACKED_MAX];
	unsigned int depth = 0;
	bool good = true;

	arena_pack(first);
	table_mask = 1;
	while (table_mask < 2 * (size_t)limit)
		table_mask *= 2;
	table = reserve(table_mask * sizeof(*table));
	table_mask--;
	states = reserve(((size_t)limit + ACTIONS) * sizeof(*states));
	levels[0].bytes = reserve(LEVEL_MAX);
	levels[1].bytes = reserve(LEVEL_MAX);
	for (u32 i = 0; i < STARTS; i++) {
		arena_unpack(first, 0);
		starts[i].reach();
		remember(canon_hash(pair));
		states[count] = (struct state){ .parent = i, .action = (u8)i };
		push(&levels[0], count++);
	}

	while (good && count < limit && depth < depth_limit &&
	       levels[depth % 2].used) {
		struct level *next = &levels[(depth + 1) % 2];

		madvise(next->bytes, next->used, MADV_DONTNEED);
		next->used = 0;
		good = expand(&levels[depth % 2], next);
		depth += count < limit;
		printf("# depth %u: %u states, %lu steps\n", depth, count,
		       steps);
		fflush(stdout);
	}
	printf("%sok 1 - every reachable state keeps the invariants and recovers\n# %u states, depth %u complete, %u faults on a path, %lu steps\n1..1\n",
	       good ? "" : "not ", count, depth, fault_limit, steps);
	return good;
}

static bool is_named(const char *name, size_t len, const char *word)
{
	return strlen(word) == len && !strncmp(word, name, len);
}

/* Applies one word of a path: an initial state or an action. */
static bool run_named(const char *name, size_t len)
{
	for (size_t i = 0; i < STARTS; i++) {
		if (is_named(name, len, starts[i].name)) {
			starts[i].reach();
			return true;
		}
	}
	for (size_t i = 0; i < ACTIONS; i++) {
		if (is_named(name, len, actions[i].name)) {
			run_action(&actions[i], 0);
			canon_check(pair);
			return true;
		}
	}
	return false;
}

static bool repeat(const char *path)
{
	size_t len;

	pair->trace = true;
	fault_limit = ~0U;
	for (; *path; path += len + (path[len] == ',')) {
		len = strcspn(path, ",");
		printf("# %.*s\n", (int)len, path);
		if (!run_named(path, len)) {
			fprintf(stderr, "search: no action %s\n", path);
			return false;
		}
	}
	printf("# recovery\n");
	recovery_demand(pair, false);
	printf("%sok 1 - the path leads to a state that recovers\n# %s\n1..1\n",
	       *pair->wrong ? "not " : "", pair->wrong);
	return !*pair->wrong;
}

int main(int argc, char **argv)
{
	const char *path = NULL;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--states"))
			limit = (u32)min(strtoul(argv[i + 1], NULL, 10),
					 (unsigned long)STATES_MAX);
		else if (!strcmp(argv[i], "--depth"))
			depth_limit = (unsigned int)atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--faults"))
			fault_limit = (unsigned int)atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--path"))
			path = argv[i + 1];
	}
	begin();
	return path ? !repeat(path) : !search();
}
