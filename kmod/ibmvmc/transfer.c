// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages to and from user memory. Nothing is copied from or to it under a
 * lock: a message is taken out of the session first, and put back if it cannot
 * be delivered; one to be sent is copied before the lock is taken.
 */
#include <linux/slab.h>
#include <linux/uio.h>

#include "file.h"
#include "host.h"
#include "node.h"

/* A read: what is wanted, and the message. */
struct ibmvmc_take {
	size_t room;
	struct ibmvmc_storage *message;
};

/* A write: the message, in the kernel's memory. */
struct ibmvmc_give {
	const void *data;
	u32 len;
};

static int ibmvmc_try_take(struct ibmvmc_file *file, void *data)
{
	struct ibmvmc_take *take = data;
	struct ibmvmc_session_info info;
	u32 len;

	if (ibmvmc_session_next(file->session, &len)) {
		if (file->by_open && len > take->room)
			return -EMSGSIZE;
		take->message = ibmvmc_session_receive(file->session);
		return 0;
	}
	ibmvmc_session_get_info(file->session, &info);
	if (info.state != IBMVMC_SESSION_DEAD)
		return -EAGAIN;
	return file->by_open ? info.error : -EBADFD;
}

static void ibmvmc_taken(struct ibmvmc_file *file,
			 struct ibmvmc_storage *message, u32 len)
{
	mutex_lock(&file->host->lock);
	ibmvmc_session_done(file->session, message);
	file->received_messages++;
	file->received_bytes += len;
	mutex_unlock(&file->host->lock);
	atomic64_inc(&file->node->received_messages);
}

static void ibmvmc_put_back(struct ibmvmc_file *file,
			    struct ibmvmc_storage *message)
{
	mutex_lock(&file->host->lock);
	ibmvmc_session_put_back(file->session, message);
	mutex_unlock(&file->host->lock);
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
		/* Dead by now, or about to be reset by what the send told. */
		ibmvmc_session_get_info(file->session, &info);
		return info.error ?: -ECONNRESET;
	default:
		return rc;
	}
}

/* What the driver of mainline Linux returns in the same case. */
static int ibmvmc_old_error(int error)
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

	/* No channel has more; what this one has is checked with the lock. */
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
	nonblock = !file->by_open || iocb->ki_filp->f_flags & O_NONBLOCK;
	rc = ibmvmc_send_from(file, from, nonblock);
	if (rc)
		return file->by_open ? rc : ibmvmc_old_error(rc);
	if (count)
		atomic64_inc(&file->node->sent_messages);
	return count;
}
