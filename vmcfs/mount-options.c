// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount options: parses the arguments of -o from one table of kinds, ranges and
 * descriptions, and names the option that a mistyped one is most like. It
 * mounts nothing. mount-words.c has the words of mount(8) and of other FUSE file
 * systems.
 */
#include "options.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "defaults.h"
#include "logging-sink.h"
#include "logging.h"
#include "text.h"

enum kind {
	KIND_NUMBER, /* guint */
	KIND_MODE,   /* mode_t, octal */
	KIND_SIZE,   /* gsize */
	KIND_TIME,   /* guint, milliseconds */
	KIND_USER,   /* uid_t, by name or number */
	KIND_GROUP,  /* gid_t, by name or number */
	KIND_LEVEL,  /* GLogLevelFlags, by name */
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
	{ "uid", KIND_USER, offsetof(struct options, tree.uid), 0, 0,
	  G_MAXUINT32 - 1,
	  "owner of all files, a name or number; default: the user who mounts" },
	{ "gid", KIND_GROUP, offsetof(struct options, tree.gid), 0, 0,
	  G_MAXUINT32 - 1,
	  "group of all files, a name or number; default: the group of that user" },
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
	{ "capture", KIND_SIZE, offsetof(struct options, channel.capture),
	  VMCFS_CAPTURE_DEFAULT, 0, VMCFS_RECORDS_MAX,
	  "bytes of the records in capture of an index, 0 for no such file; the larger of log= and capture= holds for both; default DEFAULT" },
	{ "sendq", KIND_SIZE, offsetof(struct options, channel.sendq),
	  VMCFS_SENDQ_DEFAULT, VMCFS_SENDQ_MIN, VMCFS_SENDQ_MAX,
	  "bytes of messages that may wait to be sent; default DEFAULT" },
	{ "handles", KIND_NUMBER, offsetof(struct options, tree.handles),
	  VMCFS_HANDLES_DEFAULT, VMCFS_HANDLES_MIN, VMCFS_HANDLES_MAX,
	  "number of files that may be open; default DEFAULT" },
	{ "handles_per_uid", KIND_NUMBER,
	  offsetof(struct options, tree.handles_per_uid), 0,
	  VMCFS_HANDLES_PER_UID_MIN, VMCFS_HANDLES_MAX - 1,
	  "the same for a user other than root, the owner, and the user who mounts; default handles / " HANDLES_SHARE },
	{ "send_timeout", KIND_TIME,
	  offsetof(struct options, channel.send_timeout_ms),
	  VMCFS_SEND_TIMEOUT_DEFAULT_MS, VMCFS_TIMEOUT_MIN_MS,
	  VMCFS_TIMEOUT_MAX_MS,
	  "time limit of a write, for example 2s or 500ms; default DEFAULT" },
	{ "open_timeout", KIND_TIME,
	  offsetof(struct options, channel.open_timeout_ms),
	  VMCFS_OPEN_TIMEOUT_DEFAULT_MS, VMCFS_TIMEOUT_MIN_MS,
	  VMCFS_TIMEOUT_MAX_MS, "time limit of an open; default DEFAULT" },
	{ "log_level", KIND_LEVEL, offsetof(struct options, log_level),
	  VMCFS_LOG_LEVEL_DEFAULT, 0, G_MAXUINT,
	  "least severe level that is logged: error, warning, message, info, debug; default DEFAULT" },
	{ "poll_us", KIND_NUMBER, offsetof(struct options, tree.poll_us),
	  VMCFS_POLL_DEFAULT_US, 0, VMCFS_POLL_MAX_US,
	  "microseconds to poll for the next request before sleeping; 0 never polls; default DEFAULT" },
	{ "notify_ms", KIND_NUMBER, offsetof(struct options, notify_ms),
	  VMCFS_NOTIFY_DEFAULT_MS, 0, VMCFS_NOTIFY_MAX_MS,
	  "minimum milliseconds between two events of inotify for a file; 0 for no events; default DEFAULT" },
};

static gboolean out_of_range(const char *key, const char *value, char **why,
			     const char *range)
{
	*why = g_strdup_printf("%s=%s cannot be used; give %s", key, value,
			       range);
	return FALSE;
}

/* A name never begins with a digit. */
static gboolean is_number(const char *value)
{
	return g_ascii_isdigit(*value);
}

static gboolean parse_user(const char *value, guint64 *number)
{
	const struct passwd *user;

	if (is_number(value))
		return text_parse_number(value, 0, G_MAXUINT64, number);
	user = getpwnam(value);
	if (user)
		*number = user->pw_uid;
	return user != NULL;
}

static gboolean parse_group(const char *value, guint64 *number)
{
	const struct group *group;

	if (is_number(value))
		return text_parse_number(value, 0, G_MAXUINT64, number);
	group = getgrnam(value);
	if (group)
		*number = group->gr_gid;
	return group != NULL;
}

static gboolean parse_value(const struct option *option, const char *value,
			    guint64 *number)
{
	GLogLevelFlags level;
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
	case KIND_USER:
		return parse_user(value, number);
	case KIND_GROUP:
		return parse_group(value, number);
	case KIND_LEVEL:
		if (!logging_parse_level(value, &level))
			return FALSE;
		*number = level;
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
	case KIND_USER:
	case KIND_GROUP:
		return g_strdup_printf(
			"the name of %s, or a number up to %" G_GUINT64_FORMAT,
			option->kind == KIND_USER ? "a user" : "a group",
			option->max);
	case KIND_LEVEL:
		return g_strdup("error, warning, message, info or debug");
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

/* Options that are not in the table; a value follows a "=". */
static const char *const others[] = {
	"open=", "fsname=", "subtype=", "max_read=", "allow_other", "allow_root"
};

/* Return: the names of all options, to be unreferenced. */
static GPtrArray *all_names(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		g_ptr_array_add(names, g_strconcat(table[i].key, "=", NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		g_ptr_array_add(names, g_strdup(others[i]));
	for (guint i = 0; (name = sim_options_name(i)); i++)
		g_ptr_array_add(names, g_strdup(name));
	mount_words_add_names(names);
	g_ptr_array_add(names, NULL);
	return names;
}

char *mount_options_nearest(const char *name)
{
	g_autoptr(GPtrArray) names = all_names();

	return g_strdup(text_nearest(name, (const char *const *)names->pdata));
}

/* Return: a sentence if the option is known with a value only, or without. */
static char *explain_form(const char *name, gboolean has_value)
{
	g_autoptr(GPtrArray) names = all_names();
	g_autofree char *form = g_strconcat(name, has_value ? "" : "=", NULL);

	if (!*name)
		return g_strdup(
			"an option begins with '='; give its name before that");
	if (!g_strv_contains((const char *const *)names->pdata, form))
		return NULL;
	if (has_value)
		return g_strdup_printf(
			"option '%s' has no value; leave out '=' and the value",
			name);
	return g_strdup_printf("option '%s' needs a value; give %sVALUE", name,
			       form);
}

static char *explain_unknown(const char *name)
{
	g_autofree char *nearest = mount_options_nearest(name);

	if (strchr(name, '"'))
		return g_strdup_printf(
			"unknown option '%s'; quotes do not protect a comma: give a backslash before it",
			name);
	if (nearest)
		return g_strdup_printf(
			"unknown option '%s'; did you mean '%s'?", name,
			nearest);
	return g_strdup_printf("unknown option '%s'; see vmcfs --help", name);
}

/* An option of vmcfs in a wrong form is refused also if it is sloppy. */
static gboolean accept_unknown(const struct options *options, const char *name,
			       gboolean has_value, char **why)
{
	*why = explain_form(name, has_value);
	if (*why)
		return FALSE;
	if (!options->sloppy)
		*why = explain_unknown(name);
	return options->sloppy;
}

/* Words of mount(8) that undo each other. */
static const char *const opposites[][2] = {
	{ "ro", "rw" },	      { "suid", "nosuid" },   { "dev", "nodev" },
	{ "exec", "noexec" }, { "atime", "noatime" }, { "sync", "async" },
};

static void remove_flag(GString *flags, const char *name)
{
	g_autofree char *flag = g_strconcat(",", name, NULL);

	/* No flag begins with the name of another. */
	g_string_replace(flags, flag, "", 0);
}

/* The last word counts; the kernel and fusermount3 would add both. */
static void pass_flag(GString *flags, const char *name)
{
	remove_flag(flags, name);
	for (gsize i = 0; i < G_N_ELEMENTS(opposites); i++) {
		for (guint j = 0; j < G_N_ELEMENTS(opposites[i]); j++) {
			if (g_str_equal(opposites[i][j], name))
				remove_flag(flags, opposites[i][!j]);
		}
	}
	g_string_append_printf(flags, ",%s", name);
}

/* An option that has no meaning of its own for vmcfs. */
static gboolean accept_word(struct options *options, const char *name,
			    gboolean has_value, char **why)
{
	const char *reason;

	switch (mount_words_judge(name, has_value, &reason)) {
	case MOUNT_WORD_PASSED:
		pass_flag(options->mount_flags, name);
		return TRUE;
	case MOUNT_WORD_IGNORED:
		return TRUE;
	case MOUNT_WORD_REFUSED:
		if (options->sloppy)
			return TRUE;
		*why = g_strdup_printf("option '%s' is not supported; %s", name,
				       reason);
		return FALSE;
	default:
		return accept_unknown(options, name, has_value, why);
	}
}

static gboolean set_shown(struct options *options, const char *value,
			  char **why)
{
	if (!*value) {
		*why = g_strdup("fsname= is empty; give a name");
		return FALSE;
	}
	g_free(options->shown);
	options->shown = g_strdup(value);
	return TRUE;
}

/* The type of our mounts is how a dead one is recognised. */
static gboolean check_subtype(const char *value, char **why)
{
	return g_str_equal(value, "vmcfs") ||
	       out_of_range(
		       "subtype", value, why,
		       "vmcfs, or leave it out: the type of the mount is always fuse.vmcfs");
}

/* A read that the kernel divides could return parts of two messages. */
static gboolean check_max_read(const char *value, char **why)
{
	guint64 size;

	return (text_parse_number(value, 0, G_MAXUINT32, &size) &&
		(!size || size >= VMC_MTU_MAX)) ||
	       out_of_range(
		       "max_read", value, why,
		       "0 or at least " G_STRINGIFY(
			       VMC_MTU_MAX) ", or leave it out: a read of a message must not be divided");
}

static gboolean is_sim_option(const char *key)
{
	const char *name;

	for (guint i = 0; (name = sim_options_name(i)); i++) {
		if (g_str_has_prefix(name, key) &&
		    g_str_equal(name + strlen(key), "="))
			return TRUE;
	}
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
	if (g_str_equal(key, "fsname"))
		return set_shown(options, value, why);
	if (g_str_equal(key, "subtype"))
		return check_subtype(value, why);
	if (g_str_equal(key, "max_read"))
		return check_max_read(value, why);
	if (is_sim_option(key))
		return sim_options_set(&options->sim, key + strlen("sim."),
				       value, why);
	return accept_word(options, key, TRUE, why);
}

static gboolean parse_word(struct options *options, const char *word,
			   char **why)
{
	if (g_str_equal(word, "allow_other"))
		options->allow_other = TRUE;
	else if (g_str_equal(word, "allow_root"))
		options->allow_root = TRUE;
	else
		return accept_word(options, word, FALSE, why);
	return TRUE;
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

char **mount_options_split(const char *list)
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
	g_auto(GStrv) words = mount_options_split(list);

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
	case KIND_LEVEL:
		return g_strdup(logging_level_of((GLogLevelFlags)value)->word);
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
	text_add_columns(
		text, "allow_other",
		"allow access by other users; always on for root, except with allow_root");
	text_add_columns(text, "allow_root",
			 "allow access by root, and by no other user");
	text_add_columns(text, "fsname=NAME",
			 "source in the mount table; default: SOURCE");
	text_add_columns(
		text, "ro",
		"mount read-only; other options of mount(8) are accepted too");
	text_add_columns(text, "default_permissions", "always on");
	text_add_columns(text, "auto_unmount", "always on");
	text_add_columns(
		text, "max_read=N",
		"0, or at least " G_STRINGIFY(VMC_MTU_MAX) "; without effect");
}
