/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcctl: functions that the files of this folder call: command line, tree,
 * failures, status files, messages, commands. It uses nothing of the daemon
 * but the files of a mounted tree.
 */
#ifndef VMCCTL_H
#define VMCCTL_H

#include <glib.h>

/* Index of the files in the root of the tree. */
#define VMCCTL_ROOT (-1)

/* Least buffer for a read, and limit of a message while the MTU is unknown. */
#define VMCCTL_BUFFER_MIN (64 * 1024)

/* Greatest -t, in seconds, and greatest --count. */
#define VMCCTL_TIMEOUT_MAX 1000000000
#define VMCCTL_COUNT_MAX 4294967295

/* Milliseconds after -t in which a command may say itself what did not happen. */
#define VMCCTL_GRACE_MS 1000

/* An open tree. */
struct ctl_tree {
	char *path;
	int directory; /* descriptor */
	char started[sizeof("YYYY-MM-DDTHH:MM:SSZ")];
};

struct ctl_call;

/* A row of the table of commands in main.c. */
struct ctl_command {
	const char *name;
	const char *usage; /* arguments, for --help */
	const char *help;
	int (*run)(const struct ctl_tree *tree, const struct ctl_call *call);
	guint min,
		max; /* number of arguments, with INDEX and without options */
	const char *options; /* letters of the options that it accepts */
	gboolean timed;	     /* -t is required */
};

/* Time limit of a command, in the process that executes it. */
struct ctl_limit {
	gint64 deadline; /* of the monotonic clock in us; G_MAXINT64: none */
	int watcher;	 /* socket to the process that ends this one */
};

/* A parsed command line. Strings belong to argv. */
struct ctl_call {
	const struct ctl_command *command; /* NULL after --help, --version */
	const char *mount;		   /* NULL without -m */
	int index;			   /* VMCCTL_ROOT if there is none */
	const char *text; /* ID or TEXT; NULL if there is none */
	gint64 timeout_us;
	struct ctl_limit *limit; /* NULL without -t */
	guint64 count;
	gboolean json, help, version;
};

/**
 * command_line_parse() - parse the command line
 * @argc: number of @argv
 * @argv: arguments, which are reordered: options first
 * @commands: table of commands, which ends with a row without a name
 * @call: set on success
 *
 * Return: 0, or EX_USAGE; the reason was printed.
 */
int command_line_parse(int argc, char **argv,
		       const struct ctl_command *commands,
		       struct ctl_call *call);

/**
 * usage_add() - append the text of --help
 * @text: string to append to
 * @commands: table of commands
 */
void usage_add(GString *text, const struct ctl_command *commands);

/**
 * mounts_find() - find the mounted trees
 * @mountinfo: text in the format of /proc/self/mountinfo
 * @is_visible: returns whether a path leads to the mount of this number, and not
 *	to another one that hides it
 *
 * A tree that is visible at several places is found once, at its first place.
 * Mounts of a part of a tree are left out.
 *
 * Return: array of paths, which the caller frees.
 */
GPtrArray *mounts_find(const char *mountinfo,
		       gboolean (*is_visible)(const char *path, guint64 id));

/**
 * tree_open() - find and open the tree
 * @given: directory of -m; if NULL, that of VMCFS_MOUNT, or the only tree that
 *	is mounted
 * @tree: set on success; the caller calls tree_close()
 *
 * Return: 0, or an exit status; the reason was printed.
 */
int tree_open(const char *given, struct ctl_tree *tree);

/**
 * tree_close() - close the tree
 * @tree: open tree
 */
void tree_close(struct ctl_tree *tree);

/**
 * tree_open_file() - open a file of the tree
 * @tree: open tree
 * @index: HMC index, or VMCCTL_ROOT
 * @name: name of the file
 * @flags: flags of open(2)
 *
 * Return: a descriptor, which the caller closes, or a negative errno.
 */
int tree_open_file(const struct ctl_tree *tree, int index, const char *name,
		   int flags);

/**
 * tree_read_status() - read a status file
 * @tree: open tree
 * @index: HMC index, or VMCCTL_ROOT
 * @text: set on success; the caller frees it
 *
 * Return: 0 or a negative errno.
 */
int tree_read_status(const struct ctl_tree *tree, int index, char **text);

/**
 * tree_indices() - list the HMC indices
 * @tree: open tree
 * @indices: set on success to a sorted array of int; the caller frees it
 *
 * Return: 0 or a negative errno.
 */
int tree_indices(const struct ctl_tree *tree, GArray **indices);

/**
 * status_value() - value of a key as it stands in a status file
 * @text: contents of a status file
 * @key: name of the key
 *
 * Return: the value, with its quotes if it has any, or NULL if there is no
 * such key; the caller frees it.
 */
char *status_value(const char *text, const char *key);

/**
 * status_words() - value of a key without quotes
 * @text: contents of a status file
 * @key: name of the key
 *
 * Escaped bytes remain escaped, so that the value is printable ASCII.
 *
 * Return: the value, "" if there is no such key; the caller frees it.
 */
char *status_words(const char *text, const char *key);

/**
 * status_add_json() - append the contents of a status file as one JSON object
 * @json: string to append to; decimal integers become numbers
 * @text: contents of a status file
 */
void status_add_json(GString *json, const char *text);

/**
 * complain() - print a sentence to standard error
 * @format: format of printf(3), without the name of the program and a newline
 */
void complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/**
 * failure_status() - exit status for an errno
 * @error: errno, positive or negative
 *
 * Return: the exit status, as in vmcctl(1).
 */
int failure_status(int error);

/**
 * failure_report() - print why a command failed
 * @tree: open tree; last_error of its status is printed if it has this errno
 *	and is not older than this process
 * @index: HMC index, or VMCCTL_ROOT
 * @error: negative errno
 * @doing: verb and object, such as "send the message"
 *
 * Return: the exit status for this errno.
 */
int failure_report(const struct ctl_tree *tree, int index, int error,
		   const char *doing);

/* Open channel of an HMC index. */
struct ctl_channel {
	const struct ctl_tree *tree;
	int index;
	int descriptor;
	gint64 deadline;  /* of the monotonic clock in us; G_MAXINT64: none */
	gboolean follows; /* missed messages are reported, and do not end it */
	guint8 *buffer;
	gsize size;
};

/**
 * message_take() - take the message to send, and check it
 * @call: command line; without a TEXT, standard input is read to its end
 * @tree: open tree, whose status has the MTU
 * @message: set on success; the caller releases it
 *
 * Return: 0, or an exit status; the reason was printed.
 */
int message_take(const struct ctl_tree *tree, const struct ctl_call *call,
		 GBytes **message);

/**
 * channel_open() - open the channel of an HMC index
 * @channel: set on success; the caller calls channel_close()
 * @tree: open tree
 * @call: command line with the index and the timeout
 *
 * Return: 0, or an exit status; the reason was printed.
 */
int channel_open(struct ctl_channel *channel, const struct ctl_tree *tree,
		 const struct ctl_call *call);

/**
 * channel_close() - close the channel
 * @channel: open channel
 */
void channel_close(struct ctl_channel *channel);

/**
 * channel_send() - send a message, with a wait for room until the deadline
 * @channel: open channel; messages that arrived before are discarded
 * @message: message, at most as long as the MTU
 *
 * Return: 0, or an exit status; the reason was printed.
 */
int channel_send(struct ctl_channel *channel, GBytes *message);

/**
 * channel_receive() - wait for a message until the deadline
 * @channel: open channel; its buffer has the message
 * @len: length of the message in bytes, set on success
 *
 * The wait ends the process when standard output is a pipe or socket without a
 * reader.
 *
 * Return: 0, or an exit status. The reason was printed, except that of
 * EX_TEMPFAIL: the deadline has passed.
 */
int channel_receive(struct ctl_channel *channel, gsize *len);

/**
 * wait_for() - wait for events of a file, until the deadline
 * @descriptor: file of the tree
 * @deadline: time of the monotonic clock in us, or G_MAXINT64
 * @events: events to wait for; set to those that occurred, 0 after a signal
 *
 * The wait ends the process when standard output is a pipe or socket without a
 * reader.
 *
 * Return: 0; EX_TEMPFAIL after the deadline; or an exit status, whose reason
 * was printed.
 */
int wait_for(int descriptor, gint64 deadline, short *events);

/**
 * time_left_ms() - time until a deadline
 * @deadline: time of the monotonic clock in us, or G_MAXINT64
 *
 * Return: milliseconds for poll(2), rounded up; -1 without a deadline.
 */
int time_left_ms(gint64 deadline);

/**
 * output_failed() - report that standard output cannot be written to
 * @error: positive errno; EPIPE raises SIGPIPE
 *
 * Return: EX_IOERR.
 */
int output_failed(int error);

/**
 * output() - write to standard output
 * @data: @len bytes
 * @len: length in bytes
 *
 * Return: 0, or EX_IOERR; the reason was printed.
 */
int output(gconstpointer data, gsize len);

/**
 * limit_run() - run a command with a time limit
 * @call: command line with a timeout; in the child, its limit is set
 * @run: function that executes it, and returns its exit status
 *
 * Runs @run in a child process, and ends that VMCCTL_GRACE_MS after the deadline,
 * whatever it waits for. Returns in both processes.
 *
 * Return: the exit status of @run; EX_TEMPFAIL after the deadline; EX_OSERR:
 * there is no child; EX_IOERR: its output cannot be written. The reason was
 * printed.
 */
int limit_run(struct ctl_call *call, int (*run)(const struct ctl_call *call));

/* Commands. Return: the exit status; the reason of a failure was printed. */
int command_open(const struct ctl_tree *tree, const struct ctl_call *call);
int command_close(const struct ctl_tree *tree, const struct ctl_call *call);
int command_send(const struct ctl_tree *tree, const struct ctl_call *call);
int command_receive(const struct ctl_tree *tree, const struct ctl_call *call);
int command_request(const struct ctl_tree *tree, const struct ctl_call *call);
int command_follow(const struct ctl_tree *tree, const struct ctl_call *call);
int command_status(const struct ctl_tree *tree, const struct ctl_call *call);
int command_list(const struct ctl_tree *tree, const struct ctl_call *call);

#endif
