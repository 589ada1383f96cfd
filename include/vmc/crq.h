/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CRQ: one entry of a Command/Response Queue, as 16 bytes with a header
 * (docs/protocol.md, Entries). It neither reads a queue nor decodes VMC
 * messages: message.h does that. Its functions are pure, and the same in the
 * kernel and in user space.
 */
#ifndef VMC_CRQ_H
#define VMC_CRQ_H

#include <linux/types.h>

#define VMC_CRQ_ENTRY_LEN 16

/* Byte 0. Bit 0x80 is set if an entry is present. */
#define VMC_CRQ_FREE 0x00
#define VMC_CRQ_VALID 0x80
#define VMC_CRQ_MESSAGE 0x80
#define VMC_CRQ_INIT 0xc0
#define VMC_CRQ_TRANSPORT 0xff

/* Byte 1 of a queue initialisation message. */
#define VMC_INIT_INITIALIZE 0x01
#define VMC_INIT_COMPLETE 0x02

/* Byte 1 of a transport event. */
#define VMC_EVENT_PARTNER_FAILED 0x01
#define VMC_EVENT_PARTNER_DEREGISTERED 0x02
#define VMC_EVENT_PARTNER_TERMINATED 0x04
#define VMC_EVENT_MIGRATED 0x06

/* One entry, 16 bytes in the order of the queue. */
struct ibmvmc_crq_msg {
	__u8 bytes[VMC_CRQ_ENTRY_LEN];
};

static inline __u16 vmc_get_be16(const __u8 *from)
{
	return (__u16)(from[0] << 8 | from[1]);
}

static inline __u32 vmc_get_be32(const __u8 *from)
{
	return (__u32)vmc_get_be16(from) << 16 | vmc_get_be16(from + 2);
}

static inline __u64 vmc_get_be64(const __u8 *from)
{
	return (__u64)vmc_get_be32(from) << 32 | vmc_get_be32(from + 4);
}

static inline void vmc_put_be16(__u8 *to, __u16 value)
{
	to[0] = (__u8)(value >> 8);
	to[1] = (__u8)(value & 0xff);
}

static inline void vmc_put_be32(__u8 *to, __u32 value)
{
	vmc_put_be16(to, (__u16)(value >> 16));
	vmc_put_be16(to + 2, (__u16)(value & 0xffff));
}

static inline void vmc_put_be64(__u8 *to, __u64 value)
{
	vmc_put_be32(to, (__u32)(value >> 32));
	vmc_put_be32(to + 4, (__u32)(value & 0xffffffff));
}

/**
 * vmc_crq_word1() - get the first argument of H_SEND_CRQ for an entry
 * @msg: entry
 *
 * Return: bytes 0 to 7 as one big-endian number, on machines of either byte
 * order.
 */
static inline __u64 vmc_crq_word1(const struct ibmvmc_crq_msg *msg)
{
	return vmc_get_be64(msg->bytes);
}

/**
 * vmc_crq_word2() - get the second argument of H_SEND_CRQ for an entry
 * @msg: entry
 *
 * Return: bytes 8 to 15 as one big-endian number.
 */
static inline __u64 vmc_crq_word2(const struct ibmvmc_crq_msg *msg)
{
	return vmc_get_be64(msg->bytes + 8);
}

/**
 * vmc_crq_from_words() - make an entry from the arguments of H_SEND_CRQ
 * @msg: filled completely
 * @word1: bytes 0 to 7
 * @word2: bytes 8 to 15
 */
static inline void vmc_crq_from_words(struct ibmvmc_crq_msg *msg, __u64 word1,
				      __u64 word2)
{
	vmc_put_be64(msg->bytes, word1);
	vmc_put_be64(msg->bytes + 8, word2);
}

/**
 * vmc_crq_header() - get the header of an entry
 * @msg: entry
 *
 * Return: byte 0; one of the VMC_CRQ_ values or a reserved one.
 */
static inline __u8 vmc_crq_header(const struct ibmvmc_crq_msg *msg)
{
	return msg->bytes[0];
}

/**
 * vmc_crq_type() - get the byte after the header
 * @msg: entry
 *
 * Return: byte 1; a VMC_INIT_, VMC_EVENT_ or (message.h) VMC_MSG_ value,
 * depending on the header.
 */
static inline __u8 vmc_crq_type(const struct ibmvmc_crq_msg *msg)
{
	return msg->bytes[1];
}

/**
 * vmc_crq_control() - make an entry of a header and a type only
 * @msg: filled completely, all bytes after the first two with 0
 * @header: VMC_CRQ_INIT or VMC_CRQ_TRANSPORT
 * @type: VMC_INIT_ or VMC_EVENT_ value
 */
static inline void vmc_crq_control(struct ibmvmc_crq_msg *msg, __u8 header,
				   __u8 type)
{
	vmc_crq_from_words(msg, (__u64)header << 56 | (__u64)type << 48, 0);
}

#endif
