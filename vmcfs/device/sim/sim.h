/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sim: the simulated device, which runs the protocol engine and a simulated
 * hypervisor inside the daemon. It needs neither hardware nor a kernel module.
 */
#ifndef VMCFS_DEVICE_SIM_H
#define VMCFS_DEVICE_SIM_H

#include "../device.h"

struct ibmvmc_event;
struct vmc_sim;

/**
 * struct sim_options - mount options of the simulated device (sim.*)
 * @hmcs: number of HMC indices
 * @pool: buffers of one HMC index
 * @mtu: largest message in bytes
 * @delay_ms: delay of the hypervisor before it handles an entry, in
 *	milliseconds
 * @refuse_open: TRUE if the hypervisor refuses every open
 */
struct sim_options {
	guint hmcs;
	guint pool;
	guint mtu;
	guint delay_ms;
	gboolean refuse_open;
};

/**
 * sim_options_init() - set the defaults
 * @options: filled completely
 */
void sim_options_init(struct sim_options *options);

/**
 * sim_options_set() - parse one mount option
 * @options: initialised
 * @key: key without its prefix "sim."
 * @value: NUL terminated
 * @why: set on failure to a sentence, to be freed
 *
 * Return: FALSE for an unknown key or a value out of range.
 */
gboolean sim_options_set(struct sim_options *options, const char *key,
			 const char *value, char **why);

/**
 * sim_options_name() - name an option
 * @number: number of the option, from 0
 *
 * Return: the name with its prefix "sim." and a "=" at the end, or NULL after
 * the last option.
 */
const char *sim_options_name(guint number);

/**
 * sim_options_help() - append a line for each option
 * @text: string to append to
 */
void sim_options_help(GString *text);

/**
 * device_sim_new() - make a simulated device
 * @options: copied
 * @device: set on success; its event source runs in the default main context
 *
 * Return: 0 or -ENOMEM.
 */
int device_sim_new(const struct sim_options *options, struct device **device);

/**
 * sim_command() - check, or carry out, a line of the root's control file
 * @sim: both ends of the channel
 * @line: NUL terminated; begins with "sim "
 * @run: TRUE to carry it out, FALSE to check it only
 * @why: set on failure to a sentence, to be freed
 *
 * Return: 0; -EINVAL if the line is not in the grammar; or the error of the
 * knob: -EINVAL, -EMSGSIZE, -ENXIO, -EBUSY.
 */
int sim_command(struct vmc_sim *sim, const char *line, gboolean run,
		char **why);

/**
 * sim_command_help() - append the grammar, two lines for each command
 * @text: string to append to
 */
void sim_command_help(GString *text);

/**
 * sim_event_log() - log an event of the engine
 * @event: event of the engine
 *
 * Failures are logged as warnings, other events at level info. Entries that
 * were sent or received are not logged.
 */
void sim_event_log(const struct ibmvmc_event *event);

/**
 * sim_event_reset() - name the reset that an event reports
 * @event: event of the engine
 *
 * Return: the words, or NULL if the event does not report a reset.
 */
const char *sim_event_reset(const struct ibmvmc_event *event);

#endif
