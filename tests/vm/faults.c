// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs in a guest whose kernel can let allocations and copies fail. Each call of
 * the driver is made with the first of them failing, then with the second, and
 * so on until none is left (/proc/thread-self/fail-nth): it must fail with an
 * error of that kind or succeed all the same, and then everything must work. What
 * work items of the kernel allocate is not reached like this: see storm.py.
 * Speaks TAP. What it leaves in the kernel, others look at.
 *
 * usage: faults DIRECTORY-OF-MODULES CHANNEL
 *
 * CHANNEL is the module that brings a channel: ibmvmc-sim, which calls the driver,
 * or another, whose device the driver finds on its bus.
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
/* On POWER: where the bus shows its driver, and the one device for it. */
#define BUS_DRIVER "/sys/bus/vio/drivers/ibmvmc/"
#define DEVICE "30000010"
#define MESSAGE_SIZE 4000

struct faults {
	const char *channel_name;
	int driver; /* the modules, as files */
	int channel;
	int nth;       /* the count of what may still succeed */
	bool injected; /* something failed in the call before */
	int fd;	       /* of the node, or -1 */
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

/* NAME is that of a file; the kernel knows it by an identifier. */
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

static int nothing(struct faults *f)
{
	(void)f;
	return 0;
}

/* The state in which each call finds its file; failures here are fatal. */
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

/* After a failed read the message is there still. */
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

/* A device that could not be probed stays, without its driver. */
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

/*
 * least: so many places there are at least, else nothing was made to fail;
 * prepare: what has to be there before; after: what has to be done after the call
 * succeeded, after_failure: after it failed, before everything must work again.
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
	{ "open(2)", 1, nothing, test_open, nothing, nothing },
	{ "SETHMCID", 1, prepare_open, test_sethmcid, nothing, nothing },
	{ "OPEN", 1, prepare_open, test_ioctl_open, nothing, nothing },
	{ "QUERY", 1, prepare_open, test_query, nothing, nothing },
	{ "INFO", 1, prepare_session, test_info, nothing, nothing },
	{ "REQUESTVMC", 0, prepare_open, test_request_vmc, nothing, nothing },
	{ "write(2)", 1, prepare_session, test_write, nothing, nothing },
	{ "read(2)", 1, prepare_message, test_read, nothing, finish_read },
	{ "poll(2)", 1, prepare_message, test_poll, nothing, nothing },
	{ "close(2)", 0, prepare_message, test_close, nothing, nothing },
	{ "emit", 1, prepare_session, test_emit, nothing, nothing },
	{ "the device goes", 1, nothing, test_gone, finish_back, finish_back },
	{ NULL }
};

/* The probe's error is reported to the module that adds the device. */
static const struct faults_call calls_sim[] = {
	{ "the device comes", 5, prepare_gone, test_back, nothing,
	  finish_back },
	{ "the channel loads", 20, prepare_no_channel, test_load_channel,
	  nothing, finish_load_channel },
	{ "ibmvmc loads", 20, prepare_nothing, test_load_driver,
	  finish_load_channel, finish_load_both },
	{ NULL }
};

/*
 * The bus is not, unless it is asked to. Adding the device is no call here: the
 * kernel believes that a node is in its device tree even where that failed.
 */
static const struct faults_call calls_bus[] = {
	{ "the device is unbound", 1, nothing, test_unbind, finish_bind,
	  nothing },
	{ "the device is bound", 20, prepare_unbound, test_bind, nothing,
	  finish_bind },
	{ "ibmvmc loads where the device is", 40, prepare_no_driver,
	  test_load_driver, finish_bound, finish_load_driver },
	{ NULL }
};

static void close_file(struct faults *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* A message goes, and comes back. */
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

	/* What is left of the last count may fail this very copy. */
	while (pwrite(f->nth, text, len, 0) != len) {
		if (errno != EFAULT)
			need(-errno, "fail-nth");
	}
}

/*
 * Whether the failure happened: then 0 is left of the count. Reading it counts
 * as well; if that itself fails, nothing had before.
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

/* One call with the nth failing; says whether there was an nth. */
static bool once(struct faults *f, const struct faults_call *call,
		 unsigned int n, int *rc)
{
	need(call->prepare(f), "what has to be there");
	set_nth(f, n);
	*rc = call->call(f);
	f->injected = has_failed(f);
	set_nth(f, 0);
	need(*rc ? call->after_failure(f) : call->after(f), "what comes after");
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
	/* with nothing failing it must have succeeded */
	bad += rc || n <= call->least;
	printf("# %s: %u places, %u failures reported\n", call->name, n - 1,
	       failed);
	printf("%sok %u - %s\n", bad ? "not " : "", number, call->name);
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
		need(-errno, "this kernel lets nothing fail");
	for (i = 0; i < sizeof(f.message); i++)
		f.message[i] = 1 + i % 200;
	number = run_all(&f, calls, 0);
	number = run_all(&f, sim ? calls_sim : calls_bus, number);
	printf("1..%u\n", number);
	return 0;
}
