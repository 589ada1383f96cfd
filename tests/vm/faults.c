// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Failed allocations: repeats each call of the driver with the first allocation
 * or copy to user memory failing, then with the second, and so on
 * (/proc/thread-self/fail-nth). The call must return ENOMEM, EFAULT or ENFILE, or
 * succeed; afterwards a session must work. Allocations of work items are not
 * covered; storm.py makes them fail. Runs in a guest with fault injection, whose
 * runner checks for leaks. Prints TAP.
 *
 * usage: faults DIRECTORY-OF-MODULES CHANNEL
 *
 * CHANNEL is the module that provides a channel: ibmvmc-sim, which calls the
 * driver, or vmc-phyp, whose device the driver finds on its bus.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uapi/ibmvmc.h"

#define NODE "/dev/ibmvmc"
/* Directory of the driver and name of its device on the bus of POWER. */
#define BUS_DRIVER "/sys/bus/vio/drivers/ibmvmc/"
#define DEVICE "30000010"
#define MESSAGE_SIZE 4000

struct faults {
	const char *channel_name;
	int driver; /* file of the module */
	int channel;
	int nth;       /* fail-nth of this thread */
	bool injected; /* the last call met a failure */
	int fd;	       /* open node, or -1 */
	char message[MESSAGE_SIZE];
	char answer[MESSAGE_SIZE];
};

static int test_open(struct faults *f)
{
	f->fd = open(NODE, O_RDWR);
	return f->fd < 0 ? -errno : 0;
}

static int test_ioctl_open(struct faults *f)
{
	struct ibmvmc_ioc_open open = {
		.size = sizeof(open),
		.hmc_index = IBMVMC_INDEX_ANY,
		.hmc_id = "faults",
	};

	return ioctl(f->fd, IBMVMC_IOC_OPEN, &open) ? -errno : 0;
}

static int test_sethmcid(struct faults *f)
{
	static const char id[IBMVMC_HMC_ID_LEN] = "faults";

	return ioctl(f->fd, IBMVMC_IOC_SETHMCID, id) ? -errno : 0;
}

static int test_query(struct faults *f)
{
	struct ibmvmc_query query;

	return ioctl(f->fd, IBMVMC_IOC_QUERY, &query) ? -errno : 0;
}

static int test_request_vmc(struct faults *f)
{
	__u32 index;

	return ioctl(f->fd, IBMVMC_IOC_REQUESTVMC, &index) ? -errno : 0;
}

static int test_info(struct faults *f)
{
	struct ibmvmc_ioc_info info = { .size = sizeof(info) };

	return ioctl(f->fd, IBMVMC_IOC_INFO, &info) ? -errno : 0;
}

static int test_write(struct faults *f)
{
	ssize_t n = write(f->fd, f->message, MESSAGE_SIZE);

	return n < 0 ? -errno : n == MESSAGE_SIZE ? 0 : -EPROTO;
}

static int test_read(struct faults *f)
{
	ssize_t n = read(f->fd, f->answer, sizeof(f->answer));

	return n < 0 ? -errno : n == MESSAGE_SIZE ? 0 : -EPROTO;
}

static int test_poll(struct faults *f)
{
	struct pollfd waits = { .fd = f->fd, .events = POLLIN };

	return poll(&waits, 1, 30000) < 0 ? -errno :
	       waits.revents & POLLIN	  ? 0 :
					    -ETIME;
}

static int test_close(struct faults *f)
{
	int rc = close(f->fd) ? -errno : 0;

	f->fd = -1;
	return rc;
}

static int write_file(const char *path, const char *text)
{
	int fd, rc;

	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -errno;
	rc = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return rc;
}

static int knob(struct faults *f, const char *name, const char *text)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", f->channel_name,
		 name);
	return write_file(path, text);
}

static int test_gone(struct faults *f)
{
	return knob(f, "live", "0");
}

static int test_back(struct faults *f)
{
	return knob(f, "live", "1");
}

static int test_emit(struct faults *f)
{
	return knob(f, "emit", "0 text");
}

static int test_bind(struct faults *f)
{
	(void)f;
	return write_file(BUS_DRIVER "bind", DEVICE);
}

static int test_unbind(struct faults *f)
{
	(void)f;
	return write_file(BUS_DRIVER "unbind", DEVICE);
}

static int load(int module)
{
	return syscall(SYS_finit_module, module, "", 0) ? -errno : 0;
}

/* @name is the name of a file; the kernel replaces each hyphen. */
static int unload(const char *name)
{
	char module[64];
	char *hyphen;

	snprintf(module, sizeof(module), "%s", name);
	while ((hyphen = strchr(module, '-')))
		*hyphen = '_';
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? -errno : 0;
}

static int test_load_driver(struct faults *f)
{
	return load(f->driver);
}

static int test_load_channel(struct faults *f)
{
	return load(f->channel);
}

static int do_nothing(struct faults *f)
{
	(void)f;
	return 0;
}

/* Ends the program if a step that must succeed has failed. */
static void need(int rc, const char *what)
{
	if (!rc)
		return;
	printf("Bail out! %s: %s\n", what, strerror(-rc));
	exit(1);
}

static int prepare_open(struct faults *f)
{
	need(test_open(f), "open");
	return 0;
}

static int prepare_session(struct faults *f)
{
	prepare_open(f);
	need(test_ioctl_open(f), "OPEN");
	return 0;
}

static int prepare_message(struct faults *f)
{
	prepare_session(f);
	need(test_write(f), "write");
	need(test_poll(f), "poll");
	return 0;
}

static int prepare_gone(struct faults *f)
{
	return test_gone(f);
}

static int prepare_unbound(struct faults *f)
{
	return test_unbind(f);
}

static int prepare_no_channel(struct faults *f)
{
	return unload(f->channel_name);
}

static int prepare_nothing(struct faults *f)
{
	prepare_no_channel(f);
	return unload("ibmvmc");
}

static int prepare_no_driver(struct faults *f)
{
	(void)f;
	return unload("ibmvmc");
}

/* A failed read keeps the message. */
static int finish_read(struct faults *f)
{
	need(test_read(f), "read again");
	return memcmp(f->message, f->answer, MESSAGE_SIZE) ? -EPROTO : 0;
}

static int finish_back(struct faults *f)
{
	return test_back(f);
}

static int finish_bind(struct faults *f)
{
	return test_bind(f);
}

static int finish_load_channel(struct faults *f)
{
	return test_load_channel(f);
}

static int finish_load_both(struct faults *f)
{
	need(test_load_driver(f), "load ibmvmc");
	return test_load_channel(f);
}

/* A device whose probe failed stays unbound. */
static int finish_bound(struct faults *f)
{
	if (!access(BUS_DRIVER DEVICE, F_OK))
		return 0;
	return f->injected ? test_bind(f) : -ENODEV;
}

static int finish_load_driver(struct faults *f)
{
	need(test_load_driver(f), "load ibmvmc");
	return access(BUS_DRIVER DEVICE, F_OK) ? -errno : 0;
}

/**
 * struct faults_call - call that is repeated
 * @name: operation, as printed in the label of the test
 * @least: minimum number of failures; fewer mean that nothing was injected
 * @prepare: function that makes the state before the call
 * @call: call
 * @after: function that restores the state after a success
 * @after_failure: function that restores the state after a failure
 */
struct faults_call {
	const char *name;
	unsigned int least;
	int (*prepare)(struct faults *f);
	int (*call)(struct faults *f);
	int (*after)(struct faults *f);
	int (*after_failure)(struct faults *f);
};

static const struct faults_call calls[] = {
	{ "open(2)", 1, do_nothing, test_open, do_nothing, do_nothing },
	{ "SETHMCID", 1, prepare_open, test_sethmcid, do_nothing, do_nothing },
	{ "OPEN", 1, prepare_open, test_ioctl_open, do_nothing, do_nothing },
	{ "QUERY", 1, prepare_open, test_query, do_nothing, do_nothing },
	{ "INFO", 1, prepare_session, test_info, do_nothing, do_nothing },
	{ "REQUESTVMC", 0, prepare_open, test_request_vmc, do_nothing,
	  do_nothing },
	{ "write(2)", 1, prepare_session, test_write, do_nothing, do_nothing },
	{ "read(2)", 1, prepare_message, test_read, do_nothing, finish_read },
	{ "poll(2)", 1, prepare_message, test_poll, do_nothing, do_nothing },
	{ "close(2)", 0, prepare_message, test_close, do_nothing, do_nothing },
	{ "emit", 1, prepare_session, test_emit, do_nothing, do_nothing },
	{ "removing the device", 1, do_nothing, test_gone, finish_back,
	  finish_back },
	{ NULL }
};

/* The simulated channel returns the error of the probe to its caller. */
static const struct faults_call calls_sim[] = {
	{ "adding the device", 5, prepare_gone, test_back, do_nothing,
	  finish_back },
	{ "loading the channel module", 20, prepare_no_channel,
	  test_load_channel, do_nothing, finish_load_channel },
	{ "loading ibmvmc", 20, prepare_nothing, test_load_driver,
	  finish_load_channel, finish_load_both },
	{ NULL }
};

/*
 * A bus returns the error of a probe only for a write to "bind". Adding the
 * device is no call here: the kernel keeps the node in its device tree even if
 * the addition failed.
 */
static const struct faults_call calls_bus[] = {
	{ "unbinding the device", 1, do_nothing, test_unbind, finish_bind,
	  do_nothing },
	{ "binding the device", 20, prepare_unbound, test_bind, do_nothing,
	  finish_bind },
	{ "loading ibmvmc with a device on the bus", 40, prepare_no_driver,
	  test_load_driver, finish_bound, finish_load_driver },
	{ NULL }
};

static void close_file(struct faults *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* Opens a session and expects the echo of a message. */
static int works(struct faults *f)
{
	int rc;

	prepare_message(f);
	memset(f->answer, 0, sizeof(f->answer));
	rc = test_read(f);
	if (!rc && memcmp(f->message, f->answer, MESSAGE_SIZE))
		rc = -EPROTO;
	close_file(f);
	return rc;
}

static void set_nth(struct faults *f, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	/* The rest of the last count may fail this copy. */
	while (pwrite(f->nth, text, len, 0) != len) {
		if (errno != EFAULT)
			need(-errno, "fail-nth");
	}
}

/*
 * Returns whether a failure was injected: the count is then 0. The read itself
 * counts; if it fails, no failure was injected before.
 */
static bool has_failed(struct faults *f)
{
	char text[16] = "";
	ssize_t n = pread(f->nth, text, sizeof(text) - 1, 0);

	return n > 0 && atoi(text) == 0;
}

static int allowed(int rc)
{
	return !rc || rc == -ENOMEM || rc == -EFAULT || rc == -ENFILE;
}

/* Makes one call with failure @n; returns whether it was injected. */
static bool once(struct faults *f, const struct faults_call *call,
		 unsigned int n, int *rc)
{
	need(call->prepare(f), "the preparation");
	set_nth(f, n);
	*rc = call->call(f);
	f->injected = has_failed(f);
	set_nth(f, 0);
	need(*rc ? call->after_failure(f) : call->after(f), "the restoration");
	close_file(f);
	return f->injected;
}

static void run(struct faults *f, const struct faults_call *call,
		unsigned int number)
{
	unsigned int n, failed = 0, bad = 0;
	int rc = 0;

	for (n = 1; once(f, call, n, &rc); n++) {
		failed += !!rc;
		if (!allowed(rc)) {
			printf("# %s, %u: %s\n", call->name, n, strerror(-rc));
			bad++;
		}
		rc = works(f);
		if (rc) {
			printf("# after %u: %s\n", n, strerror(-rc));
			bad++;
		}
	}
	/* the last call met no failure and must have succeeded */
	bad += rc || n <= call->least;
	printf("# %s: %u failures injected, %u reported\n", call->name, n - 1,
	       failed);
	printf("%sok %u - %s survives each failed allocation\n",
	       bad ? "not " : "", number, call->name);
	fflush(stdout);
}

static int open_module(const char *directory, const char *name)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.ko", directory, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		need(-errno, path);
	return fd;
}

static unsigned int run_all(struct faults *f, const struct faults_call *list,
			    unsigned int number)
{
	for (; list->name; list++)
		run(f, list, ++number);
	return number;
}

int main(int argc, char **argv)
{
	static struct faults f = { .fd = -1 };
	unsigned int i, number;
	bool sim;

	if (argc != 3)
		need(-EINVAL, "usage: faults DIRECTORY-OF-MODULES CHANNEL");
	f.channel_name = argv[2];
	sim = !strcmp(f.channel_name, "ibmvmc-sim");
	f.driver = open_module(argv[1], "ibmvmc");
	f.channel = open_module(argv[1], f.channel_name);
	f.nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (f.nth < 0 || mlockall(MCL_CURRENT | MCL_FUTURE))
		need(-errno, "the kernel has no fault injection");
	for (i = 0; i < sizeof(f.message); i++)
		f.message[i] = 1 + i % 200;
	number = run_all(&f, calls, 0);
	number = run_all(&f, sim ? calls_sim : calls_bus, number);
	printf("1..%u\n", number);
	return 0;
}
