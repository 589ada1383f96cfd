// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target of the requests: passes FUSE requests to the request handlers of
 * the tree, over a simulated device. Each request gets one reply and no
 * resource is left at the end. It mounts nothing.
 */
#include <unistd.h>

#include "channel/channel.h"
#include "clock.h"
#include "defaults.h"
#include "device/device.h"
#include "device/sim/sim.h"
#include "kernel.h"
#include "logging.h"
#include "tree/serve.h"
#include "tree/tree.h"
#include "../../lib/quiet-log.h"

#define STEPS 300
#define TURNS 50

struct world {
	struct channel *channel;
	struct tree *tree;
	struct fuse_session *session;
	GSource *waiters;
	struct kernel *kernel;
	struct logging logging;
};

static void discard_fuse(enum fuse_log_level level, const char *format,
			 va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
}

/* A log writer can be set once only. */
static void be_quiet(void)
{
	static gsize once;

	if (!g_once_init_enter(&once))
		return;
	g_log_set_writer_func(quiet_log, NULL, NULL);
	fuse_set_log_func(discard_fuse);
	g_once_init_leave(&once, 1);
}

static void turn(guint turns)
{
	while (turns-- && g_main_context_iteration(NULL, FALSE))
		;
}

static void begin_channel(struct world *world)
{
	const struct channel_config config = {
		.clock = &clock_system,
		.history = VMCFS_HISTORY_MIN,
		.memory = VMCFS_MEMORY_MIN,
		.records = VMCFS_RECORDS_MIN,
		.capture = VMCFS_RECORDS_MIN,
		.sendq = 1000,
		.send_timeout_ms = 1,
		.open_timeout_ms = 5000,
	};
	struct sim_options options;
	struct device *device;

	sim_options_init(&options);
	options.pool = VMC_PEER_POOL_MIN;
	options.mtu = 256;
	INPUT_CHECK(!device_sim_new(&options, &device));
	world->channel = channel_new(device, &config);
	INPUT_CHECK(!device_start(device));
	while (!channel_is_ready(world->channel))
		g_main_context_iteration(NULL, FALSE);
}

static void begin(struct world *world)
{
	const struct tree_config config = {
		.mode = 0666,
		.dmode = 0777,
		.handles = 32,
		.handles_per_uid = 8,
	};
	char *argv[] = { (char *)"vmcfs", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);

	be_quiet();
	begin_channel(world);
	world->tree = tree_new(world->channel, &world->logging, &config);
	world->session = fuse_session_new(&args, &operations,
					  sizeof(operations), world->tree);
	fuse_opt_free_args(&args);
	world->waiters = wakeups_start(world->tree);
	world->kernel = kernel_new(world->session);
}

/* The same steps as service_stop(). */
static void end(struct world *world)
{
	for (guint i = 0; i < world->channel->hmcs->len; i++)
		hmc_abort(channel_hmc(world->channel, i), -ETIMEDOUT, "ended");
	device_dispatch(world->channel->device);
	wakeups_run(world->tree);
	wakeups_stop(world->tree, world->waiters);
	kernel_free(world->kernel);
	tree_free(world->tree);
	fuse_session_destroy(world->session);
	channel_free(world->channel);
	turn(TURNS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct world world = { 0 };

	begin(&world);
	for (int i = 0; i < STEPS && input.left; i++) {
		guint what = (guint)input_number(&input, 1);

		if (what >= 240) {
			turn(what - 239);
			continue;
		}
		kernel_request(world.kernel, &input);
		wakeups_settle(world.tree);
	}
	end(&world);
	return 0;
}
