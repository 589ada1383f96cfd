// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VMC entries: tests the codecs against test vectors, in both directions
 * (docs/protocol.md, Entries).
 */
#include <criterion/criterion.h>

#include "vmc/limits.h"
#include "vmc/message.h"
#include "vmc/status.h"

struct vector {
	const char *name;
	__u64 word1;
	__u64 word2;
	struct vmc_interface message;
};

/* clang-format off */
static const struct vector vectors[] = {
	{ "add buffer, no session", 0x8004000000000000, 0x1000,
	  { .type = VMC_MSG_ADD_BUFFER, .word = 0x1000 } },
	{ "add buffer, session 1", 0x8004000101000005, 0x24000,
	  { .type = VMC_MSG_ADD_BUFFER, .owner = VMC_OWNER_HYPERVISOR,
	    .session = 1, .buffer_id = 5, .word = 0x24000 } },
	{ "add buffer response", 0x8084000001000005, 0,
	  { .type = VMC_MSG_ADD_BUFFER_RESP, .session = 1, .buffer_id = 5 } },
	{ "open", 0x8002000001000000, 0,
	  { .type = VMC_MSG_OPEN, .session = 1 } },
	{ "open response", 0x8082000001000000, 0,
	  { .type = VMC_MSG_OPEN_RESP, .session = 1 } },
	{ "signal", 0x8006000001000003, 0x40,
	  { .type = VMC_MSG_SIGNAL, .session = 1, .buffer_id = 3,
	    .word = 64 } },
	{ "remove buffer", 0x8005000001000000, 0,
	  { .type = VMC_MSG_REMOVE_BUFFER, .session = 1 } },
	{ "remove buffer response", 0x808505000100ffff, 0,
	  { .type = VMC_MSG_REMOVE_BUFFER_RESP,
	    .status = VMC_STATUS_NO_BUFFER, .session = 1,
	    .buffer_id = VMC_BUFFER_NONE } },
	{ "close", 0x8003000001000000, 0,
	  { .type = VMC_MSG_CLOSE, .session = 1 } },
	{ "close response", 0x8083000001000000, 0,
	  { .type = VMC_MSG_CLOSE_RESP, .session = 1 } },
	{ "every field", 0x80040001c8070a0b, 0x01020304,
	  { .type = VMC_MSG_ADD_BUFFER, .owner = VMC_OWNER_HYPERVISOR,
	    .session = 200, .index = 7, .buffer_id = 0x0a0b,
	    .word = 0x01020304 } },
};

/* clang-format on */

static const size_t vector_count = sizeof(vectors) / sizeof(vectors[0]);

Test(message, interface_entries_are_encoded_as_the_vectors)
{
	struct ibmvmc_crq_msg msg;
	size_t i;

	for (i = 0; i < vector_count; i++) {
		vmc_interface_encode(&msg, &vectors[i].message);
		cr_expect_eq(vmc_crq_word1(&msg), vectors[i].word1, "%s",
			     vectors[i].name);
		cr_expect_eq(vmc_crq_word2(&msg), vectors[i].word2, "%s",
			     vectors[i].name);
	}
}

Test(message, interface_entries_are_decoded_as_the_vectors)
{
	struct ibmvmc_crq_msg msg;
	struct vmc_interface got;
	const struct vmc_interface *want;
	size_t i;

	for (i = 0; i < vector_count; i++) {
		want = &vectors[i].message;
		vmc_crq_from_words(&msg, vectors[i].word1, vectors[i].word2);
		cr_assert_eq(vmc_interface_decode(&msg, &got), 0, "%s",
			     vectors[i].name);
		cr_expect_eq(got.type, want->type, "%s", vectors[i].name);
		cr_expect_eq(got.status, want->status, "%s", vectors[i].name);
		cr_expect_eq(got.owner, want->owner, "%s", vectors[i].name);
		cr_expect_eq(got.session, want->session, "%s", vectors[i].name);
		cr_expect_eq(got.index, want->index, "%s", vectors[i].name);
		cr_expect_eq(got.buffer_id, want->buffer_id, "%s",
			     vectors[i].name);
		cr_expect_eq(got.word, want->word, "%s", vectors[i].name);
	}
}

/* clang-format off */
static const struct {
	const char *name;
	__u64 word1;
	__u64 word2;
	__u8 type;
	struct vmc_capabilities caps;
} capabilities[] = {
	{ "64 KiB pages", 0x8001000000010020, 0x0000100010000101,
	  VMC_MSG_CAPABILITIES,
	  { .hmcs = 1, .pool = 32, .mtu = 4096, .crq_entries = 4096,
	    .version = VMC_VERSION } },
	{ "4 KiB pages", 0x8001000000010020, 0x0000100001000101,
	  VMC_MSG_CAPABILITIES,
	  { .hmcs = 1, .pool = 32, .mtu = 4096, .crq_entries = 256,
	    .version = VMC_VERSION } },
	{ "response", 0x8081000000010010, 0x0000100001000101,
	  VMC_MSG_CAPABILITIES_RESP,
	  { .hmcs = 1, .pool = 16, .mtu = 4096, .crq_entries = 256,
	    .version = VMC_VERSION } },
	{ "refusal", 0x8081020000000000, 0, VMC_MSG_CAPABILITIES_RESP,
	  { .status = VMC_STATUS_INVALID_VERSION } },
};

/* clang-format on */

static const size_t capabilities_count =
	sizeof(capabilities) / sizeof(capabilities[0]);

Test(message, capabilities_are_encoded_as_the_vectors)
{
	struct ibmvmc_crq_msg msg;
	size_t i;

	for (i = 0; i < capabilities_count; i++) {
		vmc_capabilities_encode(&msg, capabilities[i].type,
					&capabilities[i].caps);
		cr_expect_eq(vmc_crq_word1(&msg), capabilities[i].word1, "%s",
			     capabilities[i].name);
		cr_expect_eq(vmc_crq_word2(&msg), capabilities[i].word2, "%s",
			     capabilities[i].name);
	}
}

Test(message, capabilities_are_decoded_as_the_vectors)
{
	const struct vmc_capabilities *want;
	struct vmc_capabilities got;
	struct ibmvmc_crq_msg msg;
	size_t i;

	for (i = 0; i < capabilities_count; i++) {
		want = &capabilities[i].caps;
		vmc_crq_from_words(&msg, capabilities[i].word1,
				   capabilities[i].word2);
		cr_assert_eq(vmc_capabilities_decode(&msg, &got), 0);
		cr_expect_eq(got.status, want->status);
		cr_expect_eq(got.hmcs, want->hmcs);
		cr_expect_eq(got.pool, want->pool);
		cr_expect_eq(got.mtu, want->mtu);
		cr_expect_eq(got.crq_entries, want->crq_entries);
		cr_expect_eq(got.version, want->version);
	}
}

Test(message, the_interface_decoder_refuses_other_entries)
{
	static const __u64 words[] = {
		0x0002000001000000, /* free */
		0xc002000000000000, /* an initialisation entry */
		0xff02000000000000, /* a transport event */
		0x8001000000010020, /* capabilities */
		0x8081000000010020, 0x8000000000000000, 0x8007000000000000,
		0x8086000001000003, /* Signal has no response */
		0x80ff000000000000,
	};
	struct vmc_interface message = { .type = 0x55 };
	struct ibmvmc_crq_msg msg;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		vmc_crq_from_words(&msg, words[i], 0);
		cr_expect_eq(vmc_interface_decode(&msg, &message), -EBADMSG,
			     "%016llx", (unsigned long long)words[i]);
	}
	cr_expect_eq(message.type, 0x55,
		     "a failure leaves the result unchanged");
}

Test(message, the_capabilities_decoder_refuses_other_entries)
{
	static const __u64 words[] = {
		0x0001000000010020, 0xc001000000000000, 0x8002000001000000,
		0x8082000001000000, 0x80ff000000000000,
	};
	struct vmc_capabilities caps;
	struct ibmvmc_crq_msg msg;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		vmc_crq_from_words(&msg, words[i], 0);
		cr_expect_eq(vmc_capabilities_decode(&msg, &caps), -EBADMSG);
	}
}

Test(message, an_undefined_owner_is_reported_and_the_rest_is_decoded)
{
	struct vmc_interface message;
	struct ibmvmc_crq_msg msg;

	vmc_crq_from_words(&msg, 0x8004000201030005, 0x24000);
	cr_assert_eq(vmc_interface_decode(&msg, &message), -EPROTO);
	cr_expect_eq(message.type, VMC_MSG_ADD_BUFFER);
	cr_expect_eq(message.session, 1);
	cr_expect_eq(message.index, 3);
	cr_expect_eq(message.buffer_id, 5);
	cr_expect_eq(message.word, 0x24000);
	cr_expect_eq(message.owner, 0);
}

Test(message, fields_that_a_type_does_not_have_are_zero)
{
	struct vmc_interface message;
	struct ibmvmc_crq_msg msg;

	/* Close Response: buffer and word are 0 for any content of the entry. */
	vmc_crq_from_words(&msg, 0x8083aaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa);
	cr_assert_eq(vmc_interface_decode(&msg, &message), 0);
	cr_expect_eq(message.buffer_id, 0);
	cr_expect_eq(message.word, 0);
	cr_expect_eq(message.owner, 0);
	cr_expect_eq(message.status, 0xaa);

	/* Signal: no status, no owner. */
	vmc_crq_from_words(&msg, 0x8006aaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa);
	cr_assert_eq(vmc_interface_decode(&msg, &message), 0);
	cr_expect_eq(message.status, 0);
	cr_expect_eq(message.owner, 0);
	cr_expect_eq(message.word, 0xaaaaaaaa);
}

Test(message, encoding_writes_every_byte)
{
	struct vmc_interface message = {
		.type = VMC_MSG_SIGNAL,
		.session = 1,
		.buffer_id = 3,
		.word = 64,
	};
	struct ibmvmc_crq_msg msg;
	int i;

	for (i = 0; i < VMC_CRQ_ENTRY_LEN; i++)
		msg.bytes[i] = 0xee;
	vmc_interface_encode(&msg, &message);
	for (i = 0; i < VMC_CRQ_ENTRY_LEN; i++)
		cr_expect_neq(msg.bytes[i], 0xee, "byte %d", i);
	/* D-9: the reserved bytes of a Signal contain no stack memory. */
	for (i = 8; i < 12; i++)
		cr_expect_eq(msg.bytes[i], 0, "byte %d", i);
}

/* The numbers are part of the protocol; their names are not. */
Test(message, status_codes_have_the_documented_values)
{
	cr_expect_eq(VMC_STATUS_SUCCESS, 0);
	cr_expect_eq(VMC_STATUS_INVALID_HMC_INDEX, 1);
	cr_expect_eq(VMC_STATUS_INVALID_BUFFER_ID, 2);
	cr_expect_eq(VMC_STATUS_CONNECTION_CLOSED, 3);
	cr_expect_eq(VMC_STATUS_INTERFACE_FAILURE, 4);
	cr_expect_eq(VMC_STATUS_NO_BUFFER, 5);
	cr_expect_eq(VMC_STATUS_GENERAL_FAILURE, 1);
	cr_expect_eq(VMC_STATUS_INVALID_VERSION, 2);
}
