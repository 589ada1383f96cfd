// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options of the simulated device: tests their values and ranges. It does not
 * start a channel.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "defaults.h"
#include "device/sim/sim.h"
#include "hv/hv.h"

static struct sim_options options;

static void setup(void)
{
	memset(&options, 0xff, sizeof(options));
	sim_options_init(&options);
}

TestSuite(sim_options, .init = setup);

static gboolean set(const char *key, const char *value)
{
	g_autofree char *why = NULL;
	gboolean good = sim_options_set(&options, key, value, &why);

	cr_expect_eq(good, why == NULL);
	if (!good)
		cr_expect_not_null(strstr(why, key), "%s", why);
	return good;
}

static void expect_defaults(void)
{
	cr_expect_eq(options.hmcs, VMCFS_SIM_HMCS_DEFAULT);
	cr_expect_eq(options.pool, VMCFS_SIM_POOL_DEFAULT);
	cr_expect_eq(options.mtu, VMCFS_SIM_MTU_DEFAULT);
	cr_expect_eq(options.delay_ms, 0);
	cr_expect_eq(options.refuse_open, FALSE);
}

Test(sim_options, has_defaults)
{
	expect_defaults();
}

Test(sim_options, accepts_each_value_in_its_range)
{
	static const struct {
		const char *key;
		gsize offset;
		guint min;
		guint max;
	} cases[] = {
		{ "hmcs", offsetof(struct sim_options, hmcs), VMC_HMCS_MIN,
		  VMC_HMCS_MAX },
		{ "pool", offsetof(struct sim_options, pool), VMC_HV_POOL_MIN,
		  VMC_POOL_MAX },
		{ "mtu", offsetof(struct sim_options, mtu), VMC_HV_MTU_MIN,
		  VMC_MTU_MAX },
		{ "delay_ms", offsetof(struct sim_options, delay_ms), 0,
		  VMC_HV_DELAY_MAX_MS },
		{ "refuse_open", offsetof(struct sim_options, refuse_open), 0,
		  1 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *min = g_strdup_printf("%u", cases[i].min);
		g_autofree char *max = g_strdup_printf("%u", cases[i].max);
		g_autofree char *below =
			g_strdup_printf("%d", (int)cases[i].min - 1);
		g_autofree char *above =
			g_strdup_printf("%u", cases[i].max + 1);
		const guint *value =
			G_STRUCT_MEMBER_P(&options, cases[i].offset);

		cr_expect(set(cases[i].key, min), "%s", cases[i].key);
		cr_expect_eq(*value, cases[i].min, "%s", cases[i].key);
		cr_expect(set(cases[i].key, max), "%s", cases[i].key);
		cr_expect_eq(*value, cases[i].max, "%s", cases[i].key);
		cr_expect_not(set(cases[i].key, below), "%s", cases[i].key);
		cr_expect_not(set(cases[i].key, above), "%s", cases[i].key);
		cr_expect_eq(*value, cases[i].max,
			     "a refused value changes nothing");
	}
}

Test(sim_options, accepts_units)
{
	cr_expect(set("mtu", "4K"));
	cr_expect_eq(options.mtu, 4096);
}

Test(sim_options, refuses_values_that_are_no_number)
{
	static const char *const wrong[] = {
		"",   "x",   "-1",	   "1x",
		" 1", "0x1", "4294967297", "18446744073709551617"
	};

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		cr_expect_not(set("hmcs", wrong[i]), "'%s'", wrong[i]);
	expect_defaults();
}

Test(sim_options, refuses_other_keys)
{
	cr_expect_not(set("", "1"));
	cr_expect_not(set("HMCS", "1"));
	cr_expect_not(set("hmc", "1"));
	cr_expect_not(set("hmcss", "1"));
	expect_defaults();
}

Test(sim_options, describes_each_option)
{
	static const char *const keys[] = { "hmcs", "pool", "mtu", "delay_ms",
					    "refuse_open" };
	GString *text = g_string_new("before\n");

	sim_options_help(text);
	cr_expect(g_str_has_prefix(text->str, "before\n  sim."));
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *line =
			g_strdup_printf("\n  sim.%s=N ", keys[i]);

		cr_expect_not_null(strstr(text->str, line), "%s", keys[i]);
	}
	g_string_free(text, TRUE);
}

Test(sim_options, each_option_is_set_by_its_name)
{
	const char *name;
	guint i;

	for (i = 0; (name = sim_options_name(i)); i++) {
		g_autofree char *why = NULL;
		g_autofree char *key = g_strndup(
			name + strlen("sim."), strlen(name) - strlen("sim.="));

		cr_expect(g_str_has_prefix(name, "sim."), "%s", name);
		cr_expect(g_str_has_suffix(name, "="), "%s", name);
		cr_expect_not(sim_options_set(&options, key, "x", &why));
		cr_expect_not_null(strstr(why, "give a number"), "%s", why);
	}
	cr_expect_geq(i, 5);
}
