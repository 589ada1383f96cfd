// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Resources: one descriptor and one mapping, which are given back at once, show
 * that there is room for as many or as much.
 */
#include "resources.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "defaults.h"
#include "errors.h"

/* A number above all others that are needed; EINVAL: it is above the limit. */
static int try_descriptor(void)
{
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, VMCFS_DESCRIPTORS - 1);

	if (fd < 0)
		return errno == EINVAL ? -EMFILE : -errno;
	close(fd);
	return 0;
}

static int try_memory(void)
{
	void *memory = mmap(NULL, VMCFS_START_MEMORY, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return -ENOMEM;
	munmap(memory, VMCFS_START_MEMORY);
	return 0;
}

int resources_check(void)
{
	int error = try_descriptor();

	if (error) {
		g_printerr("vmcfs: %d open files are needed: %s%s\n",
			   VMCFS_DESCRIPTORS, g_strerror(-error),
			   error_remedy(error));
		return EX_OSERR;
	}
	error = try_memory();
	if (error) {
		g_printerr("vmcfs: %u MiB of memory are needed: %s%s\n",
			   (guint)(VMCFS_START_MEMORY / MIB),
			   g_strerror(-error), error_remedy(error));
		return EX_OSERR;
	}
	return 0;
}
