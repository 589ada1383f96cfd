// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sysfs: shows the state of the channel and counters as attributes, for scripts
 * that do not open the node. It changes nothing: the attributes are read-only.
 * docs/abi/sysfs-ibmvmc documents them.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "internal.h"

static struct ibmvmc_node *ibmvmc_node_of(struct device *dev)
{
	struct miscdevice *misc = dev_get_drvdata(dev);

	return container_of(misc, struct ibmvmc_node, misc);
}

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct ibmvmc_node_info info;

	ibmvmc_node_get_info(ibmvmc_node_of(dev), &info);
	return sysfs_emit(buf, "%s\n",
			  info.channel.starved ?
				  "starved" :
				  ibmvmc_state_name(info.channel.state));
}
static DEVICE_ATTR_RO(state);

static ssize_t last_reset_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	u32 kind = READ_ONCE(ibmvmc_node_of(dev)->last_reset);

	return sysfs_emit(buf, "%s\n", ibmvmc_reset_name(kind));
}
static DEVICE_ATTR_RO(last_reset);

static ssize_t provider_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	struct ibmvmc_node *node = ibmvmc_node_of(dev);
	ssize_t len;

	down_read(&node->provider_lock);
	len = sysfs_emit(buf, "%s\n",
			 node->provider ? node->provider->name : "none");
	up_read(&node->provider_lock);
	return len;
}
static DEVICE_ATTR_RO(provider);

static ssize_t drc_index_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "%#x\n",
			  READ_ONCE(ibmvmc_node_of(dev)->drc_index));
}
static DEVICE_ATTR_RO(drc_index);

/* Defines an attribute that shows a number of ibmvmc_node_get_info(). */
/* clang-format off */
#define IBMVMC_INFO_ATTR(name, format, field)				\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	struct ibmvmc_node_info info;					\
									\
	ibmvmc_node_get_info(ibmvmc_node_of(dev), &info);		\
	return sysfs_emit(buf, format "\n", info.field);		\
}									\
static DEVICE_ATTR_RO(name)

/* clang-format on */

IBMVMC_INFO_ATTR(hmcs, "%u", channel.hmcs);
IBMVMC_INFO_ATTR(pool, "%u", channel.pool);
IBMVMC_INFO_ATTR(mtu, "%u", channel.mtu);
IBMVMC_INFO_ATTR(peer_version, "%#x", channel.peer_version);
IBMVMC_INFO_ATTR(resets, "%llu", resets);
IBMVMC_INFO_ATTR(waiting, "%u", channel.waiting);

/* clang-format off */
static struct attribute *ibmvmc_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_provider.attr,
	&dev_attr_hmcs.attr,
	&dev_attr_pool.attr,
	&dev_attr_mtu.attr,
	&dev_attr_peer_version.attr,
	&dev_attr_drc_index.attr,
	&dev_attr_resets.attr,
	&dev_attr_last_reset.attr,
	&dev_attr_waiting.attr,
	NULL
};

/* clang-format on */

static const struct attribute_group ibmvmc_group = {
	.attrs = ibmvmc_attrs,
};

/* Defines an attribute that shows a counter of the node. */
/* clang-format off */
#define IBMVMC_COUNTER_ATTR(name, counter)				\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	struct ibmvmc_node *node = ibmvmc_node_of(dev);			\
									\
	return sysfs_emit(buf, "%lld\n", atomic64_read(counter));	\
}									\
static DEVICE_ATTR_RO(name)

/* clang-format on */

IBMVMC_COUNTER_ATTR(sent_messages, &node->sent_messages);
IBMVMC_COUNTER_ATTR(received_messages, &node->received_messages);
IBMVMC_COUNTER_ATTR(lost_messages, &node->events[IBMVMC_EVENT_MESSAGE_LOST]);
IBMVMC_COUNTER_ATTR(sent_entries, &node->events[IBMVMC_EVENT_ENTRY_SENT]);
IBMVMC_COUNTER_ATTR(received_entries,
		    &node->events[IBMVMC_EVENT_ENTRY_RECEIVED]);
IBMVMC_COUNTER_ATTR(dropped_entries, &node->events[IBMVMC_EVENT_ENTRY_DROPPED]);
IBMVMC_COUNTER_ATTR(failed_sends, &node->events[IBMVMC_EVENT_SEND_FAILED]);
IBMVMC_COUNTER_ATTR(timeouts, &node->events[IBMVMC_EVENT_TIMEOUT]);
IBMVMC_COUNTER_ATTR(transport_events, &node->events[IBMVMC_EVENT_TRANSPORT]);
IBMVMC_COUNTER_ATTR(sessions, &node->events[IBMVMC_EVENT_SESSION_READY]);

static struct attribute *ibmvmc_counter_attrs[] = {
	&dev_attr_sent_messages.attr,
	&dev_attr_received_messages.attr,
	&dev_attr_lost_messages.attr,
	&dev_attr_sent_entries.attr,
	&dev_attr_received_entries.attr,
	&dev_attr_dropped_entries.attr,
	&dev_attr_failed_sends.attr,
	&dev_attr_timeouts.attr,
	&dev_attr_transport_events.attr,
	&dev_attr_sessions.attr,
	NULL
};

static const struct attribute_group ibmvmc_counter_group = {
	.name = "counters",
	.attrs = ibmvmc_counter_attrs,
};

/* clang-format off */
const struct attribute_group *ibmvmc_sysfs_groups[] = {
	&ibmvmc_group,
	&ibmvmc_counter_group,
	NULL
};

/* clang-format on */
