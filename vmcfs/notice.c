// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Notice: the table of kinds, and the call that passes a line with its fields to
 * the log writer of GLib. It decides neither when nor where a line is written.
 */
#include "notice.h"

const struct notice_row notice_table[NOTICE_KINDS] = {
	[NOTICE_MOUNTED] = { "mounted", G_LOG_LEVEL_MESSAGE,
			     "bc8edd960303491caf56eb2ea5f8071d" },
	[NOTICE_UNMOUNTED] = { "unmounted", G_LOG_LEVEL_MESSAGE,
			       "64e0b796531c40f8978156bcd1eec083" },
	[NOTICE_STILL_MOUNTED] = { "still mounted", G_LOG_LEVEL_WARNING,
				   "2d3fb9c1a86042af876112cea1f601ce" },
	[NOTICE_ABORTED] = { "connection aborted", G_LOG_LEVEL_WARNING,
			     "dd97b10941e34f4ab330d53f9f820a50" },
	[NOTICE_READY] = { "channel ready", G_LOG_LEVEL_MESSAGE,
			   "bcee249aa2a64df6afa5ba15af31b88e" },
	[NOTICE_RESET] = { "channel reset", G_LOG_LEVEL_WARNING,
			   "cacedd562c0d45a1a9284bf41215b015" },
	[NOTICE_FAILED] = { "channel failed", G_LOG_LEVEL_WARNING,
			    "ec157231a4b1418eaca4f136ece76d5a" },
	[NOTICE_DEVICE_GONE] = { "device gone", G_LOG_LEVEL_WARNING,
				 "70ca682204544f6bb515f7fa3b9deb6f" },
	[NOTICE_LATE] = { "session waits for the channel", G_LOG_LEVEL_MESSAGE,
			  "d5e7ec258e324368af114c2533b9682d" },
	[NOTICE_OPENED] = { "session opened", G_LOG_LEVEL_MESSAGE,
			    "abc1d1d6aeae4d77baeac22512dfacb9" },
	[NOTICE_NOT_OPENED] = { "session not opened", G_LOG_LEVEL_WARNING,
				"9587985c6f734f7a8deef7e1fef8065b" },
	[NOTICE_CLOSED] = { "session closed", G_LOG_LEVEL_MESSAGE,
			    "09585b417cc04882ab5394cd7306ed66" },
	[NOTICE_LOST] = { "session lost", G_LOG_LEVEL_WARNING,
			  "c427b8be50514601b64a6bbb59c1e72c" },
	[NOTICE_UNSENT] = { "messages unsent", G_LOG_LEVEL_WARNING,
			    "bc32539c3a634e0987d959cd4057c948" },
	[NOTICE_NOT_STORED] = { "messages not stored", G_LOG_LEVEL_WARNING,
				"b94a111c72c9484389d473e442d263e7" },
	[NOTICE_MISSED] = { "messages missed by a reader", G_LOG_LEVEL_WARNING,
			    "48a7cc2623b4482498b8a7e83e186917" },
	[NOTICE_SEGMENTS_DROPPED] = { "log segments dropped",
				      G_LOG_LEVEL_WARNING,
				      "8598271dc19c4545bf1b46c3fa3bfbb8" },
	[NOTICE_NOT_WATCHED] = { "session not watched", G_LOG_LEVEL_WARNING,
				 "c8d7b4c3167f4064b3b19b5d094d7185" },
	[NOTICE_NOT_TRANSMITTED] = { "entry not sent", G_LOG_LEVEL_WARNING,
				     "5590768b406644299c45225b053bf3ce" },
	[NOTICE_NO_RESPONSE] = { "no response", G_LOG_LEVEL_WARNING,
				 "cb4946ac02f248ba86c4dac5e6d98196" },
	[NOTICE_HELPER_ENDED] = { "helper ended", G_LOG_LEVEL_WARNING,
				  "fab23c59894c464aba0100a200ba42e2" },
	[NOTICE_NOT_ANNOUNCED] = { "inotify off", G_LOG_LEVEL_WARNING,
				   "9f0d5c1be2a84e6f8f7a3c46d1b25e70" },
	[NOTICE_NO_FILTER] = { "no filter", G_LOG_LEVEL_WARNING,
			       "34f92c9bc7334edab77c9823cdd2917f" },
	[NOTICE_FUSE] = { "error of libfuse", G_LOG_LEVEL_WARNING,
			  "f5a8a4f1f3cd478faa94318fa9ef34b2" },
	[NOTICE_LEVEL] = { "log level changed", G_LOG_LEVEL_MESSAGE,
			   "51cc8afa4af045da8cc9935b70103507" },
	[NOTICE_LINES_DROPPED] = { "lines dropped", G_LOG_LEVEL_WARNING,
				   "feddfd453cd24b9ca43031362194c900" },
	[NOTICE_LINES_LIMITED] = { "lines limited", G_LOG_LEVEL_WARNING,
				   "ea2f005ff3964c37887d1a2afccfe0ac" },
};

/* A field with a length is binary. */
G_GNUC_PRINTF(2, 0)
static void log_format(const struct notice *notice, const char *format,
		       va_list arguments)
{
	const struct notice_row *row = &notice_table[notice->kind];
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	const GLogField fields[] = {
		{ "MESSAGE", text, -1 },
		{ "MESSAGE_ID", row->id, -1 },
		{ NOTICE_FIELD, notice, sizeof(*notice) },
	};

	g_log_structured_array(row->level, fields, G_N_ELEMENTS(fields));
}

void notice_log(const struct notice *notice, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_format(notice, format, arguments);
	va_end(arguments);
}

void notice_mount(enum notice_kind kind, const char *format, ...)
{
	const struct notice notice = { .kind = kind, .hmc = NOTICE_NO_HMC };
	va_list arguments;

	va_start(arguments, format);
	log_format(&notice, format, arguments);
	va_end(arguments);
}

char *notice_caller(const struct caller *caller, const char *otherwise)
{
	if (!caller->known)
		return g_strdup(otherwise);
	if (!caller->pid)
		return g_strdup_printf("uid %u in another PID namespace",
				       caller->uid);
	return g_strdup_printf("uid %u, process %d", caller->uid, caller->pid);
}
