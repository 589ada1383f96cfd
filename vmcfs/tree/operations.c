// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operations: calls the function that serves each FUSE request. It does not
 * serve extended attributes, locks or flush.
 */
#include "serve.h"

#include <errno.h>
#include <linux/fuse.h>
#include <poll.h>
#include <string.h>

#include "../channel/channel.h"
#include "../defaults.h"
#include "../usdt.h"
#include "files.h"
#include "pending.h"
#include "proc.h"

static struct tree *tree_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

/*
 * libfuse enables capabilities by default, more with each version; this list
 * replaces its choice. Among others, these are not in the list:
 * - ASYNC_DIO: the kernel never interrupts an asynchronous request, so a
 *   pending read could not be killed; a large read would be split into
 *   concurrent parts, each of which takes a message.
 * - ATOMIC_O_TRUNC: the kernel would set the size of a log to 0 at ">".
 * - SPLICE_*: slower for requests of this size.
 * - locks and IOCTL_DIR: no such operation exists.
 */
#define CAPABILITIES                                      \
	(FUSE_CAP_ASYNC_READ | FUSE_CAP_AUTO_INVAL_DATA | \
	 FUSE_CAP_PARALLEL_DIROPS)

static void op_init(void *userdata, struct fuse_conn_info *connection)
{
	const struct tree *tree = userdata;

	pending_requests_set_timeout(tree->requests, proc_request_timeout());
	connection->want = connection->capable & CAPABILITIES;
	connection->time_gran = 1;
	connection->max_background = VMCFS_MAX_BACKGROUND;
	connection->congestion_threshold = VMCFS_MAX_BACKGROUND;
}

/* Finds the node of a request. Return: FALSE if the request was answered. */
static gboolean find(fuse_req_t req, enum fuse_opcode type, fuse_ino_t ino,
		     struct node *node)
{
	struct tree *tree = tree_of(req);
	int error;

	PROBE_REQUEST_IN(req, type, ino, 0);
	error = node_find(tree, ino, node);
	kernel_cache_mark_request(&tree->cache, fuse_req_ctx(req)->pid);
	if (error)
		reply_error(req, error);
	return !error;
}

static gboolean is_announcer(fuse_req_t req)
{
	return announce_is_ours(tree_of(req), fuse_req_ctx(req)->pid);
}

/* Does the name stand for the same node as long as the tree is mounted? */
static gboolean name_lasts(const struct node *node)
{
	return node->type != NODE_SEGMENT && node->type != NODE_JOURNAL;
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct tree *tree = tree_of(req);
	gboolean announces = is_announcer(req);
	struct node directory, node;
	struct stat attributes;
	int error;

	if (!find(req, FUSE_LOOKUP, parent, &directory))
		return;
	error = announces ? announce_lookup(tree, &directory, name, &node) :
			    node_lookup(tree, &directory, name, &node);
	if (error) {
		reply_error(req, error);
		return;
	}
	if (announces)
		node_known_attributes(tree, &node, &attributes);
	else
		node_attributes(tree, &node, &attributes);
	reply_entry(req, node.id, &attributes,
		    name_lasts(&node) ? VMCFS_CACHE_S : 0,
		    node.type == NODE_README ? VMCFS_CACHE_S : 0);
}

static void answer_attributes(fuse_req_t req, const struct node *node)
{
	pid_t thread = fuse_req_ctx(req)->pid;
	struct tree *tree = tree_of(req);
	struct stat attributes;

	node_attributes(tree, node, &attributes);
	if (node->type == NODE_JOURNAL)
		journal_file_end(node, thread, &attributes);
	reply_attributes(req, &attributes,
			 kernel_cache_add(tree, node, thread));
}

static void op_getattr(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *info)
{
	struct node node;

	(void)info;
	if (find(req, FUSE_GETATTR, ino, &node))
		answer_attributes(req, &node);
}

/*
 * An open file may be truncated if it could be opened for writing. Truncation
 * by name precedes an open, so it follows the rules of the open.
 */
static int truncate_file(const struct node *node, struct fuse_file_info *info,
			 guint64 size)
{
	if (node->type == NODE_JOURNAL)
		return journal_file_truncate(
			node, info ? handle_from(info) : NULL, size);
	if (info)
		return 0;
	if (node->type == NODE_SEGMENT)
		return message_check_write(node);
	return node_is_writable(node) ? 0 : -EACCES;
}

/*
 * The announcer changes no time: the kernel takes those of the reply. It may not
 * cache them, so that no message costs a notification because of the announcer.
 */
static void op_touch(fuse_req_t req, fuse_ino_t ino)
{
	struct node node;
	struct stat attributes;

	if (!find(req, FUSE_SETATTR, ino, &node))
		return;
	announce_touched(&node);
	node_known_attributes(tree_of(req), &node, &attributes);
	reply_attributes(req, &attributes, 0);
}

/*
 * Shells truncate files before they write to them, which succeeds without
 * effect. Owner, mode and times cannot be changed.
 */
static void op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *wanted,
		       int which, struct fuse_file_info *info)
{
	const int forbidden =
		FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID;
	struct node node;
	int error = -EPERM;

	if (is_announcer(req)) {
		op_touch(req, ino);
		return;
	}
	kernel_cache_drop_status(tree_of(req));
	if (!find(req, FUSE_SETATTR, ino, &node))
		return;
	if (!(which & forbidden) && (which & FUSE_SET_ATTR_SIZE))
		error = truncate_file(&node, info, (guint64)wanted->st_size);
	if (!error)
		error = node_find(tree_of(req), ino, &node);
	if (error)
		reply_error(req, error);
	else
		answer_attributes(req, &node);
}

static void op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size,
		       off_t offset, struct fuse_file_info *info)
{
	struct tree *tree = tree_of(req);
	g_autofree char *buffer = NULL;
	struct node directory, node;
	char *name;
	gsize used = 0;

	(void)info;
	if (!find(req, FUSE_READDIR, ino, &directory))
		return;
	if (!node_is_directory(&directory)) {
		reply_error(req, -ENOTDIR);
		return;
	}
	size = MIN(size, VMCFS_READDIR_MAX);
	buffer = g_malloc(MAX(size, 1));
	for (guint64 i = (guint64)offset;
	     node_list(tree, &directory, &i, &name, &node); i++) {
		g_autofree char *entry = name;
		struct stat attributes;
		gsize needed;

		node_entry_attributes(&node, &attributes);
		needed = fuse_add_direntry(req, buffer + used, size - used,
					   entry, &attributes, (off_t)i + 1);
		if (needed > size - used)
			break;
		used += needed;
	}
	reply_data(req, buffer, used, size);
}

/* The number of open files is in the status of the channel. */
static void drop_counts(struct tree *tree, const struct node *node)
{
	if (node->type == NODE_SEGMENT || node->type == NODE_JOURNAL)
		kernel_cache_drop_status(tree);
	else if (node->type != NODE_STATUS)
		kernel_cache_drop(tree, CACHED_ROOT_STATUS);
}

static void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *info)
{
	struct node node;

	if (!find(req, FUSE_OPEN, ino, &node))
		return;
	drop_counts(tree_of(req), &node);
	if (node_is_directory(&node))
		reply_error(req, -EISDIR);
	else if (node.type == NODE_SEGMENT)
		message_open(req, &node, info->flags);
	else if (node.type == NODE_JOURNAL)
		journal_file_open(req, &node, info->flags);
	else
		text_file_open(req, tree_of(req), &node, info->flags);
}

static void op_release(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *info)
{
	struct handle *handle = handle_from(info);

	PROBE_REQUEST_IN(req, FUSE_RELEASE, ino, 0);
	drop_counts(tree_of(req), &handle->node);
	if (handle->type == HANDLE_TEXT)
		handle_free(handle);
	else if (handle->type == HANDLE_JOURNAL)
		journal_file_release(handle);
	else
		message_release(handle);
	reply_error(req, 0);
}

/*
 * A read without a lock owner fills the page cache, for splice(2) or mmap(2). A
 * pending one would keep the page locked and block every open of the file, and
 * bytes of a stream could be read twice. Callers fall back to read(2).
 */
static void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
		    struct fuse_file_info *info)
{
	struct handle *handle = handle_from(info);

	PROBE_REQUEST_IN(req, FUSE_READ, ino, size);
	if (handle->stream)
		kernel_cache_drop_status(tree_of(req));
	else
		offset = (off_t)resume_offset(&handle->resume, (guint64)offset,
					      size);
	if (handle->stream && !info->lock_owner)
		reply_error(req, -EINVAL);
	else if (handle->type == HANDLE_TEXT)
		text_file_read(req, tree_of(req), handle, size,
			       (guint64)offset);
	else if (handle->type == HANDLE_JOURNAL)
		journal_file_read(req, handle, size, (guint64)offset);
	else
		message_read(req, handle, size, (guint64)offset, info->flags);
}

static void op_write(fuse_req_t req, fuse_ino_t ino, const char *data,
		     size_t size, off_t offset, struct fuse_file_info *info)
{
	struct handle *handle = handle_from(info);

	(void)offset;
	PROBE_REQUEST_IN(req, FUSE_WRITE, ino, size);
	kernel_cache_drop_status(tree_of(req));
	if (handle->type == HANDLE_TEXT) {
		text_file_rewind(handle);
		control_write(req, tree_of(req), handle, data, size);
	} else if (handle->type == HANDLE_JOURNAL) {
		reply_error(req, journal_file_write(handle));
	} else {
		message_write(req, handle, data, size, info->flags);
	}
}

/* Text files are always ready, so no caller has to be notified. */
static void op_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *info,
		    struct fuse_pollhandle *poll)
{
	struct handle *handle = handle_from(info);
	unsigned int events = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;

	PROBE_REQUEST_IN(req, FUSE_POLL, ino, 0);
	if (!handle->stream)
		resume_mark_poll(&handle->resume, info->poll_events);
	if (handle->type != HANDLE_TEXT) {
		events = readiness_events(handle);
		if (poll)
			readiness_watch(handle, poll, info->poll_events);
	} else if (poll) {
		fuse_pollhandle_destroy(poll);
	}
	reply_poll(req, events & (info->poll_events | POLLHUP | POLLERR));
}

static void op_statfs(fuse_req_t req, fuse_ino_t ino)
{
	const struct memory *memory = &tree_of(req)->channel->memory;
	guint64 free = memory->limit - MIN(memory->used, memory->limit);
	struct statvfs statistics = {
		.f_bsize = 4 * KIB,
		.f_frsize = 4 * KIB,
		.f_blocks = memory->limit / (4 * KIB),
		.f_bfree = free / (4 * KIB),
		.f_bavail = free / (4 * KIB),
		.f_namemax = 255,
	};

	PROBE_REQUEST_IN(req, FUSE_STATFS, ino, 0);
	reply_statfs(req, &statistics);
}

/* Names in the tree cannot be created, removed or changed. */
static void refuse(fuse_req_t req, enum fuse_opcode type, fuse_ino_t parent)
{
	PROBE_REQUEST_IN(req, type, parent, 0);
	reply_error(req, -EPERM);
}

/* The announcer creates the file that has the name already (announce.h). */
static void op_recreate(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct tree *tree = tree_of(req);
	struct node directory, node;
	struct stat attributes;
	int error;

	if (!find(req, FUSE_MKNOD, parent, &directory))
		return;
	error = announce_created(tree, &directory, name, &node);
	if (error) {
		reply_error(req, error);
		return;
	}
	node_known_attributes(tree, &node, &attributes);
	reply_entry(req, node.id, &attributes, 0, 0);
}

static void op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name,
		     mode_t mode, dev_t device)
{
	(void)mode;
	(void)device;
	if (is_announcer(req))
		op_recreate(req, parent, name);
	else
		refuse(req, FUSE_MKNOD, parent);
}

static void op_create(fuse_req_t req, fuse_ino_t parent, const char *name,
		      mode_t mode, struct fuse_file_info *info)
{
	(void)name;
	(void)mode;
	(void)info;
	refuse(req, FUSE_CREATE, parent);
}

static void op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name,
		     mode_t mode)
{
	(void)name;
	(void)mode;
	refuse(req, FUSE_MKDIR, parent);
}

static void op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	(void)name;
	refuse(req, FUSE_UNLINK, parent);
}

static void op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	(void)name;
	refuse(req, FUSE_RMDIR, parent);
}

static void op_symlink(fuse_req_t req, const char *target, fuse_ino_t parent,
		       const char *name)
{
	(void)target;
	(void)name;
	refuse(req, FUSE_SYMLINK, parent);
}

static void op_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t parent,
		    const char *name)
{
	(void)ino;
	(void)name;
	refuse(req, FUSE_LINK, parent);
}

static void op_rename(fuse_req_t req, fuse_ino_t parent, const char *name,
		      fuse_ino_t new_parent, const char *new_name,
		      unsigned int flags)
{
	struct node directory;

	(void)new_parent;
	(void)new_name;
	(void)flags;
	if (!is_announcer(req))
		refuse(req, FUSE_RENAME, parent);
	else if (find(req, FUSE_RENAME, parent, &directory))
		reply_error(req, announce_renamed(&directory, name));
}

const struct fuse_lowlevel_ops operations = {
	.init = op_init,
	.lookup = op_lookup,
	.getattr = op_getattr,
	.setattr = op_setattr,
	.mknod = op_mknod,
	.mkdir = op_mkdir,
	.unlink = op_unlink,
	.rmdir = op_rmdir,
	.symlink = op_symlink,
	.rename = op_rename,
	.link = op_link,
	.open = op_open,
	.read = op_read,
	.write = op_write,
	.release = op_release,
	.readdir = op_readdir,
	.statfs = op_statfs,
	.create = op_create,
	.poll = op_poll,
};
