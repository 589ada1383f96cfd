# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion of vmcctl for fish: commands, options, indices and directories. It runs
# "vmcctl list" for the indices.

set -l commands open close send receive request follow status list

# Indices of the tree of -m in the command line, or of the only tree.
function __vmcctl_indices
    set -l words (commandline -opc)
    set -l mount
    for i in (seq (count $words))
        if contains -- $words[$i] -m --mount
            set mount -m $words[(math $i + 1)]
        else if string match -q -- '--mount=*' $words[$i]
            set mount -m (string replace -- --mount= '' $words[$i])
        else if string match -q -- '-m?*' $words[$i]
            set mount -m (string sub -s 3 -- $words[$i])
        end
    end
    $words[1] $mount list 2>/dev/null | string match -r '^\d+'
end

# Directories for the word at the cursor, which may contain the option.
function __vmcctl_directories
    __fish_complete_directories (commandline -ct | string replace -r -- '^(-m|--mount=)' '')
end

# Whether the word before the cursor is a command that takes an index.
function __vmcctl_wants_index
    contains -- (commandline -opc)[-1] open close send receive request follow status
end

complete -c vmcctl -f
complete -c vmcctl -n "not __fish_seen_subcommand_from $commands" -a open -d 'Open a session'
complete -c vmcctl -n "not __fish_seen_subcommand_from $commands" -a close -d 'Send what is queued, end the session'
complete -c vmcctl -n "not __fish_seen_subcommand_from $commands" -a send -d 'Send a text or standard input as one message'
complete -c vmcctl -n "not __fish_seen_subcommand_from $commands" -a receive -d 'Wait for messages and print them'
complete -c vmcctl -n "not __fish_seen_subcommand_from $commands" -a request -d 'Send a message, print the next one'
complete -c vmcctl -n "not __fish_seen_subcommand_from $commands" -a follow -d 'Print each message with its time'
complete -c vmcctl -n "not __fish_seen_subcommand_from $commands" -a status -d 'Print state, counters, last error'
complete -c vmcctl -n "not __fish_seen_subcommand_from $commands" -a list -d 'Print indices, states and HMC IDs'
complete -c vmcctl -n __vmcctl_wants_index -a '(__vmcctl_indices)' -d 'HMC index'
complete -c vmcctl -s m -l mount -x -a '(__vmcctl_directories)' -d 'Directory of the tree'
complete -c vmcctl -n '__fish_seen_subcommand_from receive request' -s t -l timeout -x -d 'Limit of the wait in seconds'
complete -c vmcctl -n '__fish_seen_subcommand_from receive' -s n -l count -x -d 'Number of messages'
complete -c vmcctl -n '__fish_seen_subcommand_from status' -l json -d 'Print a JSON object'
complete -c vmcctl -s h -l help -d 'Print the help'
complete -c vmcctl -n "not __fish_seen_subcommand_from $commands" -s V -l version -d 'Print the version'
