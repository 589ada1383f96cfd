/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The knobs of the simulated hypervisor as one table. Its rows are the commands
 * of the daemon, the files in debugfs and the help of both: a new knob is a new
 * row. What a knob does is in the other files.
 *
 * Locking: the host serialises all calls that take a hypervisor.
 */
#ifndef VMC_HV_KNOB_H
#define VMC_HV_KNOB_H

#include <linux/types.h>

#include "fault.h"

struct vmc_hv;

/* Most words of a command after its name, not counting text. */
#define VMC_HV_KNOB_WORDS 3

/* Longest text that a knob shows, its NUL included. */
#define VMC_HV_KNOB_TEXT (VMC_HV_FAULTS * 96)

/**
 * struct vmc_hv_command - a command that was understood
 * @knob: row of the table
 * @number: the words; a choice is its place among the alternatives
 * @text: bytes of a free text, in the line; NULL if the knob takes none
 * @len: bytes of @text
 * @fault: the rule, where the knob takes one
 */
struct vmc_hv_command {
	const struct vmc_hv_knob *knob;
	u64 number[VMC_HV_KNOB_WORDS];
	const char *text;
	size_t len;
	struct vmc_hv_fault fault;
};

/**
 * struct vmc_hv_knob - one row
 * @name: first word of the command, and name of the file
 * @usage: the other words, each separated by one blank: "a|b" are alternatives,
 *	"WORD..." is a hexadecimal number, "TEXT" is all bytes that follow,
 *	"RULE" is what vmc_hv_fault_parse() reads, and any other word is a
 *	decimal number
 * @rule: words that "RULE" stands for, for people; NULL without one
 * @help: what it does
 * @turn: carry out a command; 0 or a negative errno
 * @show: write what is in force and return its length; NULL for a command that
 *	leaves nothing in force
 */
struct vmc_hv_knob {
	const char *name;
	const char *usage;
	const char *rule;
	const char *help;
	int (*turn)(struct vmc_hv *hv, const struct vmc_hv_command *command);
	int (*show)(const struct vmc_hv *hv, char *text, size_t size);
};

#define VMC_HV_KNOBS 12

extern const struct vmc_hv_knob vmc_hv_knobs[VMC_HV_KNOBS];

/**
 * vmc_hv_find_knob() - row of a name
 * @name: @len bytes
 * @len: in bytes
 *
 * Return: the row, or NULL.
 */
const struct vmc_hv_knob *vmc_hv_find_knob(const char *name, size_t len);

/**
 * vmc_hv_parse() - understand what follows the name of a knob
 * @knob: row of the table
 * @text: @len bytes; one newline at the end is ignored unless the knob takes
 *	free text. @command points into it
 * @len: in bytes
 * @command: filled completely on success
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_parse(const struct vmc_hv_knob *knob, const char *text, size_t len,
		 struct vmc_hv_command *command);

/**
 * vmc_hv_turn() - carry out a command
 * @hv: any
 * @command: understood by vmc_hv_parse()
 *
 * Return: 0, or without any effect -EINVAL (a number is out of range), -EMSGSIZE
 * (longer than the MTU), -ENOTCONN (no session on that index, or no queue),
 * -EBUSY (an earlier one is still carried out), -ENOSPC (too many rules).
 */
int vmc_hv_turn(struct vmc_hv *hv, const struct vmc_hv_command *command);

#endif
