/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are read as a text made at their opening: README, the status
 * files, and the reading side of the control files.
 */
#ifndef VMCFS_TEXT_FILE_H
#define VMCFS_TEXT_FILE_H

#include <glib.h>

#include "fuse.h"
#include "handle.h"

/**
 * text_file_open() - take a snapshot
 * @req: answered by this
 * @tree: of the file
 * @node: README, a control or a status file
 * @flags: of open(2)
 */
void text_file_open(fuse_req_t req, struct tree *tree, const struct node *node,
		    int flags);

/**
 * text_file_read() - read from the snapshot
 * @req: answered by this
 * @handle: HANDLE_TEXT
 * @size: bytes wanted
 * @offset: in the text, without a meaning for a stream
 */
void text_file_read(fuse_req_t req, struct handle *handle, gsize size,
		    guint64 offset);

#endif
