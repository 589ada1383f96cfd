// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Help: the README of the tree, and the texts that the control files return to
 * readers. It parses no command.
 */
#include "control.h"

#include <string.h>

#include "../channel/channel.h"
#include "../channel/hmc.h"
#include "../device/device.h"
#include "../errors.h"
#include "../logging.h"

static const char readme[] =
	"vmcfs " VMCFS_VERSION
	": the POWER Virtual Management Channel as files\n"
	"\n"
	"README           this text\n"
	"control          commands for the whole channel; reading it lists them\n"
	"status           state and counters of the channel\n"
	"metrics          counters of everything, for Prometheus\n"
	"hmcN/            one directory for each HMC index\n"
	"  control        commands for this index; reading it lists them\n"
	"  log            a line for each message, sent or received: time,\n"
	"                 direction, number, length, bytes; read-only\n"
	"  log.json       the same as JSON, one object in each line\n"
	"  capture        the same for Wireshark, if mounted with\n"
	"                 capture=SIZE\n"
	"  log.1          older lines, after a rotation; also log.json.1,\n"
	"                 capture.1\n"
	"  message        the messages of the session\n"
	"  message.1      older messages, after a rotation\n"
	"  status         state, counters and the last error of this index\n"
	"\n"
	"Open a session (open ID), send a line, read the answer:\n"
	"    echo open my-console > hmc0/control\n"
	"    echo hello > hmc0/message\n"
	"    cat hmc0/message\n"
	"Follow the messages, across rotations:\n"
	"    tail -n +1 -F hmc0/message\n"
	"Send a request and read its answer on one descriptor (bash):\n"
	"    exec 3<>hmc0/message\n"
	"    echo request >&3; read -r reply <&3\n"
	"Wait for a message for at most 5 seconds; one dd reads one message:\n"
	"    timeout 5 dd bs=64K count=1 status=none <&3\n"
	"Send several lines, or a long one, as one message (bash writes such\n"
	"a text in parts, which dd collects):\n"
	"    printf %s \"$text\" |\n"
	"        dd bs=64K iflag=fullblock status=none > hmc0/message\n"
	"End the session:\n"
	"    echo close > hmc0/control\n"
	"\n"
	"One write is one message. Opened for reading only, message is a log:\n"
	"reads end at its end. Opened for reading and writing, it is a channel:\n"
	"it begins at the present end, and each read waits for one message and\n"
	"returns it.\n"
	"\n"
	"When a command fails, last_error in the status file says why.\n"
	"The errors:\n";

void help_readme(GString *text)
{
	g_string_append(text, readme);
	for (gsize i = 0; i < error_table_len; i++)
		g_string_append_printf(text, "    %-13s %s\n",
				       error_table[i].name,
				       error_table[i].meaning);
}

/* The commands are comments, so that the text may be written back. */
static void add_commands(GString *text, GString *commands)
{
	g_string_truncate(commands, commands->len - 1);
	g_string_replace(commands, "\n", "\n# ", 0);
	g_string_append_printf(text, "# Commands, one a line:\n#\n# %s\n#\n",
			       commands->str);
}

void help_channel_control(const struct channel *channel,
			  const struct logging *logging, GString *text)
{
	const struct device_ops *ops = channel->device->ops;
	g_autoptr(GString) commands = g_string_new(NULL);

	grammar_help(SCOPE_CHANNEL, commands);
	if (ops->help)
		ops->help(channel->device, commands);
	add_commands(text, commands);
	g_string_append_printf(text, "# In force:\nlog-level %s\n",
			       logging_level_word(logging));
}

/* Return: TRUE if open accepts the name as text and not as hex digits. */
static gboolean id_is_text(const struct hmc *hmc)
{
	static const char hex[] = { 'h', 'e', 'x', ':' };

	for (gsize i = 0; i < hmc->id_len; i++) {
		if (!g_ascii_isprint((gchar)hmc->id[i]))
			return FALSE;
	}
	return hmc->id_len < sizeof(hex) || memcmp(hmc->id, hex, sizeof(hex));
}

void help_hmc_control(const struct hmc *hmc, GString *text)
{
	g_autoptr(GString) commands = g_string_new(NULL);

	grammar_help(SCOPE_HMC, commands);
	add_commands(text, commands);
	g_string_append(text, "# In force:\n");
	if (hmc->state == HMC_NONE) {
		g_string_append(text, "close\n");
		return;
	}
	g_string_append(text, "open ");
	if (id_is_text(hmc)) {
		g_string_append_len(text, (const gchar *)hmc->id,
				    (gssize)hmc->id_len);
		g_string_append_c(text, '\n');
		return;
	}
	g_string_append(text, "hex:");
	for (gsize i = 0; i < hmc->id_len; i++)
		g_string_append_printf(text, "%02x", hmc->id[i]);
	g_string_append_c(text, '\n');
}
