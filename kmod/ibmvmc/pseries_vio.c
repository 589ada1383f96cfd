// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The device on its bus: found, attached, told of sleep and shutdown, removed.
 * What it does in between is in pseries_crq.c and pseries_dma.c.
 */
#include <linux/module.h>
#include <linux/of.h>
#include <linux/slab.h>

#include <asm/iommu.h>
#include <asm/vio.h>

#include "engine/engine.h"
#include "pseries.h"
#include "pseries_device.h"

/* Of the driver while it is registered. */
static const struct ibmvmc_config *ibmvmc_pseries_config;

const struct ibmvmc_transport_ops ibmvmc_pseries_ops = {
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
	const void *property;
	int length = 0;

	property = of_get_property(vdev->dev.of_node, "ibm,my-dma-window",
				   &length);
	return vmc_dma_windows_decode(property, length,
			ibmvmc_dma_cells(vdev, "ibm,#dma-address-cells"),
			ibmvmc_dma_cells(vdev, "ibm,#dma-size-cells"),
			windows);
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

	rc = ibmvmc_attach(&transport, &pseries->host);
	if (rc == -EBUSY)
		dev_err(dev, "there is another channel already, and only one can be served\n");
	else if (rc && rc != -ENOMEM)
		dev_err(dev, "its queue cannot be registered (%d): the device stays unused until it is bound again\n",
			rc);
	return rc;
}

static int ibmvmc_probe(struct vio_dev *vdev, const struct vio_device_id *id)
{
	struct ibmvmc_pseries *pseries;
	int rc;

	if (!vdev->irq) {
		dev_err(&vdev->dev, "the device tree gives it no interrupt\n");
		return -EINVAL;
	}
	pseries = kzalloc(sizeof(*pseries), GFP_KERNEL);
	if (!pseries)
		return -ENOMEM;
	pseries->vdev = vdev;
	rc = ibmvmc_read_windows(vdev, &pseries->windows);
	if (rc) {
		dev_err(&vdev->dev, "the device tree does not give it two DMA windows: ibm,my-dma-window is missing, too short, or of strange cells\n");
		goto free_pseries;
	}

	rc = -ENOMEM;
	pseries->ring = alloc_dma_buffer(vdev, IBMVMC_CRQ_SIZE,
					 &pseries->ring_ioba);
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

/* The next kernel is to find a device that is not in use. */
static void ibmvmc_shutdown(struct vio_dev *vdev)
{
	struct ibmvmc_pseries *pseries = dev_get_drvdata(&vdev->dev);

	if (!pseries->host)
		return;
	/*
	 * A queue that the hypervisor keeps is unmapped before its memory is
	 * freed, so that nothing can be written to it any more.
	 */
	ibmvmc_detach(pseries->host);
	pseries->host = NULL;
}

static void ibmvmc_remove(struct vio_dev *vdev)
{
	struct ibmvmc_pseries *pseries = dev_get_drvdata(&vdev->dev);

	ibmvmc_shutdown(vdev);
	free_dma_buffer(vdev, IBMVMC_CRQ_SIZE, pseries->ring,
			pseries->ring_ioba);
	kfree(pseries);
}

/* What a partition can have mapped, with cooperative memory overcommitment. */
static unsigned long ibmvmc_get_desired_dma(struct vio_dev *vdev)
{
	const struct ibmvmc_config *config = ibmvmc_pseries_config;
	unsigned long buffers = config->max_hmcs * config->buf_pool_size;

	return IBMVMC_CRQ_SIZE + buffers * IOMMU_PAGE_ALIGN_4K(config->max_mtu);
}

static int ibmvmc_pm_resume(struct device *dev)
{
	struct ibmvmc_pseries *pseries = dev_get_drvdata(dev);

	ibmvmc_resumed(pseries->host);
	return 0;
}

static const struct dev_pm_ops ibmvmc_pm_ops = {
	.resume = ibmvmc_pm_resume,
};

static const struct vio_device_id ibmvmc_device_table[] = {
	{ "ibm,vmc", "IBM,vmc" },
	{ "", "" }
};
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
	/* This kernel runs on another machine, where there is no such bus. */
	return rc == -ENODEV ? 0 : rc;
}

void ibmvmc_pseries_exit(void)
{
	if (!ibmvmc_pseries_config)
		return;
	vio_unregister_driver(&ibmvmc_vio_driver);
	ibmvmc_provider_unregister(&ibmvmc_pseries_provider);
}
