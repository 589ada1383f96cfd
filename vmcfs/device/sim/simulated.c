// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Simulated: combines the engine and the simulated hypervisor into a device. It
 * does not know their protocol.
 *
 * Both ends of the channel run in the thread that dispatches the device. Their
 * callbacks only set flags; sim_dispatch() calls the listener.
 */
#include "sim.h"

#include <errno.h>
#include <string.h>

#include "../../defaults.h"
#include "sim/vmc-sim.h"

/**
 * struct slot - one HMC index
 * @session: session of the engine, or NULL
 * @ready: TRUE if the open succeeded
 * @blocked: TRUE if a send returned EAGAIN, so writable() has to follow
 * @lost: messages that were lost and not reported to the listener yet
 * @lost_error: error of the last of them
 */
struct slot {
	struct ibmvmc_file_session *session;
	gboolean ready;
	gboolean blocked;
	guint lost;
	int lost_error;
};

/**
 * struct device_sim - the simulated device
 * @device: its head
 * @sim: both ends of the channel
 * @source: runs the channel from the main loop
 * @changed: TRUE if the state of the channel changed
 * @used: TRUE if the channel may have work
 * @timed: TRUE if @now_ms is the time of the present turn
 * @now_ms: time of both ends in monotonic milliseconds, read once in a turn: at
 *	the first use of the channel after it had no work left, or after the main
 *	loop has waited
 * @next_ms: time of the next work or VMC_HV_IDLE, unless @used
 * @awaited_ms: time until which the main loop waits at most
 * @last_reset: cause of the last reset in words, or NULL
 * @requested: TRUE if a request for a VMC device ended
 * @request_error: its result
 * @hmcs: number of @slots in use
 * @woken: slots of which the engine reported a change, one bit for each
 * @slots: HMC indices
 */
struct device_sim {
	struct device device;
	struct vmc_sim *sim;
	GSource *source;
	gboolean changed;
	gboolean used;
	gboolean timed;
	u64 now_ms;
	u64 next_ms;
	u64 awaited_ms;
	const char *last_reset;
	gboolean requested;
	int request_error;
	guint hmcs;
	guint64 woken;
	struct slot slots[VMC_HMCS_MAX];
};

struct sim_source {
	GSource source;
	struct device_sim *sim;
};

static struct device_sim *from_device(struct device *device)
{
	return (struct device_sim *)device;
}

G_STATIC_ASSERT(VMC_HMCS_MAX <= 64); /* bits of device_sim.woken */

static u64 clock_ms(void)
{
	return (u64)(g_get_monotonic_time() / 1000);
}

static void read_clock(struct device_sim *sim)
{
	if (!sim->timed)
		sim->now_ms = clock_ms();
	sim->timed = TRUE;
}

/* Every call that the engine or the hypervisor may act on begins here. */
static void use(struct device_sim *sim)
{
	read_clock(sim);
	sim->used = TRUE;
}

static u64 now_ms(void *host)
{
	return ((struct device_sim *)host)->now_ms;
}

static void wake_slot(struct device_sim *sim, gsize index)
{
	sim->woken |= (guint64)1 << index;
}

static void mark_wake(void *host, struct ibmvmc_file_session *session)
{
	struct device_sim *sim = host;
	const struct slot *slot = ibmvmc_session_owner(session);

	wake_slot(sim, (gsize)(slot - sim->slots));
}

static void mark_event(void *host, const struct ibmvmc_event *event)
{
	struct device_sim *sim = host;

	if (event->type == IBMVMC_EVENT_ENTRY_RECEIVED ||
	    event->type == IBMVMC_EVENT_ENTRY_SENT)
		return;
	sim_event_log(event);
	if (sim_event_reset(event))
		sim->last_reset = sim_event_reset(event);
	if (event->type == IBMVMC_EVENT_STATE)
		sim->changed = TRUE;
	if (event->type == IBMVMC_EVENT_MESSAGE_LOST) {
		sim->slots[event->index].lost++;
		sim->slots[event->index].lost_error = event->error;
		wake_slot(sim, (gsize)event->index);
	}
}

static const struct vmc_sim_host host = {
	.now_ms = now_ms,
	.wake = mark_wake,
	.report = mark_event,
};

static void drop_session(struct slot *slot)
{
	struct ibmvmc_file_session *session = slot->session;

	*slot = (struct slot){ 0 };
	ibmvmc_session_put(session);
}

/*
 * No other process opens an index of this device: one that is not free in time
 * still waits for a Close Response or a buffer.
 */
static int open_error(int error)
{
	return error == -EBUSY || error == -ENOBUFS ? -ETIMEDOUT : error;
}

static void notify_opened(struct device_sim *sim, guint index)
{
	struct slot *slot = &sim->slots[index];
	struct ibmvmc_session_info info;

	ibmvmc_session_get_info(slot->session, &info);
	if (info.state != IBMVMC_SESSION_READY &&
	    info.state != IBMVMC_SESSION_DEAD)
		return;
	slot->ready = info.state == IBMVMC_SESSION_READY;
	if (!slot->ready)
		drop_session(slot);
	sim->device.listener->opened(sim->device.listener_data, index,
				     slot->ready ? 0 : open_error(info.error));
}

static void notify_traffic(struct device_sim *sim, guint index)
{
	const struct device_listener *listener = sim->device.listener;
	struct slot *slot = &sim->slots[index];
	enum ibmvmc_session_state state;
	guint32 len;
	int error;

	if (slot->lost) {
		listener->message_lost(sim->device.listener_data, index,
				       slot->lost, slot->lost_error);
		slot->lost = 0;
	}
	/* The listener may close the session. */
	state = ibmvmc_session_get_state(slot->session, &error);
	if (ibmvmc_session_next(slot->session, &len))
		listener->readable(sim->device.listener_data, index);
	if (state == IBMVMC_SESSION_DEAD) {
		drop_session(slot);
		listener->lost(sim->device.listener_data, index, error);
	} else if (slot->blocked && ibmvmc_session_writable(slot->session)) {
		slot->blocked = FALSE;
		listener->writable(sim->device.listener_data, index);
	}
}

static void notify_slot(struct device_sim *sim, guint index)
{
	struct slot *slot = &sim->slots[index];

	if (slot->session && !slot->ready)
		notify_opened(sim, index);
	if (slot->session && slot->ready)
		notify_traffic(sim, index);
}

/* A listener can wake slots: those after the present one follow at once. */
static void notify_slots(struct device_sim *sim)
{
	for (guint i = 0; i < sim->hmcs && sim->woken >> i; i++) {
		guint64 bit = (guint64)1 << i;

		if (!(sim->woken & bit))
			continue;
		sim->woken &= ~bit;
		notify_slot(sim, i);
	}
}

/* New work comes from a use of the channel, or with time. */
static gboolean has_work(struct device_sim *sim)
{
	if (sim->used)
		return TRUE;
	if (sim->next_ms == VMC_HV_IDLE)
		return FALSE;
	read_clock(sim);
	return sim->next_ms <= sim->now_ms;
}

/* Work that follows at once belongs to the same turn. */
static enum device_work work_left(struct device_sim *sim)
{
	if (sim->used)
		return DEVICE_WORK_NOW;
	sim->timed = FALSE;
	return sim->next_ms < sim->awaited_ms ? DEVICE_WORK_LATER :
						DEVICE_WORK_NONE;
}

static enum device_work sim_dispatch(struct device *device)
{
	struct device_sim *sim = from_device(device);

	if (!has_work(sim))
		return work_left(sim);
	read_clock(sim);
	sim->used = vmc_sim_run(sim->sim, VMCFS_SIM_BUDGET);
	if (sim->changed) {
		sim->changed = FALSE;
		device->listener->changed(device->listener_data);
	}
	if (sim->requested) {
		sim->requested = FALSE;
		device->listener->requested(device->listener_data,
					    sim->request_error);
	}
	notify_slots(sim);
	if (!sim->used)
		sim->next_ms = vmc_sim_next(sim->sim);
	return work_left(sim);
}

/* The source is ready when the channel has work, or when a timeout expires. */
static gboolean source_prepare(GSource *source, gint *timeout)
{
	struct device_sim *sim = ((struct sim_source *)source)->sim;
	u64 next = vmc_sim_next(sim->sim);
	u64 now = clock_ms();

	sim->timed = FALSE;
	sim->awaited_ms = next;
	*timeout = -1;
	if (sim->used || next <= now) {
		*timeout = 0;
		return TRUE;
	}
	if (next != VMC_HV_IDLE)
		*timeout = (gint)MIN(next - now, (u64)G_MAXINT);
	return FALSE;
}

static gboolean source_check(GSource *source)
{
	gint timeout;

	return source_prepare(source, &timeout);
}

static gboolean source_dispatch(GSource *source, GSourceFunc callback,
				gpointer data)
{
	(void)callback;
	(void)data;
	sim_dispatch(&((struct sim_source *)source)->sim->device);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {
	.prepare = source_prepare,
	.check = source_check,
	.dispatch = source_dispatch,
};

static int sim_start(struct device *device)
{
	struct device_sim *sim = from_device(device);

	use(sim);
	return ibmvmc_start(vmc_sim_adapter(sim->sim));
}

static void sim_free(struct device *device)
{
	struct device_sim *sim = from_device(device);

	use(sim);
	g_source_destroy(sim->source);
	g_source_unref(sim->source);
	for (guint i = 0; i < sim->hmcs; i++)
		drop_session(&sim->slots[i]);
	vmc_sim_run(sim->sim, VMCFS_SIM_BUDGET);
	vmc_sim_free(sim->sim);
	g_free(sim->device.name);
	g_free(sim);
}

static void sim_get_info(struct device *device, struct device_info *info)
{
	struct ibmvmc_info channel;

	ibmvmc_get_info(vmc_sim_adapter(from_device(device)->sim), &channel);
	*info = (struct device_info){
		.driver = VMCFS_DEVICE_SIM,
		.state = DEVICE_CONNECTING,
		.hmcs = channel.hmcs,
		.mtu = channel.mtu,
		.pool = channel.pool,
		.drc_index = channel.drc_index,
		.resets = channel.resets,
		.last_reset = from_device(device)->last_reset,
	};
	if (channel.state == IBMVMC_STATE_READY)
		info->state = DEVICE_READY;
	else if (channel.state == IBMVMC_STATE_FAILED)
		info->state = DEVICE_FAILED;
	else if (channel.state == IBMVMC_STATE_INITIAL)
		info->state = DEVICE_DOWN;
}

static void sim_get_hmc_info(struct device *device, guint index,
			     struct device_hmc_info *info)
{
	const struct slot *slot = &from_device(device)->slots[index];
	struct ibmvmc_session_info session;

	*info = (struct device_hmc_info){ 0 };
	if (!slot->session)
		return;
	ibmvmc_session_get_info(slot->session, &session);
	info->session = session.session;
	info->buffers = session.buffers;
	info->buffers_free = session.buffers_free;
}

static gboolean sim_quiet(struct device *device)
{
	struct device_sim *sim = from_device(device);

	return !sim->used && vmc_sim_next(sim->sim) == VMC_HV_IDLE;
}

static int sim_open(struct device *device, guint index,
		    const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms)
{
	struct device_sim *sim = from_device(device);
	struct slot *slot = &sim->slots[index];
	int error;

	use(sim);
	*slot = (struct slot){ 0 };
	wake_slot(sim, index);
	slot->session = ibmvmc_session_new(vmc_sim_adapter(sim->sim), slot);
	if (!slot->session)
		return -ENOMEM;
	error = ibmvmc_session_open(slot->session, (int)index, hmc_id,
				    timeout_ms);
	if (error)
		drop_session(slot);
	return error;
}

static void sim_close(struct device *device, guint index)
{
	struct device_sim *sim = from_device(device);

	use(sim);
	drop_session(&sim->slots[index]);
}

static int sim_send(struct device *device, guint index, gconstpointer data,
		    guint32 len)
{
	struct device_sim *sim = from_device(device);
	struct slot *slot = &sim->slots[index];
	int error;

	use(sim);
	error = ibmvmc_session_send(slot->session, data, len);
	if (error != -EBUSY)
		return error;
	slot->blocked = TRUE;
	return -EAGAIN;
}

static int sim_next(struct device *device, guint index, guint32 *room)
{
	const struct slot *slot = &from_device(device)->slots[index];

	if (!slot->session || !ibmvmc_session_next(slot->session, room))
		return -EAGAIN;
	return 0;
}

static gssize sim_receive(struct device *device, guint index, guint8 *to,
			  guint32 room)
{
	struct device_sim *sim = from_device(device);
	struct ibmvmc_file_session *session = sim->slots[index].session;
	struct ibmvmc_storage *message = ibmvmc_session_receive(session);
	const void *data;
	u32 len;

	if (!message)
		return -EAGAIN;
	data = ibmvmc_storage_data(message, &len);
	g_assert(len <= room);
	memcpy(to, data, len);
	use(sim);
	ibmvmc_session_done(session, message);
	return len;
}

static int sim_request_vmc(struct device *device)
{
	struct device_sim *sim = from_device(device);
	u32 drc_index, delay_ms;

	if (sim->requested)
		return -EBUSY;
	use(sim);
	sim->request_error = ibmvmc_request_vmc(vmc_sim_adapter(sim->sim),
						&drc_index, &delay_ms);
	sim->requested = TRUE;
	return 0;
}

static int sim_device_command(struct device *device, const char *line,
			      gboolean run, char **why)
{
	struct device_sim *sim = from_device(device);

	use(sim);
	return sim_command(sim->sim, line, run, why);
}

static void sim_help(struct device *device, GString *text)
{
	(void)device;
	sim_command_help(text);
}

static void sim_status(struct device *device, GString *text)
{
	struct vmc_hv_stats stats;

	vmc_hv_get_stats(vmc_sim_hv(from_device(device)->sim), &stats);
	g_string_append_printf(text,
			       "sim_entries_received: %" G_GUINT64_FORMAT "\n"
			       "sim_entries_sent: %" G_GUINT64_FORMAT "\n"
			       "sim_flood_left: %" G_GUINT64_FORMAT "\n"
			       "sim_violations: %" G_GUINT64_FORMAT "\n"
			       "sim_faults: %" G_GUINT64_FORMAT "\n"
			       "sim_provoked: %" G_GUINT64_FORMAT "\n",
			       (guint64)stats.received, (guint64)stats.sent,
			       (guint64)stats.flood_left,
			       (guint64)stats.violations, (guint64)stats.faults,
			       (guint64)stats.provoked);
}

static const struct device_ops sim_ops = {
	.word = VMCFS_DEVICE_SIM,
	.free = sim_free,
	.start = sim_start,
	.dispatch = sim_dispatch,
	.get_info = sim_get_info,
	.get_hmc_info = sim_get_hmc_info,
	.open = sim_open,
	.close = sim_close,
	.send = sim_send,
	.quiet = sim_quiet,
	.next = sim_next,
	.receive = sim_receive,
	.request_vmc = sim_request_vmc,
	.command = sim_device_command,
	.help = sim_help,
	.status = sim_status,
};

int device_sim_new(const struct sim_options *options, struct device **device)
{
	struct ibmvmc_config config = {
		.max_hmcs = (u8)options->hmcs,
		.buf_pool_size = VMC_POOL_MAX,
		.max_mtu = VMC_MTU_MAX,
	};
	struct vmc_hv_config hv = {
		.hmcs = (u8)options->hmcs,
		.pool = (u16)options->pool,
		.mtu = options->mtu,
		.crq_entries = VMC_CRQ_ENTRIES_4K,
		.delay_ms = options->delay_ms,
	};
	struct device_sim *sim = g_new0(struct device_sim, 1);
	int error = vmc_sim_new(&config, &hv, &host, sim, &sim->sim);

	if (error) {
		g_free(sim);
		return error;
	}
	sim->device.ops = &sim_ops;
	sim->device.name = g_strdup(VMCFS_DEVICE_SIM);
	sim->hmcs = options->hmcs;
	vmc_hv_set_refused(vmc_sim_hv(sim->sim), VMC_HV_REQUEST_OPEN,
			   options->refuse_open);
	sim->source = g_source_new(&source_funcs, sizeof(struct sim_source));
	((struct sim_source *)sim->source)->sim = sim;
	g_source_attach(sim->source, NULL);
	*device = &sim->device;
	return 0;
}
