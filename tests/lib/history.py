# SPDX-License-Identifier: GPL-2.0-or-later
#
# History: checks the messages that writers sent and readers received, as the
# programs of tests/fuzz/syscalls record them. Each session has one order of
# messages; none is lost or duplicated, none that was refused arrives, and
# every reader gets the same sequence, except for losses that were reported. It
# makes no call on the tree.
import bisect
import collections
import glob
import os
import struct

# struct sent_record, struct seen_record
SENT = struct.Struct('=IIIiQQ')
SEEN = struct.Struct('=IIII')

ACCEPTED, UNKNOWN = 0, -1
BEGIN, MESSAGE, FOREIGN, GAP, END, REST = range(6)

Sent = collections.namedtuple('Sent', 'tag number index result begun ended')


class Stream:
    """Messages of one session for one reader, in parts without a gap."""

    def __init__(self, reader, tag):
        self.reader, self.tag = reader, tag
        self.parts = [[]]
        self.end = None

    def messages(self):
        for part in self.parts:
            yield from part

    def name(self):
        return f'{self.reader}, session {self.tag:08x}'


def read_sent(path):
    """Messages of one writer, in their order. The record of a writer that was
    killed before it started the write is all zeros."""
    with open(path, 'rb') as file:
        data = file.read()
    data = data[: len(data) // SENT.size * SENT.size]
    return [
        sent for sent in map(Sent._make, SENT.iter_unpack(data)) if sent.number
    ]


def read_seen(path):
    """Streams of one reader."""
    streams = []
    with open(path, 'rb') as file:
        data = file.read()
    for what, tag, writer, number in SEEN.iter_unpack(data):
        if what == BEGIN:
            streams.append(Stream(os.path.basename(path), tag))
        elif what == MESSAGE:
            streams[-1].parts[-1].append((tag, writer, number))
        elif what == GAP:
            streams[-1].parts.append([])
        elif what in (END, REST):
            streams[-1].end = what
    return streams


class History:
    """Records of one run, and their violations."""

    def __init__(self, sent, streams):
        """SENT maps a writer to a list of Sent; STREAMS are those of all
        readers."""
        self.sent, self.streams = sent, streams
        self.wrong = []
        self.result = {
            (writer, each.number): each
            for writer, list_ in sent.items()
            for each in list_
        }

    @classmethod
    def load(cls, directory):
        sent = {
            int(path.rpartition('.')[2], 10): read_sent(path)
            for path in glob.glob(directory + '/w.*')
        }
        streams = [
            stream
            for path in sorted(glob.glob(directory + '/r.*'))
            for stream in read_seen(path)
        ]
        return cls(sent, streams)

    def fail(self, sentence):
        self.wrong.append(sentence)

    def count(self, result, index=None):
        """Number of messages with this result."""
        return sum(
            each.result == result
            for each in self.result.values()
            if index is None or each.index == index
        )

    def check(self):
        """Returns a sentence for each violation."""
        channels = [each for each in self.streams if each.tag]
        logs = [each for each in self.streams if not each.tag]
        for stream in self.streams:
            self._check_each(stream)
        for stream in channels:
            self._check_order(stream)
            self._check_loss(stream)
        for stream in logs:
            self._check_agreement(stream, channels)
        self._check_once(channels)
        return self.wrong

    def _check_each(self, stream):
        """Each message was sent, to this session, and was not refused."""
        tags = {tag for tag, _, _ in stream.messages() if tag}
        if stream.tag:
            tags.add(stream.tag)
        if len(tags) > 1:
            self.fail(
                f'{stream.name()}: messages of the sessions '
                + ', '.join(f'{tag:08x}' for tag in sorted(tags))
            )
        for _, writer, number in stream.messages():
            sent = self.result.get((writer, number))
            if sent is None:
                self.fail(
                    f'{stream.name()}: message {number} of writer '
                    f'{writer} was never sent'
                )
            elif sent.result not in (ACCEPTED, UNKNOWN):
                self.fail(
                    f'{stream.name()}: message {number} of writer '
                    f'{writer} arrived, but its write failed with '
                    f'{describe(sent.result)}'
                )

    def _check_order(self, stream):
        """A message that was accepted before another write began precedes it.
        So the latest start so far is never after the end of a later
        message."""
        latest, which = 0, None
        for _, writer, number in stream.messages():
            sent = self.result.get((writer, number))
            if sent is None:
                continue
            if sent.result == ACCEPTED and sent.ended < latest:
                self.fail(
                    f'{stream.name()}: message {number} of writer '
                    f'{writer} arrived after message {which[1]} of writer '
                    f'{which[0]}, whose write began after it was accepted'
                )
            if sent.begun > latest:
                latest, which = sent.begun, (writer, number)

    def _check_loss(self, stream):
        """An open session has every accepted message; one that ended has every
        message that was accepted before the write of its last message
        began."""
        if len(stream.parts) > 1:
            return  # the loss was reported
        seen = {(writer, number) for _, writer, number in stream.messages()}
        last = float('inf')
        if stream.end != REST:
            last = max(
                (
                    self.result[each].begun
                    for each in seen
                    if each in self.result
                ),
                default=0,
            )
        for writer, list_ in self.sent.items():
            for sent in list_:
                if (
                    sent.tag == stream.tag
                    and sent.result == ACCEPTED
                    and sent.ended < last
                    and (writer, sent.number) not in seen
                ):
                    self.fail(
                        f'{stream.name()}: message {sent.number} of '
                        f'writer {writer} was accepted and did not arrive'
                    )

    def _check_once(self, channels):
        seen = set()
        for stream in channels:
            for _, writer, number in stream.messages():
                if (writer, number) in seen:
                    self.fail(
                        f'{stream.name()}: message {number} of writer '
                        f'{writer} arrived twice'
                    )
                seen.add((writer, number))

    def _check_agreement(self, log, channels):
        """Each part of a log is the sequence of a channel, without a gap."""
        for part in log.parts:
            tag = next((tag for tag, _, _ in part if tag), None)
            by_tag = [each for each in channels if each.tag == tag]
            if by_tag:
                self._compare(log, part, by_tag[0])

    def _compare(self, log, part, channel):
        order = [(writer, number) for _, writer, number in channel.messages()]
        holes = set(_ends(channel.parts))
        place = {each: i for i, each in enumerate(order)}
        before = None
        for _, writer, number in part:
            now = place.get((writer, number))
            if now is None or before is None:
                # before the open of the channel, or in its gap
                before = now if now is not None else before
                continue
            if now != before + 1 and not _between(holes, before, now):
                self.fail(
                    f'{log.name()}: message {number} of writer '
                    f'{writer} is number {now} of the session on a channel, '
                    f'but follows number {before} in the log'
                )
            before = now


def _ends(parts):
    """Positions in the joined parts at which a gap begins."""
    at = 0
    for part in parts[:-1]:
        at += len(part)
        yield at


def _between(holes, before, now):
    ordered = sorted(holes)
    i = bisect.bisect_right(ordered, before)
    return now > before and i < len(ordered) and ordered[i] <= now


def describe(result):
    return 'a part of it' if result == -2 else os.strerror(result)
