// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words: splits a command into words, compares them and parses numbers. It does
 * not know the commands: knob.c and fault-rule.c do.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "internal.h"

bool vmc_hv_next_word(struct vmc_hv_words *words, struct vmc_hv_word *word)
{
	const char *blank;

	if (!words->at)
		return false;
	blank = memchr(words->at, ' ', words->len);
	word->text = words->at;
	word->len = blank ? (size_t)(blank - words->at) : words->len;
	words->at = blank ? blank + 1 : NULL;
	words->len -= blank ? word->len + 1 : word->len;
	return word->len;
}

bool vmc_hv_word_is(const struct vmc_hv_word *word, const char *text)
{
	return word->len == strlen(text) &&
	       !memcmp(word->text, text, word->len);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

int vmc_hv_word_number(const struct vmc_hv_word *word, unsigned int base,
		       u64 max, u64 *number)
{
	u64 value = 0;
	size_t i;

	if (!word->len)
		return -EINVAL;
	for (i = 0; i < word->len; i++) {
		unsigned int next = (unsigned int)digit(word->text[i]);

		/* Avoids a 64-bit division, which 32-bit kernels lack. */
		if (next >= base || value >> 60 ||
		    (base == 10 && value >= 1ULL << 59))
			return -EINVAL;
		value = value * base + next;
	}
	if (value > max)
		return -EINVAL;
	*number = value;
	return 0;
}

int vmc_hv_word_choice(const struct vmc_hv_word *word,
		       const struct vmc_hv_word *choices)
{
	struct vmc_hv_word left = *choices;
	const char *bar;
	size_t len;
	int place;

	for (place = 0;; place++) {
		bar = memchr(left.text, '|', left.len);
		len = bar ? (size_t)(bar - left.text) : left.len;
		if (len == word->len && !memcmp(left.text, word->text, len))
			return place;
		if (!bar)
			return -EINVAL;
		left.len -= len + 1;
		left.text = bar + 1;
	}
}
