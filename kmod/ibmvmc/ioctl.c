// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ioctls: converts between the structures of uapi/ibmvmc.h, which documents
 * them, and the functions of device-node.c, file.c and the engine.
 */
#include <linux/build_bug.h>
#include <linux/capability.h>
#include <linux/uaccess.h>

#include "engine/engine-limits.h"
#include "internal.h"
#include "uapi/ibmvmc.h"

/* Ioctl number of SETHMCID for programs with pointers of this size. */
#define IBMVMC_SETHMCID(size) _IOC(_IOC_WRITE, IBMVMC_IOC_TYPE, 0, size)

static_assert(IBMVMC_HMC_ID_LEN == VMC_HMC_ID_LEN);
static_assert(IBMVMC_CHANNEL_RESETTING == IBMVMC_STATE_SCHED_RESET);
static_assert(IBMVMC_CHANNEL_NONE == IBMVMC_STATE_INITIAL);
static_assert(IBMVMC_CHANNEL_INITIALIZING == IBMVMC_STATE_CRQINIT);
static_assert(IBMVMC_CHANNEL_CAPABILITIES == IBMVMC_STATE_CAPABILITIES);
static_assert(IBMVMC_CHANNEL_READY == IBMVMC_STATE_READY);
static_assert(IBMVMC_CHANNEL_FAILED == IBMVMC_STATE_FAILED);
static_assert(IBMVMC_FILE_NEW == IBMVMC_SESSION_NEW);
static_assert(IBMVMC_FILE_WAITING == IBMVMC_SESSION_WAITING);
static_assert(IBMVMC_FILE_OPENING == IBMVMC_SESSION_OPENING);
static_assert(IBMVMC_FILE_READY == IBMVMC_SESSION_READY);
static_assert(IBMVMC_FILE_DEAD == IBMVMC_SESSION_DEAD);
static_assert(IBMVMC_TIMEOUT_DEFAULT_MS == IBMVMC_OPEN_MS);
static_assert(sizeof(struct ibmvmc_query) == 12);
static_assert(sizeof(struct ibmvmc_ioc_info) == IBMVMC_INFO_SIZE_V1);
static_assert(sizeof(struct ibmvmc_ioc_open) == IBMVMC_OPEN_SIZE_V1);

static long ibmvmc_ioctl_sethmcid(struct ibmvmc_file *file,
				  const u8 __user *new_hmc_id)
{
	u8 hmc_id[VMC_HMC_ID_LEN];
	int rc;

	if (copy_from_user(hmc_id, new_hmc_id, sizeof(hmc_id)))
		return -EFAULT;
	rc = ibmvmc_file_set_up(file, -1, hmc_id, 0, IBMVMC_FILE_BY_SETHMCID);
	switch (rc) {
	case 0:
	case -EAGAIN:
	case -EBUSY:
	case -ENOBUFS:
	case -ENOMEM:
		return rc;
	case -ENODEV:
		/* This ioctl reports a missing device as "not ready". */
		return -EAGAIN;
	default:
		return -EIO;
	}
}

static long ibmvmc_ioctl_query(struct ibmvmc_file *file,
			       struct ibmvmc_query __user *ret_struct)
{
	struct ibmvmc_node_info info;
	struct ibmvmc_query query;

	ibmvmc_node_get_info(file->node, &info);
	query.have_vmc = info.channel.state > IBMVMC_STATE_INITIAL;
	query.state = info.channel.state;
	query.vmc_drc_index = READ_ONCE(file->node->drc_index);
	if (copy_to_user(ret_struct, &query, sizeof(query)))
		return -EFAULT;
	return 0;
}

static long ibmvmc_ioctl_requestvmc(struct ibmvmc_file *file,
				    u32 __user *ret_vmc_index)
{
	u32 drc_index, before;
	int rc;

	/* It changes the partition: access to the node does not suffice. */
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	/* Do not request a device if its index could not be returned. */
	if (get_user(before, ret_vmc_index) || put_user(before, ret_vmc_index))
		return -EFAULT;
	rc = ibmvmc_node_request(file->node, &drc_index);
	if (rc)
		return rc;
	return put_user(drc_index, ret_vmc_index) ? -EFAULT : 0;
}

/* Get the size field at the start of a structure in user memory. */
static int ibmvmc_struct_size(const void __user *arg, u32 least, u32 *size)
{
	u32 value;

	if (get_user(value, (const u32 __user *)arg))
		return -EFAULT;
	if (value < least)
		return -EINVAL;
	if (value > PAGE_SIZE)
		return -E2BIG;
	*size = value;
	return 0;
}

static void ibmvmc_fill_session(struct ibmvmc_file *file,
				const struct ibmvmc_file_session *session,
				struct ibmvmc_ioc_info *out)
{
	struct ibmvmc_session_info info;

	mutex_lock(&file->device->lock);
	ibmvmc_session_get_info(session, &info);
	out->file_state = info.state;
	out->file_error = -info.error;
	out->hmc_index = info.index;
	out->hmc_session = info.session;
	out->buffers = info.buffers;
	out->buffers_free = info.buffers_free;
	out->queued = info.queued;
	out->next_length = info.next_length;
	out->sent_messages = file->sent_messages;
	out->sent_bytes = file->sent_bytes;
	out->received_messages = file->received_messages;
	out->received_bytes = file->received_bytes;
	out->lost_messages = info.lost;
	mutex_unlock(&file->device->lock);
}

static void ibmvmc_fill_channel(struct ibmvmc_file *file,
				struct ibmvmc_ioc_info *out)
{
	struct ibmvmc_node_info info;

	ibmvmc_node_get_info(file->node, &info);
	out->channel_state = info.channel.state;
	out->last_reset = READ_ONCE(file->node->last_reset);
	out->resets = info.resets;
	out->drc_index = READ_ONCE(file->node->drc_index);
	out->hmcs = info.channel.hmcs;
	out->pool = info.channel.pool;
	out->mtu = info.channel.mtu;
	out->peer_version = info.channel.peer_version;
}

static long ibmvmc_ioctl_info(struct ibmvmc_file *file, void __user *arg)
{
	struct ibmvmc_file_session *session = ibmvmc_file_session_of(file);
	struct ibmvmc_ioc_info info = {
		.size = sizeof(info),
		.abi_version = IBMVMC_ABI_VERSION,
		.hmc_index = IBMVMC_INDEX_ANY,
	};
	int changes;
	u32 size;
	int rc;

	rc = ibmvmc_struct_size(arg, IBMVMC_INFO_SIZE_V1, &size);
	if (rc)
		return rc;

	/*
	 * Read the number of changes first, so that poll reports a later change
	 * again. Pairs with the barrier in ibmvmc_node_changed().
	 */
	changes = atomic_read_acquire(&file->node->changes);
	ibmvmc_fill_channel(file, &info);
	if (session)
		ibmvmc_fill_session(file, session, &info);
	if (copy_to_user(arg, &info, min_t(size_t, size, sizeof(info))))
		return -EFAULT;
	if (size > sizeof(info) &&
	    clear_user(arg + sizeof(info), size - sizeof(info)))
		return -EFAULT;
	WRITE_ONCE(file->changes_seen, changes);
	WRITE_ONCE(file->lost_seen, info.lost_messages);
	if (info.file_state == IBMVMC_FILE_READY)
		ibmvmc_file_mark_reported(file);
	return 0;
}

static int ibmvmc_try_opened(struct ibmvmc_file *file, void *data)
{
	struct ibmvmc_session_info info;

	ibmvmc_session_get_info(file->session, &info);
	switch (info.state) {
	case IBMVMC_SESSION_READY:
		ibmvmc_file_mark_reported(file);
		return 0;
	case IBMVMC_SESSION_DEAD:
		return info.error;
	default:
		return -EAGAIN;
	}
}

static int ibmvmc_check_open(const struct ibmvmc_file *file,
			     const struct ibmvmc_ioc_open *open)
{
	if (open->reserved || open->timeout_ms > IBMVMC_TIMEOUT_MAX_MS)
		return -EINVAL;
	if (open->hmc_index < IBMVMC_INDEX_ANY ||
	    open->hmc_index >= file->node->config.max_hmcs)
		return -EINVAL;
	return 0;
}

static long ibmvmc_ioctl_open(struct ibmvmc_file *file, void __user *arg,
			      bool nonblock)
{
	struct ibmvmc_ioc_open open;
	u32 size;
	int rc;

	rc = ibmvmc_struct_size(arg, IBMVMC_OPEN_SIZE_V1, &size);
	if (!rc)
		rc = copy_struct_from_user(&open, sizeof(open), arg, size);
	if (!rc)
		rc = ibmvmc_check_open(file, &open);
	if (rc)
		return rc;

	rc = ibmvmc_file_set_up(file, open.hmc_index, open.hmc_id,
				open.timeout_ms ?: IBMVMC_TIMEOUT_DEFAULT_MS,
				IBMVMC_FILE_BY_OPEN);
	/* The index is in range, but the channel did not negotiate it. */
	if (rc == -EINVAL)
		return -ENODEV;
	if (rc)
		return rc;
	rc = ibmvmc_file_wait(file, nonblock, ibmvmc_try_opened, NULL);
	if (rc == -EAGAIN)
		return -EINPROGRESS;
	/* Opening continues, so the ioctl must not be restarted. */
	return rc == -ERESTARTSYS ? -EINTR : rc;
}

long ibmvmc_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct ibmvmc_file *file = filp->private_data;
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case IBMVMC_SETHMCID(sizeof(u64)):
	case IBMVMC_SETHMCID(sizeof(u32)):
		return ibmvmc_ioctl_sethmcid(file, argp);
	case IBMVMC_IOC_QUERY:
		return ibmvmc_ioctl_query(file, argp);
	case IBMVMC_IOC_REQUESTVMC:
		return ibmvmc_ioctl_requestvmc(file, argp);
	case IBMVMC_IOC_INFO:
		return ibmvmc_ioctl_info(file, argp);
	case IBMVMC_IOC_OPEN:
		return ibmvmc_ioctl_open(file, argp,
					 filp->f_flags & O_NONBLOCK);
	default:
		return -ENOTTY;
	}
}
