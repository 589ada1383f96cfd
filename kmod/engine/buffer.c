// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The buffers of one HMC index. No message is sent or read here.
 */
#include <linux/types.h>

#include "adapter.h"
#include "buffer.h"
#include "file-session.h"
#include "hmc.h"
#include "storage.h"
#include "vmc/message.h"

static bool ibmvmc_buffer_usable(const struct ibmvmc_buffer *buffer)
{
	return buffer->storage && buffer->free &&
	       buffer->owner == VMC_OWNER_PARTITION;
}

struct ibmvmc_buffer *
ibmvmc_get_valid_hmc_buffer(struct crq_server_adapter *adapter, u8 hmc_index)
{
	struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(adapter, hmc_index);
	unsigned int i;

	for (i = 0; hmc && i < adapter->pool; i++)
		if (ibmvmc_buffer_usable(&hmc->buffers[i]))
			return &hmc->buffers[i];
	return NULL;
}

struct ibmvmc_buffer *
ibmvmc_get_free_hmc_buffer(struct crq_server_adapter *adapter, u8 hmc_index)
{
	struct ibmvmc_buffer *buffer =
		ibmvmc_get_valid_hmc_buffer(adapter, hmc_index);

	if (buffer)
		buffer->free = false;
	return buffer;
}

void ibmvmc_free_hmc_buffer(struct ibmvmc_hmc *hmc,
			    struct ibmvmc_buffer *buffer)
{
	ibmvmc_storage_detach(hmc->adapter, buffer);
	buffer->free = false;
	if (hmc->open_buffer == buffer)
		hmc->open_buffer = NULL;
}

void ibmvmc_free_hmc_buffers(struct ibmvmc_hmc *hmc,
			     const struct ibmvmc_buffer *keep)
{
	unsigned int i;

	for (i = 0; i < hmc->adapter->config.buf_pool_size; i++)
		if (hmc->buffers[i].storage && &hmc->buffers[i] != keep)
			ibmvmc_free_hmc_buffer(hmc, &hmc->buffers[i]);
}

void ibmvmc_count_hmc_buffers(const struct crq_server_adapter *adapter,
			      u8 hmc_index, unsigned int *valid,
			      unsigned int *free)
{
	const struct ibmvmc_hmc *hmc = ibmvmc_hmc_at(adapter, hmc_index);
	unsigned int i;

	*valid = 0;
	*free = 0;
	for (i = 0; hmc && i < adapter->pool; i++) {
		if (hmc->buffers[i].storage)
			(*valid)++;
		if (ibmvmc_buffer_usable(&hmc->buffers[i]))
			(*free)++;
	}
}

void ibmvmc_release_buffer(struct ibmvmc_hmc *hmc,
			   struct ibmvmc_buffer *buffer)
{
	bool first = !ibmvmc_get_valid_hmc_buffer(hmc->adapter, hmc->index);

	buffer->owner = VMC_OWNER_PARTITION;
	buffer->free = true;
	if (first && hmc->file_session)
		ibmvmc_session_wake(hmc->file_session);
}
