// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Device tree of the partition: nodes of the device and of its interrupt
 * controller, created like those that firmware delivers when a device is added
 * at run time. It does not register the device: hotplug.c does.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "internal.h"

/* Phandle that no other node uses. */
#define CONTROLLER_PHANDLE 0x7e000001

/* Number of cells of the longest property. */
#define CELLS_MAX 10

static bool add(struct device_node *node, const char *name, const void *value,
		int length)
{
	struct property *property = kzalloc(sizeof(*property), GFP_KERNEL);

	if (!property)
		return false;
	of_property_set_flag(property, OF_DYNAMIC);
	property->name = kstrdup(name, GFP_KERNEL);
	property->value = kmemdup(value, length, GFP_KERNEL);
	property->length = length;
	/* The node frees it from now on. */
	property->next = node->properties;
	node->properties = property;
	return property->name && property->value;
}

static bool add_string(struct device_node *node, const char *name,
		       const char *value)
{
	return add(node, name, value, strlen(value) + 1);
}

static bool add_cells(struct device_node *node, const char *name,
		      const u32 *values, unsigned int count)
{
	__be32 cells[CELLS_MAX];
	unsigned int i;

	for (i = 0; i < count; i++)
		cells[i] = cpu_to_be32(values[i]);
	return add(node, name, cells, count * sizeof(*cells));
}

static bool add_cell(struct device_node *node, const char *name, u32 value)
{
	return add_cells(node, name, &value, 1);
}

/* All nodes have the same ktype, which is only reachable by the parent. */
static struct device_node *new_node(struct device_node *parent,
				    const char *name)
{
	struct device_node *node = kzalloc(sizeof(*node), GFP_KERNEL);

	if (!node)
		return NULL;
	kobject_init(&node->kobj, parent->kobj.ktype);
	fwnode_init(&node->fwnode, parent->fwnode.ops);
	of_node_set_flag(node, OF_DYNAMIC);
	of_node_set_flag(node, OF_DETACHED);
	node->parent = parent;
	node->full_name = kstrdup(name, GFP_KERNEL);
	if (node->full_name)
		return node;
	of_node_put(node);
	return NULL;
}

static struct device_node *new_controller(struct device_node *root)
{
	const char *name = "vmc-phyp-interrupts";
	struct device_node *node = new_node(root, name);

	if (!node)
		return NULL;
	if (add_string(node, "name", name) &&
	    add_string(node, "compatible", "vmc-phyp,interrupts") &&
	    add_string(node, "interrupt-controller", "") &&
	    add_cell(node, "#interrupt-cells", 2) &&
	    add_cell(node, "phandle", CONTROLLER_PHANDLE))
		return node;
	of_node_put(node);
	return NULL;
}

/*
 * If the device does not specify the length of a size, the bus reads it from
 * the parent, where the machine's own bus has 0. Hence a bus of our own.
 */
static struct device_node *new_bus(struct device_node *root)
{
	const char *name = "vmc-phyp-vdevice";
	struct device_node *node = new_node(root, name);

	if (!node)
		return NULL;
	if (add_string(node, "name", name) &&
	    add_string(node, "device_type", "vdevice") &&
	    add_cell(node, "#address-cells", 1) &&
	    add_cell(node, "#size-cells", 1))
		return node;
	of_node_put(node);
	return NULL;
}

static bool add_windows(struct device_node *node, enum phyp_window window)
{
	/* Number, start and size of the local, then of the remote window. */
	static const u32 two_cells[] = {
		PHYP_LOCAL_LIOBN,  0, 0, 0, PHYP_TCE_WINDOW,
		PHYP_REMOTE_LIOBN, 0, 0, 1, 0,
	};
	/* The same with one cell for each number. */
	static const u32 one_cell[] = {
		PHYP_LOCAL_LIOBN,  0, PHYP_TCE_WINDOW,
		PHYP_REMOTE_LIOBN, 0, 0xfffff000,
	};
	static const unsigned int counts[PHYP_WINDOWS] = {
		[PHYP_WINDOW_TWO] = ARRAY_SIZE(two_cells),
		[PHYP_WINDOW_ONE] = ARRAY_SIZE(two_cells) / 2,
		[PHYP_WINDOW_SHORT] = ARRAY_SIZE(two_cells) - 2,
	};
	const char *name = "ibm,my-dma-window";

	if (window == PHYP_WINDOW_NO_CELLS)
		return add_cells(node, name, one_cell, ARRAY_SIZE(one_cell));
	if (!add_cell(node, "ibm,#dma-address-cells", 2) ||
	    !add_cell(node, "ibm,#dma-size-cells", 2))
		return false;
	return window == PHYP_WINDOW_NONE ||
	       add_cells(node, name, two_cells, counts[window]);
}

static struct device_node *new_device(struct device_node *bus, u32 drc_index,
				      enum phyp_window window)
{
	static const u32 interrupts[] = { PHYP_INTERRUPT_NUMBER, 0 };
	struct device_node *node = new_node(bus, "ibm,vmc@" PHYP_UNIT_NAME);

	if (!node)
		return NULL;
	if (add_string(node, "name", "ibm,vmc") &&
	    add_string(node, "device_type", "ibm,vmc") &&
	    add_string(node, "compatible", "IBM,vmc") &&
	    add_string(node, "ibm,loc-code", "U9009.42A.VMCPHYP-V1-C16-T1") &&
	    add_cell(node, "reg", PHYP_UNIT_ADDRESS) &&
	    add_cell(node, "ibm,my-drc-index", drc_index) &&
	    add_cell(node, "interrupt-parent", CONTROLLER_PHANDLE) &&
	    add_cells(node, "interrupts", interrupts, ARRAY_SIZE(interrupts)) &&
	    add_windows(node, window))
		return node;
	of_node_put(node);
	return NULL;
}

/* Apply the changes; the reference to @node passes to the device tree. */
static int attach(struct of_changeset *changes, struct device_node *node)
{
	int rc = of_changeset_attach_node(changes, node);

	if (!rc)
		rc = of_changeset_apply(changes);
	if (rc)
		of_changeset_destroy(changes);
	of_node_put(node);
	return rc;
}

int phyp_device_tree_add_controller(struct of_changeset *changes,
				    struct device_node **result)
{
	struct device_node *root = of_find_node_by_path("/");
	struct device_node *node;
	int rc;

	if (!root)
		return -ENODEV;
	of_changeset_init(changes);
	node = new_controller(root);
	rc = node ? attach(changes, node) : -ENOMEM;
	if (!rc)
		*result = node;
	of_node_put(root);
	return rc;
}

/* Get the parent of the device, with a reference. */
static struct device_node *get_bus(enum phyp_window window)
{
	struct device_node *root, *bus;

	if (window != PHYP_WINDOW_NO_CELLS)
		return of_find_node_by_path("/vdevice");
	root = of_find_node_by_path("/");
	bus = root ? new_bus(root) : NULL;
	of_node_put(root);
	return bus;
}

int phyp_device_tree_add_device(struct of_changeset *changes, u32 drc_index,
				enum phyp_window window,
				struct device_node **result)
{
	struct device_node *bus = get_bus(window);
	struct device_node *node;
	int rc = 0;

	if (!bus)
		return -ENODEV;
	of_changeset_init(changes);
	node = new_device(bus, drc_index, window);
	if (!node)
		rc = -ENOMEM;
	else if (of_node_check_flag(bus, OF_DETACHED))
		rc = of_changeset_attach_node(changes, bus);
	if (!rc)
		rc = attach(changes, node);
	else
		of_node_put(node);
	if (!rc)
		*result = node;
	of_node_put(bus);
	return rc;
}

void phyp_device_tree_remove(struct of_changeset *changes)
{
	of_changeset_revert(changes);
	of_changeset_destroy(changes);
}
