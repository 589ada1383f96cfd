// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking at the channel. A driver with INFO tells by POLLPRI when it is worth
 * another look; one without is asked by time, and so is the node while there is
 * no channel.
 */
#include "channel.h"

#include <errno.h>
#include <unistd.h>

#include "../../defaults.h"
#include "info.h"
#include "ioctl.h"
#include "mtu-search.h"
#include "../resets.h"

static void on_watch(void *data, GIOCondition condition, gboolean due)
{
	struct chardev_channel *channel = data;

	(void)condition;
	(void)due;
	channel->look_now(channel->data);
}

/* A watch keeps its descriptor for life. */
static void watch_anew(struct chardev_channel *channel, GIOCondition condition)
{
	watch_free(channel->watch);
	channel->watch = watch_new(channel->fd, condition, on_watch, channel);
}

static void let_go(struct chardev_channel *channel)
{
	int fd = channel->fd;

	channel->fd = -1;
	watch_anew(channel, 0);
	if (fd >= 0)
		close(fd);
}

static void set_info(struct chardev_channel *channel,
		     const struct device_info *now)
{
	struct device_info info = *now;
	const struct device_info *before = &channel->info;

	info.driver = chardev_node_word(channel->driver);
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

/* No driver, no channel; what is known of the past stays. */
static void set_absent(struct chardev_channel *channel)
{
	struct device_info info = {
		.state = DEVICE_DOWN,
		.resets = channel->info.resets,
		.last_reset = channel->info.last_reset,
	};

	channel->driver = CHARDEV_DRIVER_NONE;
	set_info(channel, &info);
}

/* A sentence replaces the one before; without an error there is none. */
static int note_error(struct chardev_channel *channel, int error, char *why)
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

	return note_error(channel, error, why);
}

static int open_known(struct chardev_channel *channel, int timeout_ms, int *fd,
		      char **why)
{
	int opened;
	int error = chardev_node_open(channel->privilege, channel->path,
				      timeout_ms, &opened, why);

	if (error)
		return error;
	error = chardev_node_recognise(channel->path, opened, &channel->driver,
				       why);
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
		watch_anew(channel, channel->driver == CHARDEV_DRIVER_VMCFS ?
					    G_IO_PRI :
					    0);
	return note_error(channel, error, why);
}

int chardev_channel_init(struct chardev_channel *channel, const char *path,
			 struct privilege *privilege,
			 void (*look_now)(void *data), void *data)
{
	*channel = (struct chardev_channel){
		.privilege = privilege,
		.path = g_canonicalize_filename(path, NULL),
		.fd = -1,
		.look_now = look_now,
		.data = data,
		.info = { .driver = chardev_node_word(CHARDEV_DRIVER_NONE) },
	};
	watch_anew(channel, 0);
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

void chardev_channel_take(struct chardev_channel *channel,
			  const struct ibmvmc_ioc_info *info)
{
	struct device_info now;

	chardev_info_channel(info, &now);
	set_info(channel, &now);
}

/* A descriptor without a session answers EIO unless the length is too long. */
static gboolean is_too_long(void *data, guint32 len)
{
	const struct chardev_channel *channel = data;
	g_autofree guint8 *buffer = g_malloc(len);

	return read(channel->fd, buffer, len) < 0 && errno == EINVAL;
}

void chardev_channel_note_reset(struct chardev_channel *channel)
{
	struct device_info info = channel->info;

	if (channel->reset_noted)
		return;
	channel->reset_noted = TRUE;
	info.mtu = 0;
	info.resets++;
	info.last_reset = reset_words(RESET_UNKNOWN);
	set_info(channel, &info);
	watch_set_delay(channel->watch, 0);
}

static void take_query(struct chardev_channel *channel,
		       const struct ibmvmc_query *query)
{
	struct device_info now = {
		.state = chardev_info_state(query->state),
		.drc_index = (guint32)query->vmc_drc_index,
	};

	if (channel->info.state == DEVICE_READY && now.state != DEVICE_READY)
		chardev_channel_note_reset(channel);
	now.resets = channel->info.resets;
	now.last_reset = channel->info.last_reset;
	if (now.state == DEVICE_READY) {
		channel->reset_noted = FALSE;
		now.hmcs = MAX(channel->offered, 1);
		now.mtu = channel->info.mtu ? channel->info.mtu :
					      mtu_search(is_too_long, channel);
	}
	set_info(channel, &now);
}

static int ask(struct chardev_channel *channel)
{
	struct ibmvmc_ioc_info info;
	struct ibmvmc_query query;
	int error;

	if (channel->driver == CHARDEV_DRIVER_VMCFS) {
		error = chardev_ioctl_info(channel->fd, &info);
		if (!error)
			chardev_channel_take(channel, &info);
		return error;
	}
	error = chardev_ioctl_query(channel->fd, &query);
	if (!error)
		take_query(channel, &query);
	return error;
}

void chardev_channel_look(struct chardev_channel *channel)
{
	gboolean tells;
	int error =
		channel->fd < 0 ? attach(channel, VMCFS_HELPER_TIMEOUT_MS) : 0;

	if (!error)
		error = ask(channel);
	if (error && channel->driver != CHARDEV_DRIVER_NONE)
		g_message("%s", channel->why);
	if (error)
		set_absent(channel);
	if (error || channel->info.state == DEVICE_DOWN)
		let_go(channel);
	tells = channel->fd >= 0 && channel->driver == CHARDEV_DRIVER_VMCFS;
	if (!tells)
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
