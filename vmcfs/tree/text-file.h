/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text files: README, the status files, and the reading side of the control
 * files. A read at offset 0 makes the text; reads at other offsets return parts
 * of that text. Writes to control files are not handled here.
 */
#ifndef VMCFS_TEXT_FILE_H
#define VMCFS_TEXT_FILE_H

#include <glib.h>

#include "fuse.h"
#include "handle.h"

/**
 * text_file_open() - open a text file
 * @req: answered by this
 * @tree: of the file
 * @node: README, a control or a status file
 * @flags: of open(2)
 */
void text_file_open(fuse_req_t req, struct tree *tree, const struct node *node,
		    int flags);

/**
 * text_file_read() - read the present text, or go on reading
 * @req: answered by this
 * @tree: of the file
 * @handle: HANDLE_TEXT
 * @size: bytes wanted
 * @offset: in the text, ignored for a stream
 *
 * Without a text from an earlier read, a read at any offset makes one. ENFILE
 * if the text would have to be kept for the next read, and its user keeps too
 * many.
 */
void text_file_read(fuse_req_t req, struct tree *tree, struct handle *handle,
		    gsize size, guint64 offset);

/**
 * text_file_rewind() - let the next read of a stream make a new text
 * @handle: HANDLE_TEXT
 */
void text_file_rewind(struct handle *handle);

#endif
