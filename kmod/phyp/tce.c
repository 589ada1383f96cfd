// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DMA window: keeps a table of the partition's TCEs, which hypervisor calls
 * fill and each access to the partition's memory looks up. It maps nothing on
 * its own.
 */
#include <asm/hvcall.h>
#include <asm/page.h>
#include <asm/tce.h>
#include <linux/align.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "internal.h"

#define TCE_SHIFT 12
#define TCE_PAGES (PHYP_TCE_WINDOW >> TCE_SHIFT)

#define TCE_READ_WRITE ((u64)(TCE_PCI_READ | TCE_PCI_WRITE))

static bool maps(u64 tce)
{
	return tce & TCE_READ_WRITE;
}

/* Returns the real address of the memory that a TCE maps. */
static u64 real_address(u64 tce)
{
	return tce & ~(u64)(PHYP_TCE_PAGE - 1);
}

int phyp_tce_init(struct phyp_tce_table *table)
{
	table->entries =
		kvcalloc(TCE_PAGES, sizeof(*table->entries), GFP_KERNEL);
	return table->entries ? 0 : -ENOMEM;
}

void phyp_tce_clear(struct phyp_tce_table *table)
{
	kvfree(table->entries);
}

static bool in_window(u64 ioba, u64 count)
{
	u64 first = ioba >> TCE_SHIFT;

	return first < TCE_PAGES && count <= TCE_PAGES - first;
}

static bool is_memory(u64 address)
{
	return pfn_valid(PHYS_PFN(address));
}

static void set_entry(struct phyp_tce_table *table, u64 page, u64 tce)
{
	table->mapped -= maps(table->entries[page]);
	table->mapped += maps(tce);
	table->entries[page] = tce;
}

long phyp_tce_put(struct phyp_tce_table *table, u64 ioba, u64 tce, u64 count)
{
	u64 page = ioba >> TCE_SHIFT;

	if (!in_window(ioba, count) ||
	    (maps(tce) && !is_memory(real_address(tce))))
		return H_PARAMETER;
	while (count--)
		set_entry(table, page++, tce);
	return H_SUCCESS;
}

long phyp_tce_put_list(struct phyp_tce_table *table, u64 ioba, u64 list,
		       u64 count)
{
	const __be64 *tces = __va(list);
	long rc = H_SUCCESS;
	u64 i;

	if (!IS_ALIGNED(list, PHYP_TCE_PAGE) || !is_memory(list) ||
	    count > PHYP_TCE_PAGE / sizeof(*tces) || !in_window(ioba, count))
		return H_PARAMETER;
	for (i = 0; i < count && !rc; i++)
		rc = phyp_tce_put(table, ioba + (i << TCE_SHIFT),
				  be64_to_cpu(tces[i]), 1);
	return rc;
}

long phyp_tce_get(const struct phyp_tce_table *table, u64 ioba,
		  unsigned long *tce)
{
	if (!in_window(ioba, 1))
		return H_PARAMETER;
	*tce = table->entries[ioba >> TCE_SHIFT];
	return H_SUCCESS;
}

long phyp_tce_check(const struct phyp_tce_table *table, u64 ioba, u64 len,
		    bool write)
{
	u64 needed = write ? TCE_PCI_WRITE : TCE_PCI_READ;
	u64 first = ioba >> TCE_SHIFT;
	u64 page, last;

	if (!len)
		return H_SUCCESS;
	if (ioba >= PHYP_TCE_WINDOW || len > PHYP_TCE_WINDOW - ioba)
		return H_PARAMETER;
	last = (ioba + len - 1) >> TCE_SHIFT;
	for (page = first; page <= last; page++)
		if (!maps(table->entries[page]))
			return H_PARAMETER;
	for (page = first; page <= last; page++)
		if (!(table->entries[page] & needed))
			return H_PERMISSION;
	return H_SUCCESS;
}

static void *memory_at(const struct phyp_tce_table *table, u64 ioba)
{
	u64 tce = table->entries[ioba >> TCE_SHIFT];

	return __va(real_address(tce) + (ioba & (PHYP_TCE_PAGE - 1)));
}

/* Returns the number of bytes up to the end of the page, @len at most. */
static u64 piece(u64 ioba, u64 len)
{
	return min_t(u64, len, PHYP_TCE_PAGE - (ioba & (PHYP_TCE_PAGE - 1)));
}

void phyp_tce_read(const struct phyp_tce_table *table, u64 ioba, void *to,
		   u64 len)
{
	u64 bytes;

	while (len) {
		bytes = piece(ioba, len);
		memcpy(to, memory_at(table, ioba), bytes);
		to += bytes;
		ioba += bytes;
		len -= bytes;
	}
}

void phyp_tce_write(const struct phyp_tce_table *table, u64 ioba,
		    const void *from, u64 len)
{
	u64 bytes;

	while (len) {
		bytes = piece(ioba, len);
		memcpy(memory_at(table, ioba), from, bytes);
		from += bytes;
		ioba += bytes;
		len -= bytes;
	}
}

void *phyp_tce_span(const struct phyp_tce_table *table, u64 ioba, u64 len)
{
	void *memory;
	u64 offset;

	if (phyp_tce_check(table, ioba, len, false) ||
	    phyp_tce_check(table, ioba, len, true))
		return NULL;
	memory = memory_at(table, ioba);
	for (offset = 0; offset < len; offset += PHYP_TCE_PAGE)
		if (memory_at(table, ioba + offset) != memory + offset)
			return NULL;
	return memory;
}
