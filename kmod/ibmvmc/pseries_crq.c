// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The CRQ of a device: its registration, its interrupt, and what is sent by it.
 * What a queue contains is the engine's.
 */
#include <linux/interrupt.h>
#include <linux/mm.h>

#include <asm/hvcall.h>
#include <asm/vio.h>

#include "pseries_device.h"
#include "vmc/hcall-answer.h"

static irqreturn_t ibmvmc_handle_event(int irq, void *dev_instance)
{
	struct ibmvmc_pseries *pseries = dev_instance;

	/* Should it fail, the work is only scheduled once too often. */
	vio_disable_interrupts(pseries->vdev);
	ibmvmc_interrupt(pseries->host);
	return IRQ_HANDLED;
}

static void ibmvmc_free_irq(struct ibmvmc_pseries *pseries)
{
	if (pseries->irq_requested)
		free_irq(pseries->vdev->irq, pseries);
	pseries->irq_requested = false;
}

int ibmvmc_init_crq_queue(void *transport)
{
	struct ibmvmc_pseries *pseries = transport;
	struct vio_dev *vdev = pseries->vdev;
	int rc;

	/* A queue that is not registered does not interrupt. */
	rc = request_irq(vdev->irq, ibmvmc_handle_event, 0, "ibmvmc", pseries);
	if (rc) {
		dev_err(&vdev->dev, "its interrupt %u cannot be had (%d)\n",
			vdev->irq, rc);
		/* Other errors have a meaning of their own to the engine. */
		return rc == -ENOMEM ? rc : -EIO;
	}
	pseries->irq_requested = true;

	rc = vmc_answer_register(plpar_hcall_norets(H_REG_CRQ,
						    vdev->unit_address,
						    pseries->ring_ioba,
						    IBMVMC_CRQ_SIZE));
	if (rc)
		ibmvmc_free_irq(pseries);
	return rc;
}

int ibmvmc_release_crq_queue(void *transport, u32 *delay_ms)
{
	struct ibmvmc_pseries *pseries = transport;

	ibmvmc_free_irq(pseries);
	return vmc_answer_busy(plpar_hcall_norets(H_FREE_CRQ,
						  pseries->vdev->unit_address),
			       delay_ms);
}

int ibmvmc_enable_crq_queue(void *transport, u32 *delay_ms)
{
	struct ibmvmc_pseries *pseries = transport;

	return vmc_answer_busy(plpar_hcall_norets(H_ENABLE_CRQ,
						  pseries->vdev->unit_address),
			       delay_ms);
}

int ibmvmc_set_crq_interrupts(void *transport, bool on)
{
	struct ibmvmc_pseries *pseries = transport;

	return vmc_answer_signal(on ? vio_enable_interrupts(pseries->vdev) :
				      vio_disable_interrupts(pseries->vdev));
}

int ibmvmc_send_crq(void *transport, u64 word1, u64 word2)
{
	struct ibmvmc_pseries *pseries = transport;

	return vmc_answer_send(plpar_hcall_norets(H_SEND_CRQ,
						  pseries->vdev->unit_address,
						  word1, word2));
}
