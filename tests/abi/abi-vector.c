// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * readv(2) and writev(2): expects one message, however the memory is divided.
 * Lengths and waiting are tested in abi-read.c and abi-write.c.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "memory.h"
#include "session.h"

#define LEN 100

/* Divides @memory into three parts, one of them empty. */
static void part(struct iovec parts[3], char *memory, size_t first, size_t len)
{
	parts[0] = (struct iovec){ memory, first };
	parts[1] = (struct iovec){ memory, 0 };
	parts[2] = (struct iovec){ memory + first, len - first };
}

static void gathered(int file)
{
	struct iovec parts[3];
	char data[LEN];
	size_t first;

	session_pattern(data, sizeof(data), 1);
	for (first = 0; first <= LEN; first += 25) {
		part(parts, data, first, LEN);
		EXPECT_EQ(MUST(writev(file, parts, 3)), LEN);
		session_receive(file, data, LEN);
	}
	EXPECT_EQ(MUST(writev(file, parts + 1, 1)), 0);
	EXPECT_EQ(MUST(writev(file, parts, 0)), 0);
	session_echo(file, 20, 2);
}

static void gather(const struct abi_test *test)
{
	gathered(session_new(test, IBMVMC_INDEX_ANY));
	gathered(session_old(test));
}

static void scattered(int file)
{
	struct iovec parts[3];
	char data[LEN], buffer[2 * LEN];
	size_t first;

	session_pattern(data, sizeof(data), 1);
	for (first = 0; first <= 2 * LEN; first += 25) {
		memset(buffer, 0, sizeof(buffer));
		part(parts, buffer, first, 2 * LEN);
		session_send(file, data, LEN);
		session_send_pattern(file, 30, 2);
		EXPECT(session_await(file, POLLIN) & POLLIN);
		EXPECT_EQ(MUST(readv(file, parts, 3)), LEN);
		EXPECT(!memcmp(buffer, data, LEN));
		EXPECT_EQ(buffer[LEN], 0);
		session_receive_pattern(file, 30, 2);
	}
}

static void scatter(const struct abi_test *test)
{
	scattered(session_new(test, IBMVMC_INDEX_ANY));
	scattered(session_old(test));
}

static void lengths(const struct abi_test *test)
{
	static char data[8192];
	struct iovec parts[3];
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int old = session_old(test);

	/* Each part fits into a message, their sum does not. */
	part(parts, data, 2048, 4097);
	EXPECT_ERROR(writev(file, parts, 3), EMSGSIZE);
	EXPECT_ERROR(writev(old, parts, 3), EIO);
	/* The sum of the parts is one byte shorter than the message. */
	session_send_pattern(file, LEN, 1);
	session_send_pattern(old, LEN, 1);
	EXPECT(session_await(file, POLLIN) & POLLIN);
	EXPECT(session_await(old, POLLIN) & POLLIN);
	part(parts, data, 40, LEN - 1);
	EXPECT_ERROR(readv(file, parts, 3), EMSGSIZE);
	session_receive_pattern(file, LEN, 1);
	EXPECT_EQ(MUST(readv(old, parts, 3)), LEN - 1);
	session_echo(file, 20, 2);
	session_echo(old, 20, 2);
}

/* The second half is inaccessible memory. */
static void bad_pointer(const struct abi_test *test)
{
	char data[LEN];
	struct iovec parts[2] = { { data, LEN / 2 },
				  { memory_forbidden(), LEN / 2 } };
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int i;

	session_pattern(data, sizeof(data), 1);
	for (i = 0; i < 100; i++)
		EXPECT_ERROR(writev(file, parts, 2), EFAULT);
	session_send(file, data, LEN);
	EXPECT(session_await(file, POLLIN) & POLLIN);
	parts[0].iov_base = (char[LEN]){ 0 };
	for (i = 0; i < 100; i++)
		EXPECT_ERROR(readv(file, parts, 2), EFAULT);
	session_receive(file, data, LEN);
	session_echo(file, 20, 2);
}

const struct abi_case abi_vector_cases[] = {
	CASE("abi.vector.writev", "one writev sends one message", gather),
	CASE("abi.vector.readv", "one readv reads one message", scatter),
	CASE("abi.vector.length",
	     "the length of a message is the sum of the parts", lengths),
	CASE("abi.vector.bad-pointer",
	     "one bad part is EFAULT: nothing is sent, and no message is lost",
	     bad_pointer),
	{ 0 }
};
