// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options: parses the mount options of the simulated device from one table of
 * names, ranges and descriptions. It makes no device.
 */
#include "sim.h"

#include <string.h>

#include "../../defaults.h"
#include "../../text.h"
#include "hv/hv.h"

/* The names begin with this. */
#define PREFIX "sim."

#define NAME(key) PREFIX key "="

static const struct option {
	const char *name;
	gsize offset;
	guint initial;
	guint min;
	guint max;
	const char *help;
} table[] = {
	{ NAME("hmcs"), offsetof(struct sim_options, hmcs),
	  VMCFS_SIM_HMCS_DEFAULT, VMC_HMCS_MIN, VMC_HMCS_MAX,
	  "number of HMC indices" },
	{ NAME("mtu"), offsetof(struct sim_options, mtu), VMCFS_SIM_MTU_DEFAULT,
	  VMC_HV_MTU_MIN, VMC_MTU_MAX, "largest message in bytes" },
	{ NAME("pool"), offsetof(struct sim_options, pool),
	  VMCFS_SIM_POOL_DEFAULT, VMC_HV_POOL_MIN, VMC_POOL_MAX,
	  "buffers of an HMC index" },
	{ NAME("delay_ms"), offsetof(struct sim_options, delay_ms), 0, 0,
	  VMC_HV_DELAY_MAX_MS, "delay of the hypervisor per entry, in ms" },
	{ NAME("refuse_open"), offsetof(struct sim_options, refuse_open), 0, 0,
	  1, "1 refuses every open" },
};

static guint *field(struct sim_options *options, const struct option *option)
{
	return G_STRUCT_MEMBER_P(options, option->offset);
}

void sim_options_init(struct sim_options *options)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
		*field(options, &table[i]) = table[i].initial;
}

static gboolean is_named(const struct option *option, const char *key)
{
	const char *name = option->name + strlen(PREFIX);
	gsize len = strlen(name) - 1;

	return strlen(key) == len && !strncmp(name, key, len);
}

gboolean sim_options_set(struct sim_options *options, const char *key,
			 const char *value, char **why)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		const struct option *option = &table[i];
		guint64 number;

		if (!is_named(option, key))
			continue;
		if (!text_parse_size(value, &number) || number < option->min ||
		    number > option->max) {
			*why = g_strdup_printf(
				"sim.%s=%s cannot be used; give a number from %u to %u",
				key, value, option->min, option->max);
			return FALSE;
		}
		*field(options, option) = (guint)number;
		return TRUE;
	}
	*why = g_strdup_printf(
		"sim.%s is not an option of the simulated device", key);
	return FALSE;
}

const char *sim_options_name(guint number)
{
	return number < G_N_ELEMENTS(table) ? table[number].name : NULL;
}

void sim_options_help(GString *text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *name = g_strconcat(table[i].name, "N", NULL);
		g_autofree char *help =
			g_strdup_printf("%s, %u to %u; default %u",
					table[i].help, table[i].min,
					table[i].max, table[i].initial);

		text_add_columns(text, name, help);
	}
}
