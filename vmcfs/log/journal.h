/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Journal: the records of one HMC index, of messages in both directions and of
 * its sessions, in a bounded amount of memory. It knows no file and no request.
 *
 * Records are stored in parts, without formatting them. A range of records of a
 * part in one format is an inode of the tree; its lines, or blocks, are made
 * when somebody asks for the size or reads. The newest range of a format has
 * the name "log", "log.json" or "capture", the one before it the same with
 * ".1"; older ones exist as long as a descriptor holds them and the limit
 * permits.
 */
#ifndef VMCFS_JOURNAL_H
#define VMCFS_JOURNAL_H

#include <glib.h>
#include <time.h>

#include "record.h"
#include "store.h"

struct journal;
struct memory;
struct segment;

/**
 * struct gap - record that stands for others
 * @record: number of the record in the journal
 * @count: number of the records that it stands for
 */
struct gap {
	guint64 record;
	guint64 count;
};

/**
 * struct part - memory with consecutive records
 * @journal: journal that it belongs to
 * @link: element of its list, while the part has records
 * @store: records
 * @charged: bytes of memory that the journal counts for it
 * @first: number of its first record in the journal
 * @end: number after its last record
 * @seen: number after the last record that a reader has read in any format
 * @gaps: struct gap of each of its records that is a gap, or NULL
 * @ranges: number of ranges with a name or a holder
 * @born: time of creation in monotonic microseconds
 * @modified: wall clock of the last record
 * @is_dropped: TRUE if the records were freed
 * @dropped_us: wall clock in microseconds of that
 */
struct part {
	struct journal *journal;
	GList link;
	struct store store;
	gsize charged;
	guint64 first;
	guint64 end;
	guint64 seen;
	GArray *gaps;
	guint ranges;
	gint64 born;
	struct timespec modified;
	gboolean is_dropped;
	gint64 dropped_us;
};

/**
 * struct range - consecutive records of a part as lines or blocks of one format
 * @part: part with the records
 * @format: format of the lines
 * @ino: inode number
 * @first: number of the first record
 * @end: number after the last record if @is_closed
 * @is_closed: TRUE if it gets no more records
 * @is_named: TRUE if it has a name
 * @holders: number of open descriptors
 * @head: length of the bytes before the first line
 * @size: length of the head, and of the lines that were measured, in bytes
 * @at: offset in the part of the first record that was not measured
 * @number: number of this record
 * @marks: positions of lines, for reads at any offset
 * @created: wall clock of the creation, for stat(2)
 * @closed: wall clock of the last record if @is_closed
 */
struct range {
	struct part *part;
	enum record_format format;
	guint64 ino;
	guint64 first;
	guint64 end;
	gboolean is_closed;
	gboolean is_named;
	guint holders;
	gsize head;
	gsize size;
	gsize at;
	guint64 number;
	GArray *marks;
	struct timespec created;
	struct timespec closed;
};

/**
 * struct journal - records of one HMC index
 * @memory: gives the inode numbers and the clock
 * @limit: maximum number of bytes of all parts
 * @index: HMC index, for the heads of ranges
 * @used: bytes of all parts
 * @parts: parts with records, the oldest first
 * @growing: part that gets new records, never NULL
 * @by_ino: ranges by inode number
 * @current: ranges named "log", "log.json" and "capture"; NULL if the tree does
 *	not have the format
 * @previous: ranges with these names and ".1", or NULL
 * @total: number of records ever added
 * @rotations: number of ranges that got the name of another
 * @dropped: number of records, except gaps, that were dropped before anybody read
 *	them
 * @gap: number of records that no record stands for yet, without those of
 *	dropped parts that are held
 * @scratch: for the measurement of lines
 * @rotated: called after names were given to other ranges, or NULL
 * @rotated_data: argument of @rotated
 */
struct journal {
	struct memory *memory;
	gsize limit;
	guint index;
	gsize used;
	GQueue parts;
	struct part *growing;
	GHashTable *by_ino;
	struct range *current[RECORD_FORMATS];
	struct range *previous[RECORD_FORMATS];
	guint64 total;
	guint64 rotations;
	guint64 dropped;
	guint64 gap;
	GString *scratch;
	void (*rotated)(void *data);
	void *rotated_data;
};

/**
 * journal_new() - create an empty journal
 * @memory: budget of the mount, for inode numbers and clock; must outlive it
 * @limit: bytes of all parts, at least VMCFS_RECORDS_MIN
 * @formats: set of formats that have files: RECORD_LINES, RECORD_CAPTURE
 * @index: HMC index
 *
 * Return: the journal, owned by the caller.
 */
struct journal *journal_new(struct memory *memory, gsize limit, guint formats,
			    guint index);

/**
 * journal_free() - free a journal
 * @journal: journal whose ranges are not held; NULL is allowed
 */
void journal_free(struct journal *journal);

/**
 * journal_add() - add a record
 * @journal: journal of an HMC index
 * @kind: kind of the record
 * @number: see struct record
 * @time: wall clock
 * @data: copied
 * @len: length of @data in bytes
 *
 * A new part begins before one exceeds three eighths of the limit, or half of
 * that at an age of VMCFS_SEGMENT_AGE_S. Parts beyond the limit are dropped, the
 * oldest first. If nobody had read all of their records, the next record after
 * their holders are gone is a gap with the number, to which a gap among them
 * contributes its own. A record for which the kernel refuses the memory is
 * counted in the gap too.
 */
void journal_add(struct journal *journal, enum record_kind kind, guint64 number,
		 struct timespec time, gconstpointer data, guint32 len);

/**
 * journal_add_received() - add a record of the last message of a segment
 * @journal: journal of an HMC index
 * @number: see struct record
 * @segment: segment with the message, which gives the time too; must be passed to
 *	journal_keep() before it is dropped
 * @len: length of the message in bytes, above 0
 *
 * As journal_add(), but without a copy. The bytes count toward the limit, so
 * that journal_keep() does not exceed it.
 */
void journal_add_received(struct journal *journal, guint64 number,
			  const struct segment *segment, guint32 len);

/**
 * journal_keep() - copy those bytes of a segment that records refer to
 * @journal: journal of an HMC index
 * @segment: segment of the same index that is about to be dropped
 *
 * Parts for which the kernel refuses the memory are dropped.
 */
void journal_keep(struct journal *journal, const struct segment *segment);

/**
 * journal_find() - find a range by its inode number
 * @journal: journal of an HMC index
 * @ino: inode number of any file
 *
 * Return: the range, or NULL.
 */
struct range *journal_find(const struct journal *journal, guint64 ino);

/**
 * range_hold() - count a descriptor that refers to a range
 * @range: range, dropped or not
 */
void range_hold(struct range *range);

/**
 * range_release() - subtract a descriptor that was closed
 * @range: held range; may be freed
 */
void range_release(struct range *range);

/**
 * range_cut() - close a range, and give its name to a range of unread records
 * @range: range of a journal; nothing happens if it is closed
 * @record: number after the last record that was read; nothing happens if it is
 *	the first one
 *
 * The new range begins at @record. Other formats do not change.
 */
void range_cut(struct range *range, guint64 record);

/**
 * range_size() - get the length of the head and of all lines
 * @range: range, dropped or not
 *
 * Measures records that were added since the last call.
 *
 * Return: bytes.
 */
gsize range_size(struct range *range);

/**
 * range_modified() - get the time of the last record
 * @range: range, dropped or not
 *
 * Return: wall clock.
 */
struct timespec range_modified(const struct range *range);

/**
 * struct range_lines - result of range_read()
 * @text: lines, or blocks, that contain the bytes
 * @skip: offset of the bytes in @text
 * @complete: number after the last record that ends in the bytes, or 0 if no
 *	record does
 * @whole: offset in the range of the last end of a line that is not after the
 *	bytes; offset of their end if it is in the head
 */
struct range_lines {
	GString *text;
	gsize skip;
	guint64 complete;
	gsize whole;
};

/**
 * range_read() - make some of the lines
 * @range: range that is not dropped
 * @offset: offset in bytes
 * @size: maximum number of bytes
 * @lines: has an empty string, which is filled
 */
void range_read(struct range *range, gsize offset, gsize size,
		struct range_lines *lines);

/**
 * range_mark_gap() - do not count the missing records for other readers
 * @range: dropped range whose rest a reader has got to its end
 *
 * Otherwise the next gap counts those that nobody has read, after the last
 * holder has released the part: a reader that reads one file after another gets
 * the number of each record once.
 */
void range_mark_gap(struct range *range);

/**
 * range_gap() - make the rest of a dropped range: a line in place of its records
 * @range: dropped range
 * @record: number of the first record that is missing
 * @offset: number of bytes of the head that were read, or more
 * @text: empty string, set to the rest of the head, and to the line unless no
 *	record is missing
 */
void range_gap(const struct range *range, guint64 record, gsize offset,
	       GString *text);

#endif
