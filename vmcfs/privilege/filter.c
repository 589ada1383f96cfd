// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Filter: installs the seccomp filter of a role from lists of system calls, and
 * rules for calls that are allowed with certain arguments only. It cannot
 * restrict paths or the contents of memory.
 *
 * Calls in the path of a message have no rule for arguments, so that the kernel
 * allows them by a bitmap, without running the filter.
 */
#include "privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "uapi/ibmvmc.h"

#ifdef VMCFS_SECCOMP_KILL
#define REFUSE SCMP_ACT_KILL_PROCESS
#else
#define REFUSE SCMP_ACT_ERRNO(EPERM)
#endif

#define OPEN_CHANGES \
	(O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

/* Memory, time, waiting, signal handling, open files. */
static const char *const both[] = {
	"_llseek", /* lseek(2) of some architectures, such as POWER */
	"brk",
	"clock_gettime",
	"clock_nanosleep",
	"close",
	"exit",
	"exit_group",
	"fstat",
	"futex",
	"getegid",
	"geteuid",
	"getgid",
	"getpid",
	"getppid",
	"getrandom",
	"gettid",
	"gettimeofday",
	"getuid",
	"lseek",
	"madvise",
	"mremap",
	"munmap",
	"newfstatat",
	"poll",
	"ppoll",
	"read",
	"readlink",
	"readlinkat",
	"recvmsg",
	"restart_syscall",
	"rseq",
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"sched_yield",
	"set_robust_list",
	"sendmsg",
	"statx",
	"wait4",
	"write",
};

static const char *const daemon_only[] = {
	/* requests and messages */
	"pread64",
	"preadv",
	"preadv2",
	"pwrite64",
	"pwritev",
	"readv",
	"writev",
	/* the main loop */
	"epoll_create1",
	"epoll_ctl",
	"epoll_pwait",
	"epoll_wait",
	"eventfd2",
	"pipe2",
	"pselect6",
	"select",
	"signalfd4",
	"timerfd_create",
	"timerfd_gettime",
	"timerfd_settime",
	/* the journal and the system log */
	"connect",
	"ftruncate",
	"getpeername",
	"getsockname",
	"getsockopt",
	"memfd_create",
	"send",
	"sendto",
	"setsockopt",
	"shutdown",
	/* files below /proc and /sys, and facts about itself */
	"access",
	"faccessat",
	"faccessat2",
	"getdents64",
	"getrusage",
	"sched_getaffinity",
	"sysinfo",
	"time",
	"uname",
	/* threads */
	"membarrier",
	"nanosleep",
	"sigaltstack",
};

static const char *const helper_only[] = {
	/* mounting and unmounting */
	"alarm",
	"capget",
	"fsconfig",
	"fsmount",
	"fsopen",
	"flock",
	"move_mount",
	"openat",
	"setitimer",
	"umount2",
	/* the announcer */
	"capset",
	"mknodat",
	"open_tree",
	"renameat",
	"renameat2",
	"utimensat",
	/* the child that requests a device */
	"clone",
	"close_range",
	"kill",
	"pidfd_open",
	"prctl",
	"waitid",
	/* its standard files */
	"dup2",
	"dup3",
	"fcntl",
};

/* The sanitizers read memory maps, and look for leaks at the end. */
static const char *const sanitized[] = {
#ifdef __SANITIZE_ADDRESS__
	"clone",
	"dup2",
	"getcwd",
	"getdents",
	"getdents64",
	"kill",
	"lstat",
	"mprotect",
	"open",
	"openat",
	"pipe",
	"pipe2",
	"prctl",
	"prlimit64",
	"process_vm_readv",
	"ptrace",
	"sched_getaffinity",
	"setrlimit",
	"sigaltstack",
	"stat",
	"tgkill",
	"tkill",
	"uname",
#endif
	NULL,
};

/* A call that is allowed if an argument, masked, has a value. */
static const struct rule {
	const char *name;
	unsigned int argument;
	guint64 mask;
	guint64 value;
} daemon_rules[] = {
	/* reading only */
	{ "openat", 2, OPEN_CHANGES, O_RDONLY },
	/* local sockets only */
	{ "socket", 0, G_MAXUINT32, AF_UNIX },
	/* threads, not processes */
	{ "clone", 0, CLONE_THREAD, CLONE_THREAD },
	{ "prctl", 0, G_MAXUINT32, PR_SET_NAME },
	{ "prctl", 0, G_MAXUINT32, PR_SET_VMA },
	/* flags and copies of descriptors */
	{ "fcntl", 1, G_MAXUINT32, F_GETFL },
	{ "fcntl", 1, G_MAXUINT32, F_SETFL },
	{ "fcntl", 1, G_MAXUINT32, F_GETFD },
	{ "fcntl", 1, G_MAXUINT32, F_SETFD },
	{ "fcntl", 1, G_MAXUINT32, F_DUPFD_CLOEXEC },
	{ "fcntl", 1, G_MAXUINT32, F_GETPIPE_SZ },
	{ "fcntl", 1, G_MAXUINT32, F_SETPIPE_SZ },
	{ "fcntl", 1, G_MAXUINT32, F_ADD_SEALS },
	/* ioctls of the device except REQUESTVMC */
	{ "ioctl", 1, G_MAXUINT32, IBMVMC_IOC_SETHMCID },
	{ "ioctl", 1, G_MAXUINT32, IBMVMC_IOC_QUERY },
	{ "ioctl", 1, G_MAXUINT32, IBMVMC_IOC_INFO },
	{ "ioctl", 1, G_MAXUINT32, IBMVMC_IOC_OPEN },
	/* reading limits, not setting them */
	{ "prlimit64", 2, G_MAXUINT64, 0 },
};

static const struct rule helper_rules[] = {
	{ "ioctl", 1, G_MAXUINT32, IBMVMC_IOC_REQUESTVMC },
};

/* No memory may become executable. */
static const struct rule memory_rules[] = {
	{ "mmap", 2, PROT_EXEC, 0 },
	{ "mprotect", 2, PROT_EXEC, 0 },
};

/* Calls that this machine or libseccomp does not know are skipped. */
static int allow(scmp_filter_ctx filter, const char *name)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
}

static int allow_names(scmp_filter_ctx filter, const char *const *names,
		       gsize count)
{
	int error = 0;

	for (gsize i = 0; !error && i < count && names[i]; i++)
		error = allow(filter, names[i]);
	return error;
}

static int allow_if(scmp_filter_ctx filter, const char *name,
		    struct scmp_arg_cmp comparison)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1,
				      &comparison);
}

static int allow_rules(scmp_filter_ctx filter, const struct rule *rules,
		       gsize count)
{
	int error = 0;

	for (gsize i = 0; !error && i < count; i++)
		error = allow_if(filter, rules[i].name,
				 (struct scmp_arg_cmp){
					 .arg = rules[i].argument,
					 .op = SCMP_CMP_MASKED_EQ,
					 .datum_a = rules[i].mask,
					 .datum_b = rules[i].value,
				 });
	return error;
}

/* abort(3) and assertions signal a thread of the process. */
static int allow_abort(scmp_filter_ctx filter)
{
	return allow_if(filter, "tgkill",
			(struct scmp_arg_cmp){
				.arg = 0,
				.op = SCMP_CMP_EQ,
				.datum_a = (scmp_datum_t)getpid(),
			});
}

static int fill_daemon(scmp_filter_ctx filter)
{
	int error = allow_names(filter, daemon_only, G_N_ELEMENTS(daemon_only));

	if (!error)
		error = allow_rules(filter, daemon_rules,
				    G_N_ELEMENTS(daemon_rules));
	return error;
}

static int fill_helper(scmp_filter_ctx filter)
{
	int error = allow_names(filter, helper_only, G_N_ELEMENTS(helper_only));

	if (!error)
		error = allow_rules(filter, helper_rules,
				    G_N_ELEMENTS(helper_rules));
	return error;
}

static int fill(scmp_filter_ctx filter, enum filter_role role)
{
	int error = allow_names(filter, sanitized, G_N_ELEMENTS(sanitized));

	if (!error)
		error = allow_names(filter, both, G_N_ELEMENTS(both));
	if (!error)
		error = allow_rules(filter, memory_rules,
				    G_N_ELEMENTS(memory_rules));
	if (!error)
		error = role == FILTER_DAEMON ? fill_daemon(filter) :
						fill_helper(filter);
	if (!error)
		error = allow_abort(filter);
	/* hide_clone3() refuses it. */
	return error ? error : allow(filter, "clone3");
}

static int load(scmp_filter_ctx filter)
{
	int error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	return error ? error : seccomp_load(filter);
}

/*
 * glibc creates threads by clone(2) if clone3(2) is unknown. Each start calls it,
 * so it has a filter of its own, whose refusals are not logged.
 */
static int hide_clone3(void)
{
	int error = 0, number = seccomp_syscall_resolve_name("clone3");
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter)
		return -ENOMEM;
	if (number != __NR_SCMP_ERROR) {
		error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number,
					 0);
		if (!error)
			error = load(filter);
	}
	seccomp_release(filter);
	return error;
}

static int restrict_to(enum filter_role role)
{
	scmp_filter_ctx filter = seccomp_init(REFUSE);
	int error;

	if (!filter)
		return -ENOMEM;
	error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
	if (!error)
		error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!error)
		error = fill(filter, role);
	if (!error)
		error = load(filter);
	seccomp_release(filter);
	return error;
}

int filter_install(enum filter_role role)
{
	int error = hide_clone3();

	if (!error)
		error = restrict_to(role);
	/* libseccomp returns this if a part of the filter is not supported. */
	return error == -EOPNOTSUPP || error == -EINVAL ? -ENOSYS : error;
}
