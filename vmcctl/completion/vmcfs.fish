# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion of vmcfs for fish: options, mount options, sources and directories. It
# reads the mount options from "vmcfs --help".

# Mount options, after those that the current list has already.
function __vmcfs_mount_options
    set -l before (commandline -ct | string replace -r '^(-o|--options=)' '' | string replace -r '[^,]*$' '')
    set -l words (commandline -opc)
    $words[1] --help 2>/dev/null | sed -n '/^Mount options/,/^Exit/p' |
        string replace -r -f '^  ([a-z][a-z_.]*=?)\S*\s+(.*)' "$before\$1\t\$2"
end

complete -c vmcfs -f
complete -c vmcfs -a sim -d 'Simulated hypervisor'
complete -c vmcfs -a '(__fish_complete_path (commandline -ct))'
complete -c vmcfs -s f -l foreground -d 'Stay in the foreground'
complete -c vmcfs -s d -l debug -d 'Log everything, in the foreground'
complete -c vmcfs -l device -x -a 'sim (__fish_complete_path (commandline -ct | string replace -- --device= ""))' -d 'The source'
complete -c vmcfs -l step -x -a 'prepare serve release reload' -d 'One step of a service'
complete -c vmcfs -s o -l options -x -a '(__vmcfs_mount_options)' -d 'Mount options'
complete -c vmcfs -s h -l help -d 'Print the help'
complete -c vmcfs -s V -l version -d 'Print the version'
