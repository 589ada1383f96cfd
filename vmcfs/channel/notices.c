// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Notices: words the lines of the log about sessions and the channel. It does
 * not decide when a session begins or ends.
 */
#include "notices.h"

#include "../device/device.h"
#include "../notice.h"
#include "../text.h"
#include "channel.h"

static const char *plural(guint64 count)
{
	return count == 1 ? "" : "s";
}

/* Resets before the first state belong to an earlier user of the device. */
static void begin(struct channel_reported *reported,
		  const struct device_info *info)
{
	if (reported->begun)
		return;
	reported->begun = TRUE;
	reported->resets = info->resets;
}

static void report_resets(struct channel_reported *reported,
			  const struct device_info *info)
{
	if (info->resets > reported->resets)
		notice_mount(NOTICE_RESET,
			     "the channel was reset: %s; %" G_GUINT64_FORMAT
			     " reset%s so far",
			     info->last_reset ? info->last_reset : "",
			     info->resets, plural(info->resets));
}

static void report_state(const struct device *device,
			 const struct device_info *info)
{
	if (info->state == DEVICE_READY)
		notice_mount(
			NOTICE_READY,
			"the channel of %s is ready: %u HMC indices, messages of up to %u bytes",
			device->name, info->hmcs, info->mtu);
	if (info->state == DEVICE_FAILED)
		notice_mount(
			NOTICE_FAILED,
			"the channel of %s has failed: no session can be opened until the hypervisor resets it",
			device->name);
}

/* One call may follow a reset and the end of its handshake. */
void notices_channel(struct channel *channel)
{
	struct channel_reported *reported = &channel->reported;
	struct device_info info;
	gboolean changed;

	device_get_info(channel->device, &info);
	begin(reported, &info);
	changed = info.state != reported->state ||
		  info.resets != reported->resets;
	report_resets(reported, &info);
	if (changed)
		report_state(channel->device, &info);
	reported->state = info.state;
	reported->resets = info.resets;
}

void notices_memory(struct channel *channel)
{
	guint64 dropped = channel->memory.dropped;
	guint64 count = dropped - channel->reported.dropped;

	if (!count)
		return;
	channel->reported.dropped = dropped;
	notice_mount(NOTICE_SEGMENTS_DROPPED,
		     "memory= is used up: %" G_GUINT64_FORMAT
		     " log segment%s dropped, %" G_GUINT64_FORMAT " so far",
		     count, count == 1 ? " was" : "s were", dropped);
}

static struct notice about(const struct hmc *hmc, enum notice_kind kind)
{
	return (struct notice){ .kind = kind,
				.hmc = (int)hmc->index,
				.session = hmc->serial };
}

/* Return: the quoted name of an application, to be freed. */
static char *quoted(gconstpointer id, gsize id_len)
{
	GString *text = g_string_new(NULL);

	text_add_quoted(text, id, id_len);
	return g_string_free(text, FALSE);
}

void notices_opened(const struct hmc *hmc)
{
	struct notice notice = about(hmc, NOTICE_OPENED);
	g_autofree char *id = quoted(hmc->id, hmc->id_len);
	g_autofree char *by = notice_caller(&hmc->caller, "the option open=");

	notice.caller = hmc->caller;
	notice_log(&notice,
		   "hmc%u: session %" G_GUINT64_FORMAT " %s was opened by %s",
		   hmc->index, hmc->serial, id, by);
}

void notices_late(guint index, gconstpointer id, gsize id_len)
{
	const struct notice notice = { .kind = NOTICE_LATE, .hmc = (int)index };
	g_autofree char *name = quoted(id, id_len);

	notice_log(
		&notice,
		"hmc%u: the session %s of the option open= is opened when the channel is up",
		index, name);
}

static void report_not_opened(guint index, const struct caller *caller,
			      gconstpointer id, gsize id_len, const char *why)
{
	const struct notice notice = { .kind = NOTICE_NOT_OPENED,
				       .hmc = (int)index,
				       .caller = *caller };
	g_autofree char *name = quoted(id, id_len);
	g_autofree char *by = notice_caller(caller, "the option open=");

	notice_log(&notice, "hmc%u: no session %s was opened for %s: %s", index,
		   name, by, why);
}

void notices_option_refused(guint index, gconstpointer id, gsize id_len,
			    const char *why)
{
	report_not_opened(index, &(struct caller){ 0 }, id, id_len, why);
}

void notices_not_opened(const struct hmc *hmc, gconstpointer id, gsize id_len,
			const char *why)
{
	report_not_opened(hmc->index, &hmc->caller, id, id_len, why);
}

void notices_closed(const struct hmc *hmc)
{
	struct notice notice = about(hmc, NOTICE_CLOSED);
	g_autofree char *id = quoted(hmc->id, hmc->id_len);
	g_autofree char *by =
		notice_caller(&hmc->caller, "the end of the daemon");

	notice.caller = hmc->caller;
	notice_log(&notice,
		   "hmc%u: session %" G_GUINT64_FORMAT " %s was closed by %s",
		   hmc->index, hmc->serial, id, by);
}

void notices_lost(const struct hmc *hmc, const char *why)
{
	const struct notice notice = about(hmc, NOTICE_LOST);
	g_autofree char *id = quoted(hmc->id, hmc->id_len);

	notice_log(&notice,
		   "hmc%u: session %" G_GUINT64_FORMAT " %s was lost: %s",
		   hmc->index, hmc->serial, id, why);
}

void notices_unsent(const struct hmc *hmc, guint count)
{
	const struct notice notice = about(hmc, NOTICE_UNSENT);
	g_autofree char *id = quoted(hmc->id, hmc->id_len);

	notice_log(
		&notice,
		"hmc%u: the session %s ended before %u accepted message%s sent",
		hmc->index, id, count, count == 1 ? " was" : "s were");
}

void notices_not_stored(const struct hmc *hmc, guint count, const char *why)
{
	const struct notice notice = about(hmc, NOTICE_NOT_STORED);

	notice_log(&notice, "hmc%u: %u received message%s not stored: %s",
		   hmc->index, count, count == 1 ? " was" : "s were", why);
}

void notices_missed(const struct hmc *hmc, const struct caller *caller)
{
	struct notice notice = about(hmc, NOTICE_MISSED);
	g_autofree char *by = notice_caller(caller, "a reader");

	notice.caller = *caller;
	notice_log(
		&notice,
		"hmc%u: %s missed messages: they were dropped before it read them; raise memory=, or read faster",
		hmc->index, by);
}
