/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The texts that explain the tree to who reads them in it: README, and what a
 * control file answers to a reader.
 */
#ifndef VMCFS_HELP_H
#define VMCFS_HELP_H

#include <glib.h>

struct channel;
struct hmc;
struct logging;

/**
 * help_readme() - append the tree's README
 * @text: grows
 */
void help_readme(GString *text);

/**
 * help_channel_control() - append the grammar of the root's control file, and
 * what is in force
 * @channel: any
 * @logging: initialised
 * @text: grows
 */
void help_channel_control(const struct channel *channel,
			  const struct logging *logging, GString *text);

/**
 * help_hmc_control() - append the grammar of an index's control file, and
 * what is in force
 * @hmc: any
 * @text: grows
 */
void help_hmc_control(const struct hmc *hmc, GString *text);

#endif
