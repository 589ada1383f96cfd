// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Chardev: combines the channel, the sessions, and a request for a VMC device
 * into a device. It knows a driver only by its table.
 *
 * The parts only set flags; chardev_dispatch() calls the listener.
 */
#include "chardev.h"

#include <errno.h>

#include "session.h"

/* The native ABI first: a driver that has it also answers QUERY. */
static const struct chardev_driver *const drivers[] = {
	&chardev_native,
	&chardev_in_tree,
	NULL,
};

struct device_chardev {
	struct device device;
	struct chardev_channel channel;
	struct chardev_sessions sessions;
	struct chardev_request request;
	gboolean requested;
	int request_error;
	GSource *source;
};

struct chardev_source {
	GSource source;
	struct device_chardev *chardev;
};

static struct device_chardev *from_device(struct device *device)
{
	return (struct device_chardev *)device;
}

static struct chardev_session *session_at(struct device *device, guint index)
{
	return from_device(device)->sessions.at[index];
}

static gboolean has_reports(const struct device_chardev *chardev)
{
	return chardev->channel.noted || chardev->requested;
}

static enum device_work chardev_dispatch(struct device *device)
{
	struct device_chardev *chardev = from_device(device);

	if (!has_reports(chardev))
		return DEVICE_WORK_NONE;
	chardev->channel.noted = FALSE;
	if (chardev->channel.changed) {
		chardev->channel.changed = FALSE;
		device->listener->changed(device->listener_data);
	}
	if (chardev->requested) {
		chardev->requested = FALSE;
		device->listener->requested(device->listener_data,
					    chardev->request_error);
	}
	chardev_sessions_notify(&chardev->sessions);
	return has_reports(chardev) ? DEVICE_WORK_NOW : DEVICE_WORK_NONE;
}

/* GLib calls it once in each turn of the main loop. */
static gboolean source_prepare(GSource *source, gint *timeout)
{
	struct device_chardev *chardev =
		((struct chardev_source *)source)->chardev;

	chardev->sessions.turn++;
	*timeout = -1;
	return has_reports(chardev);
}

static gboolean source_check(GSource *source)
{
	return has_reports(((struct chardev_source *)source)->chardev);
}

static gboolean source_dispatch(GSource *source, GSourceFunc callback,
				gpointer data)
{
	(void)callback;
	(void)data;
	chardev_dispatch(&((struct chardev_source *)source)->chardev->device);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {
	.prepare = source_prepare,
	.check = source_check,
	.dispatch = source_dispatch,
};

/* Notifies the listener at once, which saves a turn of the main loop. */
static void on_event(void *data, GIOCondition condition, gboolean due)
{
	struct chardev_session *session = data;
	struct device_chardev *chardev = session->channel->data;

	session->driver->event(session, condition, due);
	chardev_dispatch(&chardev->device);
}

static void look(struct device_chardev *chardev)
{
	chardev_channel_look(&chardev->channel);
	chardev_sessions_look(&chardev->sessions);
}

static void on_look(void *data)
{
	struct device_chardev *chardev = data;

	look(chardev);
	chardev_dispatch(&chardev->device);
}

static int chardev_start(struct device *device)
{
	watch_set_delay(from_device(device)->channel.watch, 0);
	return 0;
}

static void chardev_free(struct device *device)
{
	struct device_chardev *chardev = from_device(device);

	chardev_sessions_clear(&chardev->sessions);
	privilege_forget(chardev->channel.privilege);
	chardev_channel_clear(&chardev->channel);
	g_source_destroy(chardev->source);
	g_source_unref(chardev->source);
	g_free(device->name);
	g_free(chardev);
}

static void chardev_get_info(struct device *device, struct device_info *info)
{
	*info = from_device(device)->channel.info;
}

static void chardev_get_hmc_info(struct device *device, guint index,
				 struct device_hmc_info *info)
{
	struct chardev_session *session = session_at(device, index);

	*info = (struct device_hmc_info){ 0 };
	if (session)
		session->driver->get_info(session, info);
}

static int chardev_open(struct device *device, guint index,
			const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms)
{
	struct device_chardev *chardev = from_device(device);
	struct chardev_channel *channel = &chardev->channel;

	if (channel->fd < 0)
		look(chardev);
	if (channel->fd < 0 && channel->error)
		return channel->error;
	if (channel->driver->picks_index &&
	    !chardev_sessions_are_open(&chardev->sessions, index))
		return -ENXIO;
	return chardev_session_new(channel, index, hmc_id, timeout_ms, on_event,
				   &chardev->sessions.at[index]);
}

static void chardev_close(struct device *device, guint index)
{
	chardev_sessions_drop(&from_device(device)->sessions, index);
}

static int chardev_send(struct device *device, guint index, gconstpointer data,
			guint32 len)
{
	struct chardev_session *session = session_at(device, index);

	return session->driver->send(session, data, len);
}

static int chardev_next(struct device *device, guint index, guint32 *room)
{
	struct chardev_session *session = session_at(device, index);

	return session ? chardev_session_next(session, room) : -EAGAIN;
}

static gssize chardev_receive(struct device *device, guint index, guint8 *to,
			      guint32 room)
{
	struct chardev_session *session = session_at(device, index);

	return chardev_session_receive(session, to, room);
}

static void on_request_ended(void *data, int error)
{
	struct device_chardev *chardev = data;

	chardev->requested = TRUE;
	chardev->request_error = error;
	on_look(chardev);
}

static int chardev_request_vmc(struct device *device)
{
	struct device_chardev *chardev = from_device(device);

	if (chardev->requested)
		return -EBUSY;
	return chardev_request_start(&chardev->request,
				     chardev->channel.privilege);
}

static const char *chardev_explain(struct device *device, int error)
{
	const struct chardev_channel *channel = &from_device(device)->channel;

	return error == channel->error ?
		       channel->why :
		       chardev_open_error(channel->driver, channel->info.state,
					  error);
}

static const struct device_ops chardev_ops = {
	.free = chardev_free,
	.start = chardev_start,
	.dispatch = chardev_dispatch,
	.get_info = chardev_get_info,
	.get_hmc_info = chardev_get_hmc_info,
	.open = chardev_open,
	.close = chardev_close,
	.send = chardev_send,
	.next = chardev_next,
	.receive = chardev_receive,
	.request_vmc = chardev_request_vmc,
	.explain = chardev_explain,
};

int device_chardev_new(const char *path, struct privilege *privilege,
		       struct device **device, char **why)
{
	struct device_chardev *chardev = g_new0(struct device_chardev, 1);
	int error = chardev_channel_init(&chardev->channel, drivers, path,
					 privilege, on_look, chardev);

	if (error) {
		*why = g_steal_pointer(&chardev->channel.why);
		chardev_channel_clear(&chardev->channel);
		g_free(chardev);
		return error;
	}
	chardev->request.ended = on_request_ended;
	chardev->request.data = chardev;
	chardev->sessions.device = &chardev->device;
	chardev->device.ops = &chardev_ops;
	chardev->device.name = g_strdup(chardev->channel.path);
	chardev->source =
		g_source_new(&source_funcs, sizeof(struct chardev_source));
	((struct chardev_source *)chardev->source)->chardev = chardev;
	g_source_attach(chardev->source, NULL);
	*device = &chardev->device;
	return 0;
}
