// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Driver: opens the node, issues ioctls, and converts their results to the
 * terms of the device interface. It does not know what a session or a channel
 * is.
 *
 * The node is opened by path each time, since a driver that was loaded again
 * may have another device number. Only the helper can open it.
 */
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

const char *chardev_driver_name(const struct chardev_driver *driver)
{
	return driver ? driver->name : "none";
}

int chardev_driver_recognise(const struct chardev_driver *const *drivers,
			     const char *path, int fd,
			     const struct chardev_driver **driver, char **why)
{
	for (; *drivers; drivers++) {
		if ((*drivers)->answers(fd)) {
			*driver = *drivers;
			return 0;
		}
	}
	*why = g_strdup_printf(
		"%s is not a Virtual Management Channel; name the device of the driver, such as /dev/ibmvmc, or sim",
		path);
	return -ENODEV;
}

static const char *no_device(enum device_state state)
{
	if (state == DEVICE_DOWN)
		return "there is no channel; write request-vmc to the control file of the tree to ask the hypervisor for one";
	return "the channel was not ready in time, or does not have this HMC index; see the status file of the tree";
}

const char *chardev_open_error(const struct chardev_driver *driver,
			       enum device_state state, int error)
{
	const char *words =
		driver && driver->explain ? driver->explain(error) : NULL;

	if (words)
		return words;
	switch (error) {
	case -EBUSY:
		return "the HMC index is in use by another process; end that process, or open another index";
	case -ENODEV:
		return no_device(state);
	case -EUSERS:
	case -ENFILE:
		return "too many sessions wait to be opened; end the programs that open them, or load the driver with a larger max_waiting=";
	default:
		return NULL;
	}
}

static char *absent(const char *path)
{
	if (!g_str_has_prefix(path, "/dev/"))
		return g_strdup_printf(
			"%s does not exist; the source is sim, or a character device such as /dev/ibmvmc",
			path);
	return g_strdup_printf(
		"%s does not exist here; load the driver with 'modprobe ibmvmc', name another device, or let the service see it with DeviceAllow= and BindPaths=",
		path);
}

static int complain(const char *path, int error, char **why)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		*why = absent(path);
		return -ENODEV;
	case ENXIO:
	case ENODEV:
		*why = g_strdup_printf(
			"%s has no driver; load one with 'modprobe ibmvmc'",
			path);
		return -ENODEV;
	case EACCES:
	case EPERM:
		*why = g_strdup_printf(
			"%s may not be opened by this user; run vmcfs as root, or change the owner or the mode of the device",
			path);
		return -EACCES;
	case ENOTTY:
		*why = g_strdup_printf(
			"%s is not a character device; name the one of the driver, such as /dev/ibmvmc, or sim",
			path);
		return -ENODEV;
	case ETIMEDOUT:
		*why = g_strdup_printf(
			"%s was not opened in time: its driver, or the modprobe for it, does not respond; see the kernel's log",
			path);
		return -ETIMEDOUT;
	case EPIPE:
		*why = g_strdup_printf(
			"%s cannot be opened, since the privileged helper has ended; restart vmcfs",
			path);
		return -EIO;
	default:
		*why = g_strdup_printf("%s cannot be opened: %s", path,
				       g_strerror(error));
		return -error;
	}
}

int chardev_node_open_path(const char *path, int flags, int *fd)
{
	g_autofree char *checked = NULL;
	struct stat attributes;
	int node = open(path, O_PATH | O_CLOEXEC);
	int error = 0;

	if (node < 0)
		return -errno;
	checked = g_strdup_printf("/proc/self/fd/%d", node);
	if (fstat(node, &attributes))
		error = -errno;
	else if (!S_ISCHR(attributes.st_mode))
		error = -ENOTTY;
	if (!error) {
		*fd = open(checked, O_RDWR | O_CLOEXEC | O_NOCTTY | flags);
		error = *fd < 0 ? -errno : 0;
	}
	close(node);
	return error;
}

int chardev_node_open(struct privilege *privilege, const char *path,
		      int timeout_ms, int *fd, char **why)
{
	int opened;
	int error = privilege_call(privilege, HELPER_OPEN_NODE, timeout_ms,
				   &opened);

	if (error)
		return complain(path, -error, why);
	*fd = opened;
	return 0;
}

static int call(int fd, unsigned long request, void *argument)
{
	return ioctl(fd, request, argument) < 0 ? -errno : 0;
}

int chardev_ioctl_query(int fd, struct ibmvmc_query *query)
{
	struct ibmvmc_query answer = { 0 };
	int error = call(fd, IBMVMC_IOC_QUERY, &answer);

	if (!error)
		*query = answer;
	return error;
}

int chardev_ioctl_info(int fd, struct ibmvmc_ioc_info *info)
{
	struct ibmvmc_ioc_info answer = { .size = sizeof(answer) };
	int error = call(fd, IBMVMC_IOC_INFO, &answer);

	if (!error)
		*info = answer;
	return error;
}

int chardev_ioctl_open(int fd, guint index,
		       const guint8 hmc_id[IBMVMC_HMC_ID_LEN], guint timeout_ms)
{
	struct ibmvmc_ioc_open open = {
		.size = sizeof(open),
		.hmc_index = (gint32)index,
		.timeout_ms = timeout_ms,
	};

	memcpy(open.hmc_id, hmc_id, sizeof(open.hmc_id));
	return call(fd, IBMVMC_IOC_OPEN, &open);
}

int chardev_ioctl_set_hmc_id(int fd, const guint8 hmc_id[IBMVMC_HMC_ID_LEN])
{
	guint8 copy[IBMVMC_HMC_ID_LEN];

	memcpy(copy, hmc_id, sizeof(copy));
	return call(fd, IBMVMC_IOC_SETHMCID, copy);
}

int chardev_ioctl_request_vmc(int fd)
{
	guint32 drc_index;

	return call(fd, IBMVMC_IOC_REQUESTVMC, &drc_index);
}

enum device_state chardev_info_state(gint32 state)
{
	switch (state) {
	case IBMVMC_CHANNEL_NONE:
		return DEVICE_DOWN;
	case IBMVMC_CHANNEL_READY:
		return DEVICE_READY;
	case IBMVMC_CHANNEL_FAILED:
		return DEVICE_FAILED;
	default:
		return DEVICE_CONNECTING;
	}
}

void chardev_info_channel(const struct ibmvmc_ioc_info *from,
			  struct device_info *to)
{
	*to = (struct device_info){
		.state = chardev_info_state(from->channel_state),
		.hmcs = MIN(from->hmcs, VMC_HMCS_MAX),
		.mtu = from->mtu,
		.pool = from->pool,
		.drc_index = from->drc_index,
		.resets = from->resets,
		.last_reset = device_reset_words(from->last_reset),
	};
}

void chardev_info_hmc(const struct ibmvmc_ioc_info *from,
		      struct device_hmc_info *to)
{
	*to = (struct device_hmc_info){
		.session = from->hmc_session,
		.buffers = from->buffers,
		.buffers_free = from->buffers_free,
	};
}

int chardev_info_open_error(int error, gboolean waited)
{
	if (!waited)
		return error == -EINVAL ? -ENODEV : error;
	return error == -EBUSY || error == -ENOBUFS ? -ETIMEDOUT : error;
}

int chardev_request_ask(const char *path)
{
	int fd = -1;
	int error = chardev_node_open_path(path, 0, &fd);

	if (error)
		return error;
	error = chardev_ioctl_request_vmc(fd);
	close(fd);
	return error;
}

static void on_answer(void *data, int error)
{
	struct chardev_request *request = data;

	if (error == -ENOENT || error == -ENXIO)
		error = -ENODEV;
	request->ended(request->data, error);
}

int chardev_request_start(struct chardev_request *request,
			  struct privilege *privilege)
{
	return privilege_request(privilege, HELPER_REQUEST_VMC, on_answer,
				 request);
}
