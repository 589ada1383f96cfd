#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kernel unpacker: writes the ELF kernel of a compressed x86 boot image, which
# emulators boot by its PVH note. It does not decompress unknown formats: such
# an image is copied, and boots more slowly.
#
# usage: unpack-kernel.py BZIMAGE FILE
import lzma
import shutil
import struct
import sys
import zlib

# header of the boot protocol
SETUP_SECTORS, PAYLOAD_OFFSET, PAYLOAD_LENGTH = 0x1F1, 0x248, 0x24C


def unpack(image):
    """The kernel as an ELF file, or None."""
    start, length = struct.unpack_from('<II', image, PAYLOAD_OFFSET)
    start += ((image[SETUP_SECTORS] or 4) + 1) * 512
    payload = image[start : start + length]
    if payload.startswith(b'\xfd7zXZ'):
        return lzma.LZMADecompressor().decompress(payload)
    if payload.startswith(b'\x1f\x8b'):
        return zlib.decompressobj(31).decompress(payload)
    return None


source, target = sys.argv[1:]
with open(source, 'rb') as file:
    kernel = unpack(file.read())
if kernel:
    with open(target, 'wb') as file:
        file.write(kernel)
else:
    shutil.copyfile(source, target)
