// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Readiness: events of open files for poll(2), and the notification of callers.
 * It answers no pending read or write.
 *
 * A log is always readable, as every regular file is; POLLPRI means that it has
 * data after the last byte that this open file read, the convention of
 * /proc/mounts and sysfs. A channel is like a socket.
 */
#include "files.h"

#include <poll.h>

#include "../channel/hmc.h"
#include "../log/journal.h"
#include "../log/log.h"
#include "../log/memory.h"
#include "../log/segment.h"

#define READABLE (POLLIN | POLLRDNORM)
#define WRITABLE (POLLOUT | POLLWRNORM)

static struct hmc *hmc_of(const struct handle *handle)
{
	return handle->node.files->hmc;
}

static unsigned int log_events(const struct handle *handle)
{
	const struct segment *segment = handle->node.segment;

	if (segment->state == SEGMENT_DROPPED)
		return READABLE | POLLHUP | POLLERR;
	if (handle->position < segment_size(segment))
		return READABLE | POLLPRI;
	return segment->state == SEGMENT_GROWING ? READABLE :
						   READABLE | POLLHUP;
}

static unsigned int journal_events(const struct handle *handle)
{
	if (journal_file_has_more(handle))
		return READABLE | POLLPRI;
	return handle->node.range->is_closed ? READABLE | POLLHUP : READABLE;
}

static unsigned int channel_events(const struct handle *handle)
{
	if (cursor_ended(&handle->cursor))
		return READABLE | POLLHUP;
	return cursor_ready(&handle->cursor) ? READABLE : 0;
}

static unsigned int writer_events(const struct handle *handle)
{
	const struct hmc *hmc = hmc_of(handle);

	if (handle->serial && !hmc_is_open(hmc, handle->serial))
		return POLLERR;
	if (hmc_writable(hmc))
		return WRITABLE;
	readiness_mark_full(handle->node.files);
	return 0;
}

unsigned int readiness_events(const struct handle *handle)
{
	if (handle->type == HANDLE_LOG)
		return log_events(handle);
	if (handle->type == HANDLE_JOURNAL)
		return journal_events(handle);
	if (handle->type == HANDLE_CHANNEL)
		return channel_events(handle) | writer_events(handle);
	return writer_events(handle);
}

static enum watch_list list_of(const struct handle *handle)
{
	const struct segment *segment = handle->node.segment;

	if (handle->type == HANDLE_JOURNAL)
		return WATCH_JOURNAL;
	if (handle->type == HANDLE_LOG)
		return log_is_current(segment->log, segment) ? WATCH_LOG :
							       WATCH_PAST;
	if (!(handle->watched & WRITABLE))
		return WATCH_READABLE;
	return handle->watched & READABLE ? WATCH_BOTH : WATCH_WRITABLE;
}

void readiness_watch(struct handle *handle, struct fuse_pollhandle *poll,
		     unsigned int events)
{
	unsigned int earlier = handle->poll ? handle->watched : 0;

	handle->watched = earlier | events;
	handle_set_poll(handle, poll,
			&handle->node.files->watchers[list_of(handle)]);
}

void readiness_mark_full(struct hmc_files *files)
{
	files->known.writable = FALSE;
}

void readiness_mark_sent(struct hmc_files *files)
{
	if (g_queue_is_empty(&files->watchers[WATCH_JOURNAL]))
		return;
	files->wake_due = TRUE;
	files->tree->wake_due = TRUE;
}

/* Only callers that wait for lines have to know. */
static gboolean take_records(struct hmc_files *files)
{
	const struct journal *journal = files->hmc->journal;
	guint64 before = files->known.records;

	if (!journal || g_queue_is_empty(&files->watchers[WATCH_JOURNAL]))
		return FALSE;
	files->known.records = journal->total + journal->rotations;
	return files->known.records != before;
}

guint readiness_take_changes(struct hmc_files *files)
{
	const struct hmc *hmc = files->hmc;
	const struct log *log = hmc->log;
	struct known *known = &files->known;
	guint changes = 0;

	if (known->total != log->total)
		changes |= CHANGE_MESSAGES;
	if (known->serial != hmc->serial || known->state != hmc->state)
		changes |= CHANGE_SESSION;
	if (known->segment != log->current->id)
		changes |= CHANGE_SEGMENT;
	if (known->dropped != log->memory->dropped)
		changes |= CHANGE_DROPPED;
	if (take_records(files))
		changes |= CHANGE_RECORDS;
	known->total = log->total;
	known->serial = hmc->serial;
	known->state = hmc->state;
	known->segment = log->current->id;
	known->dropped = log->memory->dropped;
	return changes;
}

static void notify_list(struct hmc_files *files, enum watch_list list)
{
	GList *link = files->watchers[list].head;

	while (link) {
		struct handle *handle = link->data;
		unsigned int wanted = handle->watched | POLLHUP | POLLERR;

		link = link->next;
		if (readiness_events(handle) & wanted)
			handle_notify_poll(handle);
	}
}

/* Return: TRUE if there is room again after a caller found none. */
static gboolean became_writable(struct hmc_files *files)
{
	gboolean before = files->known.writable;

	files->known.writable = hmc_writable(files->hmc);
	return files->known.writable && !before;
}

void readiness_notify(struct hmc_files *files, guint changes)
{
	gboolean input = changes & (CHANGE_MESSAGES | CHANGE_SESSION);
	gboolean output = became_writable(files) || changes & CHANGE_SESSION;

	if (input)
		notify_list(files, WATCH_READABLE);
	if (output)
		notify_list(files, WATCH_WRITABLE);
	if (input || output)
		notify_list(files, WATCH_BOTH);
	if (input || changes & CHANGE_SEGMENT)
		notify_list(files, WATCH_LOG);
	if (changes & CHANGE_RECORDS)
		notify_list(files, WATCH_JOURNAL);
	if (changes & CHANGE_DROPPED)
		notify_list(files, WATCH_PAST);
}
