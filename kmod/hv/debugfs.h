/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The knobs of a simulated hypervisor, as files in debugfs, the same for every
 * module that hosts one; see docs/simulator.md for each. A host may add files
 * of its own to the directory.
 */
#ifndef VMC_HV_DEBUGFS_H
#define VMC_HV_DEBUGFS_H

#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#include "knob.h"

struct dentry;
struct seq_file;
struct vmc_hv;

/**
 * struct vmc_hv_debugfs_ops - what a host provides
 * @enter: begin to use the hypervisor, which waits meanwhile. What is done until
 *	@leave does not sleep
 * @leave: it may work again
 * @is_live: is the device there; may sleep
 * @set_live: add the device, or remove it; 0 or a negative errno; may sleep
 * @show_stats: figures of the host, behind those of the hypervisor; NULL if it
 *	has none. May sleep
 */
struct vmc_hv_debugfs_ops {
	struct vmc_hv *(*enter)(void *host);
	void (*leave)(void *host);
	bool (*is_live)(void *host);
	int (*set_live)(void *host, bool live);
	void (*show_stats)(void *host, struct seq_file *seq);
};

struct vmc_hv_debugfs;

/**
 * struct vmc_hv_debugfs_knob - the file of one knob
 * @knobs: its directory
 * @knob: row of the table
 */
struct vmc_hv_debugfs_knob {
	const struct vmc_hv_debugfs *knobs;
	const struct vmc_hv_knob *knob;
};

/**
 * struct vmc_hv_debugfs - the directory
 * @files: one for each knob
 * @ops: operations of the host
 * @host: their argument
 * @dir: for files that the host adds
 */
struct vmc_hv_debugfs {
	struct vmc_hv_debugfs_knob files[VMC_HV_KNOBS];
	const struct vmc_hv_debugfs_ops *ops;
	void *host;
	struct dentry *dir;
};

/**
 * vmc_hv_debugfs_init() - make the directory and the files
 * @knobs: filled; must outlive them. Without debugfs there are no knobs, which
 *	is no failure
 * @name: of the directory
 * @ops: must outlive them
 * @host: handed to the operations
 */
void vmc_hv_debugfs_init(struct vmc_hv_debugfs *knobs, const char *name,
			 const struct vmc_hv_debugfs_ops *ops, void *host);

/**
 * vmc_hv_debugfs_exit() - take them away; nobody turns a knob afterwards
 * @knobs: any
 */
void vmc_hv_debugfs_exit(struct vmc_hv_debugfs *knobs);

/**
 * vmc_hv_debugfs_line() - what was written to a knob that takes words
 * @line: filled and ended with a NUL
 * @size: of @line
 * @buf: as it was written
 * @count: bytes of it
 *
 * Return: 0, -EINVAL (too long, or with a NUL in it), -EFAULT.
 */
static inline int vmc_hv_debugfs_line(char *line, size_t size,
				      const char __user *buf, size_t count)
{
	if (count >= size)
		return -EINVAL;
	if (copy_from_user(line, buf, count))
		return -EFAULT;
	line[count] = '\0';
	return strlen(line) == count ? 0 : -EINVAL;
}

#endif
