// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target of the router: passes messages to the payload router of the
 * simulated hypervisor and to the codec of payload headers. Each message gets
 * a well-formed response or is ignored. It uses no queue.
 */
#include "hv/internal.h"
#include "input.h"
#include "vmc/payload.h"

static void check_answer(const uint8_t *request, const uint8_t *answer,
			 size_t len)
{
	struct vmc_payload asked, answered;

	if (vmc_payload_decode(request, (u32)len, &asked) ||
	    asked.flags & VMC_PAYLOAD_IS_RESPONSE) {
		INPUT_CHECK(memcmp(request, answer, len) == 0);
		return;
	}
	INPUT_CHECK(!vmc_payload_decode(answer, (u32)len, &answered));
	INPUT_CHECK(answered.flags == VMC_PAYLOAD_IS_RESPONSE);
	INPUT_CHECK(answered.token == asked.token &&
		    answered.target == asked.target &&
		    answered.opcode == asked.opcode);
	INPUT_CHECK(memcmp(request + VMC_PAYLOAD_HEADER_LEN,
			   answer + VMC_PAYLOAD_HEADER_LEN,
			   len - VMC_PAYLOAD_HEADER_LEN) == 0);
}

/*
 * Small inputs must reach the router: the header is made, its fields are not.
 */
static size_t make_request(struct input *input, uint8_t *to)
{
	struct vmc_payload payload = {
		.token = (u32)input_number(input, 4),
		.target = (u16)input_number(input, 2),
		.flags = (u8)input_number(input, 1),
		.opcode = (u16)input_number(input, 2),
		.return_code = (u16)input_number(input, 2),
	};
	size_t len;
	const uint8_t *data = input_bytes(input, 64, &len);

	payload.data_length = (u32)len;
	payload.length = (u32)len + VMC_PAYLOAD_HEADER_LEN;
	vmc_payload_encode(to, &payload);
	if (len)
		memcpy(to + VMC_PAYLOAD_HEADER_LEN, data, len);
	return payload.length;
}

static size_t make_message(struct input *input, uint8_t *to)
{
	size_t len = input_number(input, 2) % VMC_PAYLOAD_MAX + 1;
	size_t taken;
	const uint8_t *data;

	if (input_number(input, 1) & 1)
		return make_request(input, to);
	data = input_bytes(input, len, &taken);
	if (taken)
		memcpy(to, data, taken);
	return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct vmc_hv_connection conn = { 0 };
	uint8_t message[VMC_PAYLOAD_MAX + VMC_PAYLOAD_HEADER_LEN];

	while (input.left) {
		size_t len = make_message(&input, message);
		uint8_t *answer = malloc(len ? len : 1);

		if (!answer)
			abort();
		memcpy(answer, message, len);
		vmc_hv_router_answer(&conn, answer, (u32)len);
		check_answer(message, answer, len);
		free(answer);
	}
	return 0;
}
