// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The channel of a POWER partition: the driver of the device "ibm,vmc" on the
 * virtual I/O bus, its CRQ, interrupt and DMA, and the hypervisor call that
 * requests such a device (docs/protocol.md, "Hypervisor calls"). The contents
 * of the queue are handled by the engine.
 *
 * The hypervisor may write to the CRQ at any time, so the CRQ is coherent
 * memory. A message buffer belongs to the CPU except while H_COPY_RDMA runs.
 */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/slab.h>

#include <asm/hvcall.h>
#include <asm/iommu.h>
#include <asm/vio.h>

#include "internal.h"
#include "vmc/dma-window.h"
#include "vmc/hcall-answer.h"

/* The CRQ is one page of the kernel, 4 or 64 KiB. */
#define IBMVMC_CRQ_SIZE PAGE_SIZE

/**
 * struct ibmvmc_pseries - a device, from probe to remove
 * @vdev: device on the bus
 * @device: attached device, NULL before attach and after detach
 * @windows: local and remote DMA window
 * @ring: CRQ, IBMVMC_CRQ_SIZE bytes
 * @ring_ioba: I/O address of @ring in the local window
 * @irq_requested: true while ibmvmc_handle_event() may be called
 */
struct ibmvmc_pseries {
	struct vio_dev *vdev;
	struct ibmvmc_device *device;
	struct vmc_dma_windows windows;
	struct ibmvmc_crq_msg *ring;
	dma_addr_t ring_ioba;
	bool irq_requested;
};

/* Offer of the adapter, set while the driver is registered. */
static const struct ibmvmc_config *ibmvmc_pseries_config;

static irqreturn_t ibmvmc_handle_event(int irq, void *dev_instance)
{
	struct ibmvmc_pseries *pseries = dev_instance;

	/* A failure only causes additional interrupts and work. */
	vio_disable_interrupts(pseries->vdev);
	ibmvmc_interrupt(pseries->device);
	return IRQ_HANDLED;
}

static void ibmvmc_free_irq(struct ibmvmc_pseries *pseries)
{
	if (pseries->irq_requested)
		free_irq(pseries->vdev->irq, pseries);
	pseries->irq_requested = false;
}

/* Register the CRQ: H_REG_CRQ. Undone completely on failure. */
static int ibmvmc_init_crq_queue(void *transport)
{
	struct ibmvmc_pseries *pseries = transport;
	struct vio_dev *vdev = pseries->vdev;
	long answer;
	int rc;

	/* The device raises no interrupt before the queue is registered. */
	rc = request_irq(vdev->irq, ibmvmc_handle_event, 0, "ibmvmc", pseries);
	if (rc) {
		dev_err(&vdev->dev, "cannot request interrupt %u (%d)\n",
			vdev->irq, rc);
		/* The engine gives other errors a different meaning. */
		return rc == -ENOMEM ? rc : -EIO;
	}
	pseries->irq_requested = true;

	answer = plpar_hcall_norets(H_REG_CRQ, vdev->unit_address,
				    pseries->ring_ioba, IBMVMC_CRQ_SIZE);
	rc = vmc_answer_register(answer);
	if (rc)
		ibmvmc_free_irq(pseries);
	return rc;
}

/* Free the CRQ: H_FREE_CRQ. Even if it fails, the interrupt is freed. */
static int ibmvmc_release_crq_queue(void *transport, u32 *delay_ms)
{
	struct ibmvmc_pseries *pseries = transport;

	ibmvmc_free_irq(pseries);
	return vmc_answer_busy(plpar_hcall_norets(H_FREE_CRQ,
						  pseries->vdev->unit_address),
			       delay_ms);
}

static int ibmvmc_enable_crq_queue(void *transport, u32 *delay_ms)
{
	struct ibmvmc_pseries *pseries = transport;

	return vmc_answer_busy(plpar_hcall_norets(H_ENABLE_CRQ,
						  pseries->vdev->unit_address),
			       delay_ms);
}

static int ibmvmc_set_crq_interrupts(void *transport, bool on)
{
	struct ibmvmc_pseries *pseries = transport;

	return vmc_answer_signal(on ? vio_enable_interrupts(pseries->vdev) :
				      vio_disable_interrupts(pseries->vdev));
}

static int ibmvmc_send_crq(void *transport, u64 word1, u64 word2)
{
	struct ibmvmc_pseries *pseries = transport;
	long answer;

	answer = plpar_hcall_norets(H_SEND_CRQ, pseries->vdev->unit_address,
				    word1, word2);
	return vmc_answer_send(answer);
}

/* Allocate zeroed memory that the hypervisor may write to at any time. */
static void *alloc_dma_buffer(struct vio_dev *vdev, size_t size,
			      dma_addr_t *dma_handle)
{
	return dma_alloc_coherent(&vdev->dev, size, dma_handle, GFP_KERNEL);
}

static void free_dma_buffer(struct vio_dev *vdev, size_t size, void *vaddr,
			    dma_addr_t dma_handle)
{
	dma_free_coherent(&vdev->dev, size, vaddr, dma_handle);
}

/* Map a message buffer. It stays the CPU's except during H_COPY_RDMA. */
static int ibmvmc_map(void *transport, void *memory, u32 size, u64 *ioba)
{
	struct ibmvmc_pseries *pseries = transport;
	dma_addr_t address;

	address =
		dma_map_single_attrs(&pseries->vdev->dev, memory, size,
				     DMA_BIDIRECTIONAL, DMA_ATTR_SKIP_CPU_SYNC);
	if (dma_mapping_error(&pseries->vdev->dev, address))
		return -ENOMEM;
	*ioba = address;
	return 0;
}

static void ibmvmc_unmap(void *transport, u64 ioba, u32 size)
{
	struct ibmvmc_pseries *pseries = transport;

	dma_unmap_single_attrs(&pseries->vdev->dev, ioba, size,
			       DMA_BIDIRECTIONAL, DMA_ATTR_SKIP_CPU_SYNC);
}

/* Copy between a message buffer and a remote buffer: H_COPY_RDMA. */
static int ibmvmc_copy_rdma(void *transport, enum ibmvmc_rdma direction,
			    u64 ioba, u32 lioba, u32 len)
{
	struct ibmvmc_pseries *pseries = transport;
	const struct vmc_dma_windows *windows = &pseries->windows;
	struct device *dev = &pseries->vdev->dev;
	long rc;

	dma_sync_single_for_device(dev, ioba, len, DMA_BIDIRECTIONAL);
	if (direction == IBMVMC_RDMA_TO_HYPERVISOR)
		rc = plpar_hcall_norets(H_COPY_RDMA, len, windows->local_liobn,
					ioba, windows->remote_liobn, lioba);
	else
		rc = plpar_hcall_norets(H_COPY_RDMA, len, windows->remote_liobn,
					lioba, windows->local_liobn, ioba);
	dma_sync_single_for_cpu(dev, ioba, len, DMA_BIDIRECTIONAL);
	return vmc_answer_copy(rc);
}

/* Request a device: H_REQUEST_VMC. */
static long h_request_vmc(u32 *vmc_index)
{
	unsigned long answers[PLPAR_HCALL_BUFSIZE];
	long rc;

	rc = plpar_hcall(H_REQUEST_VMC, answers);
	if (rc == H_SUCCESS)
		*vmc_index = answers[0];
	return rc;
}

static int ibmvmc_pseries_request(void *unused, u32 *drc_index, u32 *delay_ms)
{
	return vmc_answer_request(h_request_vmc(drc_index), delay_ms);
}

static const struct ibmvmc_transport_ops ibmvmc_pseries_ops = {
	.register_queue = ibmvmc_init_crq_queue,
	.free_queue = ibmvmc_release_crq_queue,
	.enable_queue = ibmvmc_enable_crq_queue,
	.set_interrupts = ibmvmc_set_crq_interrupts,
	.send = ibmvmc_send_crq,
	.copy_rdma = ibmvmc_copy_rdma,
	.request_vmc = ibmvmc_pseries_request,
	.map = ibmvmc_map,
	.unmap = ibmvmc_unmap,
};

static u32 ibmvmc_dma_cells(struct vio_dev *vdev, const char *property)
{
	u32 cells = VMC_DMA_CELLS_DEFAULT;

	of_property_read_u32(vdev->dev.of_node, property, &cells);
	return cells;
}

static int ibmvmc_read_windows(struct vio_dev *vdev,
			       struct vmc_dma_windows *windows)
{
	u32 address_cells = ibmvmc_dma_cells(vdev, "ibm,#dma-address-cells");
	u32 size_cells = ibmvmc_dma_cells(vdev, "ibm,#dma-size-cells");
	const void *property;
	int length = 0;

	property = of_get_property(vdev->dev.of_node, "ibm,my-dma-window",
				   &length);
	return vmc_dma_windows_decode(property, length, address_cells,
				      size_cells, windows);
}

static int ibmvmc_attach_pseries(struct ibmvmc_pseries *pseries)
{
	struct device *dev = &pseries->vdev->dev;
	struct ibmvmc_transport transport = {
		.ops = &ibmvmc_pseries_ops,
		.data = pseries,
		.ring = pseries->ring,
		.entries = IBMVMC_CRQ_SIZE / sizeof(*pseries->ring),
	};
	int rc;

	rc = ibmvmc_attach(&transport, &pseries->device);
	if (rc == -EBUSY)
		dev_err(dev,
			"another channel is attached already, and only one is supported\n");
	else if (rc && rc != -ENOMEM)
		dev_err(dev,
			"the queue cannot be registered (%d): the device stays unused until it is bound again\n",
			rc);
	return rc;
}

static int ibmvmc_probe(struct vio_dev *vdev, const struct vio_device_id *id)
{
	struct ibmvmc_pseries *pseries;
	int rc;

	if (!vdev->irq) {
		dev_err(&vdev->dev, "the device tree specifies no interrupt\n");
		return -EINVAL;
	}
	pseries = kzalloc(sizeof(*pseries), GFP_KERNEL);
	if (!pseries)
		return -ENOMEM;
	pseries->vdev = vdev;
	rc = ibmvmc_read_windows(vdev, &pseries->windows);
	if (rc) {
		dev_err(&vdev->dev,
			"the device tree does not specify two DMA windows: ibm,my-dma-window is missing, too short, or has an unsupported number of cells\n");
		goto free_pseries;
	}

	rc = -ENOMEM;
	pseries->ring =
		alloc_dma_buffer(vdev, IBMVMC_CRQ_SIZE, &pseries->ring_ioba);
	if (!pseries->ring)
		goto free_pseries;
	rc = ibmvmc_attach_pseries(pseries);
	if (rc)
		goto free_ring;
	dev_set_drvdata(&vdev->dev, pseries);
	return 0;

free_ring:
	free_dma_buffer(vdev, IBMVMC_CRQ_SIZE, pseries->ring,
			pseries->ring_ioba);
free_pseries:
	kfree(pseries);
	return rc;
}

/* Release the device for the next kernel. */
static void ibmvmc_shutdown(struct vio_dev *vdev)
{
	struct ibmvmc_pseries *pseries = dev_get_drvdata(&vdev->dev);

	if (!pseries->device)
		return;
	/*
	 * If the hypervisor does not free the queue, unmapping it before its
	 * memory is freed prevents later writes.
	 */
	ibmvmc_detach(pseries->device);
	pseries->device = NULL;
}

static void ibmvmc_remove(struct vio_dev *vdev)
{
	struct ibmvmc_pseries *pseries = dev_get_drvdata(&vdev->dev);

	ibmvmc_shutdown(vdev);
	free_dma_buffer(vdev, IBMVMC_CRQ_SIZE, pseries->ring,
			pseries->ring_ioba);
	kfree(pseries);
}

/* Returns the maximum of mapped memory, for Cooperative Memory Overcommit. */
static unsigned long ibmvmc_get_desired_dma(struct vio_dev *vdev)
{
	const struct ibmvmc_config *config = ibmvmc_pseries_config;
	unsigned long buffers = config->max_hmcs * config->buf_pool_size;

	return IBMVMC_CRQ_SIZE + buffers * IOMMU_PAGE_ALIGN_4K(config->max_mtu);
}

static int ibmvmc_pm_resume(struct device *dev)
{
	struct ibmvmc_pseries *pseries = dev_get_drvdata(dev);

	if (pseries->device)
		ibmvmc_resumed(pseries->device);
	return 0;
}

static const struct dev_pm_ops ibmvmc_pm_ops = {
	.resume = ibmvmc_pm_resume,
};

/* clang-format off */
static const struct vio_device_id ibmvmc_device_table[] = {
	{ "ibm,vmc", "IBM,vmc" },
	{ "", "" }
};

/* clang-format on */
MODULE_DEVICE_TABLE(vio, ibmvmc_device_table);

static struct vio_driver ibmvmc_vio_driver = {
	.name = "ibmvmc",
	.id_table = ibmvmc_device_table,
	.probe = ibmvmc_probe,
	.remove = ibmvmc_remove,
	.shutdown = ibmvmc_shutdown,
	.get_desired_dma = ibmvmc_get_desired_dma,
	.pm = &ibmvmc_pm_ops,
};

static const struct ibmvmc_provider ibmvmc_pseries_provider = {
	.name = "pseries",
	.request_vmc = ibmvmc_pseries_request,
};

int ibmvmc_pseries_init(const struct ibmvmc_config *config)
{
	int rc;

	ibmvmc_pseries_config = config;
	rc = ibmvmc_provider_register(&ibmvmc_pseries_provider);
	if (rc)
		return rc;
	rc = vio_register_driver(&ibmvmc_vio_driver);
	if (!rc)
		return 0;
	ibmvmc_provider_unregister(&ibmvmc_pseries_provider);
	ibmvmc_pseries_config = NULL;
	/* The machine has no virtual I/O bus. */
	return rc == -ENODEV ? 0 : rc;
}

void ibmvmc_pseries_exit(void)
{
	if (!ibmvmc_pseries_config)
		return;
	vio_unregister_driver(&ibmvmc_vio_driver);
	ibmvmc_provider_unregister(&ibmvmc_pseries_provider);
}
