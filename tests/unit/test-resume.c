// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Resumed reads: tests which repeated offsets mean the rest of a short read.
 * It reads no file.
 */
#include <criterion/criterion.h>
#include <poll.h>

#include "tree/handle.h"

#define IO_URING (POLLIN | POLLRDNORM | POLLPRI | POLLERR)

static guint64 read_at(struct resume *resume, guint64 offset, gsize len,
		       gsize size)
{
	guint64 meant = resume_offset(resume, offset, size);

	resume_mark_read(resume, meant, len, size);
	return meant;
}

Test(resume, a_repeated_offset_after_a_poll_returns_the_rest)
{
	struct resume resume = { 0 };

	cr_expect_eq(read_at(&resume, 0, 27, 100), 0);
	resume_mark_poll(&resume, IO_URING);
	cr_expect_eq(read_at(&resume, 0, 3, 73), 27);
	resume_mark_poll(&resume, IO_URING);
	cr_expect_eq(read_at(&resume, 27, 0, 70), 30,
		     "the rest of the second part");
	cr_expect_eq(read_at(&resume, 0, 30, 70), 0, "a read without a poll");
}

Test(resume, a_rest_at_its_own_offset_ends_the_wait_for_it)
{
	static const gsize sizes[] = { 100, 1024 * 1024 };
	struct resume resume = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		cr_expect_eq(read_at(&resume, 0, 27, sizes[i]), 0);
		resume_mark_poll(&resume, IO_URING);
		cr_expect_eq(read_at(&resume, 27, 0, sizes[i] - 27), 27);
		cr_expect_eq(read_at(&resume, 0, 27, sizes[i] - 27), 0);
	}
}

Test(resume, a_read_after_the_short_one_is_not_its_rest)
{
	struct resume resume = { 0 };

	read_at(&resume, 0, 27, 100);
	resume_mark_poll(&resume, IO_URING);
	cr_expect_eq(read_at(&resume, 27, 0, 100), 27);
	cr_expect_eq(read_at(&resume, 0, 0, 73), 27);
}

Test(resume, a_read_of_several_requests_is_resumed_after_the_last)
{
	struct resume resume = { 0 };

	read_at(&resume, 100, 1000, 1000);
	read_at(&resume, 1100, 1000, 1000);
	read_at(&resume, 2100, 10, 1000);
	resume_mark_poll(&resume, IO_URING);
	cr_expect_eq(read_at(&resume, 100, 0, 1000), 2110);
}

Test(resume, consecutive_reads_are_resumed_each)
{
	struct resume resume = { 0 };

	read_at(&resume, 0, 10, 10);
	read_at(&resume, 10, 5, 10);
	resume_mark_poll(&resume, IO_URING);
	cr_expect_eq(read_at(&resume, 10, 0, 5), 15);
}

Test(resume, other_reads_in_between_are_ignored)
{
	struct resume resume = { 0 };

	read_at(&resume, 20, 7, 10);
	resume_mark_poll(&resume, IO_URING);
	cr_expect_eq(read_at(&resume, 3, 10, 10), 3);
	cr_expect_eq(read_at(&resume, 20, 0, 3), 27);
}

/* io_uring polls before the first request of a read, too. */
Test(resume, a_new_read_is_not_a_rest)
{
	struct resume resume = { 0 };

	read_at(&resume, 0, 27, 27);
	resume_mark_poll(&resume, IO_URING);
	cr_expect_eq(read_at(&resume, 0, 27, 100), 0, "after a full read");
	cr_expect_eq(read_at(&resume, 27, 0, 73), 27);
	resume_mark_poll(&resume, IO_URING);
	cr_expect_eq(read_at(&resume, 0, 27, 100), 0, "after the end");
	resume_mark_poll(&resume, IO_URING);
	cr_expect_eq(read_at(&resume, 0, 27, 100), 0, "of the same size");
}

Test(resume, other_polls_do_not_change_the_meaning_of_a_read)
{
	static const unsigned int events[] = {
		POLLIN | POLLERR | POLLHUP,
		IO_URING | POLLHUP,
		POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR,
		POLLPRI | POLLERR | POLLHUP,
		0,
	};

	for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
		struct resume resume = { 0 };

		read_at(&resume, 0, 27, 54);
		resume_mark_poll(&resume, events[i]);
		cr_expect_eq(read_at(&resume, 0, 27, 27), 0, "%x", events[i]);
	}
}

/* 1 MiB less two pages of 64 KiB is the smallest part of a split read. */
Test(resume, only_the_rest_of_a_large_request_may_be_longer)
{
	static const gsize least = 1024 * 1024 - 2 * 65536;
	struct resume large = { 0 }, small = { 0 };

	read_at(&large, 0, 10, least);
	resume_mark_poll(&large, IO_URING);
	cr_expect_eq(read_at(&large, 0, 0, least - 10 + 1), 10);
	read_at(&small, 0, 10, least - 1);
	resume_mark_poll(&small, IO_URING);
	cr_expect_eq(read_at(&small, 0, 0, least - 1 - 10 + 1), 0);
}
