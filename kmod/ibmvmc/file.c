// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Open files: implements open, release, poll, read and write, and sets up the
 * session of a file. It does not implement the ioctls: ioctl.c does. The user
 * ABI is documented in uapi/ibmvmc.h.
 *
 * User memory is never accessed under a lock. A read takes the message out of
 * the session first, and puts it back if it cannot be copied; a write copies
 * the message before it takes the lock.
 */
#include <linux/cred.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/user_namespace.h>

#include "internal.h"

int ibmvmc_open(struct inode *inode, struct file *filp)
{
	struct ibmvmc_node *node =
		container_of(filp->private_data, struct ibmvmc_node, misc);
	struct ibmvmc_file *file;

	file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
	if (!file)
		return -ENOMEM;
	file->node = node;
	file->pid = task_tgid_nr(current);
	file->uid = from_kuid(&init_user_ns, current_uid());
	file->changes_seen = atomic_read(&node->changes);
	mutex_init(&file->lock);
	init_waitqueue_head(&file->wait);
	filp->private_data = file;
	/* No offset, hence no position lock: a reader never blocks a writer. */
	return stream_open(inode, filp);
}

int ibmvmc_close(struct inode *inode, struct file *filp)
{
	struct ibmvmc_file *file = filp->private_data;

	if (file->session) {
		mutex_lock(&file->device->lock);
		ibmvmc_session_put(file->session);
		mutex_unlock(&file->device->lock);
		ibmvmc_device_put(file->device);
	}
	mutex_destroy(&file->lock);
	kfree(file);
	return 0;
}

/* Returns the error for an attempt to set up a file a second time. */
static int ibmvmc_file_used(struct ibmvmc_file *file)
{
	struct ibmvmc_session_info info;

	mutex_lock(&file->device->lock);
	ibmvmc_session_get_info(file->session, &info);
	mutex_unlock(&file->device->lock);
	if (info.state == IBMVMC_SESSION_WAITING ||
	    info.state == IBMVMC_SESSION_OPENING)
		return -EALREADY;
	return -EISCONN;
}

static int ibmvmc_file_begin(struct ibmvmc_file *file,
			     struct ibmvmc_device *device, int index,
			     const u8 hmc_id[VMC_HMC_ID_LEN], u32 timeout_ms)
{
	struct ibmvmc_file_session *session;
	int rc;

	if (!device->adapter)
		return -ENODEV;
	session = ibmvmc_session_new(device->adapter, &file->wait);
	if (!session)
		return -ENOMEM;
	ibmvmc_session_set_user(session, file->uid);
	rc = ibmvmc_session_open(session, index, hmc_id, timeout_ms);
	if (rc) {
		ibmvmc_session_put(session);
		return rc;
	}
	file->device = device;
	/* A reader of @session must see everything that was set before it. */
	smp_store_release(&file->session, session);
	/* The session may be dead, and woken before it was visible. */
	ibmvmc_device_wake_waiters(&file->wait);
	return 0;
}

int ibmvmc_file_set_up(struct ibmvmc_file *file, int index,
		       const u8 hmc_id[VMC_HMC_ID_LEN], u32 timeout_ms,
		       enum ibmvmc_file_mode mode)
{
	struct ibmvmc_device *device;
	int rc;

	mutex_lock(&file->lock);
	if (file->session) {
		rc = ibmvmc_file_used(file);
		goto unlock;
	}
	rc = -ENODEV;
	device = ibmvmc_node_get_device(file->node);
	if (!device)
		goto unlock;
	file->mode = mode;
	mutex_lock(&device->lock);
	rc = ibmvmc_file_begin(file, device, index, hmc_id, timeout_ms);
	mutex_unlock(&device->lock);
	if (rc)
		ibmvmc_device_put(device);
unlock:
	mutex_unlock(&file->lock);
	return rc;
}

void ibmvmc_file_mark_reported(struct ibmvmc_file *file)
{
	if (file->mode != IBMVMC_FILE_BY_SETHMCID)
		WRITE_ONCE(file->mode, IBMVMC_FILE_BY_OPEN_REPORTED);
}

static int ibmvmc_file_try(struct ibmvmc_file *file,
			   int (*try)(struct ibmvmc_file *file, void *data),
			   void *data)
{
	int rc;

	mutex_lock(&file->device->lock);
	rc = try(file, data);
	mutex_unlock(&file->device->lock);
	return rc;
}

int ibmvmc_file_wait(struct ibmvmc_file *file, bool nonblock,
		     int (*try)(struct ibmvmc_file *file, void *data),
		     void *data)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	int rc;

	rc = ibmvmc_file_try(file, try, data);
	if (rc != -EAGAIN || nonblock)
		return rc;

	/* The entry records a wake-up during the attempt. */
	add_wait_queue(&file->wait, &wait);
	while ((rc = ibmvmc_file_try(file, try, data)) == -EAGAIN) {
		if (signal_pending(current)) {
			rc = -ERESTARTSYS;
			break;
		}
		wait_woken(&wait, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	}
	remove_wait_queue(&file->wait, &wait);
	return rc;
}

static __poll_t ibmvmc_poll_session(struct ibmvmc_file *file,
				    const struct ibmvmc_file_session *session)
{
	struct ibmvmc_session_info info;
	__poll_t mask = 0;

	mutex_lock(&file->device->lock);
	ibmvmc_session_get_info(session, &info);
	if (info.queued)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (info.state == IBMVMC_SESSION_DEAD)
		mask |= EPOLLERR | EPOLLHUP;
	else if (ibmvmc_session_writable(session) ||
		 (info.state == IBMVMC_SESSION_READY &&
		  READ_ONCE(file->mode) == IBMVMC_FILE_BY_OPEN))
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (info.lost != READ_ONCE(file->lost_seen))
		mask |= EPOLLPRI;
	mutex_unlock(&file->device->lock);
	return mask;
}

/* Requested events of a poller that wants to read or to write. */
#define IBMVMC_POLL_TRANSFER (EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM)

__poll_t ibmvmc_poll(struct file *filp, poll_table *wait)
{
	struct ibmvmc_file *file = filp->private_data;
	struct ibmvmc_file_session *session;
	__poll_t mask = 0;

	/* Register also without a session: another thread may open one. */
	poll_wait(filp, &file->wait, wait);
	/*
	 * Register regardless of the requested events: epoll registers only
	 * once, when a file is added, and EPOLL_CTL_MOD may request EPOLLPRI
	 * later. The key of the wake-up keeps other pollers asleep.
	 */
	poll_wait(filp, &file->node->changed, wait);

	session = ibmvmc_file_session_of(file);
	if (session)
		mask = ibmvmc_poll_session(file, session);
	else if (poll_requested_events(wait) & IBMVMC_POLL_TRANSFER)
		/* Reads and writes fail without a session. */
		mask = EPOLLERR;
	if (atomic_read(&file->node->changes) != READ_ONCE(file->changes_seen))
		mask |= EPOLLPRI;
	return mask;
}

/* Argument of ibmvmc_try_take(): space for a message, and the message. */
struct ibmvmc_take {
	size_t room;
	struct ibmvmc_storage *message;
};

/* Argument of ibmvmc_try_give(): the message, in kernel memory. */
struct ibmvmc_give {
	const void *data;
	u32 len;
};

static bool ibmvmc_is_by_sethmcid(const struct ibmvmc_file *file)
{
	return READ_ONCE(file->mode) == IBMVMC_FILE_BY_SETHMCID;
}

static int ibmvmc_try_take(struct ibmvmc_file *file, void *data)
{
	struct ibmvmc_take *take = data;
	struct ibmvmc_session_info info;
	u32 len;

	if (ibmvmc_session_next(file->session, &len)) {
		if (!ibmvmc_is_by_sethmcid(file) && len > take->room)
			return -EMSGSIZE;
		take->message = ibmvmc_session_receive(file->session);
		return 0;
	}
	ibmvmc_session_get_info(file->session, &info);
	if (info.state != IBMVMC_SESSION_DEAD)
		return -EAGAIN;
	return ibmvmc_is_by_sethmcid(file) ? -EBADFD : info.error;
}

static void ibmvmc_taken(struct ibmvmc_file *file,
			 struct ibmvmc_storage *message, u32 len)
{
	mutex_lock(&file->device->lock);
	ibmvmc_session_done(file->session, message);
	file->received_messages++;
	file->received_bytes += len;
	mutex_unlock(&file->device->lock);
	atomic64_inc(&file->node->received_messages);
}

static void ibmvmc_put_back(struct ibmvmc_file *file,
			    struct ibmvmc_storage *message)
{
	mutex_lock(&file->device->lock);
	ibmvmc_session_put_back(file->session, message);
	mutex_unlock(&file->device->lock);
}

ssize_t ibmvmc_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct ibmvmc_file *file = iocb->ki_filp->private_data;
	size_t count = iov_iter_count(to);
	struct ibmvmc_take take = { .room = count };
	const void *data;
	u32 len, copied;
	int rc;

	if (!ibmvmc_file_session_of(file))
		return -EIO;
	if (!count)
		return 0;
	rc = ibmvmc_file_wait(file, iocb->ki_filp->f_flags & O_NONBLOCK,
			      ibmvmc_try_take, &take);
	if (rc)
		return rc;

	data = ibmvmc_storage_data(take.message, &len);
	copied = min_t(size_t, len, count);
	if (copy_to_iter(data, copied, to) != copied) {
		ibmvmc_put_back(file, take.message);
		return -EFAULT;
	}
	ibmvmc_taken(file, take.message, len);
	return copied;
}

static int ibmvmc_try_give(struct ibmvmc_file *file, void *data)
{
	const struct ibmvmc_give *give = data;
	struct ibmvmc_session_info info;
	int rc;

	rc = ibmvmc_session_send(file->session, give->data, give->len);
	switch (rc) {
	case 0:
		if (give->len) {
			file->sent_messages++;
			file->sent_bytes += give->len;
		}
		return 0;
	case -EBUSY:
		return -EAGAIN;
	case -ECONNRESET:
		/* The session is dead, or this send will reset the channel. */
		ibmvmc_session_get_info(file->session, &info);
		return info.error ?: -ECONNRESET;
	default:
		return rc;
	}
}

/* Map an error of a write to the one that the mainline driver returns. */
static int ibmvmc_sethmcid_error(int error)
{
	switch (error) {
	case 0:
	case -EFAULT:
	case -ENOMEM:
		return error;
	case -EAGAIN:
		return -EBUSY;
	default:
		return -EIO;
	}
}

static int ibmvmc_send_from(struct ibmvmc_file *file, struct iov_iter *from,
			    bool nonblock)
{
	struct ibmvmc_give give = { .len = iov_iter_count(from) };
	void *data;
	int rc = -EFAULT;

	/* Largest MTU of all channels; that of this one needs the lock. */
	if (iov_iter_count(from) > VMC_MTU_MAX)
		return -EMSGSIZE;
	data = kmalloc(give.len, GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	give.data = data;
	if (copy_from_iter_full(data, give.len, from))
		rc = ibmvmc_file_wait(file, nonblock, ibmvmc_try_give, &give);
	kfree(data);
	return rc;
}

ssize_t ibmvmc_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct ibmvmc_file *file = iocb->ki_filp->private_data;
	size_t count = iov_iter_count(from);
	bool nonblock;
	int rc;

	if (!ibmvmc_file_session_of(file))
		return -EIO;
	nonblock = ibmvmc_is_by_sethmcid(file) ||
		   iocb->ki_filp->f_flags & O_NONBLOCK;
	rc = ibmvmc_send_from(file, from, nonblock);
	if (rc)
		return ibmvmc_is_by_sethmcid(file) ? ibmvmc_sethmcid_error(rc) :
						     rc;
	if (count)
		atomic64_inc(&file->node->sent_messages);
	return count;
}
