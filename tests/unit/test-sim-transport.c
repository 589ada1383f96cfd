// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Transport of the simulated channel: tests the errno for each return code of
 * the hypervisor. It does not test the engine.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "sim/internal.h"

static const struct ibmvmc_transport_ops *const ops = &vmc_sim_transport_ops;
static const struct ibmvmc_host_ops *const host_ops = &vmc_sim_host_ops;
static struct vmc_sim *sim;
static u32 delay_ms;

static u64 host_now(void *host)
{
	(void)host;
	return 1234;
}

static void host_wake(void *host, struct ibmvmc_file_session *session)
{
	*(struct ibmvmc_file_session **)host = session;
}

static void host_report(void *host, const struct ibmvmc_event *event)
{
	*(const struct ibmvmc_event **)host = event;
}

static const struct vmc_sim_host host = {
	.now_ms = host_now,
	.wake = host_wake,
	.report = host_report,
};
static const void *reported;

static void setup(void)
{
	static const struct ibmvmc_config engine = {
		.max_hmcs = VMC_HMCS_DEFAULT,
		.buf_pool_size = VMC_POOL_DEFAULT,
		.max_mtu = VMC_MTU_DEFAULT,
	};
	static const struct vmc_hv_config hv = {
		.hmcs = VMC_HMCS_DEFAULT,
		.pool = VMC_POOL_DEFAULT,
		.mtu = VMC_MTU_DEFAULT,
		.crq_entries = VMC_CRQ_ENTRIES_MIN,
	};

	reported = NULL;
	delay_ms = 0;
	cr_assert_eq(vmc_sim_new(&engine, &hv, &host, &reported, &sim), 0);
}

static void teardown(void)
{
	vmc_sim_free(sim);
}

TestSuite(sim_transport, .init = setup, .fini = teardown);

static int say_initialize(void)
{
	return ops->send(&sim->link, 0xc001ULL << 48, 0);
}

Test(sim_transport, results_of_a_registration_are_converted)
{
	cr_expect_eq(ops->free_queue(&sim->link, &delay_ms), -EIO);
	cr_expect_eq(ops->enable_queue(&sim->link, &delay_ms), -EIO);
	cr_expect_eq(ops->register_queue(&sim->link), 0);
	cr_expect_eq(ops->register_queue(&sim->link), -EEXIST);
	cr_expect_eq(ops->enable_queue(&sim->link, &delay_ms), 0);
	cr_expect_eq(ops->free_queue(&sim->link, &delay_ms), 0);
	cr_expect_eq(delay_ms, 0);
}

Test(sim_transport, results_of_sending_are_converted)
{
	cr_expect_eq(say_initialize(), -ENOTCONN);
	cr_assert_eq(ops->register_queue(&sim->link), 0);
	for (int i = 0; i < VMC_CRQ_ENTRIES_MIN; i++)
		cr_expect_eq(say_initialize(), 0);
	cr_expect_eq(say_initialize(), -EAGAIN);
	cr_expect_eq(ops->send(&sim->link, 0xffULL << 56, 0), -EIO);
	vmc_hv_step(sim->link.hv, 1234);
	cr_expect_eq(say_initialize(), 0);
}

Test(sim_transport, a_migration_disables_the_queue_until_it_is_enabled)
{
	cr_assert_eq(ops->register_queue(&sim->link), 0);
	vmc_hv_transport_event(sim->link.hv, VMC_EVENT_MIGRATED);
	cr_expect_eq(say_initialize(), -ENOTCONN);
	cr_expect_eq(ops->enable_queue(&sim->link, &delay_ms), -EBUSY);
	cr_expect_eq(delay_ms, 1);
	cr_expect_eq(ops->enable_queue(&sim->link, &delay_ms), 0);
	cr_expect_eq(say_initialize(), 0);
}

Test(sim_transport, results_of_copies_are_converted)
{
	static u8 memory[64];
	u64 ioba;

	cr_assert_eq(ops->map(&sim->link, memory, sizeof(memory), &ioba), 0);
	cr_expect_eq(ops->copy_rdma(&sim->link, IBMVMC_RDMA_TO_HYPERVISOR, ioba,
				    0x1000000, 8),
		     -ENOTCONN);
	cr_assert_eq(ops->register_queue(&sim->link), 0);
	cr_expect_eq(ops->copy_rdma(&sim->link, IBMVMC_RDMA_TO_HYPERVISOR, ioba,
				    0x1000000, 8),
		     -EIO);
	cr_expect_eq(ops->copy_rdma(&sim->link, IBMVMC_RDMA_FROM_HYPERVISOR,
				    ioba, 0x1000000, 8),
		     -EIO);

	/* Initialize and Capabilities: the initial buffer has that address. */
	say_initialize();
	ops->send(&sim->link, 0x8001000000020020, 0x0000100001000101);
	vmc_hv_step(sim->link.hv, 1234);
	memcpy(memory, "there", 6);
	cr_expect_eq(ops->copy_rdma(&sim->link, IBMVMC_RDMA_TO_HYPERVISOR, ioba,
				    0x1000000, sizeof(memory)),
		     0);
	memset(memory, 0, sizeof(memory));
	cr_expect_eq(ops->copy_rdma(&sim->link, IBMVMC_RDMA_FROM_HYPERVISOR,
				    ioba, 0x1000000, sizeof(memory)),
		     0);
	cr_expect_str_eq((const char *)memory, "there");
	cr_expect_eq(ops->copy_rdma(&sim->link, IBMVMC_RDMA_TO_HYPERVISOR, ioba,
				    0x1000000, VMC_MTU_DEFAULT + 1),
		     -EIO);
	ops->unmap(&sim->link, ioba, sizeof(memory));
}

Test(sim_transport, results_of_a_device_request_are_converted)
{
	u32 drc_index = 0;

	cr_expect_eq(ops->request_vmc(&sim->link, &drc_index, &delay_ms), 0);
	cr_expect_neq(drc_index, 0);
	vmc_hv_set_refused(sim->link.hv, VMC_HV_REQUEST_VMC, true);
	cr_expect_eq(ops->request_vmc(&sim->link, &drc_index, &delay_ms),
		     -EPERM);
}

Test(sim_transport, events_interrupt_only_while_interrupts_are_enabled)
{
	cr_assert_eq(ops->register_queue(&sim->link), 0);
	vmc_hv_transport_event(sim->link.hv, VMC_EVENT_PARTNER_FAILED);
	cr_expect_leq(vmc_sim_next(sim), 1234, "an Initialize is due");
	cr_expect_not(sim->interrupted);
	ops->set_interrupts(&sim->link, true);
	vmc_hv_transport_event(sim->link.hv, VMC_EVENT_PARTNER_FAILED);
	cr_expect(sim->interrupted);
	sim->interrupted = false;
	ops->set_interrupts(&sim->link, false);
	vmc_hv_transport_event(sim->link.hv, VMC_EVENT_PARTNER_FAILED);
	cr_expect_not(sim->interrupted);
}

Test(sim_transport, the_timer_expires_once_at_its_time)
{
	cr_expect_eq(host_ops->now_ms(sim), 1234);
	cr_expect_eq(vmc_sim_next(sim), VMC_HV_IDLE);
	host_ops->set_timer(sim, 5000);
	cr_expect_eq(vmc_sim_next(sim), 5000);
	host_ops->set_timer(sim, 4000);
	cr_expect_eq(vmc_sim_next(sim), 4000);
	host_ops->set_timer(sim, IBMVMC_TIMER_OFF);
	cr_expect_eq(vmc_sim_next(sim), VMC_HV_IDLE);

	/* The timer expires once. */
	host_ops->set_timer(sim, 1234);
	vmc_sim_run(sim, 1);
	cr_expect_eq(vmc_sim_next(sim), VMC_HV_IDLE);
}

Test(sim_transport, wakes_and_events_reach_the_host)
{
	struct ibmvmc_event event = { .type = IBMVMC_EVENT_STATE };

	host_ops->report(sim, &event);
	cr_expect_eq(reported, &event);
	host_ops->wake(sim, NULL);
	cr_expect_null(reported);
}
