// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Payload header: tests the codec.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "vmc/payload.h"

static const struct vmc_payload echo = {
	.length = 36,
	.token = 0x01020304,
	.target = VMC_TARGET_ROUTER,
	.flags = VMC_PAYLOAD_RESPONSE_EXPECTED,
	.data_length = 4,
	.opcode = VMC_ROUTER_ECHO,
	.return_code = VMC_RETURN_INVALID_STATE,
};

static const __u8 bytes[36] = {
	0xde, 0xca, 0xff, 0x20, 0, 0, 0, 36, 1,	   2,	 3,    4,
	0x80, 0,    0,	  0x80, 0, 0, 0, 4,  0x01, 0x03, 0x80, 0x28,
	0,    0,    0,	  0,	0, 0, 0, 0,  'd',  'a',	 't',  'a',
};

Test(payload, is_encoded_to_these_bytes)
{
	__u8 to[VMC_PAYLOAD_HEADER_LEN];

	memset(to, 0xee, sizeof(to));
	vmc_payload_encode(to, &echo);
	cr_expect_eq(memcmp(to, bytes, sizeof(to)), 0);
}

Test(payload, is_decoded_from_these_bytes)
{
	struct vmc_payload got;

	cr_assert_eq(vmc_payload_decode(bytes, sizeof(bytes), &got), 0);
	cr_expect_eq(got.length, echo.length);
	cr_expect_eq(got.token, echo.token);
	cr_expect_eq(got.target, echo.target);
	cr_expect_eq(got.flags, echo.flags);
	cr_expect_eq(got.data_length, echo.data_length);
	cr_expect_eq(got.opcode, echo.opcode);
	cr_expect_eq(got.return_code, echo.return_code);
}

Test(payload, refuses_lengths_that_do_not_agree)
{
	struct vmc_payload got;
	__u8 copy[36];

	cr_expect_eq(vmc_payload_decode(bytes, 35, &got), -EBADMSG);
	cr_expect_eq(vmc_payload_decode(bytes, 31, &got), -EBADMSG);
	cr_expect_eq(vmc_payload_decode(bytes, 0, &got), -EBADMSG);

	memcpy(copy, bytes, sizeof(copy));
	copy[0x13] = 5;
	cr_expect_eq(vmc_payload_decode(copy, sizeof(copy), &got), -EBADMSG);
	memcpy(copy, bytes, sizeof(copy));
	copy[0x07] = 35;
	cr_expect_eq(vmc_payload_decode(copy, sizeof(copy), &got), -EBADMSG);
}

Test(payload, refuses_another_descriptor)
{
	struct vmc_payload got = { .token = 7 };
	__u8 copy[36];
	int i;

	for (i = 0; i < 4; i++) {
		memcpy(copy, bytes, sizeof(copy));
		copy[i] ^= 1;
		cr_expect_eq(vmc_payload_decode(copy, sizeof(copy), &got),
			     -EBADMSG, "byte %d", i);
	}
	cr_expect_eq(got.token, 7, "a failure leaves the result unchanged");
}

Test(payload, accepts_no_data_and_at_most_the_maximum)
{
	static __u8 big[VMC_PAYLOAD_MAX + 1];
	struct vmc_payload payload = { .length = VMC_PAYLOAD_HEADER_LEN };
	struct vmc_payload got;

	vmc_payload_encode(big, &payload);
	cr_expect_eq(vmc_payload_decode(big, VMC_PAYLOAD_HEADER_LEN, &got), 0);

	payload.length = VMC_PAYLOAD_MAX;
	payload.data_length = VMC_PAYLOAD_MAX - VMC_PAYLOAD_HEADER_LEN;
	vmc_payload_encode(big, &payload);
	cr_expect_eq(vmc_payload_decode(big, VMC_PAYLOAD_MAX, &got), 0);

	payload.length++;
	payload.data_length++;
	vmc_payload_encode(big, &payload);
	cr_expect_eq(vmc_payload_decode(big, VMC_PAYLOAD_MAX + 1, &got),
		     -EBADMSG);
}
