/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Knobs in debugfs: shows the knobs of a simulated hypervisor as files, for
 * modules that host one. It does not define the knobs: knob.h does.
 * docs/simulator.md describes each file. A host may add files to the directory.
 */
#ifndef VMC_HV_DEBUGFS_H
#define VMC_HV_DEBUGFS_H

#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>

struct dentry;
struct seq_file;
struct vmc_hv;

/**
 * struct vmc_hv_debugfs_ops - operations of a host
 * @enter: lock and return the hypervisor; the caller does not sleep until
 *	@leave
 * @leave: unlock the hypervisor and let it run
 * @is_live: check whether the device exists; may sleep
 * @set_live: add or remove the device; returns 0 or a negative errno; may sleep
 * @show_stats: print counters of the host after those of the hypervisor; may
 *	sleep; NULL if there are none
 */
struct vmc_hv_debugfs_ops {
	struct vmc_hv *(*enter)(void *host);
	void (*leave)(void *host);
	bool (*is_live)(void *host);
	int (*set_live)(void *host, bool live);
	void (*show_stats)(void *host, struct seq_file *seq);
};

/**
 * struct vmc_hv_debugfs - the directory of the knobs
 * @ops: operations of the host
 * @host: argument of these operations
 * @dir: directory, to which the host may add files
 */
struct vmc_hv_debugfs {
	const struct vmc_hv_debugfs_ops *ops;
	void *host;
	struct dentry *dir;
};

/**
 * vmc_hv_debugfs_init() - create the directory and its files
 * @knobs: filled; must outlive the files; has no files if the kernel has no
 *	debugfs
 * @name: name of the directory
 * @ops: operations of the host; must outlive the files
 * @host: argument of the operations
 */
void vmc_hv_debugfs_init(struct vmc_hv_debugfs *knobs, const char *name,
			 const struct vmc_hv_debugfs_ops *ops, void *host);

/**
 * vmc_hv_debugfs_exit() - remove the files, and wait for calls in progress
 * @knobs: directory of the knobs
 */
void vmc_hv_debugfs_exit(struct vmc_hv_debugfs *knobs);

/**
 * vmc_hv_debugfs_line() - copy a line written to a file of the host
 * @line: filled and terminated with a NUL
 * @size: size of @line in bytes
 * @buf: written bytes
 * @count: number of written bytes
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
