// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Announce: sets the marks of changed files, and keeps the view of the tree that
 * the announcer has until it has announced a rotation. It touches no file.
 */
#include "announce.h"

#include <errno.h>
#include <string.h>

#include "../channel/hmc.h"
#include "../defaults.h"
#include "../log/journal.h"
#include "../log/log.h"
#include "../log/segment.h"
#include "../marks.h"
#include "../notice.h"
#include "../text.h"
#include "handle.h"
#include "kernel-cache.h"
#include "node.h"

static const struct kind {
	const char *name;
	const char *old;
	guint rotated;
} kinds[] = {
	[ANNOUNCED_MESSAGE] = { "message", "message.1", MARK_MESSAGE_ROTATED },
	[ANNOUNCED_LOG] = { "log", "log.1", MARK_LOG_ROTATED },
	[ANNOUNCED_JSON] = { "log.json", "log.json.1", MARK_JSON_ROTATED },
};

static guint64 range_ino(const struct range *range)
{
	return range ? range->ino : 0;
}

/* The files that have the names of a kind now; none without a journal. */
static struct announced present(const struct hmc_files *files,
				enum announced_kind kind)
{
	const struct log *log = files->hmc->log;
	const struct journal *journal = files->hmc->journal;
	enum record_format format =
		kind == ANNOUNCED_JSON ? RECORD_JSON : RECORD_TEXT;

	if (kind == ANNOUNCED_MESSAGE)
		return (struct announced){
			.current = log->current->ino,
			.previous = log->previous ? log->previous->ino : 0,
		};
	if (!journal)
		return (struct announced){ 0 };
	return (struct announced){
		.current = range_ino(journal->current[format]),
		.previous = range_ino(journal->previous[format]),
	};
}

void announce_init(struct hmc_files *files)
{
	struct announcements *done = &files->announced;

	for (gsize i = 0; i < ANNOUNCED_KINDS; i++)
		done->files[i] = present(files, i);
	done->total = files->hmc->log->total;
	done->records = files->hmc->journal ? files->hmc->journal->total : 0;
}

static gboolean is_rotated(const struct hmc_files *files,
			   enum announced_kind kind)
{
	return files->announced.files[kind].current !=
	       present(files, kind).current;
}

static void set_silence(struct tree *tree, const char *reason)
{
	if (tree->silence == reason)
		return;
	tree->silence = reason;
	kernel_cache_drop_status(tree);
	if (reason)
		notice_mount(NOTICE_NOT_ANNOUNCED,
			     "inotify does not report messages: %s", reason);
	else
		g_info("inotify reports messages again");
}

/*
 * The first lane has no file to wait for: its thread takes the probe at once. No
 * timer looks, because an idle daemon makes no system call.
 */
void announce_look(struct tree *tree)
{
	static const char late[] =
		"the process that reports changes does not respond; continue it by kill -CONT, or mount again";
	gint64 now = g_get_monotonic_time();
	gboolean expired = now - tree->probed >= VMCFS_ANNOUNCER_MS * 1000;

	if (!tree->marks)
		return;
	if (!marks_has(tree->marks, MARKS_STARTER, MARK_PROBE))
		set_silence(tree, NULL);
	else if (expired)
		set_silence(tree, late);
	if (!expired)
		return;
	tree->probed = now;
	marks_set(tree->marks, MARKS_STARTER, MARK_PROBE);
}

void announce_root(struct tree *tree)
{
	if (!tree->marks)
		return;
	marks_set(tree->marks, MARKS_ROOT, MARK_ROOT_STATUS);
	announce_look(tree);
}

static guint message_bits(struct hmc_files *files)
{
	guint64 before = files->announced.total;

	files->announced.total = files->hmc->log->total;
	if (is_rotated(files, ANNOUNCED_MESSAGE))
		return MARK_MESSAGE_ROTATED;
	return before != files->announced.total ? MARK_MESSAGE : 0;
}

static guint journal_bits(struct hmc_files *files)
{
	const struct journal *journal = files->hmc->journal;
	guint64 before = files->announced.records;
	guint bits = 0;

	if (!journal)
		return 0;
	files->announced.records = journal->total;
	if (before != journal->total && journal->current[RECORD_TEXT])
		bits = MARK_LOG | MARK_JSON;
	for (gsize i = ANNOUNCED_LOG; i < ANNOUNCED_KINDS; i++) {
		if (is_rotated(files, i))
			bits |= kinds[i].rotated;
	}
	return bits;
}

static gboolean is_announced(const struct hmc_files *files)
{
	return files->tree->marks && files->hmc->index < VMC_HMCS_MAX;
}

void announce_changes(struct hmc_files *files)
{
	if (!is_announced(files))
		return;
	marks_set(files->tree->marks, marks_files_lane(files->hmc->index),
		  MARK_STATUS | journal_bits(files));
	files->announced.held |= message_bits(files);
	announce_released(files);
	announce_look(files->tree);
}

void announce_sent(struct hmc_files *files)
{
	if (is_announced(files))
		marks_set(files->tree->marks,
			  marks_files_lane(files->hmc->index),
			  MARK_STATUS | journal_bits(files));
}

void announce_released(struct hmc_files *files)
{
	struct announcements *done = &files->announced;

	if (!done->held || !is_announced(files) ||
	    !g_queue_is_empty(&files->writes))
		return;
	marks_set(files->tree->marks, marks_message_lane(files->hmc->index),
		  done->held);
	done->held = 0;
}

void announce_status(const struct tree *tree, GString *text)
{
	const char *reason = tree->silence ? tree->silence : "";

	g_string_append_printf(text, "inotify: %s\ninotify_off_reason: ",
			       tree->silence ? "off" : "on");
	text_add_quoted(text, reason, strlen(reason));
	g_string_append_c(text, '\n');
}

gboolean announce_is_ours(const struct tree *tree, pid_t thread)
{
	for (guint i = 0; tree->marks && thread && i < MARKS_LANES; i++) {
		if (tree->marks->lanes[i].thread == thread)
			return TRUE;
	}
	return FALSE;
}

/* Finds the kind whose file has a name. Return: FALSE if there is none. */
static gboolean find_kind(const struct node *parent, const char *name,
			  enum announced_kind *kind)
{
	for (gsize i = 0; parent->type == NODE_HMC && i < ANNOUNCED_KINDS;
	     i++) {
		*kind = i;
		if (g_str_equal(name, kinds[i].name) ||
		    g_str_equal(name, kinds[i].old))
			return TRUE;
	}
	return FALSE;
}

/* May a write through an open file lock the inode of the segment? */
static gboolean has_writers(const struct hmc_files *files, guint64 ino)
{
	for (GList *link = files->handles.head; link; link = link->next) {
		const struct handle *handle = link->data;

		if (handle->stream && handle->node.ino == ino)
			return TRUE;
	}
	return FALSE;
}

/*
 * Renaming a file locks its inode and its directory. If a write could have locked
 * the inode, the node of the same segment that nobody can write to is renamed,
 * because all other callers would wait for the directory.
 */
static const char *name_to_move(const struct hmc_files *files,
				enum announced_kind kind)
{
	const struct announced *shown = &files->announced.files[kind];

	return kind == ANNOUNCED_MESSAGE && shown->state == ANNOUNCED_TOUCHED &&
			       has_writers(files, shown->current) ?
		       kinds[kind].old :
		       kinds[kind].name;
}

/* A file may have been dropped before its rotation was announced. */
static int find_shown(struct tree *tree, const struct node *parent,
		      const char *name, guint64 ino, struct node *node)
{
	return !ino || node_find(tree, node_id(parent->files, name, ino),
				 node) ?
		       -ENOENT :
		       0;
}

int announce_lookup(struct tree *tree, const struct node *parent,
		    const char *name, struct node *node)
{
	struct announced *shown;
	enum announced_kind kind;
	guint64 ino = 0;

	if (!find_kind(parent, name, &kind) || !is_rotated(parent->files, kind))
		return node_lookup(tree, parent, name, node);
	shown = &parent->files->announced.files[kind];
	if (g_str_equal(name, kinds[kind].old))
		return find_shown(tree, parent, name, shown->previous, node);
	if (shown->state != ANNOUNCED_RENAMED)
		ino = shown->current;
	name = name_to_move(parent->files, kind);
	if (!find_shown(tree, parent, name, ino, node))
		return 0;
	/* Its new name does not exist either; only the next file is announced. */
	shown->state = ANNOUNCED_RENAMED;
	return -ENOENT;
}

/* Return: FALSE for a file that is not announced, such as capture. */
static gboolean kind_of(const struct node *node, enum announced_kind *kind)
{
	if (node->type == NODE_JOURNAL && node->range->format == RECORD_PCAPNG)
		return FALSE;
	if (node->type == NODE_SEGMENT)
		*kind = ANNOUNCED_MESSAGE;
	else if (node->type == NODE_JOURNAL)
		*kind = node->range->format == RECORD_JSON ? ANNOUNCED_JSON :
							     ANNOUNCED_LOG;
	else
		return FALSE;
	return TRUE;
}

void announce_touched(const struct node *node)
{
	enum announced_kind kind;

	if (kind_of(node, &kind) && is_rotated(node->files, kind))
		node->files->announced.files[kind].state = ANNOUNCED_TOUCHED;
}

int announce_renamed(const struct node *parent, const char *name)
{
	enum announced_kind kind;

	if (!find_kind(parent, name, &kind))
		return -EPERM;
	if (!is_rotated(parent->files, kind))
		return -EALREADY;
	parent->files->announced.files[kind].state = ANNOUNCED_RENAMED;
	return 0;
}

int announce_created(struct tree *tree, const struct node *parent,
		     const char *name, struct node *node)
{
	enum announced_kind kind;
	int error;

	if (!find_kind(parent, name, &kind) ||
	    parent->files->announced.files[kind].state != ANNOUNCED_RENAMED)
		return -EPERM;
	error = node_lookup(tree, parent, name, node);
	if (!error)
		parent->files->announced.files[kind] =
			present(parent->files, kind);
	return error;
}
