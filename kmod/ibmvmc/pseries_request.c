// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one call of the hypervisor that needs no device: it makes one.
 */
#include <asm/hvcall.h>

#include "pseries_device.h"
#include "vmc/hcall-answer.h"

long h_request_vmc(u32 *vmc_index)
{
	unsigned long answers[PLPAR_HCALL_BUFSIZE];
	long rc;

	rc = plpar_hcall(H_REQUEST_VMC, answers);
	if (rc == H_SUCCESS)
		*vmc_index = answers[0];
	return rc;
}

int ibmvmc_pseries_request(void *unused, u32 *drc_index, u32 *delay_ms)
{
	return vmc_answer_request(h_request_vmc(drc_index), delay_ms);
}
