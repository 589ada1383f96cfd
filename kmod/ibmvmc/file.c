// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opening, polling and releasing a file, and how its session comes to be.
 */
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "file.h"
#include "host.h"
#include "node.h"

static int ibmvmc_open(struct inode *inode, struct file *filp)
{
	struct ibmvmc_node *node = container_of(filp->private_data,
						struct ibmvmc_node, misc);
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
	/* No offset, and no lock that would let a reader keep a writer out. */
	return stream_open(inode, filp);
}

static int ibmvmc_close(struct inode *inode, struct file *filp)
{
	struct ibmvmc_file *file = filp->private_data;

	if (file->session) {
		mutex_lock(&file->host->lock);
		ibmvmc_session_put(file->session);
		mutex_unlock(&file->host->lock);
		ibmvmc_host_put(file->host);
	}
	mutex_destroy(&file->lock);
	kfree(file);
	return 0;
}

/* Why a file cannot be set up a second time. */
static int ibmvmc_file_used(struct ibmvmc_file *file)
{
	struct ibmvmc_session_info info;

	mutex_lock(&file->host->lock);
	ibmvmc_session_get_info(file->session, &info);
	mutex_unlock(&file->host->lock);
	if (info.state == IBMVMC_SESSION_WAITING ||
	    info.state == IBMVMC_SESSION_OPENING)
		return -EALREADY;
	return -EISCONN;
}

static int ibmvmc_file_begin(struct ibmvmc_file *file,
			     struct ibmvmc_host *host, int index,
			     const u8 hmc_id[VMC_HMC_ID_LEN], u32 timeout_ms)
{
	struct ibmvmc_file_session *session;
	int rc;

	if (!host->adapter)
		return -ENODEV;
	session = ibmvmc_session_new(host->adapter, file);
	if (!session)
		return -ENOMEM;
	ibmvmc_session_set_user(session, file->uid);
	rc = ibmvmc_session_open(session, index, hmc_id, timeout_ms);
	if (rc) {
		ibmvmc_session_put(session);
		return rc;
	}
	file->host = host;
	/* Who sees the session sees all that was set before it. */
	smp_store_release(&file->session, session);
	/* It may be dead already, and told so before it could be seen. */
	ibmvmc_file_wake(file);
	return 0;
}

int ibmvmc_file_set_up(struct ibmvmc_file *file, int index,
		       const u8 hmc_id[VMC_HMC_ID_LEN], u32 timeout_ms,
		       bool by_open)
{
	struct ibmvmc_host *host;
	int rc;

	mutex_lock(&file->lock);
	if (file->session) {
		rc = ibmvmc_file_used(file);
		goto unlock;
	}
	rc = -ENODEV;
	host = ibmvmc_node_get_host(file->node);
	if (!host)
		goto unlock;
	file->by_open = by_open;
	mutex_lock(&host->lock);
	rc = ibmvmc_file_begin(file, host, index, hmc_id, timeout_ms);
	mutex_unlock(&host->lock);
	if (rc)
		ibmvmc_host_put(host);
unlock:
	mutex_unlock(&file->lock);
	return rc;
}

void ibmvmc_file_wake(struct ibmvmc_file *file)
{
	wake_up_interruptible_poll(&file->wait,
				   EPOLLIN | EPOLLRDNORM | EPOLLOUT |
				   EPOLLWRNORM | EPOLLPRI | EPOLLERR |
				   EPOLLHUP);
}

static int ibmvmc_file_try(struct ibmvmc_file *file,
			   int (*try)(struct ibmvmc_file *file, void *data),
			   void *data)
{
	int rc;

	mutex_lock(&file->host->lock);
	rc = try(file, data);
	mutex_unlock(&file->host->lock);
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

	/* A wake that comes while we try is remembered by the entry. */
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

	mutex_lock(&file->host->lock);
	ibmvmc_session_get_info(session, &info);
	if (info.queued)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (info.state == IBMVMC_SESSION_DEAD)
		mask |= EPOLLERR | EPOLLHUP;
	else if (ibmvmc_session_writable(session) ||
		 (info.state == IBMVMC_SESSION_READY && file->by_open &&
		  !READ_ONCE(file->success_told)))
		mask |= EPOLLOUT | EPOLLWRNORM;
	if (info.lost != READ_ONCE(file->lost_seen))
		mask |= EPOLLPRI;
	mutex_unlock(&file->host->lock);
	return mask;
}

/* Events that a poller asks for in order to read or to write. */
#define IBMVMC_POLL_TRANSFER						\
	(EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM)

static __poll_t ibmvmc_poll(struct file *filp, poll_table *wait)
{
	struct ibmvmc_file *file = filp->private_data;
	struct ibmvmc_file_session *session;
	__poll_t mask = 0;

	/* Also before there is a session: another thread may open it. */
	poll_wait(filp, &file->wait, wait);
	/*
	 * Whatever is asked for now: epoll asks once, when a file is added, and
	 * EPOLL_CTL_MOD may want EPOLLPRI later. The key keeps others asleep.
	 */
	poll_wait(filp, &file->node->changed, wait);

	session = ibmvmc_file_session_of(file);
	if (session)
		mask = ibmvmc_poll_session(file, session);
	else if (poll_requested_events(wait) & IBMVMC_POLL_TRANSFER)
		/* A read or a write would fail at once. */
		mask = EPOLLERR;
	if (atomic_read(&file->node->changes) != READ_ONCE(file->changes_seen))
		mask |= EPOLLPRI;
	return mask;
}

const struct file_operations ibmvmc_fops = {
	.owner = THIS_MODULE,
	.open = ibmvmc_open,
	.release = ibmvmc_close,
	.read_iter = ibmvmc_read,
	.write_iter = ibmvmc_write,
	.poll = ibmvmc_poll,
	.unlocked_ioctl = ibmvmc_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
