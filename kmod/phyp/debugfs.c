// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Knobs in debugfs: adds the files of this module to those of every simulated
 * hypervisor, which it does not implement. A write returns after the knob has
 * taken effect, or fails with EINVAL without an effect.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "internal.h"

/* Maximum length of a write to a knob that takes words, with its NUL. */
#define LINE_MAX_LEN 64

/* clang-format off */
static const char *const window_names[PHYP_WINDOWS] = {
	[PHYP_WINDOW_TWO] = "two",
	[PHYP_WINDOW_ONE] = "one",
	[PHYP_WINDOW_SHORT] = "short",
	[PHYP_WINDOW_NONE] = "none",
	[PHYP_WINDOW_NO_CELLS] = "no-cells",
};

/* clang-format on */

/* Defines a file for the number PLACE of struct phyp, from 0 to MAX. */
/* clang-format off */
#define NUMBER(name, place, max)					\
static u32 *name##_of(struct phyp *phyp)				\
{									\
	return place;							\
}									\
									\
static int name##_get(void *data, u64 *value)				\
{									\
	struct phyp *phyp = data;					\
									\
	phyp_enter(phyp);						\
	*value = *name##_of(phyp);					\
	phyp_leave(phyp);						\
	return 0;							\
}									\
									\
static int name##_set(void *data, u64 value)				\
{									\
	struct phyp *phyp = data;					\
									\
	if (value > (max))						\
		return -EINVAL;						\
	phyp_enter(phyp);						\
	*name##_of(phyp) = value;					\
	phyp_leave(phyp);						\
	return 0;							\
}									\
DEFINE_DEBUGFS_ATTRIBUTE(name##_fops, name##_get, name##_set, "%llu\n")

/* clang-format on */

NUMBER(lost_interrupts, &phyp->crq.lost_interrupts, U32_MAX);
NUMBER(mute, &phyp->mute, 1);
NUMBER(jitter_us, &phyp->jitter_us, PHYP_JITTER_MAX_US);

/* Defines a file of words that can be read and written. */
/* clang-format off */
#define SHOW_AND_WRITE(name)						\
static int name##_open(struct inode *inode, struct file *file)		\
{									\
	return single_open(file, name##_show, inode->i_private);	\
}									\
									\
static const struct file_operations name##_fops = {			\
	.owner = THIS_MODULE,						\
	.open = name##_open,						\
	.read = seq_read,						\
	.write = name##_write,						\
	.llseek = seq_lseek,						\
	.release = single_release,					\
}

/* clang-format on */

static int window_show(struct seq_file *seq, void *unused)
{
	seq_printf(seq, "%s\n",
		   window_names[phyp_hotplug_window(seq->private)]);
	return 0;
}

static ssize_t window_write(struct file *file, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct seq_file *seq = file->private_data;
	char line[LINE_MAX_LEN];
	int rc;

	rc = vmc_hv_debugfs_line(line, sizeof(line), buf, count);
	if (rc)
		return rc;
	rc = match_string(window_names, PHYP_WINDOWS, strim(line));
	if (rc < 0)
		return rc;
	phyp_hotplug_set_window(seq->private, rc);
	return count;
}

SHOW_AND_WRITE(window);

static int fail_show(struct seq_file *seq, void *unused)
{
	struct phyp *phyp = seq->private;
	struct phyp_fail fail[PHYP_HCALLS];
	const char *name;
	unsigned int i;

	phyp_enter(phyp);
	memcpy(fail, phyp->fail, sizeof(fail));
	phyp_leave(phyp);
	for (i = 0; i < PHYP_HCALLS; i++) {
		seq_printf(seq, "%s: calls %llu, failures left %u, answer ",
			   phyp_fail_hcall_name(i), fail[i].calls,
			   fail[i].left);
		name = phyp_fail_answer_name(fail[i].answer);
		if (name)
			seq_printf(seq, "%s\n", name);
		else
			seq_printf(seq, "%ld\n", fail[i].answer);
	}
	return 0;
}

static ssize_t fail_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct seq_file *seq = file->private_data;
	struct phyp *phyp = seq->private;
	char line[LINE_MAX_LEN], hcall_name[16], answer_name[24];
	enum phyp_hcall hcall;
	u32 failures = 1;
	long answer;
	char more;
	int words;
	int rc;

	rc = vmc_hv_debugfs_line(line, sizeof(line), buf, count);
	if (rc)
		return rc;
	words = sscanf(line, "%15s %23s %u %c", hcall_name, answer_name,
		       &failures, &more);
	if (words != 2 && words != 3)
		return -EINVAL;
	rc = phyp_fail_parse_hcall(hcall_name, &hcall);
	if (!rc)
		rc = phyp_fail_parse_answer(answer_name, &answer);
	if (rc)
		return rc;
	phyp_enter(phyp);
	phyp->fail[hcall].answer = answer;
	phyp->fail[hcall].left = failures;
	phyp_leave(phyp);
	return count;
}

SHOW_AND_WRITE(fail);

static struct vmc_hv *knobs_enter(void *host)
{
	struct phyp *phyp = host;

	phyp_enter(phyp);
	return phyp->hv;
}

static void knobs_leave(void *host)
{
	phyp_leave(host);
}

static bool knobs_is_live(void *host)
{
	return phyp_hotplug_is_live(host);
}

static int knobs_set_live(void *host, bool live)
{
	return phyp_hotplug_set_live(host, live);
}

static void knobs_show_stats(void *host, struct seq_file *seq)
{
	struct phyp *phyp = host;
	unsigned int mapped;
	u64 faults;

	phyp_enter(phyp);
	mapped = phyp->tce.mapped;
	faults = phyp->tce_faults;
	phyp_leave(phyp);
	seq_printf(seq, "interrupts: %llu\n",
		   (u64)atomic64_read(&phyp->interrupt.raised));
	seq_printf(seq, "missed_calls: %lu\n",
		   hcall_probes_missed(&phyp->probes));
	seq_printf(seq, "tce_faults: %llu\n", faults);
	seq_printf(seq, "mapped: %u\n", mapped);
}

static const struct vmc_hv_debugfs_ops knobs_ops = {
	.enter = knobs_enter,
	.leave = knobs_leave,
	.is_live = knobs_is_live,
	.set_live = knobs_set_live,
	.show_stats = knobs_show_stats,
};

void phyp_debugfs_init(struct phyp *phyp)
{
	struct dentry *dir;

	vmc_hv_debugfs_init(&phyp->knobs, "vmc-phyp", &knobs_ops, phyp);
	dir = phyp->knobs.dir;
	debugfs_create_file("fail", 0600, dir, phyp, &fail_fops);
	debugfs_create_file("lost_interrupts", 0600, dir, phyp,
			    &lost_interrupts_fops);
	debugfs_create_file("mute", 0600, dir, phyp, &mute_fops);
	debugfs_create_file("jitter_us", 0600, dir, phyp, &jitter_us_fops);
	debugfs_create_file("window", 0600, dir, phyp, &window_fops);
}

void phyp_debugfs_exit(struct phyp *phyp)
{
	vmc_hv_debugfs_exit(&phyp->knobs);
}
