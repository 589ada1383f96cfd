// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One file for each knob. A write returns when the knob is turned, or with an
 * error and nothing changed: EINVAL (not understood, or out of range), EMSGSIZE,
 * ENOTCONN (no session on that index), EBUSY, ENODEV.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "sim_debugfs.h"
#include "sim_device.h"

/* The longest write to a knob that takes words or numbers. */
#define SIM_LINE_MAX 128

/* An index, a blank, and the longest message. */
#define SIM_EMIT_MAX (VMC_MTU_MAX + 16)

static int live_get(void *data, u64 *value)
{
	*value = sim_device_is_live(data);
	return 0;
}

static int live_set(void *data, u64 value)
{
	return value > 1 ? -EINVAL : sim_device_set_live(data, value);
}
DEFINE_DEBUGFS_ATTRIBUTE(live_fops, live_get, live_set, "%llu\n");

static void sim_get_knobs(struct sim_device *device, struct vmc_hv_knobs *knobs)
{
	vmc_hv_get_knobs(sim_device_enter(device), knobs);
	sim_device_leave(device);
}

static int stall_get(void *data, u64 *value)
{
	struct vmc_hv_knobs knobs;

	sim_get_knobs(data, &knobs);
	*value = knobs.stalled;
	return 0;
}

static int stall_set(void *data, u64 value)
{
	if (value > 1)
		return -EINVAL;
	vmc_hv_stall(sim_device_enter(data), value);
	sim_device_leave(data);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(stall_fops, stall_get, stall_set, "%llu\n");

static int delay_ms_get(void *data, u64 *value)
{
	struct vmc_hv_knobs knobs;

	sim_get_knobs(data, &knobs);
	*value = knobs.delay_ms;
	return 0;
}

static int delay_ms_set(void *data, u64 value)
{
	int rc;

	if (value > VMC_HV_DELAY_MAX_MS)
		return -EINVAL;
	rc = vmc_hv_set_delay(sim_device_enter(data), value);
	sim_device_leave(data);
	return rc;
}
DEFINE_DEBUGFS_ATTRIBUTE(delay_ms_fops, delay_ms_get, delay_ms_set, "%llu\n");

static int sim_refused_get(struct sim_device *device,
			   enum vmc_hv_request request, u64 *value)
{
	struct vmc_hv_knobs knobs;

	sim_get_knobs(device, &knobs);
	*value = knobs.refused[request];
	return 0;
}

static int sim_refused_set(struct sim_device *device,
			   enum vmc_hv_request request, u64 value)
{
	if (value > 1)
		return -EINVAL;
	vmc_hv_set_refused(sim_device_enter(device), request, value);
	sim_device_leave(device);
	return 0;
}

static int refuse_open_get(void *data, u64 *value)
{
	return sim_refused_get(data, VMC_HV_REQUEST_OPEN, value);
}

static int refuse_open_set(void *data, u64 value)
{
	return sim_refused_set(data, VMC_HV_REQUEST_OPEN, value);
}
DEFINE_DEBUGFS_ATTRIBUTE(refuse_open_fops, refuse_open_get, refuse_open_set,
			 "%llu\n");

static int refuse_request_vmc_get(void *data, u64 *value)
{
	return sim_refused_get(data, VMC_HV_REQUEST_VMC, value);
}

static int refuse_request_vmc_set(void *data, u64 value)
{
	return sim_refused_set(data, VMC_HV_REQUEST_VMC, value);
}
DEFINE_DEBUGFS_ATTRIBUTE(refuse_request_vmc_fops, refuse_request_vmc_get,
			 refuse_request_vmc_set, "%llu\n");

/* A write to a knob that takes words, as a string. */
static int sim_get_line(char line[SIM_LINE_MAX], const char __user *buf,
			size_t count)
{
	if (count >= SIM_LINE_MAX)
		return -EINVAL;
	if (copy_from_user(line, buf, count))
		return -EFAULT;
	line[count] = '\0';
	return 0;
}

static ssize_t reset_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	static const struct {
		const char *name;
		u8 kind;
	} kinds[] = {
		{ "partner-failed", VMC_EVENT_PARTNER_FAILED },
		{ "deregistered", VMC_EVENT_PARTNER_DEREGISTERED },
		{ "terminated", VMC_EVENT_PARTNER_TERMINATED },
		{ "migrated", VMC_EVENT_MIGRATED },
	};
	char word[SIM_LINE_MAX];
	unsigned int i;
	int rc;

	rc = sim_get_line(word, buf, count);
	if (rc)
		return rc;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!sysfs_streq(word, kinds[i].name))
			continue;
		rc = vmc_hv_transport_event(sim_device_enter(file->private_data),
					    kinds[i].kind);
		sim_device_leave(file->private_data);
		return rc ?: count;
	}
	return -EINVAL;
}

static ssize_t flood_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	unsigned int index, size;
	int end = 0;
	char line[SIM_LINE_MAX];
	u64 messages;
	int rc;

	rc = sim_get_line(line, buf, count);
	if (rc)
		return rc;
	if (sscanf(line, "%u %llu %u %n", &index, &messages, &size, &end) != 3 ||
	    line[end])
		return -EINVAL;
	rc = vmc_hv_flood(sim_device_enter(file->private_data), index, messages,
			  size);
	sim_device_leave(file->private_data);
	return rc ?: count;
}

/* The message is what stands behind the first blank, to the last byte. */
static int sim_emit(struct sim_device *device, char *text, size_t len)
{
	char *blank = memchr(text, ' ', len);
	unsigned int index;
	int rc;

	if (!blank)
		return -EINVAL;
	*blank = '\0';
	rc = kstrtouint(text, 10, &index);
	if (rc)
		return rc;
	rc = vmc_hv_emit(sim_device_enter(device), index, blank + 1,
			 text + len - (blank + 1));
	sim_device_leave(device);
	return rc;
}

static ssize_t emit_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	char *text;
	int rc;

	if (count > SIM_EMIT_MAX)
		return -EMSGSIZE;
	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	rc = sim_emit(file->private_data, text, count);
	kfree(text);
	return rc ?: count;
}

static int stats_show(struct seq_file *seq, void *unused)
{
	struct vmc_hv_stats stats;

	vmc_hv_get_stats(sim_device_enter(seq->private), &stats);
	sim_device_leave(seq->private);
	seq_printf(seq, "entries_received: %llu\n", stats.received);
	seq_printf(seq, "entries_sent: %llu\n", stats.sent);
	seq_printf(seq, "messages_received: %llu\n", stats.messages_in);
	seq_printf(seq, "messages_sent: %llu\n", stats.messages_out);
	seq_printf(seq, "flood_left: %llu\n", stats.flood_left);
	seq_printf(seq, "violations: %llu\n", stats.violations);
	seq_printf(seq, "queue_high: %u\n", stats.queue_high);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

#define SIM_WRITE_ONLY(name)				\
static const struct file_operations name##_fops = {	\
	.owner = THIS_MODULE,				\
	.open = simple_open,				\
	.write = name##_write,				\
}

SIM_WRITE_ONLY(reset);
SIM_WRITE_ONLY(flood);
SIM_WRITE_ONLY(emit);

void sim_debugfs_init(struct sim_device *device)
{
	struct dentry *dir = debugfs_create_dir("ibmvmc-sim", NULL);

	device->debugfs = dir;
	debugfs_create_file("live", 0600, dir, device, &live_fops);
	debugfs_create_file("stall", 0600, dir, device, &stall_fops);
	debugfs_create_file("delay_ms", 0600, dir, device, &delay_ms_fops);
	debugfs_create_file("refuse_open", 0600, dir, device,
			    &refuse_open_fops);
	debugfs_create_file("refuse_request_vmc", 0600, dir, device,
			    &refuse_request_vmc_fops);
	debugfs_create_file("reset", 0200, dir, device, &reset_fops);
	debugfs_create_file("flood", 0200, dir, device, &flood_fops);
	debugfs_create_file("emit", 0200, dir, device, &emit_fops);
	debugfs_create_file("stats", 0400, dir, device, &stats_fops);
}

void sim_debugfs_exit(struct sim_device *device)
{
	debugfs_remove_recursive(device->debugfs);
}
