// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faulting memory: maps addresses at which a system call faults. It frees
 * nothing.
 */
#include "memory.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "expect.h"

size_t memory_page(void)
{
	return sysconf(_SC_PAGESIZE);
}

static char *two_pages(void)
{
	void *pages = mmap(NULL, 2 * memory_page(), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT(pages != MAP_FAILED);
	return pages;
}

void *memory_before_forbidden(size_t len)
{
	size_t page = memory_page();
	char *pages = two_pages();

	EXPECT(len <= page);
	MUST(mprotect(pages + page, page, PROT_NONE));
	return pages + page - len;
}

void *memory_forbidden(void)
{
	return memory_before_forbidden(0);
}

void *memory_read_only(const void *data, size_t len)
{
	char *pages = two_pages();

	EXPECT(len <= memory_page());
	memcpy(pages, data, len);
	MUST(mprotect(pages, memory_page(), PROT_READ));
	return pages;
}
