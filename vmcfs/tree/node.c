// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Node: maps numbers and names to files, and fills their attributes. It reads
 * and writes no message.
 */
#include "node.h"

#include <errno.h>

#include "../channel/channel.h"
#include "../channel/metrics.h"
#include "../control/control.h"
#include "../defaults.h"
#include "../device/device.h"
#include "../log/journal.h"
#include "../log/log.h"
#include "../log/segment.h"
#include "../text.h"
#include "pending.h"

#define HMC_PREFIX "hmc"

struct entry {
	const char *name;
	enum node_type type;
};

static const struct entry root_entries[] = {
	{ "README", NODE_README },
	{ "control", NODE_CONTROL },
	{ "status", NODE_STATUS },
	{ "metrics", NODE_METRICS },
};

/*
 * The node number of a segment consists of its inode number, a bit if it was
 * looked up as "message.1", and the HMC index plus 1. That of a range of the
 * journal has a bit for its format as well.
 */
#define ARCHIVED (G_GUINT64_CONSTANT(1) << 40)
#define TEXT_LINES (G_GUINT64_CONSTANT(1) << 41)
#define JSON_LINES (G_GUINT64_CONSTANT(1) << 42)
#define PCAPNG_BLOCKS (G_GUINT64_CONSTANT(1) << 43)
#define FORMATS (TEXT_LINES | JSON_LINES | PCAPNG_BLOCKS)
#define INDEX_SHIFT 48

/* Files of an HMC index; some of them do not always exist. */
static const struct hmc_entry {
	const char *name;
	enum node_type type;
	guint64 bits;
} hmc_entries[] = {
	{ "message", NODE_SEGMENT, 0 },
	{ "control", NODE_HMC_CONTROL, 0 },
	{ "status", NODE_HMC_STATUS, 0 },
	{ "log", NODE_JOURNAL, TEXT_LINES },
	{ "log.json", NODE_JOURNAL, JSON_LINES },
	{ "capture", NODE_JOURNAL, PCAPNG_BLOCKS },
	{ "message.1", NODE_SEGMENT, ARCHIVED },
	{ "log.1", NODE_JOURNAL, TEXT_LINES | ARCHIVED },
	{ "log.json.1", NODE_JOURNAL, JSON_LINES | ARCHIVED },
	{ "capture.1", NODE_JOURNAL, PCAPNG_BLOCKS | ARCHIVED },
};

static const char *const dots[] = { ".", ".." };

static const struct metric waiting_bytes = {
	"vmcfs_waiting_bytes", METRIC_GAUGE,
	"Memory of all reads and writes that wait."
};
static const struct metric waiting_limit = { "vmcfs_waiting_limit_bytes",
					     METRIC_GAUGE,
					     "Limit of that memory." };
static const struct metric start_time = {
	"vmcfs_start_time_seconds", METRIC_GAUGE,
	"Time of the mount in seconds since 1970."
};

/* Inode number of a file outside of the directories of HMC indices. */
static guint64 root_ino(const struct tree *tree, enum node_type type)
{
	switch (type) {
	case NODE_ROOT:
		return FUSE_ROOT_ID;
	case NODE_README:
		return tree->readme;
	case NODE_CONTROL:
		return tree->control;
	case NODE_STATUS:
		return tree->status;
	case NODE_METRICS:
		return tree->metrics;
	default:
		return 0;
	}
}

/* Inode number of the directory of an HMC index, or of a text file in it. */
static guint64 files_ino(const struct hmc_files *files, enum node_type type)
{
	switch (type) {
	case NODE_HMC:
		return files->directory;
	case NODE_HMC_CONTROL:
		return files->control;
	case NODE_HMC_STATUS:
		return files->status;
	default:
		return 0;
	}
}

guint64 node_id(const struct hmc_files *files, const char *name, guint64 ino)
{
	guint64 bits = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(hmc_entries); i++) {
		if (g_str_equal(hmc_entries[i].name, name))
			bits = hmc_entries[i].bits;
	}
	return ((guint64)files->hmc->index + 1) << INDEX_SHIFT | bits | ino;
}

static struct segment *named_segment(const struct log *log, guint64 id)
{
	return id & ARCHIVED ? log->previous : log->current;
}

static void fill_segment(struct hmc_files *files, struct segment *segment,
			 guint64 id, struct node *node)
{
	*node = (struct node){ .type = NODE_SEGMENT,
			       .id = id,
			       .ino = segment->ino,
			       .files = files,
			       .segment = segment };
}

/*
 * If the segment of a node was dropped, the node refers to the segment that has
 * its name now, as after a new lookup. No descriptor refers to the old one.
 */
static int find_segment(struct tree *tree, guint64 id, struct node *node)
{
	struct hmc_files *files =
		tree_files(tree, (guint)(id >> INDEX_SHIFT) - 1);
	struct segment *segment =
		memory_find(&tree->channel->memory, (guint32)id);

	if (!files)
		return -ESTALE;
	if (!segment || segment->log != files->hmc->log)
		segment = named_segment(files->hmc->log, id);
	if (!segment)
		return -ESTALE;
	fill_segment(files, segment, id, node);
	return 0;
}

static enum record_format format_of(guint64 bits)
{
	if (bits & PCAPNG_BLOCKS)
		return RECORD_PCAPNG;
	return bits & JSON_LINES ? RECORD_JSON : RECORD_TEXT;
}

static struct range *named_range(const struct journal *journal, guint64 bits)
{
	enum record_format format = format_of(bits);

	if (!journal)
		return NULL;
	return bits & ARCHIVED ? journal->previous[format] :
				 journal->current[format];
}

static void fill_range(struct hmc_files *files, struct range *range, guint64 id,
		       struct node *node)
{
	*node = (struct node){ .type = NODE_JOURNAL,
			       .id = id,
			       .ino = range->ino,
			       .files = files,
			       .range = range };
}

/* As find_segment(). */
static int find_range(struct tree *tree, guint64 id, struct node *node)
{
	struct hmc_files *files =
		tree_files(tree, (guint)(id >> INDEX_SHIFT) - 1);
	struct journal *journal = files ? files->hmc->journal : NULL;
	struct range *range =
		journal ? journal_find(journal, (guint32)id) : NULL;

	if (!range)
		range = named_range(journal, id);
	if (!range)
		return -ESTALE;
	fill_range(files, range, id, node);
	return 0;
}

int node_find(struct tree *tree, guint64 id, struct node *node)
{
	struct hmc_files *files;

	if (id >> INDEX_SHIFT && id & FORMATS)
		return find_range(tree, id, node);
	if (id >> INDEX_SHIFT)
		return find_segment(tree, id, node);
	for (enum node_type type = NODE_ROOT; type <= NODE_METRICS; type++) {
		if (root_ino(tree, type) != id)
			continue;
		*node = (struct node){ .type = type, .id = id, .ino = id };
		return 0;
	}
	files = tree_find_files(tree, id);
	if (!files)
		return -ESTALE;
	for (enum node_type type = NODE_HMC; type <= NODE_HMC_STATUS; type++) {
		if (files_ino(files, type) != id)
			continue;
		*node = (struct node){
			.type = type, .id = id, .ino = id, .files = files
		};
		return 0;
	}
	return -ESTALE;
}

static void fill_root(struct tree *tree, enum node_type type, struct node *node)
{
	guint64 ino = root_ino(tree, type);

	*node = (struct node){ .type = type, .id = ino, .ino = ino };
}

static void fill_hmc(struct hmc_files *files, enum node_type type,
		     struct node *node)
{
	guint64 ino = files_ino(files, type);

	*node = (struct node){
		.type = type, .id = ino, .ino = ino, .files = files
	};
}

/* Fills the node of a file of an index. Return: FALSE if it does not exist. */
static gboolean fill_entry(struct hmc_files *files,
			   const struct hmc_entry *entry, struct node *node)
{
	guint64 bits =
		((guint64)files->hmc->index + 1) << INDEX_SHIFT | entry->bits;
	struct segment *segment;
	struct range *range;

	if (entry->type == NODE_SEGMENT) {
		segment = named_segment(files->hmc->log, bits);
		if (segment)
			fill_segment(files, segment, bits | segment->ino, node);
		return segment != NULL;
	}
	if (entry->type == NODE_JOURNAL) {
		range = named_range(files->hmc->journal, bits);
		if (range)
			fill_range(files, range, bits | range->ino, node);
		return range != NULL;
	}
	fill_hmc(files, entry->type, node);
	return TRUE;
}

static int lookup_root(struct tree *tree, const char *name, struct node *node)
{
	guint64 index;
	struct hmc_files *files;
	g_autofree char *canonical = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(root_entries); i++) {
		if (g_str_equal(root_entries[i].name, name)) {
			fill_root(tree, root_entries[i].type, node);
			return 0;
		}
	}
	if (!g_str_has_prefix(name, HMC_PREFIX) ||
	    !text_parse_number(name + sizeof(HMC_PREFIX) - 1, 0, G_MAXUINT,
			       &index))
		return -ENOENT;
	canonical = g_strdup_printf(HMC_PREFIX "%u", (guint)index);
	files = tree_files(tree, (guint)index);
	if (!files || !g_str_equal(canonical, name))
		return -ENOENT;
	fill_hmc(files, NODE_HMC, node);
	return 0;
}

static int lookup_hmc(struct hmc_files *files, const char *name,
		      struct node *node)
{
	for (gsize i = 0; i < G_N_ELEMENTS(hmc_entries); i++) {
		if (g_str_equal(hmc_entries[i].name, name))
			return fill_entry(files, &hmc_entries[i], node) ?
				       0 :
				       -ENOENT;
	}
	return -ENOENT;
}

int node_lookup(struct tree *tree, const struct node *parent, const char *name,
		struct node *node)
{
	if (parent->type == NODE_ROOT)
		return lookup_root(tree, name, node);
	if (parent->type == NODE_HMC)
		return lookup_hmc(parent->files, name, node);
	return -ENOTDIR;
}

static gboolean list_root(struct tree *tree, guint64 i, char **name,
			  struct node *node)
{
	struct hmc_files *files;

	if (i < G_N_ELEMENTS(root_entries)) {
		*name = g_strdup(root_entries[i].name);
		fill_root(tree, root_entries[i].type, node);
		return TRUE;
	}
	i -= G_N_ELEMENTS(root_entries);
	files = i < tree->files->len ? tree_files(tree, (guint)i) : NULL;
	if (!files)
		return FALSE;
	*name = g_strdup_printf(HMC_PREFIX "%u", (guint)i);
	fill_hmc(files, NODE_HMC, node);
	return TRUE;
}

static gboolean list_hmc(struct hmc_files *files, guint64 *i, char **name,
			 struct node *node)
{
	while (*i < G_N_ELEMENTS(hmc_entries)) {
		if (fill_entry(files, &hmc_entries[*i], node)) {
			*name = g_strdup(hmc_entries[*i].name);
			return TRUE;
		}
		(*i)++;
	}
	return FALSE;
}

gboolean node_list(struct tree *tree, const struct node *directory, guint64 *i,
		   char **name, struct node *node)
{
	gboolean found;

	if (*i < G_N_ELEMENTS(dots)) {
		*name = g_strdup(dots[*i]);
		if (*i == 0)
			*node = *directory;
		else
			fill_root(tree, NODE_ROOT, node);
		return TRUE;
	}
	*i -= G_N_ELEMENTS(dots);
	found = directory->type == NODE_ROOT ?
			list_root(tree, *i, name, node) :
			list_hmc(directory->files, i, name, node);
	*i += G_N_ELEMENTS(dots);
	return found;
}

gboolean node_is_directory(const struct node *node)
{
	return node->type == NODE_ROOT || node->type == NODE_HMC;
}

gboolean node_is_archived(const struct node *node)
{
	return (node->id & ARCHIVED) != 0;
}

const char *journal_file_name(const struct node *node)
{
	switch (node->range->format) {
	case RECORD_JSON:
		return "log.json";
	case RECORD_PCAPNG:
		return "capture";
	default:
		return "log";
	}
}

gboolean node_is_writable(const struct node *node)
{
	return node->type == NODE_CONTROL || node->type == NODE_HMC_CONTROL ||
	       (node->type == NODE_SEGMENT && !node_is_archived(node));
}

/* Open status files are not counted: to open one must not change its text. */
static void channel_status(struct tree *tree, GString *text)
{
	status_channel(tree->channel, text);
	users_status(&tree->users, tree->statuses.length, text);
	pending_requests_status(tree->requests, text);
	announce_status(tree, text);
	g_string_append_printf(text,
			       "waiting_bytes: %" G_GSIZE_FORMAT "\n"
			       "waiting_limit_bytes: %" G_GUINT64_FORMAT "\n",
			       tree->waiting, VMCFS_WAITING_MAX);
}

static void tree_metrics(struct tree *tree, GString *text)
{
	metrics_channel(tree->channel, text);
	users_metrics(&tree->users, tree->statuses.length, text);
	metrics_add(&waiting_bytes, tree->waiting, text);
	metrics_add(&waiting_limit, VMCFS_WAITING_MAX, text);
	metrics_add(&start_time, (guint64)tree->started.tv_sec, text);
}

const GString *node_text(struct tree *tree, const struct node *node)
{
	GString *text = tree->text;

	if (node->type == NODE_STATUS)
		announce_look(tree);
	if (tree->text_of == node->id)
		return text;
	g_string_truncate(text, 0);
	if (node->type == NODE_README)
		help_readme(text);
	else if (node->type == NODE_CONTROL)
		help_channel_control(tree->channel, tree->logging, text);
	else if (node->type == NODE_STATUS)
		channel_status(tree, text);
	else if (node->type == NODE_METRICS)
		tree_metrics(tree, text);
	else if (node->type == NODE_HMC_CONTROL)
		help_hmc_control(node->files->hmc, text);
	else
		status_hmc(node->files->hmc, text);
	tree->text_of = device_is_quiet(tree->channel->device) ? node->id : 0;
	return text;
}

/*
 * Write permissions that a file does not have. A rotated segment keeps its mode;
 * writing to it returns EROFS. The owner of a journal may truncate it.
 */
static mode_t unused_bits(const struct node *node)
{
	if (node->type == NODE_SEGMENT || node_is_writable(node))
		return 0;
	if (node->type == NODE_JOURNAL)
		return S_IWGRP | S_IWOTH;
	return S_IWUSR | S_IWGRP | S_IWOTH;
}

static struct timespec last_change(const struct tree *tree)
{
	struct timespec last = tree->changed;

	for (guint i = 0; i < tree->files->len; i++) {
		struct timespec time = tree_files(tree, i)->changed;

		if (time.tv_sec > last.tv_sec ||
		    (time.tv_sec == last.tv_sec && time.tv_nsec > last.tv_nsec))
			last = time;
	}
	return last;
}

static void file_attributes(struct tree *tree, const struct node *node,
			    struct stat *attributes)
{
	attributes->st_mode = S_IFREG | tree->config.mode;
	attributes->st_mode &= ~unused_bits(node);
	attributes->st_nlink = 1;
	if (node->type == NODE_SEGMENT) {
		attributes->st_nlink = node->segment->names;
		attributes->st_size = (off_t)segment_size(node->segment);
		attributes->st_mtim = node->segment->modified;
		return;
	}
	if (node->type == NODE_JOURNAL) {
		attributes->st_nlink = node->range->is_named;
		attributes->st_size = (off_t)node->range->size;
		attributes->st_mtim = range_modified(node->range);
		return;
	}
	attributes->st_size = (off_t)node_text(tree, node)->len;
	if (node->type == NODE_METRICS)
		attributes->st_mtim = last_change(tree);
	else if (node->type == NODE_STATUS)
		attributes->st_mtim = tree->changed;
	else if (node->files)
		attributes->st_mtim = node->files->changed;
	else
		attributes->st_mtim = tree->started;
}

static gboolean is_later(const struct timespec *one,
			 const struct timespec *other)
{
	if (one->tv_sec != other->tv_sec)
		return one->tv_sec > other->tv_sec;
	return one->tv_nsec > other->tv_nsec;
}

static struct timespec newest_name(const struct hmc *hmc)
{
	const struct timespec *newest = &hmc->log->current->created;

	for (guint i = 0; hmc->journal && i < RECORD_FORMATS; i++) {
		const struct range *range = hmc->journal->current[i];

		if (range && is_later(&range->created, newest))
			newest = &range->created;
	}
	return *newest;
}

/* A directory changes when an index or a file is added. */
static void directory_attributes(struct tree *tree, const struct node *node,
				 struct stat *attributes)
{
	attributes->st_mode = S_IFDIR | tree->config.dmode;
	attributes->st_nlink = 2;
	if (node->type == NODE_ROOT) {
		attributes->st_nlink += tree->files->len;
		attributes->st_mtim = tree->grown;
	} else {
		attributes->st_mtim = newest_name(node->files->hmc);
	}
}

/* A program that writes blocks of this size does not exceed the MTU. */
static blksize_t block_size(const struct node *node)
{
	guint32 mtu = 0;

	if (node->type == NODE_SEGMENT)
		mtu = hmc_mtu(node->files->hmc);
	return (blksize_t)(mtu ? mtu : VMCFS_BLOCK_SIZE);
}

void node_known_attributes(struct tree *tree, const struct node *node,
			   struct stat *attributes)
{
	*attributes = (struct stat){
		.st_ino = node->ino,
		.st_uid = tree->config.uid,
		.st_gid = tree->config.gid,
		.st_blksize = block_size(node),
	};
	if (node_is_directory(node))
		directory_attributes(tree, node, attributes);
	else
		file_attributes(tree, node, attributes);
	attributes->st_blocks = (attributes->st_size + 511) / 512;
	attributes->st_ctim = attributes->st_mtim;
	attributes->st_atim = attributes->st_mtim;
}

void node_attributes(struct tree *tree, const struct node *node,
		     struct stat *attributes)
{
	if (node->type == NODE_JOURNAL)
		range_size(node->range);
	node_known_attributes(tree, node, attributes);
}

void node_entry_attributes(const struct node *node, struct stat *attributes)
{
	*attributes = (struct stat){
		.st_ino = node->ino,
		.st_mode = node_is_directory(node) ? S_IFDIR : S_IFREG,
	};
}
