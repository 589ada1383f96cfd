// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pcapng: builds the blocks of a capture file. It does not know what the
 * packets mean.
 */
#include "pcapng.h"

#include <string.h>

#define SECTION_HEADER 0x0a0d0d0a
#define INTERFACE_DESCRIPTION 1
#define ENHANCED_PACKET 6

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define VERSION_MAJOR 1
#define VERSION_MINOR 0
#define SECTION_LENGTH_UNKNOWN G_MAXUINT64
#define PACKET_LENGTH_UNLIMITED 0
#define MICROSECONDS 6

#define OPTION_END 0
#define OPTION_COMMENT 1
#define SECTION_APPLICATION 4
#define INTERFACE_NAME 2
#define INTERFACE_DESCRIPTION_TEXT 3
#define INTERFACE_RESOLUTION 9
#define PACKET_FLAGS 2
#define PACKET_ID 5

/* Bytes of a block without its contents: type and length, and length again. */
#define BLOCK_FRAME 12
/* Interface, time in two words, and both lengths of a packet. */
#define PACKET_FIELDS 20
/* Code and length of an option. */
#define OPTION_FRAME 4

static gsize padded(gsize len)
{
	return (len + 3) & ~(gsize)3;
}

static void put16(GString *text, guint16 value)
{
	guint16 little = GUINT16_TO_LE(value);

	g_string_append_len(text, (const char *)&little, sizeof(little));
}

static void put32(GString *text, guint32 value)
{
	guint32 little = GUINT32_TO_LE(value);

	g_string_append_len(text, (const char *)&little, sizeof(little));
}

static void put64(GString *text, guint64 value)
{
	put32(text, (guint32)value);
	put32(text, (guint32)(value >> 32));
}

static void put_padded(GString *text, gconstpointer data, gsize len)
{
	static const char zeros[4];

	if (len)
		g_string_append_len(text, data, (gssize)len);
	g_string_append_len(text, zeros, (gssize)(padded(len) - len));
}

static void put_option(GString *text, guint16 code, gconstpointer data,
		       gsize len)
{
	put16(text, code);
	put16(text, (guint16)len);
	put_padded(text, data, len);
}

static void put_text(GString *text, guint16 code, const char *value)
{
	put_option(text, code, value, strlen(value));
}

/* Return: where the block begins, for end_block(). */
static gsize begin_block(GString *text, guint32 type)
{
	gsize start = text->len;

	put32(text, type);
	put32(text, 0);
	return start;
}

static void end_block(GString *text, gsize start)
{
	guint32 length;

	put_option(text, OPTION_END, NULL, 0);
	put32(text, (guint32)(text->len - start + sizeof(length)));
	length = GUINT32_TO_LE((guint32)(text->len - start));
	memcpy(text->str + start + sizeof(length), &length, sizeof(length));
}

static void add_section(GString *text)
{
	gsize start = begin_block(text, SECTION_HEADER);

	put32(text, BYTE_ORDER_MAGIC);
	put16(text, VERSION_MAJOR);
	put16(text, VERSION_MINOR);
	put64(text, SECTION_LENGTH_UNKNOWN);
	put_text(text, SECTION_APPLICATION, "vmcfs " VMCFS_VERSION);
	end_block(text, start);
}

static void add_interface(GString *text, guint index)
{
	static const char resolution = MICROSECONDS;
	gsize start = begin_block(text, INTERFACE_DESCRIPTION);
	char name[sizeof("hmc4294967295")];

	g_snprintf(name, sizeof(name), "hmc%u", index);
	put16(text, PCAPNG_LINKTYPE);
	put16(text, 0);
	put32(text, PACKET_LENGTH_UNLIMITED);
	put_text(text, INTERFACE_NAME, name);
	put_text(text, INTERFACE_DESCRIPTION_TEXT,
		 "POWER Virtual Management Channel");
	put_option(text, INTERFACE_RESOLUTION, &resolution, 1);
	end_block(text, start);
}

void pcapng_add_head(GString *text, guint index)
{
	add_section(text);
	add_interface(text, index);
}

static gsize comment_len(const struct pcapng_packet *packet)
{
	return packet->comment ? strlen(packet->comment) : 0;
}

void pcapng_add_packet(GString *text, const struct pcapng_packet *packet)
{
	gsize start = begin_block(text, ENHANCED_PACKET);
	guint32 flags = GUINT32_TO_LE((guint32)packet->direction);
	guint64 id = GUINT64_TO_LE(packet->id);
	guint64 time = (guint64)MAX(packet->time_us, 0);

	put32(text, 0);
	put32(text, (guint32)(time >> 32));
	put32(text, (guint32)time);
	put32(text, packet->len);
	put32(text, packet->len);
	put_padded(text, packet->data, packet->len);
	if (packet->comment)
		put_option(text, OPTION_COMMENT, packet->comment,
			   comment_len(packet));
	put_option(text, PACKET_FLAGS, &flags, sizeof(flags));
	if (id)
		put_option(text, PACKET_ID, &id, sizeof(id));
	end_block(text, start);
}

gsize pcapng_packet_size(const struct pcapng_packet *packet)
{
	gsize size = BLOCK_FRAME + PACKET_FIELDS + padded(packet->len);

	if (packet->comment)
		size += OPTION_FRAME + padded(comment_len(packet));
	size += OPTION_FRAME + sizeof(guint32);
	if (packet->id)
		size += OPTION_FRAME + sizeof(guint64);
	return size + OPTION_FRAME;
}
