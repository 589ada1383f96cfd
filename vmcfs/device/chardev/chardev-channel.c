// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channel: reads the state of the channel from the driver. It handles no
 * sessions.
 *
 * A native driver announces a new state by POLLPRI. A legacy driver is polled
 * every VMCFS_CHARDEV_LOOK_MS, and so is the node while there is no channel.
 */
#include "chardev-channel.h"

#include <errno.h>
#include <unistd.h>

#include "../../defaults.h"
#include "../../notice.h"

static void on_watch(void *data, GIOCondition condition, gboolean due)
{
	struct chardev_channel *channel = data;

	(void)condition;
	(void)due;
	channel->look_now(channel->data);
}

/* The descriptor of a watch cannot be changed. */
static int replace_watch(struct chardev_channel *channel,
			 GIOCondition condition)
{
	struct watch *watch;
	int error =
		watch_new(channel->fd, condition, on_watch, channel, &watch);

	if (error)
		return error;
	watch_free(channel->watch);
	channel->watch = watch;
	return 0;
}

static void detach(struct chardev_channel *channel)
{
	int fd = channel->fd;

	channel->fd = -1;
	replace_watch(channel, 0);
	if (fd >= 0)
		close(fd);
}

static void set_info(struct chardev_channel *channel,
		     const struct device_info *now)
{
	struct device_info info = *now;
	const struct device_info *before = &channel->info;

	info.driver = chardev_driver_name(channel->driver);
	channel->changed |=
		info.driver != before->driver || info.state != before->state ||
		info.hmcs != before->hmcs || info.mtu != before->mtu ||
		info.pool != before->pool ||
		info.drc_index != before->drc_index ||
		info.resets != before->resets ||
		info.last_reset != before->last_reset;
	channel->noted |= channel->changed;
	channel->info = info;
}

/* Without a driver there is no channel; only the history of resets stays. */
static void set_absent(struct chardev_channel *channel)
{
	struct device_info info = {
		.state = DEVICE_DOWN,
		.resets = channel->info.resets,
		.last_reset = channel->info.last_reset,
	};

	channel->driver = NULL;
	set_info(channel, &info);
}

/* @why replaces the last sentence; NULL if there is no error. */
static int set_error(struct chardev_channel *channel, int error, char *why)
{
	g_free(channel->why);
	channel->why = why;
	channel->error = error;
	return error;
}

int chardev_channel_open(struct chardev_channel *channel, int *fd)
{
	char *why = NULL;
	int error = chardev_node_open(channel->privilege, channel->path,
				      VMCFS_HELPER_TIMEOUT_MS, fd, &why);

	return set_error(channel, error, why);
}

static int open_known(struct chardev_channel *channel, int timeout_ms, int *fd,
		      char **why)
{
	int opened;
	int error = chardev_node_open(channel->privilege, channel->path,
				      timeout_ms, &opened, why);

	if (error)
		return error;
	error = chardev_driver_recognise(channel->drivers, channel->path,
					 opened, &channel->driver, why);
	if (error)
		close(opened);
	else
		*fd = opened;
	return error;
}

static int attach(struct chardev_channel *channel, int timeout_ms)
{
	char *why = NULL;
	int error = open_known(channel, timeout_ms, &channel->fd, &why);

	if (!error)
		error = replace_watch(channel, channel->driver->watches);
	if (error && channel->fd >= 0) {
		close(channel->fd);
		channel->fd = -1;
		channel->driver = NULL;
	}
	return set_error(channel, error, why);
}

int chardev_channel_init(struct chardev_channel *channel,
			 const struct chardev_driver *const *drivers,
			 const char *path, struct privilege *privilege,
			 void (*look_now)(void *data), void *data)
{
	*channel = (struct chardev_channel){
		.drivers = drivers,
		.privilege = privilege,
		.path = g_canonicalize_filename(path, NULL),
		.fd = -1,
		.look_now = look_now,
		.data = data,
		.info = { .driver = chardev_driver_name(NULL) },
	};
	replace_watch(channel, 0);
	return attach(channel, -1);
}

void chardev_channel_clear(struct chardev_channel *channel)
{
	watch_free(channel->watch);
	if (channel->fd >= 0)
		close(channel->fd);
	g_free(channel->why);
	g_free(channel->path);
}

void chardev_channel_take_info(struct chardev_channel *channel,
			       const struct ibmvmc_ioc_info *info)
{
	struct device_info now;

	chardev_info_channel(info, &now);
	set_info(channel, &now);
}

guint32 chardev_mtu_search(gboolean (*is_too_long)(void *data, guint32 len),
			   void *data)
{
	guint32 fits = 0;
	guint32 above = VMC_MTU_MAX + 1;

	while (above - fits > 1) {
		guint32 middle = fits + (above - fits) / 2;

		if (is_too_long(data, middle))
			above = middle;
		else
			fits = middle;
	}
	return fits;
}

/*
 * Without a session, read(2) checks the length first: EINVAL if it is above the
 * MTU, else EIO.
 */
static gboolean is_too_long(void *data, guint32 len)
{
	const struct chardev_channel *channel = data;
	g_autofree guint8 *buffer = g_malloc(len);

	return read(channel->fd, buffer, len) < 0 && errno == EINVAL;
}

void chardev_channel_mark_reset(struct chardev_channel *channel)
{
	struct device_info info = channel->info;

	if (channel->reset_noted)
		return;
	channel->reset_noted = TRUE;
	info.mtu = 0;
	info.resets++;
	info.last_reset = "the channel was reset; the driver does not say why";
	set_info(channel, &info);
	watch_set_delay(channel->watch, 0);
}

void chardev_channel_take_query(struct chardev_channel *channel,
				const struct ibmvmc_query *query)
{
	struct device_info now = {
		.state = chardev_info_state(query->state),
		.drc_index = (guint32)query->vmc_drc_index,
	};

	if (channel->info.state == DEVICE_READY && now.state != DEVICE_READY)
		chardev_channel_mark_reset(channel);
	now.resets = channel->info.resets;
	now.last_reset = channel->info.last_reset;
	if (now.state == DEVICE_READY) {
		channel->reset_noted = FALSE;
		now.hmcs = MAX(channel->offered, 1);
		now.mtu = channel->info.mtu ?
				  channel->info.mtu :
				  chardev_mtu_search(is_too_long, channel);
	}
	set_info(channel, &now);
}

static int query(struct chardev_channel *channel)
{
	int error = channel->driver->query(channel);

	if (!error)
		return 0;
	return set_error(
		channel, -ENODEV,
		g_strdup_printf(
			"%s: the driver does not report the channel: %s; see the kernel's log",
			channel->path, g_strerror(-error)));
}

void chardev_channel_look(struct chardev_channel *channel)
{
	gboolean watched;
	int error =
		channel->fd < 0 ? attach(channel, VMCFS_HELPER_TIMEOUT_MS) : 0;

	if (!error)
		error = query(channel);
	if (error && channel->driver)
		notice_mount(NOTICE_DEVICE_GONE, "%s", channel->why);
	if (error)
		set_absent(channel);
	if (error || channel->info.state == DEVICE_DOWN)
		detach(channel);
	watched = channel->fd >= 0 && channel->driver->watches;
	if (!watched)
		watch_set_delay(channel->watch, VMCFS_CHARDEV_LOOK_MS);
}

void chardev_channel_offer(struct chardev_channel *channel, guint hmcs)
{
	struct device_info info = channel->info;

	hmcs = MIN(hmcs, VMCFS_IN_TREE_HMCS_MAX);
	channel->offered = MAX(channel->offered, hmcs);
	info.hmcs = MAX(info.hmcs, channel->offered);
	set_info(channel, &info);
}
