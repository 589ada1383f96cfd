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
	struct ibmvmc_host *host = ibmvmc_node_get_host(seq->private);

	seq_puts(seq, "# index state session buffers free opened-by-pid\n");
	if (!host)
		return 0;
	mutex_lock(&host->lock);
	if (host->adapter)
		ibmvmc_show_hmcs(seq, host->adapter);
	mutex_unlock(&host->lock);
	ibmvmc_host_put(host);
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

static int ibmvmc_reset_host(struct ibmvmc_host *host)
{
	int rc = -ENODEV;

	mutex_lock(&host->lock);
	if (host->adapter) {
		ibmvmc_restart(host->adapter);
		rc = 0;
	}
	mutex_unlock(&host->lock);
	return rc;
}

static ssize_t reset_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct ibmvmc_host *host;
	int rc;

	rc = ibmvmc_check_one(buf, count);
	if (rc)
		return rc;
	host = ibmvmc_node_get_host(file->private_data);
	if (!host)
		return -ENODEV;
	rc = ibmvmc_reset_host(host);
	ibmvmc_host_put(host);
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
