// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Payload router: tests the responses of the management application, and the
 * echo of other messages. It does not test the transport of messages.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "partition.h"
#include "vmc/payload.h"

static struct partition *partition;

static void setup(void)
{
	struct vmc_hv_config config = partition_config;

	config.mtu = 8192;
	partition = partition_new(&config);
	partition_open(partition, 0, 1);
}

static void teardown(void)
{
	partition_free(partition);
}

TestSuite(hv_router, .init = setup, .fini = teardown);

static u8 request[8192];

static void say(const void *data, u32 len)
{
	partition_message(partition, 0, 1, data, len);
	partition_run(partition);
}

static void make(u16 target, u16 opcode, u8 flags, u32 data_length)
{
	struct vmc_payload payload = {
		.length = VMC_PAYLOAD_HEADER_LEN + data_length,
		.token = 0xcafe0000 + opcode,
		.target = target,
		.flags = flags,
		.data_length = data_length,
		.opcode = opcode,
	};

	vmc_payload_encode(request, &payload);
	for (u32 i = 0; i < data_length; i++)
		request[VMC_PAYLOAD_HEADER_LEN + i] = (u8)(i * 7);
}

/* Sends a request; returns the return code of an otherwise correct response. */
static u16 ask(u16 target, u16 opcode, u32 data_length)
{
	struct vmc_payload answer;
	u64 before = partition->messages;

	make(target, opcode, VMC_PAYLOAD_RESPONSE_EXPECTED, data_length);
	say(request, VMC_PAYLOAD_HEADER_LEN + data_length);
	cr_assert_eq(partition->messages, before + 1);
	cr_assert_eq(vmc_payload_decode(partition->message,
					partition->message_len, &answer),
		     0);
	cr_expect_eq(answer.token, 0xcafe0000 + opcode);
	cr_expect_eq(answer.target, target);
	cr_expect_eq(answer.opcode, opcode);
	cr_expect_eq(answer.flags, VMC_PAYLOAD_IS_RESPONSE);
	cr_expect_eq(answer.data_length, data_length);
	cr_expect_arr_eq(partition->message + VMC_PAYLOAD_HEADER_LEN,
			 request + VMC_PAYLOAD_HEADER_LEN, data_length);
	return answer.return_code;
}

Test(hv_router, answers_exchange_echo_and_close)
{
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_EXCHANGE, 6),
		     VMC_RETURN_OK);
	for (u32 len = 0; len <= 4096 - 32; len += 127)
		cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_ECHO, len),
			     VMC_RETURN_OK);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_CLOSE, 0),
		     VMC_RETURN_OK);
	cr_expect_eq(partition_violations(partition), 0);
}

Test(hv_router, refuses_requests_before_an_exchange)
{
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_ECHO, 4),
		     VMC_RETURN_INVALID_STATE);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_CLOSE, 0),
		     VMC_RETURN_INVALID_STATE);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_EXCHANGE, 5),
		     VMC_RETURN_INVALID_DATA);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_ECHO, 4),
		     VMC_RETURN_INVALID_STATE);
}

Test(hv_router, refuses_a_second_exchange)
{
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_EXCHANGE, 6),
		     VMC_RETURN_OK);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_EXCHANGE, 6),
		     VMC_RETURN_INVALID_STATE);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_CLOSE, 0),
		     VMC_RETURN_OK);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_ECHO, 0),
		     VMC_RETURN_INVALID_STATE);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_EXCHANGE, 6),
		     VMC_RETURN_OK);
}

Test(hv_router, a_new_session_begins_without_an_exchange)
{
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_EXCHANGE, 6),
		     VMC_RETURN_OK);
	partition_ask_close(partition, 0, 1);
	partition_run(partition);
	partition_open(partition, 0, 1);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_ECHO, 0),
		     VMC_RETURN_INVALID_STATE);
}

Test(hv_router, refuses_other_targets_and_opcodes)
{
	cr_expect_eq(ask(0x8001, VMC_ROUTER_EXCHANGE, 6),
		     VMC_RETURN_INVALID_TARGET);
	cr_expect_eq(ask(VMC_TARGET_LAST, VMC_ROUTER_ECHO, 0),
		     VMC_RETURN_INVALID_TARGET);
	cr_expect_eq(ask(0, VMC_ROUTER_ECHO, 0), VMC_RETURN_INVALID_TARGET);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, 0x0003, 0),
		     VMC_RETURN_INVALID_OPCODE);
}

Test(hv_router, a_request_without_the_flag_is_not_answered)
{
	make(VMC_TARGET_ROUTER, VMC_ROUTER_EXCHANGE, 0, 6);
	say(request, 38);
	cr_expect_eq(partition->messages, 0);
	cr_expect_eq(ask(VMC_TARGET_ROUTER, VMC_ROUTER_ECHO, 1), VMC_RETURN_OK,
		     "the exchange was not executed");
}

Test(hv_router, a_message_that_is_no_request_is_echoed_unchanged)
{
	u32 lengths[] = { 1, 31, 32, 33, 4096, 4097, 8192 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(request, 0xde, sizeof(request));
		say(request, lengths[i]);
		cr_expect_eq(partition->message_len, lengths[i]);
		cr_expect_arr_eq(partition->message, request, lengths[i]);
	}
	cr_expect_eq(partition->messages, sizeof(lengths) / sizeof(lengths[0]));
}

Test(hv_router, a_request_with_inconsistent_lengths_is_echoed_unchanged)
{
	make(VMC_TARGET_ROUTER, VMC_ROUTER_EXCHANGE,
	     VMC_PAYLOAD_RESPONSE_EXPECTED, 6);
	say(request, 37);
	cr_expect_eq(partition->message_len, 37);
	cr_expect_arr_eq(partition->message, request, 37);
	request[0x13]++;
	say(request, 38);
	cr_expect_arr_eq(partition->message, request, 38);
}

Test(hv_router, a_response_is_echoed_unchanged)
{
	make(VMC_TARGET_ROUTER, VMC_ROUTER_ECHO,
	     VMC_PAYLOAD_IS_RESPONSE | VMC_PAYLOAD_RESPONSE_EXPECTED, 8);
	say(request, 40);
	cr_expect_eq(partition->message_len, 40);
	cr_expect_arr_eq(partition->message, request, 40);
}

/* Without messages the buffers run out; then an empty message returns one. */
Test(hv_router, unanswered_requests_do_not_starve_the_partition)
{
	make(VMC_TARGET_ROUTER, VMC_ROUTER_EXCHANGE, 0, 6);
	for (int i = 0; i < 8; i++) {
		cr_expect_eq(partition->messages, 0);
		say(request, 38);
	}
	for (int i = 0; i < 100; i++)
		say(request, 38);
	cr_expect_eq(partition->messages, 101);
	cr_expect_eq(partition->message_len, 0);
	cr_expect_eq(partition_violations(partition), 0);
}
