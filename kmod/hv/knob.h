/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Knob table: the knobs of the simulated hypervisor. Each row is a command of
 * the daemon, a file in debugfs and its help text, so a new knob is a new row.
 * It does not declare the functions that change the hypervisor: hv.h does.
 *
 * Locking: the host serialises all calls that take a hypervisor.
 */
#ifndef VMC_HV_KNOB_H
#define VMC_HV_KNOB_H

#include <linux/types.h>

#include "fault.h"

struct vmc_hv;

/* Largest number of words after the name of a command, without text. */
#define VMC_HV_KNOB_WORDS 3

/* Size of the longest text that a knob shows, with its NUL, in bytes. */
#define VMC_HV_KNOB_TEXT (VMC_HV_FAULTS * 96)

/**
 * struct vmc_hv_command - a parsed command
 * @knob: row of the table
 * @number: values of the words; for a choice, its place among the alternatives
 * @text: free text, within the parsed line; NULL if the knob takes none
 * @len: length of @text in bytes
 * @fault: rule, if the knob takes one
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
 * @usage: remaining words, separated by one blank: "a|b" are alternatives,
 *	"WORD..." is a hexadecimal number, "TEXT" is the rest of the line,
 *	"RULE" is a rule for vmc_hv_fault_parse(), and every other word is a
 *	decimal number
 * @rule: syntax of "RULE" for the help text; NULL without one
 * @help: description for the help text
 * @turn: carry out a command; returns 0 or a negative errno
 * @show: write the present setting and return its length in bytes; NULL for a
 *	command without a setting
 */
struct vmc_hv_knob {
	const char *name;
	const char *usage;
	const char *rule;
	const char *help;
	int (*turn)(struct vmc_hv *hv, const struct vmc_hv_command *command);
	int (*show)(const struct vmc_hv *hv, char *text, size_t size);
};

/* All rows, followed by one without a name. */
extern const struct vmc_hv_knob vmc_hv_knobs[];

/**
 * vmc_hv_find_knob() - find the row of a knob
 * @name: @len bytes
 * @len: length in bytes
 *
 * Return: the row, or NULL.
 */
const struct vmc_hv_knob *vmc_hv_find_knob(const char *name, size_t len);

/**
 * vmc_hv_parse() - parse the words after the name of a knob
 * @knob: row of the table
 * @text: @len bytes; one newline at the end is ignored unless the knob takes
 *	free text. @command points into it
 * @len: length in bytes
 * @command: filled completely on success
 *
 * Return: 0 or -EINVAL.
 */
int vmc_hv_parse(const struct vmc_hv_knob *knob, const char *text, size_t len,
		 struct vmc_hv_command *command);

/**
 * vmc_hv_turn() - carry out a command
 * @hv: hypervisor
 * @command: filled by vmc_hv_parse()
 *
 * Return: 0; otherwise the command has no effect: -EINVAL (a number is out of
 * range), -EMSGSIZE (longer than the MTU), -ENOTCONN (no session on that index,
 * or no queue), -EBUSY (an earlier command is still in progress), -ENOSPC (too
 * many rules).
 */
int vmc_hv_turn(struct vmc_hv *hv, const struct vmc_hv_command *command);

#endif
