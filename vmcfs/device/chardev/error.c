// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sentences.
 */
#include "error.h"

#include <errno.h>

static const char *busy(enum chardev_driver driver)
{
	if (driver == CHARDEV_DRIVER_IN_TREE)
		return "every HMC index is in use by another process, or the channel has no more of them; end the others, or try later";
	return "the HMC index is in use by another process; end that, or open another index";
}

static const char *no_device(enum device_state state)
{
	if (state == DEVICE_DOWN)
		return "there is no channel; write request-vmc to the control file of the tree to ask the hypervisor for one";
	return "the channel was not ready in time, or does not have this HMC index; look at the status file of the tree";
}

/*
 * What the in-tree driver has lost it does not get back: the buffer of an index
 * whose open was refused, and the place of one that was not in use at a reset.
 */
static const char *in_tree_only(int error)
{
	switch (error) {
	case -EIO:
		return "the in-tree driver could not ask the hypervisor; if that stays so, unload the driver and load it again";
	case -ETIMEDOUT:
		return "the hypervisor gave no buffer or no answer in time; if that stays so, unload the in-tree driver and load it again";
	default:
		return NULL;
	}
}

const char *chardev_open_error(enum chardev_driver driver,
			       enum device_state state, int error)
{
	switch (error) {
	case -EBUSY:
		return busy(driver);
	case -ENXIO:
		return "the in-tree driver gives the lowest HMC index that is free, so those below have to be open; open them first";
	case -ENODEV:
		return no_device(state);
	case -EUSERS:
	case -ENFILE:
		return "too many sessions wait to be opened; end the programs that open them, or load the driver with a larger max_waiting=";
	default:
		return driver == CHARDEV_DRIVER_IN_TREE ? in_tree_only(error) :
							  NULL;
	}
}
