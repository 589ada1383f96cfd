// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Legacy client: makes the calls of the management software: QUERY, REQUESTVMC,
 * SETHMCID until it succeeds, then messages with the payload header, read into
 * 4096 bytes. It makes no call of the native ABI.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "expect.h"

#define HEADER_LEN 0x20
#define MESSAGE_MAX 4096
#define MESSAGES 100

#define TARGET_ROUTER 0x8000
#define OPCODE_EXCHANGE 0x0001
#define OPCODE_CLOSE 0x0002
#define OPCODE_ECHO 0x0103
#define FLAG_RESPONSE_EXPECTED 0x80
#define FLAG_IS_RESPONSE 0x40

static void put(unsigned char *to, unsigned int value, int bytes)
{
	while (bytes--) {
		to[bytes] = value & 0xff;
		value >>= 8;
	}
}

static unsigned int get(const unsigned char *from, int bytes)
{
	unsigned int value = 0;

	while (bytes--)
		value = value << 8 | *from++;
	return value;
}

static void make(unsigned char *message, unsigned int token,
		 unsigned int opcode, unsigned int data_len)
{
	memset(message, 0, HEADER_LEN);
	put(message, 0xdecaff20, 4);
	put(message + 0x04, HEADER_LEN + data_len, 4);
	put(message + 0x08, token, 4);
	put(message + 0x0c, TARGET_ROUTER, 2);
	message[0x0f] = FLAG_RESPONSE_EXPECTED;
	put(message + 0x10, data_len, 4);
	put(message + 0x14, opcode, 2);
}

static void send_message(int file, const unsigned char *message)
{
	unsigned int len = get(message + 0x04, 4);
	ssize_t sent;

	while ((sent = write(file, message, len)) < 0) {
		EXPECT_EQ(errno, EBUSY);
		device_pause();
	}
	EXPECT_EQ(sent, len);
}

/* The response has the request's token and data, and reports success. */
static void check_answer(int file, const unsigned char *request)
{
	unsigned char answer[MESSAGE_MAX];
	unsigned int len = get(request + 0x04, 4);

	EXPECT_EQ(MUST(read(file, answer, sizeof(answer))), len);
	EXPECT_EQ(get(answer, 4), 0xdecaff20);
	EXPECT_EQ(get(answer + 0x04, 4), len);
	EXPECT_EQ(get(answer + 0x08, 4), get(request + 0x08, 4));
	EXPECT(answer[0x0f] & FLAG_IS_RESPONSE);
	EXPECT_EQ(get(answer + 0x14, 2), get(request + 0x14, 2));
	EXPECT_EQ(get(answer + 0x16, 2), 0);
	EXPECT(!memcmp(answer + HEADER_LEN, request + HEADER_LEN,
		       len - HEADER_LEN));
}

static void talk(int file, unsigned int token, unsigned int opcode,
		 const unsigned char *data, unsigned int data_len)
{
	unsigned char request[MESSAGE_MAX];

	make(request, token, opcode, data_len);
	memcpy(request + HEADER_LEN, data, data_len);
	send_message(file, request);
	check_answer(file, request);
}

static int begin(const struct abi_test *test)
{
	static const unsigned char exchange[6] = { 0, 1 };
	char name[IBMVMC_HMC_ID_LEN] = "classic client";
	struct ibmvmc_query query;
	unsigned int drc;
	int file = MUST(open(test->device, O_RDWR));

	MUST(ioctl(file, IBMVMC_IOC_QUERY, &query));
	if (!query.have_vmc)
		MUST(ioctl(file, IBMVMC_IOC_REQUESTVMC, &drc));
	while (ioctl(file, IBMVMC_IOC_SETHMCID, name)) {
		EXPECT(errno == EBUSY || errno == EAGAIN || errno == ENOBUFS);
		device_pause();
	}
	talk(file, 1, OPCODE_EXCHANGE, exchange, sizeof(exchange));
	return file;
}

static void end(int file)
{
	talk(file, 2, OPCODE_CLOSE, (const unsigned char *)"", 0);
	MUST(close(file));
}

static void fill(unsigned char *data, unsigned int len, unsigned int seed)
{
	while (len--)
		data[len] = len * 7 + seed;
}

static void client(const struct abi_test *test)
{
	unsigned char data[16];
	int file, i;

	for (i = 0; i < 3; i++) {
		file = begin(test);
		fill(data, sizeof(data), i);
		talk(file, 3, OPCODE_ECHO, data, sizeof(data));
		end(file);
	}
}

/* Requests of increasing length, up to the longest message. */
static void hundred(const struct abi_test *test)
{
	unsigned char data[MESSAGE_MAX - HEADER_LEN];
	unsigned int i, len;
	int file = begin(test);

	for (i = 0; i < MESSAGES; i++) {
		len = i * sizeof(data) / (MESSAGES - 1);
		fill(data, len, i);
		talk(file, 0xcafe0000 + i, OPCODE_ECHO, data, len);
	}
	end(file);
}

const struct abi_case compat_client_cases[] = {
	CASE("compat.client",
	     "a legacy client opens, exchanges messages and closes, three times",
	     client),
	CASE("compat.client.hundred",
	     "a legacy client exchanges a hundred messages of up to 4096 bytes",
	     hundred),
	{ 0 }
};
