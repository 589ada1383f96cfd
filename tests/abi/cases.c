// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * List of cases: all tables in the order in which they run, and the behaviour
 * that no case can provoke. The cases themselves are in the other files.
 */
#include "cases.h"

#include <stddef.h>

const struct abi_case *const abi_cases[] = {
	/* legacy ABI */
	compat_node_cases,
	compat_sethmcid_cases,
	compat_read_cases,
	compat_write_cases,
	compat_poll_cases,
	compat_end_cases,
	compat_share_cases,
	compat_client_cases,
	/* native ABI */
	abi_node_cases,
	abi_info_cases,
	abi_struct_cases,
	abi_open_cases,
	abi_open_fails_cases,
	abi_read_cases,
	abi_write_cases,
	abi_vector_cases,
	abi_poll_cases,
	abi_pri_cases,
	abi_reset_cases,
	abi_gone_cases,
	abi_stale_cases,
	abi_threads_cases,
	abi_flood_cases,
	abi_cycles_cases,
	abi_modules_cases,
	NULL,
};

const char *const abi_unprovoked[] = {
	"ENOMEM of open, SETHMCID, OPEN, write:",
	"  needs a kernel whose allocations can be made to fail",
	"SETHMCID EIO, because the channel has failed or the Open was not sent;",
	"OPEN EIO; the end of a session by EIO:",
	"  the simulated hypervisor always answers eventually, and its queue works",
	"write EIO on a session by OPEN, lost_messages, POLLPRI for these:",
	"  its copies (H_COPY_RDMA) fail only by chance, when the channel breaks",
	"REQUESTVMC EIO, ENODEV for lack of resources, EINVAL, ETIMEDOUT, EINTR:",
	"  it grants or refuses at once, and is never busy",
	"IBMVMC_RESET_OTHER_EVENT:",
	"  it knows four transport events",
	"IBMVMC_CHANNEL_CAPABILITIES:",
	"  the state is too short to be reached on purpose",
	NULL,
};
