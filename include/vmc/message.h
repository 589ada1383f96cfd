/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Message: encodes and decodes VMC messages, which are CRQ entries with header
 * 0x80 (docs/protocol.md, Entries). Decoders check header, type and owner byte.
 * They do not decide whether a message is acceptable now: the protocol engine
 * does.
 */
#ifndef VMC_MESSAGE_H
#define VMC_MESSAGE_H

#include <linux/errno.h>
#include <linux/types.h>

#include "crq.h"

/* Byte 1. A response is its request with bit 0x80 set. */
#define VMC_MSG_CAPABILITIES 0x01
#define VMC_MSG_OPEN 0x02
#define VMC_MSG_CLOSE 0x03
#define VMC_MSG_ADD_BUFFER 0x04
#define VMC_MSG_REMOVE_BUFFER 0x05
#define VMC_MSG_SIGNAL 0x06
#define VMC_MSG_RESPONSE 0x80
#define VMC_MSG_CAPABILITIES_RESP (VMC_MSG_RESPONSE | VMC_MSG_CAPABILITIES)
#define VMC_MSG_OPEN_RESP (VMC_MSG_RESPONSE | VMC_MSG_OPEN)
#define VMC_MSG_CLOSE_RESP (VMC_MSG_RESPONSE | VMC_MSG_CLOSE)
#define VMC_MSG_ADD_BUFFER_RESP (VMC_MSG_RESPONSE | VMC_MSG_ADD_BUFFER)
#define VMC_MSG_REMOVE_BUFFER_RESP (VMC_MSG_RESPONSE | VMC_MSG_REMOVE_BUFFER)

/* Owner byte of an Add Buffer: the side that may use the buffer first. */
#define VMC_OWNER_PARTITION 0
#define VMC_OWNER_HYPERVISOR 1

/**
 * struct vmc_capabilities - capabilities of one side of the channel
 * @status: VMC_STATUS_ value of a response, else 0
 * @hmcs: number of HMC connections
 * @pool: buffers of one connection
 * @mtu: largest message in bytes
 * @crq_entries: entries in the sender's own CRQ
 * @version: major number in the high byte, minor in the low
 */
struct vmc_capabilities {
	__u8 status;
	__u8 hmcs;
	__u16 pool;
	__u32 mtu;
	__u16 crq_entries;
	__u16 version;
};

/**
 * struct vmc_interface - a message that belongs to one HMC index
 * @type: one of VMC_MSG_OPEN to VMC_MSG_REMOVE_BUFFER_RESP
 * @status: VMC_STATUS_ value of a response, else 0
 * @owner: VMC_OWNER_ value of an Add Buffer, else 0
 * @session: HMC session, VMC_SESSION_NONE before there is one
 * @index: HMC index
 * @buffer_id: buffer of the message, 0 if it has none
 * @word: LIOBA of an Add Buffer, length in bytes of a Signal, else 0
 */
struct vmc_interface {
	__u8 type;
	__u8 status;
	__u8 owner;
	__u8 session;
	__u8 index;
	__u16 buffer_id;
	__u32 word;
};

/**
 * vmc_capabilities_encode() - encode a Capabilities message
 * @msg: filled completely, reserved bytes with 0
 * @type: VMC_MSG_CAPABILITIES or VMC_MSG_CAPABILITIES_RESP
 * @caps: capabilities to encode
 */
static inline void vmc_capabilities_encode(struct ibmvmc_crq_msg *msg,
					   __u8 type,
					   const struct vmc_capabilities *caps)
{
	vmc_crq_control(msg, VMC_CRQ_MESSAGE, type);
	msg->bytes[2] = caps->status;
	msg->bytes[5] = caps->hmcs;
	vmc_put_be16(msg->bytes + 6, caps->pool);
	vmc_put_be32(msg->bytes + 8, caps->mtu);
	vmc_put_be16(msg->bytes + 12, caps->crq_entries);
	vmc_put_be16(msg->bytes + 14, caps->version);
}

/**
 * vmc_capabilities_decode() - decode a Capabilities message
 * @msg: private copy of the entry
 * @caps: filled on success, else untouched
 *
 * Return: 0, or -EBADMSG if the entry is not a Capabilities message.
 */
static inline int vmc_capabilities_decode(const struct ibmvmc_crq_msg *msg,
					  struct vmc_capabilities *caps)
{
	if (vmc_crq_header(msg) != VMC_CRQ_MESSAGE ||
	    (vmc_crq_type(msg) & ~VMC_MSG_RESPONSE) != VMC_MSG_CAPABILITIES)
		return -EBADMSG;
	caps->status = msg->bytes[2];
	caps->hmcs = msg->bytes[5];
	caps->pool = vmc_get_be16(msg->bytes + 6);
	caps->mtu = vmc_get_be32(msg->bytes + 8);
	caps->crq_entries = vmc_get_be16(msg->bytes + 12);
	caps->version = vmc_get_be16(msg->bytes + 14);
	return 0;
}

/**
 * vmc_interface_encode() - encode a message of one HMC index
 * @msg: filled completely, reserved bytes with 0
 * @interface: fields to encode; those that its type does not have must be 0
 */
static inline void vmc_interface_encode(struct ibmvmc_crq_msg *msg,
					const struct vmc_interface *interface)
{
	vmc_crq_control(msg, VMC_CRQ_MESSAGE, interface->type);
	msg->bytes[2] = interface->status;
	msg->bytes[3] = interface->owner;
	msg->bytes[4] = interface->session;
	msg->bytes[5] = interface->index;
	vmc_put_be16(msg->bytes + 6, interface->buffer_id);
	vmc_put_be32(msg->bytes + 12, interface->word);
}

/**
 * vmc_interface_decode() - decode a message of one HMC index
 * @msg: private copy of the entry
 * @interface: filled on success, else untouched; fields that its type does not
 *	have are 0
 *
 * Return: 0; -EBADMSG if the entry is not a message of an HMC index; -EPROTO if
 * it is an Add Buffer with an undefined owner byte. All fields but the owner
 * are then filled, so that it can be answered.
 */
static inline int vmc_interface_decode(const struct ibmvmc_crq_msg *msg,
				       struct vmc_interface *interface)
{
	__u8 type = vmc_crq_type(msg);
	__u8 request = type & ~VMC_MSG_RESPONSE;

	if (vmc_crq_header(msg) != VMC_CRQ_MESSAGE || request < VMC_MSG_OPEN ||
	    request > VMC_MSG_SIGNAL ||
	    type == (VMC_MSG_RESPONSE | VMC_MSG_SIGNAL))
		return -EBADMSG;

	interface->type = type;
	interface->status = type & VMC_MSG_RESPONSE ? msg->bytes[2] : 0;
	interface->owner = 0;
	interface->session = msg->bytes[4];
	interface->index = msg->bytes[5];
	interface->buffer_id = 0;
	interface->word = 0;
	if (type != VMC_MSG_CLOSE && type != VMC_MSG_CLOSE_RESP &&
	    type != VMC_MSG_REMOVE_BUFFER)
		interface->buffer_id = vmc_get_be16(msg->bytes + 6);
	if (type == VMC_MSG_ADD_BUFFER || type == VMC_MSG_SIGNAL)
		interface->word = vmc_get_be32(msg->bytes + 12);
	if (type == VMC_MSG_ADD_BUFFER) {
		if (msg->bytes[3] > VMC_OWNER_HYPERVISOR)
			return -EPROTO;
		interface->owner = msg->bytes[3];
	}
	return 0;
}

#endif
