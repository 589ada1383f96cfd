# SPDX-License-Identifier: GPL-2.0-or-later
#
# Direction: draws the calls and includes between the files of a folder, and
# between folders, and prints each one that goes up. It knows no types.
#
# A folder's files are listed from the ground to the top: each may use those
# before it. A file is its .c and its .h together; a header without a .c file
# of its name, such as internal.h, belongs to no file.
import os
import re

FILES = {
    'kmod/engine': 'queue waiting adapter buffer send initial hmc-session '
    'signal pool bring-up run file-session',
    'kmod/hv': 'words buffer-table partition fault-rule fault router '
    'connection protocol outbound calls probes hv knob debugfs main',
    'kmod/ibmvmc': 'names report vmc-device attach device-node file pseries '
    'ioctl sysfs debugfs main',
    'kmod/phyp': 'fail device-tree phyp tce crq interrupt hotplug hcall '
    'debugfs main',
    'vmcfs/log': 'region pcapng record segment store readers memory journal '
    'log cursor',
    'vmcfs/device': 'device',
    'vmcfs/device/sim': 'sim-options events commands simulated',
    'vmcfs/device/chardev': 'watch driver chardev-channel session native '
    'in-tree chardev',
    'vmcctl': 'status-file tree-files failure trees command-line '
    'transfer message-commands follow session-commands limit main',
}

# Folders that a folder may include, besides itself and include.
FOLDERS = {
    'include': '',
    'kmod/engine': '',
    'kmod/hv': 'kmod',
    'kmod/ibmvmc': 'kmod kmod/engine',
    'kmod/sim': 'kmod kmod/engine kmod/hv kmod/ibmvmc',
    'kmod/phyp': 'kmod kmod/hv',
    'vmcfs/log': 'vmcfs',
    'vmcfs/privilege': 'vmcfs',
    'vmcfs/device': 'vmcfs vmcfs/privilege kmod/engine kmod/hv kmod/sim',
    'vmcfs/channel': 'vmcfs vmcfs/log vmcfs/device',
    'vmcfs/control': 'vmcfs vmcfs/log vmcfs/device vmcfs/channel',
    'vmcfs/tree': 'vmcfs vmcfs/log vmcfs/device vmcfs/channel vmcfs/control',
}

ROOTS = ('kmod', 'include', 'include/shims', 'vmcfs')
NOISE = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\])*\'', re.S
)
INCLUDE = re.compile(r'^#\s*include\s+"([^"]+)"', re.M)
DEFINITION = re.compile(
    r'^(?!static\b|extern\b|typedef\b|#)[A-Za-z_][\w \t*]*?'
    r'[\s*](\w+)(?:\([^;{}]*\)\s*\{|(?:\[[^\]]*\])?\s*=)',
    re.M,
)
STATIC = re.compile(r'^static\b[^;{}()=]*?[\s*](\w+)\s*[(\[=;]', re.M)
WORD = re.compile(r'(?<![\w.>])(?:->)?[A-Za-z_]\w*')


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def sources(folder, suffixes=('.c', '.h')):
    for name in sorted(os.listdir(folder)):
        if name.endswith(suffixes):
            yield os.path.join(folder, name)


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def included(path):
    """The files of this repository that a file includes."""
    for name in INCLUDE.findall(read(path)):
        for root in (os.path.dirname(path), *ROOTS):
            found = os.path.normpath(os.path.join(root, name))
            if os.path.isfile(found):
                yield found
                break


def arrows(folder):
    """From file to file: (from, to, by which name)."""
    code = {
        stem(path): NOISE.sub(' ', read(path))
        for path in sources(folder, '.c')
    }
    owners = {
        name: file
        for file, text in code.items()
        for name in DEFINITION.findall(text)
    }
    for file, text in code.items():
        own = set(STATIC.findall(text))
        for word in sorted(set(WORD.findall(text)) - own):
            if owners.get(word, file) != file:
                yield file, owners[word], word
    for path in sources(folder):
        for header in included(path):
            if os.path.dirname(header) == folder and stem(header) in code:
                if stem(header) != stem(path):
                    yield stem(path), stem(header), os.path.basename(header)


def check_files(folder, order):
    for file in {stem(path) for path in sources(folder, '.c')} - set(order):
        yield f'{folder}/{file}.c is not in the order of its folder'
    for source, target, name in arrows(folder):
        if (
            source in order
            and target in order
            and order.index(source) <= order.index(target)
        ):
            yield f'{folder}: {source} uses {name} of {target}, which is above'


def storey(folder):
    """The folder of FOLDERS that a folder belongs to."""
    while folder and folder not in FOLDERS and folder not in ('kmod', 'vmcfs'):
        folder = os.path.dirname(folder)
    return folder


def check_folders():
    for top in ('kmod', 'include', 'vmcfs'):
        for folder, _, _ in sorted(os.walk(top)):
            here = storey(folder)
            if here not in FOLDERS:
                continue
            allowed = {here, 'include', *FOLDERS[here].split()}
            for path in sources(folder):
                for header in included(path):
                    if storey(os.path.dirname(header)) not in allowed:
                        yield f'{path} includes {header}'


def check_kmod():
    """The build of kmod and include names nothing of vmcfs either."""
    for folder, _, names in os.walk('kmod'):
        for name in names:
            path = os.path.join(folder, name)
            if name in (
                'Kbuild',
                'Makefile',
                'meson.build',
                'dkms.conf',
            ) and re.search(r'^[^#\n]*\bvmcfs/', read(path), re.M):
                yield f'{path} names a file of vmcfs'
    for path in sources('kmod'):
        for header in included(path):
            if header.startswith('vmcfs/'):
                yield f'{path} includes {header}'


for each_folder, each_order in FILES.items():
    for each in check_files(each_folder, each_order.split()):
        print(each)
for each in (*check_folders(), *check_kmod()):
    print(each)
