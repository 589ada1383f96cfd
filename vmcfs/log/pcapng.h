/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pcapng: blocks of a capture file for Wireshark, in the format of
 * draft-ietf-opsawg-pcapng. It knows no record, and writes no file.
 *
 * All numbers are little-endian, whatever the machine. A section has one
 * interface, and its packets have the link type PCAPNG_LINKTYPE, one of those
 * for private use; vmcfs/data/wireshark has the dissector of it.
 */
#ifndef VMCFS_PCAPNG_H
#define VMCFS_PCAPNG_H

#include <glib.h>

#define PCAPNG_LINKTYPE 159 /* LINKTYPE_USER12 */

/* Bits of the option epb_flags. */
enum pcapng_direction {
	PCAPNG_UNKNOWN,
	PCAPNG_INBOUND,
	PCAPNG_OUTBOUND,
};

/**
 * struct pcapng_packet - contents of an enhanced packet block
 * @time_us: wall clock in microseconds; a time before 1970 is written as 1970
 * @direction: direction, seen from this machine
 * @id: number of the packet in its interface, for epb_packetid; 0 for none
 * @comment: UTF-8, or NULL
 * @data: bytes of the packet
 * @len: length of @data in bytes
 */
struct pcapng_packet {
	gint64 time_us;
	enum pcapng_direction direction;
	guint64 id;
	const char *comment;
	gconstpointer data;
	guint32 len;
};

/**
 * pcapng_add_head() - append the section header and the interface description
 * @text: string to append to
 * @index: HMC index, from which the interface has its name: hmcN
 */
void pcapng_add_head(GString *text, guint index);

/**
 * pcapng_add_packet() - append an enhanced packet block
 * @text: string to append to
 * @packet: contents; a comment has less than 64 KiB
 *
 * The block belongs to the interface of the last head. Its options are the
 * comment if there is one, epb_flags with the direction, and epb_packetid if
 * there is an ID.
 */
void pcapng_add_packet(GString *text, const struct pcapng_packet *packet);

/**
 * pcapng_packet_size() - compute the length of an enhanced packet block
 * @packet: contents; its data are not read
 *
 * Return: number of bytes that pcapng_add_packet() would append.
 */
gsize pcapng_packet_size(const struct pcapng_packet *packet);

#endif
