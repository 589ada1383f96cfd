// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DMA windows: tests the decoder with every length of the property and every
 * number of cells.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmc/dma-window.h"

/* Cells of two windows in the largest form, each with its number. */
#define CELLS 10

static struct vmc_dma_windows windows;

/* Allocates exactly LENGTH bytes, so that overreads are detected. */
static int decode(unsigned int length, __u32 address_cells, __u32 size_cells)
{
	__u8 *bytes = malloc(length ? length : 1);
	int rc;

	for (unsigned int i = 0; i < length; i++)
		bytes[i] = i % VMC_DMA_CELL == VMC_DMA_CELL - 1 ?
				   i / VMC_DMA_CELL + 1 :
				   0x70;
	memset(&windows, 0, sizeof(windows));
	rc = vmc_dma_windows_decode(bytes, length, address_cells, size_cells,
				    &windows);
	free(bytes);
	return rc;
}

Test(dma_window, d11_every_form_and_every_length_is_decoded)
{
	for (__u32 address = 1; address <= 2; address++) {
		for (__u32 size = 1; size <= 2; size++) {
			unsigned int needed = 2 * (1 + address + size) * 4;

			for (unsigned int n = 0; n < needed; n++)
				cr_expect_eq(decode(n, address, size), -EINVAL);
			cr_expect_eq(decode(needed, address, size), 0);
			cr_expect_eq(windows.local_liobn, 0x70707001);
			cr_expect_eq(windows.remote_liobn,
				     0x70707000 + 2 + address + size);
		}
	}
}

Test(dma_window, further_bytes_are_ignored)
{
	cr_expect_eq(decode(CELLS * 4 + 3, 2, 2), 0);
	cr_expect_eq(windows.remote_liobn, 0x70707006);
}

Test(dma_window, cells_out_of_range_are_refused)
{
	cr_expect_eq(decode(CELLS * 4, 0, 1), -EINVAL);
	cr_expect_eq(decode(CELLS * 4, 1, 0), -EINVAL);
	cr_expect_eq(decode(CELLS * 4, 3, 1), -EINVAL);
	cr_expect_eq(decode(CELLS * 4, 1, 3), -EINVAL);
	/* The product of these numbers would overflow to a small value. */
	cr_expect_eq(decode(CELLS * 4, 0x7fffffff, 0x7fffffff), -EINVAL);
}

Test(dma_window, a_missing_property_and_an_invalid_length_are_refused)
{
	cr_expect_eq(vmc_dma_windows_decode(NULL, 40, 2, 2, &windows), -ENODEV);
	cr_expect_eq(vmc_dma_windows_decode("", -1, 1, 1, &windows), -EINVAL);
}

Test(dma_window, a_liobn_is_big_endian)
{
	static const __u8 property[] = {
		0x13, 0, 0, 0x10, 0, 0, 0, 0, 0, 1, 0, 0,
		0xf4, 1, 2, 0x13, 0, 0, 0, 0, 0, 1, 0, 0,
	};

	cr_assert_eq(vmc_dma_windows_decode(property, sizeof(property), 1, 1,
					    &windows),
		     0);
	cr_expect_eq(windows.local_liobn, 0x13000010);
	cr_expect_eq(windows.remote_liobn, 0xf4010213);
}
