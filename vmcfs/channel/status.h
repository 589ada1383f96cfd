/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of the status files: "key: value" lines that are also a YAML
 * mapping. Keys are only ever added. Nothing in them changes because somebody
 * looks, or because time passes: two readings without an event between them
 * are equal.
 */
#ifndef VMCFS_STATUS_H
#define VMCFS_STATUS_H

#include <glib.h>

struct channel;
struct hmc;

/**
 * status_channel() - append the status of the channel
 * @channel: any
 * @text: grows
 */
void status_channel(const struct channel *channel, GString *text);

/**
 * status_hmc() - append the status of one HMC index
 * @hmc: any
 * @text: grows
 */
void status_hmc(const struct hmc *hmc, GString *text);

#endif
