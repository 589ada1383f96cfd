// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Blocked threads: starts one in every blocking call and checks how each ends.
 * The reset or removal is the case's own task.
 */
#include "broken.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "expect.h"
#include "session.h"

enum { READER, OLD_READER, WRITER, OPENER, POLLER, CALLERS };

#define ALL (POLLIN | POLLOUT)

void broken_prepare(struct broken *broken, const struct abi_test *test)
{
	struct caller *callers = broken->callers;
	int *files = broken->files;
	int i;

	EXPECT_EQ(device_hmcs(test), 4);
	broken->test = test;
	files[READER] = session_new(test, 0);
	files[OLD_READER] = session_old(test);
	files[WRITER] = session_new(test, IBMVMC_INDEX_ANY);
	files[OPENER] = device_open(test);
	for (i = 0; i < CALLERS; i++)
		caller_init(&callers[i], NULL);

	knobs_switch(&test->knobs, KNOB_STALL, true);
	session_fill(files[WRITER]);
	caller_read(&callers[READER], files[READER], broken->buffers[0],
		    sizeof(broken->buffers[0]));
	caller_read(&callers[OLD_READER], files[OLD_READER], broken->buffers[1],
		    sizeof(broken->buffers[1]));
	caller_write(&callers[WRITER], files[WRITER], "x", 1);
	caller_open(&callers[OPENER], files[OPENER], IBMVMC_INDEX_ANY, 60000);
	caller_poll(&callers[POLLER], files[READER], POLLIN);
	for (i = 0; i < CALLERS; i++)
		caller_await_blocked(&callers[i]);
}

static void check_file(int file, int error)
{
	struct ibmvmc_ioc_info info;
	char buffer[16];

	device_info(file, &info);
	EXPECT_EQ(info.file_state, IBMVMC_FILE_DEAD);
	EXPECT_EQ(info.file_error, error);
	EXPECT_EQ(info.buffers, 0);
	EXPECT_EQ(session_events(file, ALL), POLLERR | POLLHUP);
	EXPECT_ERROR(read(file, buffer, sizeof(buffer)), error);
	EXPECT_ERROR(write(file, "x", 1), error);
	EXPECT_ERROR(device_ask_open(file, IBMVMC_INDEX_ANY, 0), EISCONN);
}

void broken_check(struct broken *broken, int error)
{
	struct caller *callers = broken->callers;
	int *files = broken->files;
	char buffer[16];

	EXPECT_ERROR(caller_join(&callers[READER]), error);
	EXPECT_ERROR(caller_join(&callers[OLD_READER]), EBADFD);
	EXPECT_ERROR(caller_join(&callers[WRITER]), error);
	EXPECT_ERROR(caller_join(&callers[OPENER]), error);
	EXPECT_EQ(caller_join(&callers[POLLER]), POLLERR | POLLHUP);
	check_file(files[READER], error);
	check_file(files[WRITER], error);
	check_file(files[OPENER], error);
	EXPECT_EQ(session_events(files[OLD_READER], ALL), POLLERR | POLLHUP);
	EXPECT_ERROR(read(files[OLD_READER], buffer, sizeof(buffer)), EBADFD);
	EXPECT_ERROR(write(files[OLD_READER], "x", 1), EIO);
	EXPECT_ERROR(device_sethmcid(files[OLD_READER]), EIO);
}
