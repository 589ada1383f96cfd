// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount options: parses the arguments of -o from one table of kinds, ranges and
 * descriptions. It mounts nothing. Words that only mount(8) and fstab use are
 * accepted and ignored.
 */
#include "options.h"

#include <string.h>

#include "defaults.h"
#include "text.h"

enum kind {
	KIND_NUMBER, /* guint */
	KIND_MODE,   /* mode_t, octal */
	KIND_SIZE,   /* gsize */
	KIND_TIME,   /* guint, milliseconds */
};

/* Numbers in explanations. */
#define MEMORY_PAGES G_STRINGIFY(VMCFS_MEMORY_MIN_PAGES)
#define MEMORY_SEGMENTS G_STRINGIFY(VMCFS_MEMORY_DEFAULT_SEGMENTS)
#define HANDLES_SHARE G_STRINGIFY(VMCFS_HANDLES_PER_UID_DEFAULT_SHARE)

/*
 * MIN, MAX and DEFAULT in an explanation stand for the values. options.c
 * computes the defaults of uid, gid, memory and handles_per_uid.
 */
static const struct option {
	const char *key;
	enum kind kind;
	gsize offset;
	guint64 initial;
	guint64 min;
	guint64 max;
	const char *help;
} table[] = {
	{ "uid", KIND_NUMBER, offsetof(struct options, tree.uid), 0, 0,
	  G_MAXUINT32 - 1, "owner of all files; default: the mounting user" },
	{ "gid", KIND_NUMBER, offsetof(struct options, tree.gid), 0, 0,
	  G_MAXUINT32 - 1, "group of all files; default: the mounting group" },
	{ "mode", KIND_MODE, offsetof(struct options, tree.mode),
	  VMCFS_MODE_DEFAULT, 0, 0777,
	  "mode of files, octal; default DEFAULT" },
	{ "dmode", KIND_MODE, offsetof(struct options, tree.dmode),
	  VMCFS_DMODE_DEFAULT, 0, 0777,
	  "mode of directories, octal; default DEFAULT" },
	{ "history", KIND_SIZE, offsetof(struct options, channel.history),
	  VMCFS_HISTORY_DEFAULT, VMCFS_HISTORY_MIN, VMCFS_HISTORY_MAX,
	  "bytes of a log segment, MIN to MAX; default DEFAULT" },
	{ "memory", KIND_SIZE, offsetof(struct options, channel.memory), 0,
	  VMCFS_MEMORY_MIN, VMCFS_MEMORY_MAX,
	  "bytes of all log segments, from MIN or " MEMORY_PAGES
	  " pages; default " MEMORY_SEGMENTS " times history" },
	{ "log", KIND_SIZE, offsetof(struct options, channel.records),
	  VMCFS_RECORDS_DEFAULT, 0, VMCFS_RECORDS_MAX,
	  "bytes of the records in log and log.json of an index, 0 for no such files; default DEFAULT" },
	{ "sendq", KIND_SIZE, offsetof(struct options, channel.sendq),
	  VMCFS_SENDQ_DEFAULT, VMCFS_SENDQ_MIN, VMCFS_SENDQ_MAX,
	  "bytes of messages that may wait to be sent; default DEFAULT" },
	{ "handles", KIND_NUMBER, offsetof(struct options, tree.handles),
	  VMCFS_HANDLES_DEFAULT, VMCFS_HANDLES_MIN, VMCFS_HANDLES_MAX,
	  "maximum number of open files; default DEFAULT" },
	{ "handles_per_uid", KIND_NUMBER,
	  offsetof(struct options, tree.handles_per_uid), 0,
	  VMCFS_HANDLES_PER_UID_MIN, VMCFS_HANDLES_MAX - 1,
	  "maximum number of open files of a user other than root and owner; default handles / " HANDLES_SHARE },
	{ "send_timeout", KIND_TIME,
	  offsetof(struct options, channel.send_timeout_ms),
	  VMCFS_SEND_TIMEOUT_DEFAULT_MS, VMCFS_TIMEOUT_MIN_MS,
	  VMCFS_TIMEOUT_MAX_MS,
	  "time limit of a write, for example 2s or 500ms; default DEFAULT" },
	{ "open_timeout", KIND_TIME,
	  offsetof(struct options, channel.open_timeout_ms),
	  VMCFS_OPEN_TIMEOUT_DEFAULT_MS, VMCFS_TIMEOUT_MIN_MS,
	  VMCFS_TIMEOUT_MAX_MS, "time limit of an open; default DEFAULT" },
	{ "poll_us", KIND_NUMBER, offsetof(struct options, tree.poll_us),
	  VMCFS_POLL_DEFAULT_US, 0, VMCFS_POLL_MAX_US,
	  "microseconds to poll for the next request before sleeping; 0 never polls; default DEFAULT" },
};

/* Options of mount(8), passed to the mount. */
static const char *const flags[] = { "ro",	"rw",	 "suid",  "nosuid",
				     "dev",	"nodev", "exec",  "noexec",
				     "sync",	"async", "atime", "noatime",
				     "dirsync", NULL };

/* Options for mount(8) and systemd, or without effect on the tree. */
static const char *const ignored[] = { "defaults",    "auto",
				       "noauto",      "user",
				       "nouser",      "users",
				       "owner",	      "group",
				       "nofail",      "_netdev",
				       "relatime",    "norelatime",
				       "strictatime", "nostrictatime",
				       "lazytime",    "nolazytime",
				       "diratime",    "nodiratime",
				       "iversion",    "noiversion",
				       "mand",	      "nomand",
				       "silent",      "loud",
				       "nonempty",    NULL };

/* Keys for mount(8) and umount(8). */
static const char *const ignored_keys[] = { "comment", "user", "uhelper",
					    "helper", NULL };

static gboolean out_of_range(const char *key, const char *value, char **why,
			     const char *range)
{
	*why = g_strdup_printf("%s=%s cannot be used; give %s", key, value,
			       range);
	return FALSE;
}

static gboolean parse_value(const struct option *option, const char *value,
			    guint64 *number)
{
	guint ms;

	switch (option->kind) {
	case KIND_NUMBER:
		return text_parse_number(value, 0, G_MAXUINT64, number);
	case KIND_MODE:
		return g_ascii_string_to_unsigned(value, 8, 0, 07777, number,
						  NULL);
	case KIND_SIZE:
		return text_parse_size(value, number);
	case KIND_TIME:
		if (!text_parse_time(value, &ms))
			return FALSE;
		*number = ms;
		return TRUE;
	}
	return FALSE;
}

static char *range_of(const struct option *option)
{
	switch (option->kind) {
	case KIND_MODE:
		return g_strdup_printf("an octal number up to %04o",
				       (guint)option->max);
	case KIND_SIZE:
		return g_strdup_printf("%" G_GUINT64_FORMAT
				       " to %" G_GUINT64_FORMAT
				       " bytes, with an optional K, M or G",
				       option->min, option->max);
	case KIND_TIME:
		return g_strdup_printf("%ums to %us", (guint)option->min,
				       (guint)option->max / 1000);
	default:
		return g_strdup_printf("a number from %" G_GUINT64_FORMAT
				       " to %" G_GUINT64_FORMAT,
				       option->min, option->max);
	}
}

static void store(struct options *options, const struct option *option,
		  guint64 number)
{
	if (option->kind == KIND_SIZE)
		G_STRUCT_MEMBER(gsize, options, option->offset) = number;
	else
		G_STRUCT_MEMBER(guint, options, option->offset) = (guint)number;
}

void mount_options_init(struct options *options)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		store(options, &table[i], table[i].initial);
}

static gboolean set_value(struct options *options, const struct option *option,
			  const char *value, char **why)
{
	guint64 number;

	if (!parse_value(option, value, &number) || number < option->min ||
	    number > option->max) {
		g_autofree char *range = range_of(option);

		return out_of_range(option->key, value, why, range);
	}
	store(options, option, number);
	return TRUE;
}

static gboolean add_session(struct options *options, const char *value,
			    char **why)
{
	g_auto(GStrv) parts = g_strsplit(value, ":", 2);
	struct session_option *session;
	guint64 index;

	if (g_strv_length(parts) != 2 ||
	    !text_parse_number(parts[0], 0, VMC_HMCS_MAX - 1, &index)) {
		*why = g_strdup_printf(
			"open=%s is not INDEX:ID with an index from 0 to %d",
			value, VMC_HMCS_MAX - 1);
		return FALSE;
	}
	session = g_new0(struct session_option, 1);
	session->index = (guint)index;
	if (grammar_parse_id(parts[1], &session->command, why)) {
		g_free(session);
		return FALSE;
	}
	g_ptr_array_add(options->sessions, session);
	return TRUE;
}

/* Words of systemd and of libmount, with or without a value. */
static gboolean is_comment(const char *word)
{
	return g_str_has_prefix(word, "x-") || g_str_has_prefix(word, "X-");
}

static gboolean accept_unknown(const struct options *options, const char *word,
			       char **why)
{
	if (options->sloppy)
		return TRUE;
	*why = g_strdup_printf("unknown option '%s'; see vmcfs --help", word);
	return FALSE;
}

static gboolean parse_pair(struct options *options, const char *key,
			   const char *value, char **why)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		if (g_str_equal(table[i].key, key))
			return set_value(options, &table[i], value, why);
	}
	if (g_str_equal(key, "open"))
		return add_session(options, value, why);
	if (g_str_has_prefix(key, "sim."))
		return sim_options_set(&options->sim, key + strlen("sim."),
				       value, why);
	return g_strv_contains(ignored_keys, key) || is_comment(key) ||
	       accept_unknown(options, key, why);
}

static gboolean parse_word(struct options *options, const char *word,
			   char **why)
{
	if (g_strv_contains(flags, word)) {
		g_string_append_printf(options->mount_flags, ",%s", word);
		return TRUE;
	}
	if (g_str_equal(word, "allow_other")) {
		options->allow_other = TRUE;
		return TRUE;
	}
	return g_strv_contains(ignored, word) || is_comment(word) ||
	       accept_unknown(options, word, why);
}

static gboolean parse_option(struct options *options, const char *option,
			     char **why)
{
	const char *equals = strchr(option, '=');
	g_autofree char *key = NULL;

	if (!equals)
		return !*option || parse_word(options, option, why);
	key = g_strndup(option, (gsize)(equals - option));
	return parse_pair(options, key, equals + 1, why);
}

static char **split(const char *list)
{
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	g_autoptr(GString) word = g_string_new(NULL);

	for (;; list++) {
		if (*list == '\\' && list[1]) {
			g_string_append_c(word, *++list);
		} else if (*list && *list != ',') {
			g_string_append_c(word, *list);
		} else {
			g_strv_builder_add(words, word->str);
			g_string_truncate(word, 0);
			if (!*list)
				return g_strv_builder_end(words);
		}
	}
}

/*
 * For a remount, mount(8) also passes the options that the kernel shows, some
 * of which are not options of vmcfs, so it is recognised first.
 */
gboolean mount_options_parse(struct options *options, const char *list,
			     char **why)
{
	g_auto(GStrv) words = split(list);

	if (g_strv_contains((const char *const *)words, "remount")) {
		*why = g_strdup(
			"the options of a mounted tree cannot be changed by remount; unmount it, and mount it again");
		return FALSE;
	}
	for (guint i = 0; words[i]; i++) {
		if (!parse_option(options, words[i], why))
			return FALSE;
	}
	return TRUE;
}

static char *size_text(guint64 size)
{
	static const char units[] = "KMG";
	guint unit = 0;

	while (size && size % KIB == 0 && units[unit]) {
		size /= KIB;
		unit++;
	}
	return g_strdup_printf("%" G_GUINT64_FORMAT "%.*s", size, unit ? 1 : 0,
			       unit ? &units[unit - 1] : "");
}

/* Return: a value as a user would write it. */
static char *value_text(const struct option *option, guint64 value)
{
	switch (option->kind) {
	case KIND_MODE:
		return g_strdup_printf("%04o", (guint)value);
	case KIND_SIZE:
		return size_text(value);
	case KIND_TIME:
		return value % 1000 ?
			       g_strdup_printf("%ums", (guint)value) :
			       g_strdup_printf("%us", (guint)value / 1000);
	default:
		return g_strdup_printf("%" G_GUINT64_FORMAT, value);
	}
}

static void fill_in(GString *help, const struct option *option,
		    const char *word, guint64 value)
{
	g_autofree char *text = value_text(option, value);

	g_string_replace(help, word, text, 0);
}

void mount_options_help(GString *text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		const struct option *option = &table[i];
		g_autofree char *name = g_strconcat(option->key, "=", NULL);
		g_autoptr(GString) help = g_string_new(option->help);

		fill_in(help, option, "DEFAULT", option->initial);
		fill_in(help, option, "MIN", option->min);
		fill_in(help, option, "MAX", option->max);
		text_add_columns(text, name, help->str);
	}
	text_add_columns(text, "open=INDEX:ID",
			 "open a session at the mount; repeatable");
	text_add_columns(text, "allow_other",
			 "allow access by other users; always on for root");
	text_add_columns(
		text, "ro",
		"mount read-only; other options of mount(8) are accepted too");
}
