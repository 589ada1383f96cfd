/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control files: a write carries out commands and is answered when they
 * are done. Reading one is reading a text (text-file.h).
 */
#ifndef VMCFS_TREE_CONTROL_H
#define VMCFS_TREE_CONTROL_H

#include <glib.h>

#include "fuse.h"
#include "handle.h"
#include "tree.h"

/**
 * control_write() - carry out the commands of a write
 * @req: answered by this, or later
 * @tree: of the file
 * @handle: of a control file
 * @data: @size bytes of anything
 * @size: in bytes
 */
void control_write(fuse_req_t req, struct tree *tree, struct handle *handle,
		   const char *data, gsize size);

/**
 * control_wake() - something changed that a command may wait for
 * @commands: the parked requests to try again
 */
void control_wake(GQueue *commands);

#endif
