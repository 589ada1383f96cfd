// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount table: reads and parses /proc/self/mountinfo, and skips lines that it
 * cannot parse. It changes no mount.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "../text.h"
#include "mount.h"

#define MOUNTINFO "/proc/self/mountinfo"
#define PART 4096

/* Fields of a line; a hyphen ends the optional fields. */
enum field {
	FIELD_ID,
	FIELD_PARENT,
	FIELD_DEVICE,
	FIELD_ROOT,
	FIELD_PATH,
	FIELD_FLAGS,
	FIELDS
};

static void free_entry(gpointer data)
{
	struct mount_entry *entry = data;

	g_free(entry->path);
	g_free(entry->type);
	g_free(entry);
}

static struct mount_entry *parse_line(const char *line)
{
	g_auto(GStrv) halves = g_strsplit(line, " - ", 2);
	g_auto(GStrv) fields = NULL;
	g_auto(GStrv) rest = NULL;
	g_auto(GStrv) device = NULL;
	struct mount_entry *entry;
	guint64 major, minor;

	if (g_strv_length(halves) != 2)
		return NULL;
	fields = g_strsplit(halves[0], " ", -1);
	rest = g_strsplit(halves[1], " ", 2);
	if (g_strv_length(fields) < FIELDS)
		return NULL;
	device = g_strsplit(fields[FIELD_DEVICE], ":", 2);
	if (g_strv_length(device) != 2 ||
	    !text_parse_number(device[0], 0, G_MAXUINT, &major) ||
	    !text_parse_number(device[1], 0, G_MAXUINT, &minor))
		return NULL;
	entry = g_new0(struct mount_entry, 1);
	entry->id = g_ascii_strtoull(fields[FIELD_ID], NULL, 10);
	entry->parent = g_ascii_strtoull(fields[FIELD_PARENT], NULL, 10);
	entry->major = (guint)major;
	entry->minor = (guint)minor;
	entry->path = g_strcompress(fields[FIELD_PATH]);
	entry->type = g_strdup(rest[0]);
	return entry;
}

int mount_table_open(void)
{
	int fd = open(MOUNTINFO, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static gboolean read_text(int fd, GString *text)
{
	char part[PART];
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET))
		return FALSE;
	while ((got = read(fd, part, sizeof(part))) > 0)
		g_string_append_len(text, part, got);
	return !got;
}

GPtrArray *mount_table_read_open(int fd)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;
	GPtrArray *table;

	if (!read_text(fd, text))
		return NULL;
	table = g_ptr_array_new_with_free_func(free_entry);
	lines = g_strsplit(text->str, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		struct mount_entry *entry = parse_line(lines[i]);

		if (entry)
			g_ptr_array_add(table, entry);
	}
	return table;
}

GPtrArray *mount_table_read(void)
{
	GPtrArray *table;
	int fd = mount_table_open();

	if (fd < 0)
		return NULL;
	table = mount_table_read_open(fd);
	close(fd);
	return table;
}

const struct mount_entry *mount_table_at(GPtrArray *table, const char *path)
{
	for (guint i = 0; i < table->len; i++) {
		const struct mount_entry *entry = g_ptr_array_index(table, i);

		if (g_str_equal(entry->path, path) &&
		    g_str_equal(entry->type, MOUNT_POINT_TYPE))
			return entry;
	}
	return NULL;
}

const struct mount_entry *mount_table_find(GPtrArray *table, guint64 id)
{
	for (guint i = 0; i < table->len; i++) {
		const struct mount_entry *entry = g_ptr_array_index(table, i);

		if (entry->id == id)
			return entry;
	}
	return NULL;
}
