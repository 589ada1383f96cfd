/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mount options of the simulated device (sim.*), parsed and checked. It
 * makes no device.
 */
#ifndef VMCFS_SIM_OPTIONS_H
#define VMCFS_SIM_OPTIONS_H

#include <glib.h>

/**
 * struct sim_options - how to make a simulated device
 * @hmcs: HMC indices it offers
 * @pool: buffers of one HMC index
 * @mtu: largest message in bytes
 * @delay_ms: how long the hypervisor thinks over each entry
 * @refuse_open: the hypervisor refuses every open
 */
struct sim_options {
	guint hmcs;
	guint pool;
	guint mtu;
	guint delay_ms;
	gboolean refuse_open;
};

/**
 * sim_options_init() - the defaults
 * @options: filled completely
 */
void sim_options_init(struct sim_options *options);

/**
 * sim_options_set() - take one mount option
 * @options: initialised
 * @key: what stands behind "sim."
 * @value: NUL terminated
 * @why: set on failure to a sentence, to be freed
 *
 * Return: FALSE for an unknown key or a value out of range.
 */
gboolean sim_options_set(struct sim_options *options, const char *key,
			 const char *value, char **why);

/**
 * sim_options_help() - append a line for each option
 * @text: grows
 */
void sim_options_help(GString *text);

#endif
