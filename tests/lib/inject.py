# SPDX-License-Identifier: GPL-2.0-or-later
#
# Injection: makes a process that waits in a system call make another one, by
# ptrace(2), as an attacker in that process could. It contains no test.
import ctypes
import errno
import os
import signal

from helpers import until

SEIZE, INTERRUPT, DETACH, STEP = 0x4206, 0x4207, 17, 9
GET_REGISTERS, SET_REGISTERS = 0x4204, 0x4205
NT_PRSTATUS = 1
WALL = 0x40000000

# Results of a call that the kernel would restart; it fails with EINTR instead.
RESTARTS = range(-516, -511)

# Numbers on x86_64 and on ppc64le; None where there is no such call.
NUMBERS = {
    'acct': (163, 51),
    'add_key': (248, 269),
    'bpf': (321, 361),
    'capset': (126, 184),
    'chroot': (161, 61),
    'clock_settime': (227, 245),
    'clone': (56, 120),
    'delete_module': (176, 129),
    'execve': (59, 11),
    'execveat': (322, 362),
    'fanotify_init': (300, 323),
    'fchmodat': (268, 297),
    'fchownat': (260, 289),
    'fcntl': (72, 55),
    'finit_module': (313, 353),
    'fork': (57, 2),
    'fsopen': (430, 430),
    'getpid': (39, 20),
    'init_module': (175, 128),
    'io_uring_setup': (425, 425),
    'ioctl': (16, 54),
    'iopl': (172, None),
    'kexec_load': (246, 268),
    'keyctl': (250, 271),
    'kill': (62, 37),
    'linkat': (265, 294),
    'mkdirat': (258, 287),
    'mknodat': (259, 288),
    'mmap': (9, 90),
    'modify_ldt': (154, None),
    'mount': (165, 21),
    'mount_setattr': (442, 442),
    'move_mount': (429, 429),
    'mprotect': (10, 125),
    'open_by_handle_at': (304, 346),
    'openat': (257, 286),
    'perf_event_open': (298, 319),
    'personality': (135, 136),
    'pidfd_getfd': (438, 438),
    'pivot_root': (155, 203),
    'prctl': (157, 171),
    'prlimit64': (302, 325),
    'process_vm_writev': (311, 352),
    'ptrace': (101, 26),
    'quotactl': (179, 131),
    'reboot': (169, 88),
    'renameat2': (316, 357),
    'seccomp': (317, 358),
    'sethostname': (170, 74),
    'setns': (308, 350),
    'setresuid': (117, 164),
    'setxattr': (188, 209),
    'shmget': (29, 395),
    'socket': (41, 326),
    'swapon': (167, 87),
    'symlinkat': (266, 295),
    'tgkill': (234, 250),
    'truncate': (76, 92),
    'umount2': (166, 52),
    'unlinkat': (263, 292),
    'unshare': (272, 282),
    'userfaultfd': (323, 364),
    'utimensat': (280, 304),
}
POWER = os.uname().machine == 'ppc64le'

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.ptrace.argtypes = [
    ctypes.c_long,
    ctypes.c_long,
    ctypes.c_void_p,
    ctypes.c_void_p,
]
_LIBC.ptrace.restype = ctypes.c_long


def number(name):
    return NUMBERS[name][POWER]


def _ptrace(request, pid, address=0, data=0):
    if _LIBC.ptrace(request, pid, address, data) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), request)


class _Vector(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]


class _X86:
    """Indices into struct user_regs_struct, and the calling convention."""

    count, program_counter = 27, 16
    instructions = {b'\x0f\x05'}
    arguments = 14, 13, 12, 7, 9, 8

    def prepare(self, registers, call, arguments):
        registers[10], registers[15] = call, (1 << 64) - 1
        for index, value in zip(self.arguments, arguments):
            registers[index] = value % (1 << 64)

    def result(self, registers):
        value = registers[10]
        return value - (1 << 64) if value >> 63 else value

    def settle(self, registers):
        if self.result(registers) in RESTARTS:
            registers[10] = (1 << 64) - errno.EINTR
        registers[15] = (1 << 64) - 1


class _Power:
    """Indices into struct pt_regs; scv returns errors as x86 does."""

    count, program_counter = 44, 32
    instructions = {b'\x02\x00\x00\x44', b'\x01\x00\x00\x44'}  # sc, scv 0
    condition, trap, failed, scv = 38, 40, 1 << 28, 0x3000

    def prepare(self, registers, call, arguments):
        registers[0], registers[self.trap] = call, 0
        for index, value in enumerate(arguments):
            registers[3 + index] = value % (1 << 64)

    def result(self, registers):
        value = registers[3]
        value = value - (1 << 64) if value >> 63 else value
        failed = registers[self.condition] & self.failed
        return -value if failed and value > 0 else value

    def settle(self, registers):
        if self.result(registers) not in RESTARTS:
            pass
        elif registers[self.trap] & 0xFFF0 == self.scv:
            registers[3] = (1 << 64) - errno.EINTR
        else:
            registers[3] = errno.EINTR
            registers[self.condition] |= self.failed
        registers[self.trap] = 0


_MACHINE = _Power() if POWER else _X86()


def _move(request, pid, registers=None):
    block = (ctypes.c_uint64 * _MACHINE.count)(*(registers or []))
    vector = _Vector(ctypes.addressof(block), ctypes.sizeof(block))
    _ptrace(request, pid, NT_PRSTATUS, ctypes.addressof(vector))
    return list(block)


def _instruction(pid, registers):
    """Bytes of the instruction that was executed last."""
    size = len(next(iter(_MACHINE.instructions)))
    memory = os.open(f'/proc/{pid}/mem', os.O_RDONLY)
    try:
        return os.pread(
            memory, size, registers[_MACHINE.program_counter] - size
        )
    finally:
        os.close(memory)


def _stop(pid):
    """Stops a process after a system call; returns its registers."""
    _ptrace(SEIZE, pid)
    _ptrace(INTERRUPT, pid)
    os.waitpid(pid, WALL)
    registers = _move(GET_REGISTERS, pid)
    if _instruction(pid, registers) in _MACHINE.instructions:
        return registers
    _ptrace(DETACH, pid)
    return None


def inject(pid, name, *arguments):
    """Result of the call, negative for an errno; or the signal that ended the
    process, which is reaped if it is a child."""
    found = []
    until(lambda: bool(found.append(_stop(pid)) or found[-1]), 'a system call')
    saved = found[-1]
    registers = list(saved)
    _MACHINE.prepare(registers, number(name), arguments)
    registers[_MACHINE.program_counter] -= len(_instruction(pid, saved))
    _move(SET_REGISTERS, pid, registers)
    _ptrace(STEP, pid)
    status = os.waitpid(pid, WALL)[1]
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status))
    result = _MACHINE.result(_move(GET_REGISTERS, pid))
    _MACHINE.settle(saved)
    _move(SET_REGISTERS, pid, saved)
    _ptrace(DETACH, pid)
    return result
