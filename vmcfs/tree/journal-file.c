// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Journal file: opens, reads and truncates log, log.json and capture. poll(2) is
 * in readiness.c. It sends nothing: a write to these files fails.
 *
 * A truncation rotates the file, and keeps the lines that were not read through
 * the same descriptor. So a program that copies and truncates loses no line,
 * and neither do other readers, which read the old file to its end.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>

#include "../channel/hmc.h"
#include "../log/journal.h"

static int refuse_write(const struct node *node)
{
	struct hmc *hmc = node->files->hmc;

	return last_error_set(
		&hmc->last_error, -EROFS,
		"write to hmc%u/%s: the file is read-only; write to message to send",
		hmc->index, journal_file_name(node));
}

void journal_file_open(fuse_req_t req, const struct node *node, int flags)
{
	struct hmc_files *files = node->files;
	struct handle *handle;

	if ((flags & O_ACCMODE) == O_WRONLY) {
		reply_error(req, refuse_write(node));
		return;
	}
	handle = handle_new(req, HANDLE_JOURNAL, node, &files->journals,
			    &files->hmc->last_error);
	if (!handle) {
		reply_error(req, -ENFILE);
		return;
	}
	handle->record = node->range->first;
	range_hold(node->range);
	if (!reply_opened(req, handle, REPLY_OPEN_PLAIN))
		journal_file_release(handle);
}

void journal_file_release(struct handle *handle)
{
	range_release(handle->node.range);
	handle_free(handle);
}

/*
 * The rest of a dropped range is one line with the number of records. It begins
 * where this open file ended, so that the position does not advance any more.
 * Inside a block it fails: the reader has to go back to the start of the block.
 */
static void read_dropped(fuse_req_t req, struct handle *handle, gsize size,
			 guint64 offset)
{
	g_autoptr(GString) line = NULL;
	gsize skip;

	if (offset < handle->position ||
	    (handle->partial && offset > handle->position)) {
		reply_error(req, -ESTALE);
		return;
	}
	handle->partial = 0;
	line = g_string_new(NULL);
	range_gap(handle->node.range, handle->record, handle->position, line);
	skip = MIN(offset - handle->position, line->len);
	reply_data(req, line->str + skip, line->len - skip, size);
}

/* A line may be read in part, but a block counts when it is whole. */
static void mark_read(struct handle *handle, const struct range_lines *lines,
		      guint64 end)
{
	struct range *range = handle->node.range;
	guint64 whole = range->format == RECORD_PCAPNG ? lines->whole : end;

	if (end > handle->position + handle->partial) {
		handle->position = MAX(handle->position, whole);
		handle->partial = end - handle->position;
	}
	handle->record = MAX(handle->record, lines->complete);
	range->part->seen = MAX(range->part->seen, lines->complete);
}

void journal_file_read(fuse_req_t req, struct handle *handle, gsize size,
		       guint64 offset)
{
	struct range *range = handle->node.range;
	g_autoptr(GString) text = NULL;
	struct range_lines lines;
	gsize len;

	if (range->part->is_dropped) {
		read_dropped(req, handle, size, offset);
		return;
	}
	text = g_string_sized_new(size);
	lines.text = text;
	range_read(range, offset, size, &lines);
	len = MIN(size, text->len - lines.skip);
	resume_mark_read(&handle->resume, offset, len, size);
	if (reply_data(req, text->str + lines.skip, len, size))
		mark_read(handle, &lines, MIN(offset, range_size(range)) + len);
}

int journal_file_write(const struct handle *handle)
{
	return refuse_write(&handle->node);
}

int journal_file_truncate(const struct node *node, const struct handle *handle,
			  guint64 size)
{
	if (!handle)
		return refuse_write(node);
	if (size)
		return -EINVAL;
	range_cut(handle->node.range, handle->record);
	return 0;
}
