# SPDX-License-Identifier: GPL-2.0-or-later
#
# Layout: prints docs/layout.md from the first sentence of each file's first
# comment, and from the descriptions of folders here. It changes no file.
import os
import re
import subprocess

FOLDERS = {
    '.': 'Documents for everybody, and the user-space build',
    '.ci': 'Continuous integration',
    'LICENSES': 'Texts of the licences in use',
    'docs': 'Documents',
    'docs/abi': 'Parts of the driver that scripts may rely on',
    'docs/man': 'Manual pages, in the format of scdoc',
    'docs/packaging': 'Packages of Debian and RPM',
    'docs/packaging/debian': 'Debian packages: names, files, scripts',
    'docs/packaging/debian/tests': 'Tests of the installed Debian packages',
    'examples': 'Small programs, each of which shows one thing',
    'examples/fleet': 'Several partitions, one log host, one Prometheus',
    'examples/grafana': 'Dashboard of Grafana',
    'examples/prometheus': 'Alerts for Prometheus, and their tests',
    'examples/rsyslog': 'Configuration of rsyslog: partition, log host',
    'examples/watch': 'Path unit of systemd, and its service',
    'include/shims/asm': 'Kernel headers for user space',
    'include/shims/linux': 'Kernel headers for user space',
    'include/uapi': 'User ABI of the driver',
    'include/vmc': 'Wire format, shared by the driver and the hypervisor',
    'kmod': 'Kernel modules: build, DKMS',
    'kmod/engine': 'Protocol engine without I/O, in ibmvmc.ko and the daemon',
    'kmod/hv': 'Simulated hypervisor, in vmc-hv.ko and in the daemon',
    'kmod/ibmvmc': 'Driver: /dev/ibmvmc and the transport of POWER, ibmvmc.ko',
    'kmod/phyp': 'Simulated hypervisor for hcalls, vmc-phyp.ko, for tests',
    'kmod/sim': 'Simulated channel, in ibmvmc-sim.ko and in the daemon',
    'tests': 'Programs that build and run the tests',
    'tests/abi': 'Conformance program of the user ABI',
    'tests/bench': 'Benchmarks and their baselines',
    'tests/check': 'Checks of the sources and of the build',
    'tests/fs': 'Tests of the mounted tree',
    'tests/fuzz': 'Storms: random use of the tree',
    'tests/fuzz/corpus': 'Inputs of the fuzz targets',
    'tests/fuzz/finds': 'Inputs that found a defect',
    'tests/fuzz/soak': 'Soak test of hours, its samples and plot',
    'tests/fuzz/syscalls': 'System-call fuzzer',
    'tests/fuzz/targets': 'Targets of libFuzzer',
    'tests/lib': 'Library of the tests',
    'tests/model': 'Models: fault matrix, exhaustive search, simulation',
    'tests/mutants': 'Known defects and random edits, to test the tests',
    'tests/unit': 'Unit tests, one program for each subject',
    'tests/vm': 'Emulated machines and the tests in them',
    'tests/vm/mistake': 'Module whose mistakes the debug kernel must report',
    'vmcctl': 'Command-line client of a mounted tree',
    'vmcctl/completion': 'Completion of vmcctl and vmcfs in shells',
    'vmcfs': 'Daemon: start, options, privileges, end',
    'vmcfs/channel': 'Sessions of the HMC indices',
    'vmcfs/control': 'Commands of the control files',
    'vmcfs/data': 'Files for the system, installed by Meson',
    'vmcfs/data/wireshark': 'Files for Wireshark, installed by Meson',
    'vmcfs/device': 'Interface of a device',
    'vmcfs/device/chardev': 'Device: /dev/ibmvmc',
    'vmcfs/device/sim': 'Device: simulated channel in the daemon',
    'vmcfs/log': 'Message logs',
    'vmcfs/privilege': 'Helper process, capabilities, seccomp filter',
    'vmcfs/tree': 'File tree: FUSE requests',
}
# Folders of many files with explanatory names: only their number is printed.
ALIKE = (
    'tests/fuzz/corpus',
    'tests/fuzz/finds',
    'tests/mutants',
    'tests/unit',
)
COMMENT = re.compile(
    r'\A(?:#(?:!|compdef ).*\n)?(?://|#|/\*|<!--|\.\\") ?SPDX.*\n'
    r'(?:#\n)?(?:/\*\n \* (?P<c>(?:.|\n)*?)\*/|(?P<hash>(?:#.*\n)+)'
    r'|# (?P<title>.*))'
)

# Manual page, and its name and description.
PAGE = re.compile(r'\A\S+\(\d\).*\n; SPDX(?:.|\n)*?\n# NAME\n\n(.*)\n')


def tracked():
    """The files of each folder, in order."""
    names = subprocess.run(
        ['git', 'ls-files', '-co', '--exclude-standard'],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    folders = {}
    for name in sorted(filter(os.path.isfile, names)):
        folders.setdefault(os.path.dirname(name) or '.', []).append(name)
    return folders


def first_sentence(path):
    """Of the first comment, in one line; '' if there is none."""
    with open(path, encoding='utf-8', errors='replace') as file:
        text = file.read(4096)
    if page := PAGE.match(text):
        return page[1]
    match = COMMENT.match(text)
    if not match:
        return ''
    lines = [
        re.sub(r'^(?: \*|#) ?', '', line)
        for line in (
            match['c'] or match['hash'] or match['title']
        ).splitlines()
    ]
    paragraph = ' '.join('\n'.join(lines).strip().split('\n\n')[0].split())
    sentence = re.split(r'(?<=[.;])(?= |$)', paragraph)[0]
    return sentence.rstrip('.:;').replace('|', '\\|')


def show(folder, names):
    yield f'\n## {folder}\n\n{FOLDERS[folder]}.\n'
    if folder in ALIKE:
        yield f'{len(names)} files.'
        return
    yield '| file | |\n|---|---|'
    for name in names:
        yield f'| {os.path.basename(name)} | {first_sentence(name)} |'


print(
    '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n# Layout\n\n'
    '`python3 tests/lib/layout.py` prints this page from first comments.'
)
for each_folder, each_names in sorted(tracked().items()):
    print('\n'.join(show(each_folder, each_names)))
