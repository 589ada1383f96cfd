// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Structures of OPEN and INFO: passes them as callers of other versions do:
 * shorter, longer, with unknown fields, and in memory that faults. The effect
 * of the fields is tested in other files.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "memory.h"
#include "session.h"

#define FILLER 0xa5

/* A structure of @size bytes at the end of the accessible memory. */
static void *structure(size_t size, int filler)
{
	char *bytes = memory_before_forbidden(size);

	memset(bytes, filler, size);
	memcpy(bytes, &(__u32){ size }, sizeof(__u32));
	return bytes;
}

static struct ibmvmc_ioc_open *open_structure(size_t size)
{
	struct ibmvmc_ioc_open *open = structure(size, 0);

	open->hmc_index = IBMVMC_INDEX_ANY;
	return open;
}

static int ask(int file, void *structure)
{
	return ioctl(file, IBMVMC_IOC_OPEN, structure);
}

static int inform(int file, void *structure)
{
	return ioctl(file, IBMVMC_IOC_INFO, structure);
}

static void info_exact(const struct abi_test *test)
{
	struct ibmvmc_ioc_info *info = structure(IBMVMC_INFO_SIZE_V1, FILLER);
	int file = device_open(test);

	EXPECT_EQ(sizeof(*info), IBMVMC_INFO_SIZE_V1);
	MUST(inform(file, info));
	EXPECT_EQ(info->size, IBMVMC_INFO_SIZE_V1);
	EXPECT_EQ(info->reserved, 0);
	EXPECT_EQ(info->lost_messages, 0);
}

static void info_long(const struct abi_test *test)
{
	const size_t sizes[] = { IBMVMC_INFO_SIZE_V1 + 1,
				 IBMVMC_INFO_SIZE_V1 + 8, 500, memory_page() };
	struct ibmvmc_ioc_info *info;
	int file = device_open(test);
	size_t i, j;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		info = structure(sizes[i], FILLER);
		MUST(inform(file, info));
		EXPECT_EQ(info->size, IBMVMC_INFO_SIZE_V1);
		EXPECT_EQ(info->abi_version, IBMVMC_ABI_VERSION);
		for (j = IBMVMC_INFO_SIZE_V1; j < sizes[i]; j++)
			EXPECT_EQ(((char *)info)[j], 0);
	}
}

/* The driver writes no more than the caller's size. */
static void info_after(const struct abi_test *test)
{
	unsigned char bytes[IBMVMC_INFO_SIZE_V1 + 16];
	int file = device_open(test);
	size_t i;

	memset(bytes, FILLER, sizeof(bytes));
	memcpy(bytes, &(__u32){ IBMVMC_INFO_SIZE_V1 }, sizeof(__u32));
	MUST(inform(file, bytes));
	for (i = IBMVMC_INFO_SIZE_V1; i < sizeof(bytes); i++)
		EXPECT_EQ(bytes[i], FILLER);
}

static void check_info_size(int file, __u32 size, int error)
{
	unsigned char *bytes = structure(memory_page(), FILLER);
	size_t i;

	memcpy(bytes, &size, sizeof(size));
	EXPECT_ERROR(inform(file, bytes), error);
	EXPECT(!memcmp(bytes, &size, sizeof(size)));
	for (i = sizeof(size); i < memory_page(); i++)
		EXPECT_EQ(bytes[i], FILLER);
}

static void info_size(const struct abi_test *test)
{
	int file = device_open(test);

	check_info_size(file, 0, EINVAL);
	check_info_size(file, 4, EINVAL);
	check_info_size(file, IBMVMC_INFO_SIZE_V1 - 8, EINVAL);
	check_info_size(file, IBMVMC_INFO_SIZE_V1 - 1, EINVAL);
	check_info_size(file, memory_page() + 1, E2BIG);
	check_info_size(file, 0x80000000, E2BIG);
	check_info_size(file, 0xffffffff, E2BIG);
}

static void info_bad_pointer(const struct abi_test *test)
{
	struct ibmvmc_ioc_info info = { .size = sizeof(info) };
	unsigned char *cut = structure(60, FILLER);
	int file = device_open(test);

	EXPECT_ERROR(inform(file, NULL), EFAULT);
	EXPECT_ERROR(inform(file, memory_forbidden()), EFAULT);
	EXPECT_ERROR(inform(file, memory_before_forbidden(3)), EFAULT);
	memcpy(cut, &info.size, sizeof(info.size));
	EXPECT_ERROR(inform(file, cut), EFAULT);
	EXPECT_ERROR(inform(file, memory_read_only(&info, sizeof(info))),
		     EFAULT);
}

static void open_exact(const struct abi_test *test)
{
	struct ibmvmc_ioc_open *open = open_structure(IBMVMC_OPEN_SIZE_V1);
	int file = device_open(test);

	EXPECT_EQ(sizeof(*open), IBMVMC_OPEN_SIZE_V1);
	memset(open->hmc_id, 0xff, sizeof(open->hmc_id));
	MUST(ask(file, open));
	session_echo(file, 20, 1);
}

static void open_long(const struct abi_test *test)
{
	const size_t sizes[] = { IBMVMC_OPEN_SIZE_V1 + 1,
				 IBMVMC_OPEN_SIZE_V1 + 8, 500, memory_page() };
	size_t i;
	int file;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		file = device_open(test);
		MUST(ask(file, open_structure(sizes[i])));
		session_echo(file, 20, 1);
		close(file);
	}
}

static void open_unknown(const struct abi_test *test)
{
	unsigned char *bytes;
	int file = device_open(test);

	bytes = (void *)open_structure(IBMVMC_OPEN_SIZE_V1 + 1);
	bytes[IBMVMC_OPEN_SIZE_V1] = 1;
	EXPECT_ERROR(ask(file, bytes), E2BIG);
	bytes = (void *)open_structure(memory_page());
	bytes[memory_page() - 1] = 0x80;
	EXPECT_ERROR(ask(file, bytes), E2BIG);
	MUST(ask(file, open_structure(IBMVMC_OPEN_SIZE_V1)));
}

static void check_open_size(int file, __u32 size, int error)
{
	struct ibmvmc_ioc_open *open = open_structure(memory_page());

	open->size = size;
	EXPECT_ERROR(ask(file, open), error);
}

static void open_size(const struct abi_test *test)
{
	int file = device_open(test);

	check_open_size(file, 0, EINVAL);
	check_open_size(file, 4, EINVAL);
	check_open_size(file, 16, EINVAL);
	check_open_size(file, IBMVMC_OPEN_SIZE_V1 - 1, EINVAL);
	check_open_size(file, memory_page() + 1, E2BIG);
	check_open_size(file, 0x80000000, E2BIG);
	check_open_size(file, 0xffffffff, E2BIG);
	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
}

static void open_bad_pointer(const struct abi_test *test)
{
	unsigned char *cut = structure(40, 0);
	struct ibmvmc_ioc_info info;
	int file = device_open(test);
	int i;

	memcpy(cut, &(__u32){ IBMVMC_OPEN_SIZE_V1 }, sizeof(__u32));
	for (i = 0; i < 100; i++) {
		EXPECT_ERROR(ask(file, NULL), EFAULT);
		EXPECT_ERROR(ask(file, memory_forbidden()), EFAULT);
		EXPECT_ERROR(ask(file, memory_before_forbidden(3)), EFAULT);
		EXPECT_ERROR(ask(file, cut), EFAULT);
	}
	device_info(file, &info);
	EXPECT_EQ(info.file_state, IBMVMC_FILE_NEW);
	MUST(device_ask_open(file, IBMVMC_INDEX_ANY, 0));
}

/* OPEN does not write to its structure. */
static void open_read_only(const struct abi_test *test)
{
	struct ibmvmc_ioc_open open = { .size = sizeof(open) };
	int file = device_open(test);

	MUST(ask(file, memory_read_only(&open, sizeof(open))));
	session_echo(file, 20, 1);
}

static void open_fields(const struct abi_test *test)
{
	struct ibmvmc_ioc_open *open = open_structure(IBMVMC_OPEN_SIZE_V1);
	int file = device_open(test);

	open->reserved = 1;
	EXPECT_ERROR(ask(file, open), EINVAL);
	open->reserved = 0;
	open->timeout_ms = IBMVMC_TIMEOUT_MAX_MS + 1;
	EXPECT_ERROR(ask(file, open), EINVAL);
	open->timeout_ms = 0xffffffff;
	EXPECT_ERROR(ask(file, open), EINVAL);
	open->timeout_ms = IBMVMC_TIMEOUT_MAX_MS;
	open->hmc_index = -2;
	EXPECT_ERROR(ask(file, open), EINVAL);
	open->hmc_index = (int)0x80000000;
	EXPECT_ERROR(ask(file, open), EINVAL);
	open->hmc_index = 255;
	EXPECT_ERROR(ask(file, open), EINVAL);
	open->hmc_index = 0x7fffffff;
	EXPECT_ERROR(ask(file, open), EINVAL);
	open->hmc_index = IBMVMC_INDEX_ANY;
	MUST(ask(file, open));
	session_echo(file, 20, 1);
}

const struct abi_case abi_struct_cases[] = {
	CASE("abi.struct.info", "INFO fills a structure of version 1",
	     info_exact),
	CASE("abi.struct.info.long",
	     "INFO clears the fields that the driver does not know", info_long),
	CASE("abi.struct.info.after", "INFO writes nothing past the structure",
	     info_after),
	CASE("abi.struct.info.size",
	     "INFO: a short structure is EINVAL, one above a page is E2BIG, neither is written",
	     info_size),
	CASE("abi.struct.info.bad-pointer", "INFO with a bad pointer is EFAULT",
	     info_bad_pointer),
	CASE("abi.struct.open",
	     "OPEN accepts a structure of version 1, and any name", open_exact),
	CASE("abi.struct.open.long", "OPEN accepts unknown fields of 0",
	     open_long),
	CASE("abi.struct.open.unknown",
	     "OPEN with other unknown fields is E2BIG and changes nothing",
	     open_unknown),
	CASE("abi.struct.open.size",
	     "OPEN: a short structure is EINVAL, one above a page is E2BIG",
	     open_size),
	CASE("abi.struct.open.bad-pointer",
	     "OPEN with a bad pointer is EFAULT and changes nothing",
	     open_bad_pointer),
	CASE("abi.struct.open.read-only",
	     "OPEN does not write to its structure", open_read_only),
	CASE("abi.struct.open.fields",
	     "OPEN with an invalid value is EINVAL and changes nothing",
	     open_fields),
	{ 0 }
};
