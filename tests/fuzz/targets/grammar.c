// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target of the grammar: parses control files, commands of the simulated
 * device and fault rules. It executes no command.
 */
#include <errno.h>

#include "control/control.h"
#include "defaults.h"
#include "device/sim/sim.h"
#include "hv/fault.h"
#include "input.h"
#include "sim/vmc-sim.h"

static u64 now_ms(void *host)
{
	(void)host;
	return 1;
}

static void wake(void *host, struct ibmvmc_file_session *session)
{
	(void)host;
	(void)session;
}

static void report(void *host, const struct ibmvmc_event *event)
{
	(void)host;
	(void)event;
}

static struct vmc_sim *new_sim(void)
{
	static const struct vmc_sim_host host = { now_ms, wake, report };
	static const struct ibmvmc_config engine = { 1, VMC_POOL_MIN,
						     VMC_MTU_MIN, 0 };
	static const struct vmc_hv_config hv = {
		.hmcs = 1,
		.pool = VMC_HV_POOL_MIN,
		.mtu = VMC_HV_MTU_MIN,
		.crq_entries = VMC_CRQ_ENTRIES_MIN,
	};
	struct vmc_sim *sim;

	INPUT_CHECK(!vmc_sim_new(&engine, &hv, &host, NULL, &sim));
	return sim;
}

static void check_command(struct vmc_sim *sim, const struct command *command)
{
	g_autofree char *why = NULL;
	int error;

	for (const char *c = command->line; *c; c++)
		INPUT_CHECK(g_ascii_isprint(*c));
	INPUT_CHECK(command->type != COMMAND_OPEN ||
		    (command->id_len > 0 && command->id_len <= VMC_HMC_ID_LEN));
	if (command->type != COMMAND_DEVICE ||
	    !g_str_has_prefix(command->line, "sim "))
		return;
	error = sim_command(sim, command->line, FALSE, &why);
	INPUT_CHECK(!error == !why);
}

static void check_commands(enum scope scope, const char *text, size_t len)
{
	g_autoptr(GPtrArray) commands = NULL;
	g_autofree char *why = NULL;
	int error = grammar_parse(scope, "sim", text, len, &commands, &why);
	struct vmc_sim *sim;

	INPUT_CHECK(!error == !why);
	INPUT_CHECK(error || len <= VMCFS_CONTROL_MAX);
	if (error)
		return;
	sim = new_sim();
	for (guint i = 0; i < commands->len; i++)
		check_command(sim, g_ptr_array_index(commands, i));
	vmc_sim_free(sim);
}

/* The printed text parses as the same rule; "clear" is no rule. */
static void check_fault(const char *text, size_t len)
{
	struct vmc_hv_fault fault = { 0 }, again = { 0 };
	char first[256], second[256];
	int printed;

	if (vmc_hv_fault_parse(text, len, &fault) || !fault.count)
		return;
	printed = vmc_hv_fault_print(&fault, first, sizeof(first));
	INPUT_CHECK(printed > 0 && (size_t)printed < sizeof(first));
	INPUT_CHECK(!vmc_hv_fault_parse(first, (size_t)printed, &again));
	vmc_hv_fault_print(&again, second, sizeof(second));
	INPUT_CHECK(g_str_equal(first, second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] % 3 == 2)
		check_fault((const char *)data + 1, size - 1);
	else
		check_commands(data[0] % 3 ? SCOPE_HMC : SCOPE_CHANNEL,
			       (const char *)data + 1, size - 1);
	return 0;
}
