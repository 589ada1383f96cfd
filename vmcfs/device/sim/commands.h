/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of the simulated device: "sim ..." lines of the tree's root
 * control file, turned into knobs of the simulated hypervisor.
 */
#ifndef VMCFS_SIM_COMMANDS_H
#define VMCFS_SIM_COMMANDS_H

#include <glib.h>

struct vmc_sim;

/**
 * sim_command() - check, or carry out, one line
 * @sim: both ends of the channel
 * @line: NUL terminated, begins with "sim "
 * @run: carry it out; else it is only checked
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0, -EINVAL if it is not in the grammar, or what the knob answered.
 */
int sim_command(struct vmc_sim *sim, const char *line, gboolean run,
		char **why);

/**
 * sim_command_help() - append the grammar, a line for each command
 * @text: grows
 */
void sim_command_help(GString *text);

#endif
