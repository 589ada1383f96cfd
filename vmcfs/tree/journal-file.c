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

static gboolean has_blocks(const struct handle *handle)
{
	return handle->node.range->format == RECORD_PCAPNG;
}

static guint64 rest_start(const struct handle *handle)
{
	return handle->position - (has_blocks(handle) ? handle->partial : 0);
}

/*
 * The rest of a dropped range is one line with the number of records, after the
 * end of a line that was read in part. A block cannot end early: the reader has
 * to go back to its start.
 */
static void add_rest(const struct handle *handle, GString *rest)
{
	if (handle->partial && !has_blocks(handle))
		g_string_append_c(rest, '\n');
	range_gap(handle->node.range, handle->record, rest_start(handle), rest);
}

/* It begins where this open file ended, so the position does not advance. */
static void read_dropped(fuse_req_t req, struct handle *handle, gsize size,
			 guint64 offset)
{
	guint64 start = rest_start(handle);
	g_autoptr(GString) rest = NULL;
	gsize skip, len;

	if (offset < start ||
	    (has_blocks(handle) && handle->partial && offset > start)) {
		reply_error(req, -ESTALE);
		return;
	}
	rest = g_string_new(NULL);
	add_rest(handle, rest);
	if (has_blocks(handle)) {
		handle->position = start;
		handle->partial = 0;
	}
	skip = MIN(offset - start, rest->len);
	len = MIN(rest->len - skip, size);
	if (!reply_data(req, rest->str + skip, len, size))
		return;
	handle->rest = MAX(handle->rest, skip + len);
	if (handle->rest == rest->len)
		range_mark_gap(handle->node.range);
}

static gsize rest_size(const struct handle *handle)
{
	g_autoptr(GString) rest = g_string_new(NULL);

	add_rest(handle, rest);
	return rest->len;
}

gboolean journal_file_has_more(const struct handle *handle)
{
	struct range *range = handle->node.range;

	if (range->part->is_dropped)
		return handle->rest < rest_size(handle);
	return handle->position < range_size(range);
}

static guint64 end_of_rest(const struct handle *handle)
{
	return rest_start(handle) + rest_size(handle);
}

/* Return: the end of a dropped file for one of its readers, else the last one. */
static guint64 end_for(const struct node *node, pid_t thread)
{
	guint64 end = 0;

	for (GList *link = node->files->journals.head; link;
	     link = link->next) {
		const struct handle *handle = link->data;

		if (handle->node.range != node->range)
			continue;
		if (handle->opener == thread)
			return end_of_rest(handle);
		end = MAX(end, end_of_rest(handle));
	}
	return end;
}

void journal_file_end(const struct node *node, pid_t thread,
		      struct stat *attributes)
{
	if (node->range->part->is_dropped)
		attributes->st_size = (off_t)end_for(node, thread);
}

static void mark_read(struct handle *handle, const struct range_lines *lines,
		      guint64 end)
{
	struct range *range = handle->node.range;

	if (end > handle->position) {
		handle->position = end;
		handle->partial = end - lines->whole;
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
