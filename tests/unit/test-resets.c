// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words for what ended a channel.
 */
#include <criterion/criterion.h>

#include <glib.h>

#include "device/resets.h"

Test(resets, every_kind_has_words_of_its_own)
{
	cr_expect_null(reset_words(RESET_NONE));
	cr_expect_null(reset_words(RESET_UNKNOWN + 1));
	for (int kind = RESET_NONE + 1; kind <= RESET_UNKNOWN; kind++) {
		cr_assert_not_null(reset_words(kind));
		for (int other = RESET_NONE + 1; other < kind; other++)
			cr_expect_str_neq(reset_words(kind),
					  reset_words(other));
	}
}
