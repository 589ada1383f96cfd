/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Node: a file or directory that the kernel refers to by a number. It has no
 * state of open files.
 *
 * Directories and text files have a number for the life of the mount. A log
 * segment has two: one as "message", which writers may continue to use after a
 * rotation, and one as "message.1", which is read-only; both show the same
 * inode number. So has a range of the journal.
 */
#ifndef VMCFS_NODE_H
#define VMCFS_NODE_H

#include <sys/stat.h>

#include <glib.h>

#include "tree.h"

struct range;

enum node_type {
	NODE_ROOT,
	NODE_README,
	NODE_CONTROL,
	NODE_STATUS,
	NODE_METRICS,
	NODE_HMC,
	NODE_HMC_CONTROL,
	NODE_HMC_STATUS,
	NODE_SEGMENT,
	NODE_JOURNAL,
};

/**
 * struct node - file or directory
 * @type: enum node_type
 * @id: number in FUSE requests
 * @ino: inode number shown to users
 * @files: HMC index it belongs to, NULL outside of one
 * @segment: segment, for NODE_SEGMENT
 * @range: range of the journal, for NODE_JOURNAL
 */
struct node {
	enum node_type type;
	guint64 id;
	guint64 ino;
	struct hmc_files *files;
	struct segment *segment;
	struct range *range;
};

/**
 * node_find() - find a node by its number
 * @tree: tree of the mount
 * @id: number in a FUSE request
 * @node: filled on success
 *
 * Return: 0, or -ESTALE if no node has this number now.
 */
int node_find(struct tree *tree, guint64 id, struct node *node);

/**
 * node_lookup() - find a node by its name
 * @tree: tree of the mount
 * @parent: directory
 * @name: name in the directory
 * @node: filled on success
 *
 * Return: 0, -ENOENT, or -ENOTDIR.
 */
int node_lookup(struct tree *tree, const struct node *parent, const char *name,
		struct node *node);

/**
 * node_id() - make the number that a file has, or had, under a name
 * @files: directory of the HMC index
 * @name: name of a segment or of a file of the journal
 * @ino: inode number of the segment or range
 *
 * Return: the number for node_find().
 */
guint64 node_id(const struct hmc_files *files, const char *name, guint64 ino);

/**
 * node_list() - read an entry of a directory
 * @tree: tree of the mount
 * @directory: directory
 * @i: position in it, from 0; "." and ".." are first; set to the position of the
 *	entry that was read, since missing files have positions as well
 * @name: set to the name, to be freed
 * @node: filled on success
 *
 * Return: FALSE after the last entry.
 */
gboolean node_list(struct tree *tree, const struct node *directory, guint64 *i,
		   char **name, struct node *node);

/**
 * node_attributes() - fill the attributes of a node for stat(2)
 * @tree: tree of the mount
 * @node: file or directory
 * @attributes: filled completely
 */
void node_attributes(struct tree *tree, const struct node *node,
		     struct stat *attributes);

/**
 * node_known_attributes() - node_attributes() without measuring lines
 * @tree: tree of the mount
 * @node: file or directory
 * @attributes: filled completely; the size of log, log.json or capture is the one
 *	that was measured last
 *
 * For the announcer, which reads no size: with each message it would have all
 * lines measured that nobody reads.
 */
void node_known_attributes(struct tree *tree, const struct node *node,
			   struct stat *attributes);

/**
 * node_entry_attributes() - fill the attributes that readdir(3) returns
 * @node: file or directory
 * @attributes: inode number and file type; otherwise 0
 */
void node_entry_attributes(const struct node *node, struct stat *attributes);

/**
 * node_text() - make the current text of a text file
 * @tree: tree of the mount
 * @node: README, a control or a status file
 *
 * Return: the text, valid until the next call.
 */
const GString *node_text(struct tree *tree, const struct node *node);

/**
 * node_is_directory() - check whether a node is a directory
 * @node: file or directory
 *
 * Return: TRUE if it is.
 */
gboolean node_is_directory(const struct node *node);

/**
 * node_is_archived() - check whether a file was looked up by a name with ".1"
 * @node: file or directory
 *
 * Return: TRUE if it was.
 */
gboolean node_is_archived(const struct node *node);

/**
 * journal_file_name() - get the name of a file of the journal
 * @node: NODE_JOURNAL
 *
 * Return: "log", "log.json" or "capture".
 */
const char *journal_file_name(const struct node *node);

/**
 * node_is_writable() - check whether a node may be written to
 * @node: file or directory
 *
 * Return: TRUE for control files, and for segments not looked up as
 * "message.1".
 */
gboolean node_is_writable(const struct node *node);

#endif
