// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Failure: the table of errno, exit status and remedy, and the sentences on
 * standard error. It decides no error.
 */
#include "vmcctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static const struct meaning {
	const char *name;
	const char *remedy;
	int number;
	int status;
} meanings[] = {
	{ "EINVAL",
	  "an ID is 1 to 32 printable ASCII characters, or hex: and digits",
	  EINVAL, EX_DATAERR },
	{ "EMSGSIZE", "send a shorter one", EMSGSIZE, EX_DATAERR },
	{ "ENOENT", "'vmcctl list' prints the indices", ENOENT, EX_NOINPUT },
	{ "ENOTDIR", "give the directory of a tree", ENOTDIR, EX_NOINPUT },
	{ "ENXIO", "open a session with 'vmcctl open'", ENXIO, EX_NOHOST },
	{ "ECONNRESET", "open a session again with 'vmcctl open'", ECONNRESET,
	  EX_NOHOST },
	{ "ENODEV", "'vmcctl status' prints the state of the channel", ENODEV,
	  EX_UNAVAILABLE },
	{ "ENOTCONN",
	  "the daemon has ended: unmount the tree, and start vmcfs again",
	  ENOTCONN, EX_UNAVAILABLE },
	{ "ECONNABORTED",
	  "the daemon has ended: unmount the tree, and start vmcfs again",
	  ECONNABORTED, EX_UNAVAILABLE },
	{ "ENFILE", "close files of the tree", ENFILE, EX_OSERR },
	{ "EMFILE", "allow more open files (ulimit -n)", EMFILE, EX_OSERR },
	{ "ENOBUFS", "let fewer processes wait", ENOBUFS, EX_OSERR },
	{ "ENOMEM", "free some memory", ENOMEM, EX_OSERR },
	{ "EBUSY", "'vmcctl list' prints the open sessions", EBUSY,
	  EX_CANTCREAT },
	{ "EIO", "see the log of vmcfs", EIO, EX_IOERR },
	{ "EPIPE", "read faster, or mount with a greater memory=", EPIPE,
	  EX_IOERR },
	{ "ESTALE", "read faster, or mount with a greater memory=", ESTALE,
	  EX_IOERR },
	{ "ETIMEDOUT", "try again", ETIMEDOUT, EX_TEMPFAIL },
	{ "EAGAIN", "try again", EAGAIN, EX_TEMPFAIL },
	{ "EINTR", "try again", EINTR, EX_TEMPFAIL },
	{ "ECONNREFUSED", "try again, or with another ID", ECONNREFUSED,
	  EX_PROTOCOL },
	{ "EACCES",
	  "run it as the user who mounted the tree, or in its group (vmc for a service)",
	  EACCES, EX_NOPERM },
	{ "EPERM", "run it as the owner of the tree", EPERM, EX_NOPERM },
	{ "EROFS", "the tree was mounted with ro", EROFS, EX_NOPERM },
};

static const struct meaning *find(int error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
		if (meanings[i].number == abs(error))
			return &meanings[i];
	}
	return NULL;
}

int failure_status(int error)
{
	const struct meaning *meaning = find(error);

	return meaning ? meaning->status : EX_SOFTWARE;
}

void complain(const char *format, ...)
{
	g_autofree char *sentence = NULL;
	va_list arguments;

	va_start(arguments, format);
	sentence = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	fprintf(stderr, "vmcctl: %s\n", sentence);
}

/*
 * Return: last_error of the status if it explains this errno, else NULL; the
 * caller frees it.
 */
static char *last_error(const struct ctl_tree *tree, int index,
			const struct meaning *meaning)
{
	g_autofree char *prefix = g_strconcat(meaning->name, ": ", NULL);
	g_autofree char *text = NULL;
	g_autofree char *sentence = NULL;
	g_autofree char *when = NULL;

	if (tree_read_status(tree, index, &text))
		return NULL;
	sentence = status_words(text, "last_error");
	when = status_words(text, "last_error_time");
	if (!g_str_has_prefix(sentence, prefix) ||
	    strcmp(when, tree->started) < 0)
		return NULL;
	return g_steal_pointer(&sentence);
}

/* In a sentence of the daemon, the remedy follows a semicolon. */
int failure_report(const struct ctl_tree *tree, int index, int error,
		   const char *doing)
{
	const struct meaning *meaning = find(error);
	g_autofree char *directory =
		index < 0 ? g_strdup("") : g_strdup_printf("/hmc%d", index);
	g_autofree char *sentence =
		meaning ? last_error(tree, index, meaning) : NULL;

	if (!sentence)
		sentence = g_strdup(strerror(abs(error)));
	if (meaning && !strchr(sentence, ';'))
		complain("%s%s: cannot %s: %s; %s", tree->path, directory,
			 doing, sentence, meaning->remedy);
	else
		complain("%s%s: cannot %s: %s", tree->path, directory, doing,
			 sentence);
	return failure_status(error);
}
