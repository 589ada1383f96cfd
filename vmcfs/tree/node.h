/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nodes: what the kernel refers to by a number, and its attributes. Directories
 * and text files have a number for the life of the mount. A log segment has two:
 * one as "message", which writers may go on using after a rotation, and one as
 * "message.1", which is read-only; both show the same inode number.
 */
#ifndef VMCFS_NODE_H
#define VMCFS_NODE_H

#include <sys/stat.h>

#include <glib.h>

#include "tree.h"

enum node_type {
	NODE_ROOT,
	NODE_README,
	NODE_CONTROL,
	NODE_STATUS,
	NODE_HMC,
	NODE_HMC_CONTROL,
	NODE_HMC_STATUS,
	NODE_SEGMENT,
};

/**
 * struct node - file or directory
 * @type: enum node_type
 * @id: number in FUSE requests
 * @ino: inode number shown to users
 * @files: HMC index it belongs to, NULL outside of one
 * @segment: segment, for NODE_SEGMENT
 */
struct node {
	enum node_type type;
	guint64 id;
	guint64 ino;
	struct hmc_files *files;
	struct segment *segment;
};

/**
 * node_find() - find a node by its number
 * @tree: any tree
 * @id: number in a FUSE request
 * @node: filled on success
 *
 * Return: 0, or -ESTALE if no node has this number now.
 */
int node_find(struct tree *tree, guint64 id, struct node *node);

/**
 * node_lookup() - what a name stands for
 * @tree: any
 * @parent: the directory
 * @name: in it
 * @node: filled on success
 *
 * Return: 0, -ENOENT, or -ENOTDIR.
 */
int node_lookup(struct tree *tree, const struct node *parent, const char *name,
		struct node *node);

/**
 * node_list() - what a directory holds
 * @tree: any
 * @directory: a directory
 * @i: place in it, from 0 on; "." and ".." come first
 * @name: set to the name, to be freed
 * @node: filled on success
 *
 * Return: FALSE behind the last entry.
 */
gboolean node_list(struct tree *tree, const struct node *directory, guint64 i,
		   char **name, struct node *node);

/**
 * node_attributes() - what stat(2) shows
 * @tree: any
 * @node: any
 * @attributes: filled completely
 */
void node_attributes(struct tree *tree, const struct node *node,
		     struct stat *attributes);

/**
 * node_text() - what a text file holds now
 * @tree: any
 * @node: README, a control or a status file
 *
 * Return: the text, to be freed.
 */
GString *node_text(struct tree *tree, const struct node *node);

/**
 * node_is_directory() - is it a directory
 * @node: any
 */
gboolean node_is_directory(const struct node *node);

/**
 * node_is_archived() - whether a segment was looked up as "message.1"
 * @node: any node
 */
gboolean node_is_archived(const struct node *node);

/**
 * node_is_writable() - may somebody write to it
 * @node: any
 */
gboolean node_is_writable(const struct node *node);

#endif
