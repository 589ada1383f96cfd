// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Session commands: open, close, status, list. They exchange no message.
 */
#include "vmcctl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* A control file executes each line of one write. */
static int write_control(const struct ctl_tree *tree, int index,
			 const char *line, const char *doing)
{
	int descriptor = tree_open_file(tree, index, "control", O_WRONLY);
	int error = descriptor < 0 ? descriptor : 0;

	if (!error && write(descriptor, line, strlen(line)) < 0)
		error = -errno;
	if (descriptor >= 0)
		close(descriptor);
	return error ? failure_report(tree, index, error, doing) : 0;
}

int command_open(const struct ctl_tree *tree, const struct ctl_call *call)
{
	g_autofree char *line = g_strdup_printf("open %s\n", call->text);

	if (strchr(call->text, '\n')) {
		complain(
			"an ID cannot have several lines; give 1 to 32 printable ASCII characters, or hex: and digits");
		return EX_DATAERR;
	}
	return write_control(tree, call->index, line, "open a session");
}

int command_close(const struct ctl_tree *tree, const struct ctl_call *call)
{
	return write_control(tree, call->index, "close\n", "close the session");
}

int command_status(const struct ctl_tree *tree, const struct ctl_call *call)
{
	g_autoptr(GString) json = g_string_new(NULL);
	g_autofree char *text = NULL;
	int error = tree_read_status(tree, call->index, &text);

	if (error)
		return failure_report(tree, call->index, error,
				      "read its status");
	if (!call->json)
		return output(text, strlen(text));
	status_add_json(json, text);
	g_string_append_c(json, '\n');
	return output(json->str, json->len);
}

/* The ID has its quotes: it may begin or end with spaces. */
static int add_index(const struct ctl_tree *tree, int index, GString *table)
{
	g_autofree char *text = NULL;
	g_autofree char *state = NULL;
	g_autofree char *id = NULL;
	int error = tree_read_status(tree, index, &text);

	if (error)
		return failure_report(tree, index, error, "read its status");
	state = status_words(text, "state");
	id = status_value(text, "hmc_id");
	g_string_append_printf(table, "%-6d %-8s %s\n", index, state,
			       id && strcmp(id, "\"\"") ? id : "-");
	return 0;
}

int command_list(const struct ctl_tree *tree, const struct ctl_call *call)
{
	g_autoptr(GString) table = g_string_new("INDEX  STATE    HMC ID\n");
	g_autoptr(GArray) indices = NULL;
	int status, error = tree_indices(tree, &indices);

	if (error)
		return failure_report(tree, call->index, error,
				      "list its indices");
	for (guint i = 0; i < indices->len; i++) {
		status = add_index(tree, g_array_index(indices, int, i), table);
		if (status)
			return status;
	}
	return output(table->str, table->len);
}
