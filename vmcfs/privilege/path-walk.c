// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Path walk: opens a path one component at a time, and checks the owner of each
 * symbolic link. It does not contact a file system that is mounted on the last
 * component.
 *
 * It keeps an open directory and the rest of the path. The target of a link is
 * put before that rest. Each file is checked by its descriptor, so it cannot be
 * replaced between check and use.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The limit of the kernel. */
#define LINKS_MAX 40

struct walk {
	int fd;
	char *rest;
	guint links;
	uid_t root_owner;
	char **why;
};

/* Reads cached attributes only, because a dead mount has no others. */
static int look(int fd, struct statx *attributes)
{
	return statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
		     STATX_TYPE | STATX_UID, attributes) ?
		       -errno :
		       0;
}

static int fail(struct walk *walk, int error)
{
	*walk->why = g_strdup(g_strerror(-error));
	return error;
}

static void move_to(struct walk *walk, int fd)
{
	if (walk->fd >= 0)
		close(walk->fd);
	walk->fd = fd;
}

static int begin_at_root(struct walk *walk)
{
	struct statx attributes = { 0 };
	int fd = open("/", O_PATH | O_CLOEXEC);
	int error = fd < 0 ? -errno : look(fd, &attributes);

	move_to(walk, fd);
	if (error)
		return fail(walk, error);
	walk->root_owner = attributes.stx_uid;
	return 0;
}

static int follow(struct walk *walk, int link, uid_t owner)
{
	char target[PATH_MAX];
	ssize_t len;
	char *rest;

	if (owner != geteuid() && owner != walk->root_owner) {
		g_autofree char *path = path_of(link);

		*walk->why = g_strdup_printf(
			"the symbolic link %s belongs to another user (uid %u), so it is not followed",
			path ? path : "on the way", owner);
		return -ELOOP;
	}
	if (walk->links++ == LINKS_MAX)
		return fail(walk, -ELOOP);
	len = readlinkat(link, "", target, sizeof(target) - 1);
	if (len < 0)
		return fail(walk, -errno);
	target[len] = '\0';
	rest = g_strconcat(target, "/", walk->rest, NULL);
	g_free(walk->rest);
	walk->rest = rest;
	return target[0] == '/' ? begin_at_root(walk) : 0;
}

static int step(struct walk *walk, const char *name)
{
	struct statx attributes;
	int fd = openat(walk->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	int error;

	if (fd < 0)
		return fail(walk, -errno);
	error = look(fd, &attributes);
	if (error) {
		close(fd);
		return fail(walk, error);
	}
	if (S_ISLNK(attributes.stx_mode)) {
		error = follow(walk, fd, attributes.stx_uid);
		close(fd);
		return error;
	}
	move_to(walk, fd);
	return 0;
}

/* Return: the next component, to be freed, or NULL at the end of the path. */
static char *take_name(struct walk *walk)
{
	const char *start = walk->rest + strspn(walk->rest, "/");
	gsize len = strcspn(start, "/");
	char *name, *rest;

	if (!len)
		return NULL;
	name = g_strndup(start, len);
	rest = g_strdup(start + len);
	g_free(walk->rest);
	walk->rest = rest;
	return name;
}

int path_walk(const char *path, int *fd, char **why)
{
	struct walk walk = { .fd = -1, .rest = g_strdup(path), .why = why };
	int error = begin_at_root(&walk);
	char *name;

	while (!error && (name = take_name(&walk))) {
		error = step(&walk, name);
		g_free(name);
	}
	g_free(walk.rest);
	if (error)
		move_to(&walk, -1);
	else
		*fd = walk.fd;
	return error;
}

char *path_of(int fd)
{
	g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);

	return g_file_read_link(link, NULL);
}
