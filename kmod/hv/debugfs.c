// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Knobs as files in debugfs: one file for each row of the table in knob.h, one
 * that adds and removes the device, and one with the counters. A write returns
 * after the knob has taken effect, or fails without an effect: EINVAL (syntax, or
 * a number is out of range), EMSGSIZE, ENOTCONN (no session on that index),
 * EBUSY, ENOSPC. It does not know the individual knobs.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "hv.h"
#include "debugfs.h"
#include "knob.h"

/* Longest write in bytes: an index, a blank, and the longest message. */
#define WRITE_MAX_LEN (VMC_MTU_MAX + 16)

static struct vmc_hv *enter(const struct vmc_hv_debugfs *knobs)
{
	return knobs->ops->enter(knobs->host);
}

static void leave(const struct vmc_hv_debugfs *knobs)
{
	knobs->ops->leave(knobs->host);
}

static int live_get(void *data, u64 *value)
{
	const struct vmc_hv_debugfs *knobs = data;

	*value = knobs->ops->is_live(knobs->host);
	return 0;
}

static int live_set(void *data, u64 value)
{
	const struct vmc_hv_debugfs *knobs = data;

	return value > 1 ? -EINVAL : knobs->ops->set_live(knobs->host, value);
}
DEFINE_DEBUGFS_ATTRIBUTE(live_fops, live_get, live_set, "%llu\n");

/* A file has the name of its knob. */
static const struct vmc_hv_knob *knob_of(const struct file *file)
{
	const struct qstr *name = &file_dentry(file)->d_name;

	return vmc_hv_find_knob(name->name, name->len);
}

static int knob_show(struct seq_file *seq, void *unused)
{
	const struct vmc_hv_debugfs *knobs = seq->private;
	const struct vmc_hv_knob *knob = knob_of(seq->file);
	const struct vmc_hv *hv;
	char *text;
	int len;

	if (!knob->show)
		return -EPERM;
	text = kmalloc(VMC_HV_KNOB_TEXT, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	hv = enter(knobs);
	len = knob->show(hv, text, VMC_HV_KNOB_TEXT);
	leave(knobs);
	seq_write(seq, text, len);
	kfree(text);
	return 0;
}

static int knob_open(struct inode *inode, struct file *file)
{
	return single_open(file, knob_show, inode->i_private);
}

static int knob_turn(const struct vmc_hv_debugfs *knobs,
		     const struct vmc_hv_knob *knob, const char *text,
		     size_t len)
{
	struct vmc_hv_command command;
	int rc;

	rc = vmc_hv_parse(knob, text, len, &command);
	if (rc)
		return rc;
	rc = vmc_hv_turn(enter(knobs), &command);
	leave(knobs);
	return rc;
}

static ssize_t knob_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct seq_file *seq = file->private_data;
	char *text;
	int rc;

	if (count > WRITE_MAX_LEN)
		return -EMSGSIZE;
	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	rc = knob_turn(seq->private, knob_of(file), text, count);
	kfree(text);
	return rc ?: count;
}

static const struct file_operations knob_fops = {
	.owner = THIS_MODULE,
	.open = knob_open,
	.read = seq_read,
	.write = knob_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int stats_show(struct seq_file *seq, void *unused)
{
	const struct vmc_hv_debugfs *knobs = seq->private;
	struct vmc_hv_stats stats;

	vmc_hv_get_stats(enter(knobs), &stats);
	leave(knobs);
	seq_printf(seq, "entries_received: %llu\n", stats.received);
	seq_printf(seq, "entries_sent: %llu\n", stats.sent);
	seq_printf(seq, "messages_received: %llu\n", stats.messages_in);
	seq_printf(seq, "messages_sent: %llu\n", stats.messages_out);
	seq_printf(seq, "flood_left: %llu\n", stats.flood_left);
	seq_printf(seq, "violations: %llu\n", stats.violations);
	seq_printf(seq, "faults: %llu\n", stats.faults);
	seq_printf(seq, "provoked: %llu\n", stats.provoked);
	seq_printf(seq, "queue_high: %u\n", stats.queue_high);
	if (knobs->ops->show_stats)
		knobs->ops->show_stats(knobs->host, seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

void vmc_hv_debugfs_init(struct vmc_hv_debugfs *knobs, const char *name,
			 const struct vmc_hv_debugfs_ops *ops, void *host)
{
	struct dentry *dir = debugfs_create_dir(name, NULL);
	const struct vmc_hv_knob *knob;

	knobs->ops = ops;
	knobs->host = host;
	knobs->dir = dir;
	debugfs_create_file("live", 0600, dir, knobs, &live_fops);
	debugfs_create_file("stats", 0400, dir, knobs, &stats_fops);
	for (knob = vmc_hv_knobs; knob->name; knob++)
		debugfs_create_file(knob->name, knob->show ? 0600 : 0200, dir,
				    knobs, &knob_fops);
}

VMC_EXPORT(vmc_hv_debugfs_init, VMC_HV);

void vmc_hv_debugfs_exit(struct vmc_hv_debugfs *knobs)
{
	debugfs_remove_recursive(knobs->dir);
}

VMC_EXPORT(vmc_hv_debugfs_exit, VMC_HV);
