// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions: opens those of the option open=, before the mount or when a late
 * channel is up. It opens none again.
 */
#include "service.h"

#include <sysexits.h>

#include "channel/channel.h"
#include "errors.h"

static char *why_not_offered(const struct channel *channel)
{
	return g_strdup_printf(
		"the channel offers %u HMC indices, counted from 0",
		channel->hmcs->len);
}

static int open_session(const struct channel *channel, struct turns *turns,
			const struct session_option *session)
{
	struct hmc *hmc = channel_hmc(channel, session->index);
	g_autofree char *why = NULL;
	int error;

	if (!hmc) {
		why = why_not_offered(channel);
		g_printerr("vmcfs: open=%u: %s\n", session->index, why);
		return EX_UNAVAILABLE;
	}
	error = hmc_open(hmc, session->command.id, session->command.id_len);
	while (!error && hmc->state == HMC_OPENING)
		turns_main_loop(turns);
	if (!error && hmc->state == HMC_READY)
		return 0;
	g_printerr("vmcfs: open=%u: %s\n", session->index,
		   hmc->last_error.sentence);
	return EX_UNAVAILABLE;
}

/* The sentence is for the user who mounts, the lines are for the log. */
static void report_late(const GPtrArray *sessions)
{
	for (guint i = 0; i < sessions->len; i++) {
		const struct session_option *session =
			g_ptr_array_index(sessions, i);

		notices_late(session->index, session->command.id,
			     session->command.id_len);
	}
	g_printerr(
		PRINT_NOTICE
		"vmcfs: the sessions of open= are opened when the channel is up\n");
}

int sessions_open(struct channel *channel, struct turns *turns,
		  const GPtrArray *sessions, const GPtrArray **late)
{
	int status = 0;

	*late = NULL;
	if (sessions->len && !channel_is_ready(channel)) {
		*late = sessions;
		report_late(sessions);
		return 0;
	}
	for (guint i = 0; !status && i < sessions->len; i++)
		status = open_session(channel, turns,
				      g_ptr_array_index(sessions, i));
	return status;
}

/* A user may have opened a session since the channel is up. */
static void open_late(const struct channel *channel,
		      const struct session_option *session)
{
	const struct command *command = &session->command;
	struct hmc *hmc = channel_hmc(channel, session->index);
	g_autofree char *why = NULL;

	if (hmc && hmc->state == HMC_NONE) {
		hmc->caller = (struct caller){ 0 };
		hmc_open(hmc, command->id, command->id_len);
		return;
	}
	why = hmc ? g_strdup("a session is open already") :
		    why_not_offered(channel);
	notices_option_refused(session->index, command->id, command->id_len,
			       why);
}

void sessions_open_late(const struct channel *channel,
			const GPtrArray *sessions)
{
	for (guint i = 0; i < sessions->len; i++)
		open_late(channel, g_ptr_array_index(sessions, i));
}
