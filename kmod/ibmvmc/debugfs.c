// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Debugfs: implements the driver's directory, where "sessions" shows each
 * connection and "reset" resets the channel. It is for debugging, and not a
 * stable interface.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"

static void ibmvmc_show_hmcs(struct seq_file *seq,
			     const struct crq_server_adapter *adapter)
{
	struct ibmvmc_hmc_info info;
	unsigned int i;

	for (i = 0; !ibmvmc_get_hmc_info(adapter, i, &info); i++) {
		seq_printf(seq, "%u %s %u %u %u ", i,
			   ibmvmc_hmc_state_name(info.state), info.session,
			   info.buffers, info.buffers_free);
		if (info.owner)
			seq_printf(seq, "%d\n", ibmvmc_file_pid(info.owner));
		else
			seq_puts(seq, "-\n");
	}
}

static int sessions_show(struct seq_file *seq, void *unused)
{
	struct ibmvmc_device *device = ibmvmc_node_get_device(seq->private);

	seq_puts(seq, "# index state session buffers free opened-by-pid\n");
	if (!device)
		return 0;
	mutex_lock(&device->lock);
	if (device->adapter)
		ibmvmc_show_hmcs(seq, device->adapter);
	mutex_unlock(&device->lock);
	ibmvmc_device_put(device);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(sessions);

/* Accept "1", with or without a newline. */
static int ibmvmc_check_one(const char __user *buf, size_t count)
{
	char text[3] = "";

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	return strlen(text) == count && sysfs_streq(text, "1") ? 0 : -EINVAL;
}

static int ibmvmc_reset_device(struct ibmvmc_device *device)
{
	int rc = -ENODEV;

	mutex_lock(&device->lock);
	if (device->adapter) {
		ibmvmc_restart(device->adapter);
		rc = 0;
	}
	mutex_unlock(&device->lock);
	return rc;
}

static ssize_t reset_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct ibmvmc_device *device;
	int rc;

	rc = ibmvmc_check_one(buf, count);
	if (rc)
		return rc;
	device = ibmvmc_node_get_device(file->private_data);
	if (!device)
		return -ENODEV;
	rc = ibmvmc_reset_device(device);
	ibmvmc_device_put(device);
	return rc ?: count;
}

static const struct file_operations reset_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = reset_write,
};

void ibmvmc_debugfs_init(struct ibmvmc_node *node)
{
	node->debugfs = debugfs_create_dir("ibmvmc", NULL);
	debugfs_create_file("sessions", 0400, node->debugfs, node,
			    &sessions_fops);
	debugfs_create_file("reset", 0200, node->debugfs, node, &reset_fops);
}

void ibmvmc_debugfs_exit(struct ibmvmc_node *node)
{
	debugfs_remove_recursive(node->debugfs);
}
