// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One file for each knob. A write returns when the knob is turned, or with an
 * error and nothing changed: EINVAL (not understood, or out of range), EMSGSIZE,
 * ENOTCONN (no session on that index), EBUSY, ENODEV.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "hv/hv.h"
#include "hv_debugfs.h"

/* The longest write to a knob that takes words or numbers. */
#define LINE_MAX_LEN 128

/* An index, a blank, and the longest message. */
#define EMIT_MAX_LEN (VMC_MTU_MAX + 16)

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

/* How the hypervisor's own knobs are set. */
static struct vmc_hv_knobs look(const struct vmc_hv_debugfs *knobs)
{
	struct vmc_hv_knobs set;

	vmc_hv_get_knobs(enter(knobs), &set);
	leave(knobs);
	return set;
}

static int partner_get(void *data, u64 *value)
{
	*value = look(data).present;
	return 0;
}

static int partner_set(void *data, u64 value)
{
	if (value > 1)
		return -EINVAL;
	vmc_hv_set_partner(enter(data), value);
	leave(data);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(partner_fops, partner_get, partner_set, "%llu\n");

static int stall_get(void *data, u64 *value)
{
	*value = look(data).stalled;
	return 0;
}

static int stall_set(void *data, u64 value)
{
	if (value > 1)
		return -EINVAL;
	vmc_hv_stall(enter(data), value);
	leave(data);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(stall_fops, stall_get, stall_set, "%llu\n");

static int delay_ms_get(void *data, u64 *value)
{
	*value = look(data).delay_ms;
	return 0;
}

static int delay_ms_set(void *data, u64 value)
{
	int rc;

	if (value > VMC_HV_DELAY_MAX_MS)
		return -EINVAL;
	rc = vmc_hv_set_delay(enter(data), value);
	leave(data);
	return rc;
}
DEFINE_DEBUGFS_ATTRIBUTE(delay_ms_fops, delay_ms_get, delay_ms_set, "%llu\n");

static int set_refused(const struct vmc_hv_debugfs *knobs,
		       enum vmc_hv_request request, u64 value)
{
	if (value > 1)
		return -EINVAL;
	vmc_hv_set_refused(enter(knobs), request, value);
	leave(knobs);
	return 0;
}

static int refuse_open_get(void *data, u64 *value)
{
	*value = look(data).refused[VMC_HV_REQUEST_OPEN];
	return 0;
}

static int refuse_open_set(void *data, u64 value)
{
	return set_refused(data, VMC_HV_REQUEST_OPEN, value);
}
DEFINE_DEBUGFS_ATTRIBUTE(refuse_open_fops, refuse_open_get, refuse_open_set,
			 "%llu\n");

static int refuse_request_vmc_get(void *data, u64 *value)
{
	*value = look(data).refused[VMC_HV_REQUEST_VMC];
	return 0;
}

static int refuse_request_vmc_set(void *data, u64 value)
{
	return set_refused(data, VMC_HV_REQUEST_VMC, value);
}
DEFINE_DEBUGFS_ATTRIBUTE(refuse_request_vmc_fops, refuse_request_vmc_get,
			 refuse_request_vmc_set, "%llu\n");

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
	char word[LINE_MAX_LEN];
	unsigned int i;
	int rc;

	rc = vmc_hv_debugfs_line(word, sizeof(word), buf, count);
	if (rc)
		return rc;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!sysfs_streq(word, kinds[i].name))
			continue;
		rc = vmc_hv_transport_event(enter(file->private_data),
					    kinds[i].kind);
		leave(file->private_data);
		return rc ?: count;
	}
	return -EINVAL;
}

static ssize_t entry_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	char line[LINE_MAX_LEN];
	u64 word1, word2;
	int end = 0;
	int rc;

	rc = vmc_hv_debugfs_line(line, sizeof(line), buf, count);
	if (rc)
		return rc;
	if (sscanf(line, "%llx %llx %n", &word1, &word2, &end) != 2 ||
	    line[end])
		return -EINVAL;
	rc = vmc_hv_entry(enter(file->private_data), word1, word2);
	leave(file->private_data);
	return rc ?: count;
}

static ssize_t flood_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	unsigned int index, size;
	int end = 0;
	char line[LINE_MAX_LEN];
	u64 messages;
	int rc;

	rc = vmc_hv_debugfs_line(line, sizeof(line), buf, count);
	if (rc)
		return rc;
	if (sscanf(line, "%u %llu %u %n", &index, &messages, &size, &end) != 3 ||
	    line[end])
		return -EINVAL;
	rc = vmc_hv_flood(enter(file->private_data), index, messages,
			  size);
	leave(file->private_data);
	return rc ?: count;
}

/* The message is what stands behind the first blank, to the last byte. */
static int emit(const struct vmc_hv_debugfs *knobs, char *text, size_t len)
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
	rc = vmc_hv_emit(enter(knobs), index, blank + 1,
			 text + len - (blank + 1));
	leave(knobs);
	return rc;
}

static ssize_t emit_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	char *text;
	int rc;

	if (count > EMIT_MAX_LEN)
		return -EMSGSIZE;
	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	rc = emit(file->private_data, text, count);
	kfree(text);
	return rc ?: count;
}

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
	seq_printf(seq, "queue_high: %u\n", stats.queue_high);
	if (knobs->ops->show_stats)
		knobs->ops->show_stats(knobs->host, seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

#define WRITE_ONLY(name)				\
static const struct file_operations name##_fops = {	\
	.owner = THIS_MODULE,				\
	.open = simple_open,				\
	.write = name##_write,				\
}

WRITE_ONLY(reset);
WRITE_ONLY(entry);
WRITE_ONLY(flood);
WRITE_ONLY(emit);

void vmc_hv_debugfs_init(struct vmc_hv_debugfs *knobs, const char *name,
			 const struct vmc_hv_debugfs_ops *ops, void *host)
{
	struct dentry *dir = debugfs_create_dir(name, NULL);

	knobs->ops = ops;
	knobs->host = host;
	knobs->dir = dir;
	debugfs_create_file("live", 0600, dir, knobs, &live_fops);
	debugfs_create_file("partner", 0600, dir, knobs, &partner_fops);
	debugfs_create_file("stall", 0600, dir, knobs, &stall_fops);
	debugfs_create_file("delay_ms", 0600, dir, knobs, &delay_ms_fops);
	debugfs_create_file("refuse_open", 0600, dir, knobs,
			    &refuse_open_fops);
	debugfs_create_file("refuse_request_vmc", 0600, dir, knobs,
			    &refuse_request_vmc_fops);
	debugfs_create_file("reset", 0200, dir, knobs, &reset_fops);
	debugfs_create_file("entry", 0200, dir, knobs, &entry_fops);
	debugfs_create_file("flood", 0200, dir, knobs, &flood_fops);
	debugfs_create_file("emit", 0200, dir, knobs, &emit_fops);
	debugfs_create_file("stats", 0400, dir, knobs, &stats_fops);
}
VMC_EXPORT(vmc_hv_debugfs_init, VMC_HV);

void vmc_hv_debugfs_exit(struct vmc_hv_debugfs *knobs)
{
	debugfs_remove_recursive(knobs->dir);
}
VMC_EXPORT(vmc_hv_debugfs_exit, VMC_HV);
