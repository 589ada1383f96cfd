// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names: words for states and resets in the log, sysfs and debugfs. They are
 * part of the interface in sysfs and must not change.
 */
#include "internal.h"
#include "uapi/ibmvmc.h"

const char *ibmvmc_state_name(enum ibmvmc_state state)
{
	switch (state) {
	case IBMVMC_STATE_SCHED_RESET:
		return "resetting";
	case IBMVMC_STATE_INITIAL:
		return "none";
	case IBMVMC_STATE_CRQINIT:
		return "initializing";
	case IBMVMC_STATE_CAPABILITIES:
		return "capabilities";
	case IBMVMC_STATE_READY:
		return "ready";
	default:
		return "failed";
	}
}

const char *ibmvmc_hmc_state_name(enum ibmvmc_hmc_state state)
{
	switch (state) {
	case IBMVMC_HMC_FREE:
		return "free";
	case IBMVMC_HMC_INITIAL:
		return "initial";
	case IBMVMC_HMC_OPENING:
		return "opening";
	case IBMVMC_HMC_READY:
		return "ready";
	default:
		return "closing";
	}
}

const char *ibmvmc_reset_name(u32 kind)
{
	switch (kind) {
	case IBMVMC_RESET_NONE:
		return "none";
	case IBMVMC_RESET_PARTNER_FAILED:
		return "partner-failed";
	case IBMVMC_RESET_PARTNER_DEREGISTERED:
		return "deregistered";
	case IBMVMC_RESET_PARTNER_TERMINATED:
		return "terminated";
	case IBMVMC_RESET_MIGRATED:
		return "migrated";
	case IBMVMC_RESET_SELF:
		return "self";
	case IBMVMC_RESET_REMOVED:
		return "removed";
	default:
		return "other";
	}
}
