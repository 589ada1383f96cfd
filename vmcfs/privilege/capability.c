// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Capability: reads and drops the capabilities of the calling thread. It gains
 * none.
 *
 * Version 3 of capget(2) and capset(2) has two words of 32 bits for each set.
 */
#include "internal.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WORDS _LINUX_CAPABILITY_U32S_3

struct sets {
	struct __user_cap_header_struct header;
	struct __user_cap_data_struct word[WORDS];
};

static int get(struct sets *sets)
{
	*sets = (struct sets){
		.header.version = _LINUX_CAPABILITY_VERSION_3,
	};
	return syscall(SYS_capget, &sets->header, sets->word) ? -errno : 0;
}

gboolean capability_is_held(int capability)
{
	struct sets sets;

	return !get(&sets) && sets.word[CAP_TO_INDEX(capability)].effective &
				      CAP_TO_MASK(capability);
}

/*
 * The running kernel may have more capabilities than the headers; EINVAL ends
 * the list.
 */
static int empty_bounding_set(void)
{
	if (!capability_is_held(CAP_SETPCAP))
		return 0;
	for (int i = 0; !prctl(PR_CAPBSET_DROP, i, 0, 0, 0); i++)
		;
	return errno == EINVAL ? 0 : -errno;
}

/* A service without capabilities may not be allowed to call capset(2). */
static gboolean holds_none(const struct sets *sets)
{
	guint32 held = 0;

	for (int i = 0; i < WORDS; i++)
		held |= sets->word[i].permitted | sets->word[i].inheritable;
	return !held;
}

int capability_keep(guint64 kept)
{
	struct sets sets;
	int error = empty_bounding_set();

	if (!error)
		error = get(&sets);
	if (error)
		return error;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (holds_none(&sets))
		return 0;
	for (int i = 0; i < WORDS; i++) {
		guint32 mask = (guint32)(kept >> (32 * i));

		sets.word[i].permitted &= mask;
		sets.word[i].effective &= mask;
		sets.word[i].inheritable = 0;
	}
	return syscall(SYS_capset, &sets.header, sets.word) ? -errno : 0;
}
