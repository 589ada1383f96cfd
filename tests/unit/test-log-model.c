// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random use of logs: tests three logs against their model (log-model.h) after
 * each step. It does not cover files. The steps depend on the seed alone:
 *
 *	test-log-model [--seed=N] [--steps=N]
 *
 * A child process performs the steps, so that a crash is reported like any
 * other difference: with its step and the command that repeats it, in TAP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "defaults.h"
#include "log-model.h"

#define STEPS 2000000
/* Number of steps after which the logs are freed and replaced. */
#define EPOCH 20000
#define DESCRIPTORS 24
#define CURSORS 12
#define MTU 16384

struct descriptor {
	struct model_segment *segment;
	gboolean reads;
	gsize offset;
};

struct use {
	GRand *random;
	struct model model;
	struct descriptor descriptors[DESCRIPTORS];
	struct model_cursor *cursors[CURSORS];
};

static guint32 below(struct use *use, guint32 limit)
{
	return (guint32)g_rand_int_range(use->random, 0, (gint32)limit);
}

static struct model_log *any_log(struct use *use)
{
	return &use->model.logs[below(use, MODEL_LOGS)];
}

/* Most messages are short; a few are longer than a whole segment. */
static guint32 any_length(struct use *use, gsize history)
{
	guint32 kind = below(use, 64);

	if (kind < 20)
		return 1;
	if (kind < 40)
		return 1 + below(use, 64);
	if (kind < 56)
		return 1 + below(use, 1024);
	if (kind < 63)
		return 1 + below(use, MTU);
	return 1 + below(use, 6 * (guint32)history);
}

static void append(struct use *use)
{
	struct model_log *log = any_log(use);
	guint32 len = any_length(use, log->history);

	if (log->open)
		model_append(log, len, len + below(use, 2) * below(use, MTU));
}

static void change_session(struct use *use)
{
	struct model_log *log = any_log(use);

	if (!log->open)
		model_begin(log);
	else if (!below(use, 4))
		model_end(log);
}

static void rotate(struct use *use)
{
	struct model_log *log = any_log(use);

	for (guint times = 1 + below(use, 16) / 14; times; times--)
		model_rotate(log);
}

static void pass_time(struct use *use)
{
	use->model.now += below(use, 6 * G_USEC_PER_SEC);
}

static void make_room(struct use *use)
{
	model_make_room(&use->model, below(use, (guint32)use->model.limit / 4));
}

/* A path opens a segment with a name, a descriptor of another process any. */
static struct model_segment *any_segment(struct use *use)
{
	struct model_log *log = any_log(use);

	return g_ptr_array_index(log->segments, below(use, log->segments->len));
}

static void drop(struct use *use)
{
	model_drop(any_segment(use));
}

static void change_descriptor(struct use *use)
{
	struct descriptor *descriptor =
		&use->descriptors[below(use, DESCRIPTORS)];

	if (descriptor->segment) {
		model_release(descriptor->segment, descriptor->reads);
		descriptor->segment = NULL;
		return;
	}
	descriptor->segment = any_segment(use);
	descriptor->reads = below(use, 3) != 0;
	descriptor->offset = 0;
	model_hold(descriptor->segment, descriptor->reads);
}

static void read_log(struct use *use)
{
	struct descriptor *descriptor =
		&use->descriptors[below(use, DESCRIPTORS)];
	gsize size = 1 + below(use, 8192);

	if (!descriptor->segment || !descriptor->reads)
		return;
	if (!below(use, 4))
		descriptor->offset = below(use, 1 << 16);
	model_read_log(descriptor->segment, descriptor->offset, size);
	descriptor->offset += size;
}

static void change_place(struct use *use)
{
	struct model_cursor **cursor = &use->cursors[below(use, CURSORS)];
	struct model_log *log = any_log(use);

	if (*cursor) {
		model_close(*cursor);
		*cursor = NULL;
	} else if (log->open) {
		*cursor = model_open(log);
	}
}

/* Cursors with low numbers read everything, those with high numbers seldom. */
static void read_place(struct use *use)
{
	guint slot = below(use, CURSORS);
	guint times = slot < CURSORS / 2 ? 8 : below(use, 8) == 0;

	for (; use->cursors[slot] && times; times--)
		model_read(use->cursors[slot],
			   below(use, 4) ? G_MAXSIZE : 1 + below(use, 64));
}

static const struct {
	guint weight;
	void (*run)(struct use *use);
} operations[] = {
	{ 480, append },	{ 230, read_place },
	{ 100, read_log },	{ 60, change_descriptor },
	{ 40, change_place },	{ 30, rotate },
	{ 20, change_session }, { 20, pass_time },
	{ 15, make_room },	{ 5, drop },
};

static void step(struct use *use)
{
	gint number = (gint)below(use, 1000);
	guint i = 0;

	while ((number -= (gint)operations[i].weight) >= 0)
		i++;
	operations[i].run(use);
	model_compare(&use->model, any_log(use));
}

static void begin_epoch(struct use *use)
{
	gsize history[MODEL_LOGS];

	for (guint i = 0; i < MODEL_LOGS; i++)
		history[i] = (4 * KIB) << below(use, 5);
	model_init(&use->model, (64 * KIB) << below(use, 6), history);
}

static void end_epoch(struct use *use)
{
	for (guint i = 0; i < DESCRIPTORS; i++) {
		struct descriptor *descriptor = &use->descriptors[i];

		if (descriptor->segment)
			model_release(descriptor->segment, descriptor->reads);
		descriptor->segment = NULL;
	}
	for (guint i = 0; i < CURSORS; i++) {
		if (use->cursors[i])
			model_close(use->cursors[i]);
		use->cursors[i] = NULL;
	}
	model_clear(&use->model);
}

static void run_steps(guint32 seed, guint64 steps, volatile guint64 *done)
{
	struct use *use = g_new0(struct use, 1);

	use->random = g_rand_new_with_seed(seed);
	for (*done = 0; *done < steps; ++*done) {
		if (*done % EPOCH == 0)
			begin_epoch(use);
		step(use);
		if (*done % EPOCH == EPOCH - 1)
			end_epoch(use);
	}
	if (steps % EPOCH)
		end_epoch(use);
	g_rand_free(use->random);
	g_free(use);
}

/* Runs the steps in a child, so that the parent can report a crash. */
static gboolean survives(guint32 seed, guint64 steps, volatile guint64 *done)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		run_steps(seed, steps, done);
		exit(EXIT_SUCCESS);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return FALSE;
	if (WIFSIGNALED(status))
		printf("# ended by signal %d\n", WTERMSIG(status));
	return status == 0;
}

int main(int argc, char **argv)
{
	gint64 seed = (gint64)(g_get_real_time() & G_MAXINT32);
	gint64 steps = STEPS;
	const GOptionEntry entries[] = {
		{ "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "", "N" },
		{ "steps", 0, 0, G_OPTION_ARG_INT64, &steps, "", "N" },
		{ 0 }
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	volatile guint64 *done =
		mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	gboolean good;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, NULL) ||
	    done == MAP_FAILED)
		return EXIT_FAILURE;
	printf("1..1\n# seed %" G_GINT64_FORMAT "\n", seed);
	fflush(stdout);
	good = survives((guint32)seed, (guint64)steps, done);
	if (!good)
		printf("# in step %" G_GUINT64_FORMAT
		       "; repeat: %s --seed=%" G_GINT64_FORMAT
		       " --steps=%" G_GUINT64_FORMAT "\n",
		       *done, argv[0], seed, *done + 1);
	printf("%sok 1 - the log does what its model says in %" G_GINT64_FORMAT
	       " steps\n",
	       good ? "" : "not ", steps);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
