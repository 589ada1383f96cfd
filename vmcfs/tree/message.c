// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Message: opens, reads and writes the file "message". poll(2) is in
 * readiness.c.
 *
 * A request that would have to wait becomes pending, and is tried again when
 * the HMC index changes.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>

#include "../channel/hmc.h"
#include "../channel/notices.h"
#include "../defaults.h"
#include "../log/log.h"
#include "../log/segment.h"
#include "pending.h"

static struct hmc *handle_hmc(const struct handle *handle)
{
	return handle->node.files->hmc;
}

int message_check_write(const struct node *node)
{
	if (!node_is_archived(node))
		return 0;
	return last_error_set(
		&node->files->hmc->last_error, -EROFS,
		"open of hmc%u/message.1: message.1 is read-only; write to message",
		node->files->hmc->index);
}

static int check_channel(const struct node *node)
{
	struct hmc *hmc = node->files->hmc;

	if (hmc->state == HMC_READY)
		return 0;
	return last_error_set(
		&hmc->last_error, -ENXIO,
		"open of hmc%u/message for reading and writing: %s", hmc->index,
		hmc_why_not_open(hmc, 0));
}

static enum handle_type type_of(int flags)
{
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		return HANDLE_LOG;
	case O_RDWR:
		return HANDLE_CHANNEL;
	default:
		return HANDLE_WRITER;
	}
}

void message_open(fuse_req_t req, const struct node *node, int flags)
{
	enum handle_type type = type_of(flags);
	struct hmc *hmc = node->files->hmc;
	struct handle *handle;
	int error = 0;

	if (type != HANDLE_LOG)
		error = message_check_write(node);
	if (!error && type == HANDLE_CHANNEL)
		error = check_channel(node);
	if (error) {
		reply_error(req, error);
		return;
	}
	handle = handle_new(req, type, node, &node->files->handles,
			    &hmc->last_error);
	if (!handle) {
		reply_error(req, -ENFILE);
		return;
	}
	handle->stream = type != HANDLE_LOG;
	handle->serial = hmc->state == HMC_READY ? hmc->serial : 0;
	log_hold(node->segment, type == HANDLE_LOG);
	if (type == HANDLE_CHANNEL) {
		cursor_init(&handle->cursor, hmc->log);
		hmc->channels++;
	}
	if (!reply_opened(req, handle,
			  handle->stream ? REPLY_OPEN_STREAM :
					   REPLY_OPEN_PLAIN))
		message_release(handle);
}

void message_release(struct handle *handle)
{
	if (handle->type == HANDLE_CHANNEL) {
		cursor_clear(&handle->cursor);
		handle_hmc(handle)->channels--;
	}
	log_release(handle->node.segment, handle->type == HANDLE_LOG);
	handle_free(handle);
}

static void read_log(fuse_req_t req, struct handle *handle, gsize size,
		     guint64 offset)
{
	const struct segment *segment = handle->node.segment;
	gsize end = segment_size(segment);
	gsize len = offset < end ? MIN(size, end - offset) : 0;

	if (segment->state == SEGMENT_DROPPED) {
		reply_error(req, -ESTALE);
		return;
	}
	offset = MIN(offset, end);
	handle->position = MAX(handle->position, offset + len);
	resume_mark_read(&handle->resume, offset, len, size);
	/* An empty segment has no address to add an offset to. */
	reply_data(req, len ? segment_data(segment) + offset : NULL, len, size);
}

static int report_missed(fuse_req_t req, struct hmc *hmc, int error)
{
	const struct caller caller = reply_caller(req);

	notices_missed(hmc, &caller);
	return last_error_set(
		&hmc->last_error, error,
		"read of hmc%u/message: messages were dropped before they were read; the next read returns the next one that is kept",
		hmc->index);
}

/*
 * One attempt to read from a channel. A message counts as read only if its
 * reader received it. Return: 0 if the request was answered with data or the
 * end of file.
 */
static int try_read(fuse_req_t req, struct handle *handle, gsize size)
{
	const guint8 *data = NULL;
	gsize len = 0;
	int result = cursor_next(&handle->cursor, &data, &len);

	if (result < 0)
		return report_missed(req, handle_hmc(handle), result);
	if (!result && !cursor_ended(&handle->cursor))
		return -EAGAIN;
	len = MIN(len, size);
	if (reply_data(req, data, len, size) && len)
		cursor_advance(&handle->cursor, len);
	return 0;
}

/* Return: FALSE if the request may not wait and was answered with ENOBUFS. */
static gboolean may_wait(fuse_req_t req, const struct handle *handle,
			 gsize bytes)
{
	const struct tree *tree = handle->node.files->tree;
	struct hmc *hmc = handle_hmc(handle);

	if (tree->waiting + bytes <= VMCFS_WAITING_MAX)
		return TRUE;
	reply_error(
		req,
		last_error_set(
			&hmc->last_error, -ENOBUFS,
			"hmc%u/message: %u reads and %u writes wait already; let fewer processes use it at once",
			hmc->index, hmc->waiting_readers,
			hmc->waiting_writers));
	return FALSE;
}

/* A pending read. */
struct waiting_read {
	struct pending pending;
	struct handle *handle;
	gsize size;
};

static void free_read(struct pending *pending)
{
	struct waiting_read *read = (struct waiting_read *)pending;

	handle_hmc(read->handle)->waiting_readers--;
	read->handle->node.files->tree->waiting -= VMCFS_WAITING_BYTES;
	g_slice_free(struct waiting_read, read);
}

static const struct pending_ops read_ops = { .free = free_read };

static void defer_read(fuse_req_t req, struct handle *handle, gsize size)
{
	struct hmc_files *files = handle->node.files;
	struct waiting_read *read;

	if (!may_wait(req, handle, VMCFS_WAITING_BYTES))
		return;
	files->tree->waiting += VMCFS_WAITING_BYTES;
	read = g_slice_new0(struct waiting_read);
	read->handle = handle;
	read->size = size;
	files->hmc->waiting_readers++;
	PROBE_WAIT(req, PROBE_WAIT_READ, files->hmc->index,
		   fuse_req_ctx(req)->pid);
	pending_init(&read->pending, files->tree->requests, req, &files->reads,
		     &read_ops, 0);
}

/* A pending read of a lost session returns ECONNRESET; later reads return 0. */
static void retry_read(struct pending *pending)
{
	struct waiting_read *read = (struct waiting_read *)pending;
	struct handle *handle = read->handle;
	const struct hmc *hmc = handle_hmc(handle);
	enum probe_wake why = PROBE_WAKE_READY;
	gsize size = read->size;
	fuse_req_t req;
	int error;

	if (!cursor_ready(&handle->cursor)) {
		if (!cursor_ended(&handle->cursor))
			return;
		why = PROBE_WAKE_SESSION;
		if (hmc->serial == handle->serial && hmc->result) {
			reply_error(pending_take(pending, why), -ECONNRESET);
			return;
		}
	}
	req = pending_take(pending, why);
	error = try_read(req, handle, size);
	if (error)
		reply_error(req, error);
}

void message_read(fuse_req_t req, struct handle *handle, gsize size,
		  guint64 offset, int flags)
{
	int error;

	if (handle->type == HANDLE_LOG) {
		read_log(req, handle, size, offset);
		return;
	}
	error = try_read(req, handle, size);
	if (error == -EAGAIN && !(flags & O_NONBLOCK))
		defer_read(req, handle, size);
	else if (error)
		reply_error(req, error);
}

/* A pending write, with a copy of its data, since a time in microseconds. */
struct waiting_write {
	struct pending pending;
	struct handle *handle;
	GBytes *data;
	gint64 since;
};

static gsize write_bytes(GBytes *data)
{
	return VMCFS_WAITING_BYTES + g_bytes_get_size(data);
}

static void free_write(struct pending *pending)
{
	struct waiting_write *write = (struct waiting_write *)pending;
	struct hmc *hmc = handle_hmc(write->handle);

	hmc->waiting_writers--;
	histogram_add(&hmc->write_wait, g_get_monotonic_time() - write->since);
	write->handle->node.files->tree->waiting -= write_bytes(write->data);
	announce_released(write->handle->node.files);
	g_bytes_unref(write->data);
	g_free(write);
}

/* If the device accepted no message meanwhile, all other writes fail too. */
static void write_timed_out(struct pending *pending)
{
	struct waiting_write *write = (struct waiting_write *)pending;
	struct hmc_files *files = write->handle->node.files;

	reply_error(pending_take(pending, PROBE_WAKE_TIMEOUT), -ETIMEDOUT);
	if (!hmc_waited(files->hmc))
		return;
	while ((pending = g_queue_peek_head(&files->writes)))
		reply_error(pending_take(pending, PROBE_WAKE_TIMEOUT),
			    -ETIMEDOUT);
}

static void write_ended(struct pending *pending, const char *why)
{
	struct hmc *hmc = handle_hmc(((struct waiting_write *)pending)->handle);

	last_error_set(&hmc->last_error, -EINTR,
		       "write to hmc%u/message: %s; nothing was sent",
		       hmc->index, why);
}

static const struct pending_ops write_ops = {
	.outlasts_signals = TRUE,
	.ended = write_ended,
	.timed_out = write_timed_out,
	.free = free_write,
};

static void defer_write(fuse_req_t req, struct handle *handle, const char *data,
			gsize size)
{
	struct hmc_files *files = handle->node.files;
	struct waiting_write *write;

	if (!may_wait(req, handle, VMCFS_WAITING_BYTES + size))
		return;
	write = g_new0(struct waiting_write, 1);
	write->handle = handle;
	write->data = g_bytes_new(data, size);
	write->since = g_get_monotonic_time();
	files->tree->waiting += write_bytes(write->data);
	files->hmc->waiting_writers++;
	PROBE_WAIT(req, PROBE_WAIT_WRITE, files->hmc->index,
		   fuse_req_ctx(req)->pid);
	pending_init(&write->pending, files->tree->requests, req,
		     &files->writes, &write_ops,
		     files->hmc->config->send_timeout_ms);
}

/* Writes are served in order: each waits for the pending ones before it. */
static int try_write(struct handle *handle, gconstpointer data, gsize size)
{
	struct hmc *hmc = handle_hmc(handle);
	int error;

	if (!handle->serial && hmc->state == HMC_READY)
		handle->serial = hmc->serial;
	if (!size || g_queue_is_empty(&handle->node.files->writes)) {
		readiness_mark_sent(handle->node.files);
		return hmc_send(hmc, handle->serial, data, size);
	}
	error = hmc_check_send(hmc, handle->serial, size);
	return error ? error : -EAGAIN;
}

void message_write(fuse_req_t req, struct handle *handle, const char *data,
		   gsize size, int flags)
{
	int error = try_write(handle, data, size);

	if (error == -EAGAIN || error == -ETIMEDOUT)
		readiness_mark_full(handle->node.files);
	if (error == -ETIMEDOUT && (flags & O_NONBLOCK))
		error = -EAGAIN;
	if (!error && size) {
		histogram_add_none(&handle_hmc(handle)->write_wait);
		announce_sent(handle->node.files);
	}
	if (!error)
		reply_written(req, size);
	else if (error == -EAGAIN && !(flags & O_NONBLOCK))
		defer_write(req, handle, data, size);
	else
		reply_error(req, error);
}

/* Retries the first pending write. Return: FALSE if it still has to wait. */
static gboolean retry_write(struct pending *pending)
{
	struct waiting_write *write = (struct waiting_write *)pending;
	struct handle *handle = write->handle;
	struct hmc_files *files = handle->node.files;
	struct hmc *hmc = files->hmc;
	gsize size;
	gconstpointer data = g_bytes_get_data(write->data, &size);
	enum probe_wake why = PROBE_WAKE_SESSION;
	int error = -ECONNRESET;

	if (hmc_is_open(hmc, handle->serial)) {
		why = PROBE_WAKE_READY;
		error = hmc_send(hmc, handle->serial, data, size);
	}
	if (error == -EAGAIN)
		return FALSE;
	if (error)
		reply_error(pending_take(pending, why), error);
	else
		reply_written(pending_take(pending, why), size);
	announce_sent(files);
	return TRUE;
}

static void wake_reads(struct hmc_files *files)
{
	GList *link = files->reads.head;

	while (link) {
		struct pending *pending = link->data;

		link = link->next;
		retry_read(pending);
	}
}

static void wake_writes(struct hmc_files *files)
{
	struct pending *pending;

	while ((pending = g_queue_peek_head(&files->writes)) &&
	       retry_write(pending))
		;
}

void message_wake(struct hmc_files *files)
{
	guint changes = readiness_take_changes(files);

	if (changes & (CHANGE_MESSAGES | CHANGE_SESSION))
		wake_reads(files);
	wake_writes(files);
	readiness_notify(files, changes);
}
