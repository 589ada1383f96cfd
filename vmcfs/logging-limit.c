// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logging limit: a window of time for each kind of notice and HMC index. It
 * knows no text.
 *
 * A window begins with its first line. If lines did not pass it stays until they
 * are reported, so that no number is lost.
 */
#include "logging-limit.h"

/**
 * struct window - lines of one kind and HMC index
 * @notice: kind and HMC index
 * @end: monotonic microseconds at which the next window may begin
 * @passed: number of lines that passed in this one
 * @excess: number of lines that did not
 */
struct window {
	struct notice notice;
	gint64 end;
	guint passed;
	guint64 excess;
};

/**
 * struct logging_limit - windows of all kinds
 * @burst: number of lines that pass in a window
 * @interval_us: length of a window
 * @windows: struct window by key_of()
 * @reports: number of windows with an excess
 */
struct logging_limit {
	guint burst;
	gint64 interval_us;
	GHashTable *windows;
	guint reports;
};

struct logging_limit *logging_limit_new(guint burst, gint64 interval_us)
{
	struct logging_limit *limit = g_new0(struct logging_limit, 1);

	limit->burst = burst;
	limit->interval_us = interval_us;
	limit->windows = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return limit;
}

void logging_limit_free(struct logging_limit *limit)
{
	if (!limit)
		return;
	g_hash_table_unref(limit->windows);
	g_free(limit);
}

static gpointer key_of(const struct notice *notice)
{
	guint hmc = (guint)(notice->hmc - NOTICE_NO_HMC);

	return GUINT_TO_POINTER(hmc * NOTICE_KINDS + notice->kind);
}

static struct window *window_of(struct logging_limit *limit,
				const struct notice *notice)
{
	struct window *window =
		g_hash_table_lookup(limit->windows, key_of(notice));

	if (window)
		return window;
	window = g_new0(struct window, 1);
	window->notice.kind = notice->kind;
	window->notice.hmc = notice->hmc;
	g_hash_table_insert(limit->windows, key_of(notice), window);
	return window;
}

gboolean logging_limit_pass(struct logging_limit *limit,
			    const struct notice *notice, gint64 now)
{
	struct window *window = window_of(limit, notice);

	if (!window->excess && now >= window->end) {
		window->passed = 0;
		window->end = now + limit->interval_us;
	}
	if (window->passed < limit->burst) {
		window->passed++;
		return TRUE;
	}
	limit->reports += !window->excess++;
	return FALSE;
}

/* Return: the window with an excess that ends first, or NULL. */
static struct window *first_window(const struct logging_limit *limit)
{
	struct window *window, *first = NULL;
	GHashTableIter iter;

	if (!limit->reports)
		return NULL;
	g_hash_table_iter_init(&iter, limit->windows);
	while (g_hash_table_iter_next(&iter, NULL, (gpointer *)&window)) {
		if (window->excess && (!first || window->end < first->end))
			first = window;
	}
	return first;
}

gint64 logging_limit_due(const struct logging_limit *limit)
{
	const struct window *first = first_window(limit);

	return first ? first->end : G_MAXINT64;
}

gboolean logging_limit_report(struct logging_limit *limit, gint64 now,
			      struct logging_excess *excess)
{
	struct window *first = first_window(limit);

	if (!first || now < first->end)
		return FALSE;
	excess->notice = first->notice;
	excess->lines = first->excess;
	first->excess = 0;
	limit->reports--;
	return TRUE;
}
