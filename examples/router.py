#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Router: sends requests with the header of management applications to the
# router of the hypervisor (docs/protocol.md, Payload): exchange, echo, close.
# Only these operations are public. It needs an open session.
#
# 	python3 examples/router.py DIR/hmc0 TEXT
import os
import signal
import struct
import sys

HEADER = struct.Struct('>4sIIHxBIHH8x')
BEGIN = bytes.fromhex('decaff20')
ROUTER = 0x8000
EXCHANGE, CLOSE, ECHO = 0x0001, 0x0002, 0x0103
RESPONSE_EXPECTED, RESPONSE = 0x80, 0x40
INTRODUCTION = bytes([0, 1, 0, 0, 0, 0])  # data that clients exchange


def request(channel, correlation, operation, data=b''):
    """Sends a request and returns the data of its response."""
    header = HEADER.pack(
        BEGIN,
        HEADER.size + len(data),
        correlation,
        ROUTER,
        RESPONSE_EXPECTED,
        len(data),
        operation,
        0,
    )
    # One write is one message; a read returns one message.
    sent = os.write(channel, header + data)
    if sent != HEADER.size + len(data):
        raise OSError(f'only {sent} bytes were sent')
    while message := os.read(channel, 65536):
        if len(message) < HEADER.size or not message.startswith(BEGIN):
            continue  # a message of another kind
        _, _, answered, _, flags, length, _, code = HEADER.unpack_from(message)
        if answered != correlation or not flags & RESPONSE:
            continue
        if code:
            raise OSError(f'the router returned {code:#06x}')
        return message[HEADER.size : HEADER.size + length]
    raise OSError('the session has ended')


def main():
    if len(sys.argv) != 3:
        sys.exit('usage: python3 router.py DIR/hmc0 TEXT')
    _, hmc, text = sys.argv
    channel = os.open(os.path.join(hmc, 'message'), os.O_RDWR)
    request(channel, 1, EXCHANGE, INTRODUCTION)
    echo = request(channel, 2, ECHO, os.fsencode(text))
    print(echo.decode(errors='backslashreplace'))
    request(channel, 3, CLOSE)


signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback at Ctrl-C
try:
    main()
except OSError as error:
    sys.exit(f'router.py: {error}')
