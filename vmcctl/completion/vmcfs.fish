# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion of vmcfs for fish: options, mount options, sources and directories. It
# reads the mount options from "vmcfs --help".

# Values of the option at the end of the current list, or else mount options, both after
# those that the list has already.
function __vmcfs_mount_options
    set -l list (commandline -ct | string replace -r '^(-o|--options=)' '')
    set -l before (string replace -r '[^,]*$' '' -- $list)
    set -l words (commandline -opc)
    switch (string replace -r '.*,' '' -- $list)
        case 'log_level=*'
            printf '%s\n' {$before}log_level={error,warning,message,info,debug}
            return
        case 'uid=*'
            __fish_complete_users | string replace -r '^' {$before}uid=
            return
        case 'gid=*'
            __fish_complete_groups | string replace -r '^' {$before}gid=
            return
    end
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
