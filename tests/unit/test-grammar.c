// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Grammar of the control files: tests the arguments of each command, and that
 * a write with one invalid line is refused as a whole. It executes no command.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "control/control.h"
#include "defaults.h"

static GPtrArray *commands;
static char *why;

static void clear(void)
{
	g_clear_pointer(&commands, g_ptr_array_unref);
	g_clear_pointer(&why, g_free);
}

TestSuite(grammar, .fini = clear);

static int parse(enum scope scope, const char *text, gsize len)
{
	int error;

	clear();
	error = grammar_parse(scope, "sim", text, len, &commands, &why);
	if (error) {
		cr_assert_null(commands);
		cr_assert_not_null(why);
	} else {
		cr_assert_not_null(commands);
		cr_assert_null(why);
	}
	return error;
}

static const struct command *command(guint i)
{
	cr_assert_lt(i, commands->len);
	return g_ptr_array_index(commands, i);
}

/*
 * Parses one line in a buffer of exactly its size, so that overreads are
 * found.
 */
static const struct command *one(enum scope scope, const char *line)
{
	gsize len = strlen(line);
	g_autofree char *exact = g_memdup2(line, len);

	cr_assert_eq(parse(scope, exact, len), 0, "'%s': %s", line, why);
	cr_assert_eq(commands->len, 1);
	cr_assert_str_eq(command(0)->line, line);
	return command(0);
}

static void refuse(enum scope scope, const char *line)
{
	cr_expect_eq(parse(scope, line, strlen(line)), -EINVAL, "'%s'", line);
}

static void expect_id(const char *line, gconstpointer id, gsize len)
{
	const struct command *open = one(SCOPE_HMC, line);

	cr_expect_eq(open->type, COMMAND_OPEN);
	cr_assert_eq(open->id_len, len);
	cr_expect_arr_eq(open->id, id, len);
}

#define DIGITS32 "12345678901234567890123456789012"
#define HEX32                              \
	"00112233445566778899aabbccddeeff" \
	"00112233445566778899AABBCCDDEEFF"

Test(grammar, open_uses_the_rest_of_the_line)
{
	expect_id("open x", "x", 1);
	expect_id("open my console", "my console", 10);
	expect_id("open  x ", " x ", 3);
	expect_id("open " DIGITS32, DIGITS32, 32);
	expect_id("open HEX:00", "HEX:00", 6);
	expect_id("open ~!\"\\#", "~!\"\\#", 5);
}

Test(grammar, open_accepts_hex)
{
	const struct command *open;

	expect_id("open hex:00", "", 1);
	expect_id("open hex:fF0a80", "\xff\x0a\x80", 3);
	open = one(SCOPE_HMC, "open hex:" HEX32);
	cr_expect_eq(open->id_len, 32);
	cr_expect_eq(open->id[31], 0xff);
	cr_expect_eq(open->id[17], 0x11);
}

Test(grammar, open_refuses_an_invalid_id)
{
	refuse(SCOPE_HMC, "open");
	refuse(SCOPE_HMC, "open ");
	refuse(SCOPE_HMC, "open " DIGITS32 "3");
	refuse(SCOPE_HMC, "open hex:");
	refuse(SCOPE_HMC, "open hex:0");
	refuse(SCOPE_HMC, "open hex:012");
	refuse(SCOPE_HMC, "open hex:0g");
	refuse(SCOPE_HMC, "open hex:g0");
	refuse(SCOPE_HMC, "open hex:00 ");
	refuse(SCOPE_HMC, "open hex:00 11");
	refuse(SCOPE_HMC, "open hex:" HEX32 "00");
}

Test(grammar, other_commands_of_an_index_take_no_argument)
{
	cr_expect_eq(one(SCOPE_HMC, "close")->type, COMMAND_CLOSE);
	cr_expect_eq(one(SCOPE_HMC, "rotate")->type, COMMAND_ROTATE);
	refuse(SCOPE_HMC, "close now");
	refuse(SCOPE_HMC, "close ");
	refuse(SCOPE_HMC, "rotate 1");
}

Test(grammar, commands_of_the_channel_are_parsed)
{
	const struct command *level;

	cr_expect_eq(one(SCOPE_CHANNEL, "request-vmc")->type,
		     COMMAND_REQUEST_VMC);
	level = one(SCOPE_CHANNEL, "log-level warning");
	cr_expect_eq(level->type, COMMAND_LOG_LEVEL);
	cr_expect_eq(level->level, G_LOG_LEVEL_WARNING);
	refuse(SCOPE_CHANNEL, "request-vmc now");
	refuse(SCOPE_CHANNEL, "log-level");
	refuse(SCOPE_CHANNEL, "log-level ");
	refuse(SCOPE_CHANNEL, "log-level loud");
	refuse(SCOPE_CHANNEL, "log-level debug ");
}

/* The device parses the argument, which must not be empty. */
Test(grammar, arguments_of_device_commands_are_passed_on)
{
	cr_expect_eq(one(SCOPE_CHANNEL, "sim stall on")->type, COMMAND_DEVICE);
	cr_expect_eq(one(SCOPE_CHANNEL, "sim what ever")->type, COMMAND_DEVICE);
	cr_expect_eq(one(SCOPE_CHANNEL, "sim ")->type, COMMAND_DEVICE);
	refuse(SCOPE_CHANNEL, "sim");
	refuse(SCOPE_CHANNEL, "simulate");
}

Test(grammar, each_file_has_its_own_commands)
{
	refuse(SCOPE_CHANNEL, "open x");
	refuse(SCOPE_CHANNEL, "close");
	refuse(SCOPE_CHANNEL, "rotate");
	refuse(SCOPE_HMC, "request-vmc");
	refuse(SCOPE_HMC, "log-level info");
	refuse(SCOPE_HMC, "sim stall on");
}

Test(grammar, words_must_match_exactly)
{
	refuse(SCOPE_HMC, "OPEN x");
	refuse(SCOPE_HMC, "openx");
	refuse(SCOPE_HMC, "ope x");
	refuse(SCOPE_HMC, " close");
	refuse(SCOPE_HMC, " ");
	refuse(SCOPE_HMC, " # close");
}

Test(grammar, reads_all_lines_in_order)
{
	const char *text = "\nopen a\n\n\nclose\nrotate";

	cr_assert_eq(parse(SCOPE_HMC, text, strlen(text)), 0);
	cr_assert_eq(commands->len, 3);
	cr_expect_eq(command(0)->type, COMMAND_OPEN);
	cr_expect_str_eq(command(0)->line, "open a");
	cr_expect_eq(command(1)->type, COMMAND_CLOSE);
	cr_expect_eq(command(2)->type, COMMAND_ROTATE);
	cr_expect_eq(command(0)->number, 2);
	cr_expect_eq(command(1)->number, 5);
	cr_expect_eq(command(2)->number, 6);
}

Test(grammar, skips_comments)
{
	const char *text = "# open a\nclose\n#\n#rotate\nrotate";

	cr_assert_eq(parse(SCOPE_HMC, text, strlen(text)), 0);
	cr_assert_eq(commands->len, 2);
	cr_expect_eq(command(0)->type, COMMAND_CLOSE);
	cr_expect_eq(command(1)->type, COMMAND_ROTATE);
	cr_expect_eq(command(1)->number, 5);
	cr_expect_eq(parse(SCOPE_CHANNEL, "# no command", 12), 0);
	cr_expect_eq(commands->len, 0);
}

Test(grammar, an_empty_write_contains_no_command)
{
	cr_expect_eq(parse(SCOPE_HMC, "", 0), 0);
	cr_expect_eq(commands->len, 0);
	cr_expect_eq(parse(SCOPE_CHANNEL, "\n\n\n", 3), 0);
	cr_expect_eq(commands->len, 0);
}

Test(grammar, one_invalid_line_refuses_the_whole_write)
{
	const char *text = "open a\n\nclsoe\nrotate\n";

	cr_expect_eq(parse(SCOPE_HMC, text, strlen(text)), -EINVAL);
	cr_expect_not_null(strstr(why, "line 3, 'clsoe'"), "%s", why);
}

Test(grammar, only_printable_ascii_is_accepted)
{
	for (int byte = 0; byte < 256; byte++) {
		char line[] = "open a?b";
		gboolean good =
			byte == '\n' ? FALSE : byte >= ' ' && byte < 0x7f;

		line[6] = (char)byte;
		cr_expect_eq(parse(SCOPE_HMC, line, 8), good ? 0 : -EINVAL,
			     "byte %d", byte);
	}
	refuse(SCOPE_HMC, "close\r\n");
	cr_expect_not_null(strstr(why, "byte 5 is 0x0d"), "%s", why);
	cr_expect_eq(parse(SCOPE_HMC, "close", 6), -EINVAL, "a NUL at its end");
}

Test(grammar, accepts_at_most_4096_bytes)
{
	char text[VMCFS_CONTROL_MAX + 1];

	for (gsize i = 0; i < sizeof(text); i++)
		text[i] = "rotate\n\n"[i % 8];
	cr_expect_eq(parse(SCOPE_HMC, text, 4096), 0);
	cr_expect_eq(commands->len, 512);
	cr_expect_eq(parse(SCOPE_HMC, text, 4097), -EMSGSIZE);
	memset(text, 'x', sizeof(text));
	cr_expect_eq(parse(SCOPE_HMC, text, 4096), -EINVAL);
	cr_expect_lt(strlen(why), 256, "the error sentence is short");
	cr_expect_eq(parse(SCOPE_HMC, text, 4097), -EMSGSIZE);
}

Test(grammar, describes_each_command)
{
	GString *text = g_string_new(NULL);

	grammar_help(SCOPE_HMC, text);
	cr_expect(g_str_has_prefix(text->str, "open ID\n    "));
	cr_expect_not_null(strstr(text->str, "\nclose\n    "));
	cr_expect_not_null(strstr(text->str, "\nrotate\n    "));
	cr_expect_null(strstr(text->str, "request-vmc"));
	g_string_truncate(text, 0);
	grammar_help(SCOPE_CHANNEL, text);
	cr_expect_not_null(strstr(text->str, "request-vmc\n    "));
	cr_expect_not_null(strstr(text->str, "log-level LEVEL\n    "));
	cr_expect_null(strstr(text->str, "open"));
	g_string_free(text, TRUE);
}
