/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Payload: the header of management applications inside a VMC message, as far
 * as it is public (docs/protocol.md, Payload). The channel does not interpret
 * it: only the router of the simulated hypervisor and tools that display
 * messages do.
 */
#ifndef VMC_PAYLOAD_H
#define VMC_PAYLOAD_H

#include <linux/errno.h>
#include <linux/types.h>

#include "crq.h"

#define VMC_PAYLOAD_DESCRIPTOR 0xdecaff
#define VMC_PAYLOAD_HEADER_LEN 0x20
#define VMC_PAYLOAD_MAX 4096

#define VMC_PAYLOAD_RESPONSE_EXPECTED 0x80
#define VMC_PAYLOAD_IS_RESPONSE 0x40

#define VMC_TARGET_ROUTER 0x8000
#define VMC_TARGET_LAST 0x8008

#define VMC_ROUTER_EXCHANGE 0x0001
#define VMC_ROUTER_CLOSE 0x0002
#define VMC_ROUTER_ECHO 0x0103

#define VMC_RETURN_OK 0x0000
#define VMC_RETURN_INVALID_OPCODE 0x8001
#define VMC_RETURN_INVALID_DATA 0x8003
#define VMC_RETURN_INVALID_TARGET 0x8023
#define VMC_RETURN_INVALID_STATE 0x8028

/**
 * struct vmc_payload - header of a management message
 * @length: header and data in bytes
 * @token: chosen by the sender, echoed in the response
 * @target: VMC_TARGET_ value
 * @flags: VMC_PAYLOAD_RESPONSE_EXPECTED, VMC_PAYLOAD_IS_RESPONSE
 * @data_length: bytes after the header
 * @opcode: VMC_ROUTER_ value for the router, others for other targets
 * @return_code: VMC_RETURN_ value in a response, else 0
 */
struct vmc_payload {
	__u32 length;
	__u32 token;
	__u16 target;
	__u8 flags;
	__u32 data_length;
	__u16 opcode;
	__u16 return_code;
};

/**
 * vmc_payload_encode() - encode a header
 * @to: buffer of VMC_PAYLOAD_HEADER_LEN bytes, filled completely
 * @payload: header to encode
 */
static inline void vmc_payload_encode(__u8 *to,
				      const struct vmc_payload *payload)
{
	vmc_put_be32(to, (__u32)VMC_PAYLOAD_DESCRIPTOR << 8 |
				 VMC_PAYLOAD_HEADER_LEN);
	vmc_put_be32(to + 0x04, payload->length);
	vmc_put_be32(to + 0x08, payload->token);
	vmc_put_be16(to + 0x0c, payload->target);
	to[0x0e] = 0;
	to[0x0f] = payload->flags;
	vmc_put_be32(to + 0x10, payload->data_length);
	vmc_put_be16(to + 0x14, payload->opcode);
	vmc_put_be16(to + 0x16, payload->return_code);
	vmc_put_be64(to + 0x18, 0);
}

/**
 * vmc_payload_decode() - decode a header and check it against the message
 * @from: message
 * @len: its length in bytes
 * @payload: filled on success, else untouched
 *
 * Return: 0, or -EBADMSG if this is not a management message: it is too short,
 * has another descriptor, or has lengths that contradict each other or @len.
 */
static inline int vmc_payload_decode(const __u8 *from, __u32 len,
				     struct vmc_payload *payload)
{
	__u32 length, data_length;

	if (len < VMC_PAYLOAD_HEADER_LEN || len > VMC_PAYLOAD_MAX ||
	    vmc_get_be32(from) != ((__u32)VMC_PAYLOAD_DESCRIPTOR << 8 |
				   VMC_PAYLOAD_HEADER_LEN))
		return -EBADMSG;
	length = vmc_get_be32(from + 0x04);
	data_length = vmc_get_be32(from + 0x10);
	if (length != len || data_length != len - VMC_PAYLOAD_HEADER_LEN)
		return -EBADMSG;
	payload->length = length;
	payload->token = vmc_get_be32(from + 0x08);
	payload->target = vmc_get_be16(from + 0x0c);
	payload->flags = from[0x0f];
	payload->data_length = data_length;
	payload->opcode = vmc_get_be16(from + 0x14);
	payload->return_code = vmc_get_be16(from + 0x16);
	return 0;
}

#endif
