// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mount: connects to FUSE and attaches the tree to an open directory. It serves
 * no request.
 *
 * The mount is complete before it is attached, by descriptor, to the directory.
 * If another mount was attached there after the directory was checked, ours
 * would cover it; so the mount table is checked afterwards.
 */
#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "../errors.h"
#include "internal.h"

#define FUSE_DEVICE "/dev/fuse"

/* Mode of a directory without permissions, until the first GETATTR. */
#define ROOT_MODE "40000"

/* Meaning of an option for fsmount(2), or for the file system. */
static const struct flag {
	const char *word;
	unsigned int set;
	unsigned int clear;
	const char *file_system;
} flags[] = {
	{ "ro", MOUNT_ATTR_RDONLY, 0, "ro" },
	{ "rw", 0, MOUNT_ATTR_RDONLY, NULL },
	{ "suid", 0, MOUNT_ATTR_NOSUID, NULL },
	{ "nosuid", MOUNT_ATTR_NOSUID, 0, NULL },
	{ "dev", 0, MOUNT_ATTR_NODEV, NULL },
	{ "nodev", MOUNT_ATTR_NODEV, 0, NULL },
	{ "exec", 0, MOUNT_ATTR_NOEXEC, NULL },
	{ "noexec", MOUNT_ATTR_NOEXEC, 0, NULL },
	{ "atime", 0, MOUNT_ATTR_NOATIME, NULL },
	{ "noatime", MOUNT_ATTR_NOATIME, 0, NULL },
	{ "sync", 0, 0, "sync" },
	{ "dirsync", 0, 0, "dirsync" },
};

static const struct flag *find_flag(const char *word)
{
	for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (g_str_equal(flags[i].word, word))
			return &flags[i];
	}
	return NULL;
}

static const struct {
	int error;
	const char *remedy;
} remedies[] = {
	{ -ENOSPC, "; raise the sysctl fs.mount-max" },
	{ -ENODEV,
	  "; load the kernel's support for FUSE with 'modprobe fuse'" },
	{ -EINVAL,
	  "; check that " FUSE_DEVICE " is the character device 10:229" },
	{ -EBUSY, "; check for another mount there, and try again" },
};

/* Return: as error_remedy(), also for errors of the calls that mount. */
static const char *remedy_of(int error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(remedies); i++) {
		if (remedies[i].error == error)
			return remedies[i].remedy;
	}
	return error_remedy(error);
}

/* A configuration context; after an error, further steps are skipped. */
struct configuration {
	int context;
	int error;
};

static void set(struct configuration *configuration, unsigned int command,
		const char *key, const char *value)
{
	if (!configuration->error &&
	    fsconfig(configuration->context, command, key, value, 0))
		configuration->error = -errno;
}

static void set_string(struct configuration *configuration, const char *key,
		       const char *value)
{
	set(configuration, FSCONFIG_SET_STRING, key, value);
}

static void set_number(struct configuration *configuration, const char *key,
		       guint number)
{
	g_autofree char *value = g_strdup_printf("%u", number);

	set_string(configuration, key, value);
}

static void set_flag(struct configuration *configuration, const char *key)
{
	set(configuration, FSCONFIG_SET_FLAG, key, NULL);
}

/* Return: the mount attributes of the options. */
static unsigned int set_words(struct configuration *configuration,
			      const char *list)
{
	g_auto(GStrv) words = g_strsplit(list, ",", -1);
	unsigned int attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;

	for (guint i = 0; words[i]; i++) {
		const struct flag *flag = find_flag(words[i]);

		if (!flag)
			continue;
		attributes = (attributes | flag->set) & ~flag->clear;
		if (flag->file_system)
			set_flag(configuration, flag->file_system);
	}
	return attributes;
}

/* Return: a detached mount, or a negative errno. */
static int create(const struct mount_plan *plan, int connection)
{
	struct configuration configuration = {
		.context = fsopen("fuse", FSOPEN_CLOEXEC),
	};
	unsigned int attributes;
	int mounted = -1;

	if (configuration.context < 0)
		return -errno;
	set_string(&configuration, "source", plan->source);
	set_string(&configuration, "subtype", "vmcfs");
	set_string(&configuration, "rootmode", ROOT_MODE);
	set_number(&configuration, "fd", (guint)connection);
	set_number(&configuration, "user_id", getuid());
	set_number(&configuration, "group_id", getgid());
	set_flag(&configuration, "default_permissions");
	if (plan->allow_other)
		set_flag(&configuration, "allow_other");
	attributes = set_words(&configuration, plan->flags);
	set(&configuration, FSCONFIG_CMD_CREATE, NULL, NULL);
	if (!configuration.error) {
		mounted = fsmount(configuration.context, FSMOUNT_CLOEXEC,
				  attributes);
		if (mounted < 0)
			configuration.error = -errno;
	}
	close(configuration.context);
	return configuration.error ? configuration.error : mounted;
}

static int look(int fd, struct statx *attributes)
{
	return statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID,
		     attributes) ?
		       -errno :
		       0;
}

/*
 * Finds the newest mount whose parent is the mount that contains directory @at.
 * @mount restricts the search to the file system of that mount, @path to that
 * mount point; NULL does not restrict it.
 *
 * Return: 1 with @entry set, which is valid as long as @table; 0 if there is no
 * such mount; -EIO if the mount table or @at cannot be read.
 */
static int find_child(int at, const struct mount *mount, const char *path,
		      GPtrArray **table, const struct mount_entry **entry)
{
	struct statx directory;

	*table = mount_table_read();
	if (!*table || look(at, &directory))
		return -EIO;
	for (guint i = (*table)->len; i > 0; i--) {
		const struct mount_entry *child =
			g_ptr_array_index(*table, i - 1);

		*entry = child;
		if (child->parent == directory.stx_mnt_id &&
		    (!mount || (child->major == mount->major &&
				child->minor == mount->minor)) &&
		    (!path || g_str_equal(child->path, path)))
			return 1;
	}
	return 0;
}

/* Return: TRUE if our mount is attached directly to the directory. */
static gboolean covers(const struct mount *mount, int at)
{
	g_autoptr(GPtrArray) table = NULL;
	const struct mount_entry *entry;

	return find_child(at, mount, NULL, &table, &entry) > 0;
}

static int attach(const struct mount_plan *plan, int mounted,
		  struct mount *mount, int *root)
{
	struct statx attributes;
	int error = look(mounted, &attributes);

	if (error)
		return error;
	mount->major = attributes.stx_dev_major;
	mount->minor = attributes.stx_dev_minor;
	if (move_mount(mounted, "", plan->at, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH))
		return -errno;
	if (covers(mount, plan->at)) {
		if (root)
			*root = mount_copy_root(mounted);
		return 0;
	}
	unmount_descriptor(mounted, plan->path);
	return -EBUSY;
}

/* Return: TRUE if a mount was attached to the directory after it was opened. */
static gboolean is_covered(const struct mount_plan *plan)
{
	g_autoptr(GPtrArray) table = NULL;
	const struct mount_entry *entry;

	return find_child(plan->at, NULL, plan->path, &table, &entry) != 0;
}

/*
 * Attaches the mount unless another daemon has attached one to the same
 * directory or is about to: a covered mount cannot be detached by its
 * descriptor.
 */
static int attach_alone(const struct mount_plan *plan, int mounted,
			struct mount *mount, int *root)
{
	g_autofree char *name = g_strdup_printf("/proc/self/fd/%d", plan->at);
	int lock = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = -EBUSY;

	if ((lock < 0 || !flock(lock, LOCK_EX | LOCK_NB) ||
	     errno != EWOULDBLOCK) &&
	    !is_covered(plan))
		error = attach(plan, mounted, mount, root);
	if (lock >= 0)
		close(lock);
	return error;
}

static int mount_directly(const struct mount_plan *plan, struct mount *mount,
			  int *root)
{
	int mounted = create(plan, mount->connection);
	int error;

	if (mounted < 0)
		error = mounted;
	else
		error = attach_alone(plan, mounted, mount, root);
	if (mounted >= 0)
		close(mounted);
	if (error)
		g_printerr("vmcfs: %s: cannot be mounted on: %s%s\n",
			   plan->path, g_strerror(-error), remedy_of(error));
	return error;
}

/* fusermount3 resolved the path again: checks that it used our directory. */
static int find_mounted(const struct mount_plan *plan, struct mount *mount)
{
	g_autoptr(GPtrArray) table = NULL;
	const struct mount_entry *entry;
	int found = find_child(plan->at, NULL, plan->path, &table, &entry);

	if (found < 0)
		return found;
	if (found && g_str_equal(entry->type, MOUNT_POINT_TYPE)) {
		mount->major = entry->major;
		mount->minor = entry->minor;
		return 0;
	}
	g_printerr(
		"vmcfs: %s: another directory was mounted on, because this one was moved meanwhile\n",
		plan->path);
	return -EBUSY;
}

/* The name of the device may contain commas and backslashes. */
static char *escape(const char *name)
{
	g_auto(GStrv) backslashes = g_strsplit(name, "\\", -1);
	g_autofree char *doubled = g_strjoinv("\\\\", backslashes);
	g_auto(GStrv) commas = g_strsplit(doubled, ",", -1);

	return g_strjoinv("\\,", commas);
}

static int mount_by_fusermount(const struct mount_plan *plan,
			       struct mount *mount)
{
	g_autofree char *name = escape(plan->source);
	g_autofree char *options = g_strdup_printf(
		"default_permissions,subtype=vmcfs,fsname=%s%s%s", name,
		plan->allow_other ? ",allow_other" : "", plan->flags);
	const char *remedy;
	int error = fusermount_mount(plan->at, options, &mount->connection,
				     &remedy);

	if (!error)
		return find_mounted(plan, mount);
	if (error == -EPERM || error == -ECHILD)
		g_printerr(
			"vmcfs: %s: fusermount3 could not mount on it, see its line above%s\n",
			plan->path, remedy);
	else
		g_printerr("vmcfs: %s: fusermount3 cannot be run: %s%s\n",
			   plan->path, g_strerror(-error), error_remedy(error));
	return error;
}

static int open_device(void)
{
	int fd = open(FUSE_DEVICE, O_RDWR | O_CLOEXEC);
	int error = -errno;

	if (fd >= 0)
		return fd;
	g_printerr(
		"vmcfs: " FUSE_DEVICE ": %s; %s\n", g_strerror(-error),
		error == -EACCES || error == -EPERM ?
			"let this user open it, or run vmcfs as root" :
			"load the kernel's support for it with 'modprobe fuse'");
	return error;
}

int mount_tree(const struct mount_plan *plan, struct mount *mount, int *root)
{
	struct mount new = { .connection = -1 };
	int error = 0;

	if (capability_is_held(CAP_SYS_ADMIN)) {
		new.connection = open_device();
		error = new.connection < 0 ? new.connection :
					     mount_directly(plan, &new, root);
	} else {
		error = mount_by_fusermount(plan, &new);
	}
	if (!error)
		*mount = new;
	else if (new.connection >= 0)
		close(new.connection);
	return error;
}

int mount_exit_status(int error)
{
	return error == -EPERM || error == -EACCES ? EX_NOPERM : EX_OSERR;
}
