// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * H_COPY_RDMA. The pages on the partition's side need not follow each other, the
 * bytes on the partner's do: so they go by a copy in between.
 */
#include <asm/hvcall.h>

#include "copy.h"
#include "phyp.h"

/* What phyp_tce_check() said, as the answer of the hcall. */
static long fault(struct phyp *phyp, long rc, long unmapped)
{
	phyp_tce_fault(phyp);
	return rc == H_PERMISSION ? rc : unmapped;
}

static long copy_in(struct phyp *phyp, u64 ioba, u64 lioba, u64 len)
{
	long rc = phyp_tce_check(&phyp->tce, ioba, len, false);

	if (rc)
		return fault(phyp, rc, H_SOURCE_PARM);
	phyp_tce_read(&phyp->tce, ioba, phyp->copy, len);
	return vmc_hv_copy_in(phyp->hv, lioba, phyp->copy, len);
}

static long copy_out(struct phyp *phyp, u64 lioba, u64 ioba, u64 len)
{
	long rc = phyp_tce_check(&phyp->tce, ioba, len, true);

	if (rc)
		return fault(phyp, rc, H_DEST_PARM);
	rc = vmc_hv_copy_out(phyp->hv, lioba, phyp->copy, len);
	if (!rc)
		phyp_tce_write(&phyp->tce, ioba, phyp->copy, len);
	return rc;
}

static long refuse(struct phyp *phyp, long rc)
{
	vmc_hv_violation(phyp->hv);
	return rc;
}

long phyp_copy(struct phyp *phyp, const unsigned long *args)
{
	unsigned long len = args[0];
	unsigned long from = args[1], source = args[2];
	unsigned long to = args[3], dest = args[4];

	if (len > sizeof(phyp->copy))
		return refuse(phyp, H_PARAMETER);
	if (from == PHYP_LOCAL_LIOBN) {
		if (to != PHYP_REMOTE_LIOBN || dest > U32_MAX)
			return refuse(phyp, H_DEST_PARM);
		return copy_in(phyp, source, dest, len);
	}
	if (from != PHYP_REMOTE_LIOBN || source > U32_MAX)
		return refuse(phyp, H_SOURCE_PARM);
	if (to != PHYP_LOCAL_LIOBN)
		return refuse(phyp, H_DEST_PARM);
	return copy_out(phyp, source, dest, len);
}
