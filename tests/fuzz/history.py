# SPDX-License-Identifier: GPL-2.0-or-later
#
# History checker: tests that it accepts a history in order, and reports each
# kind of violation and nothing else. It makes no call on the tree.
import history
from history import ACCEPTED, END, REST, UNKNOWN, History, Sent, Stream
from tap import case, equal, run

TAG = 0x01000001


def sent(number, begun, ended, result=ACCEPTED, tag=TAG):
    return Sent(tag, number, 0, result, begun, ended)


def stream(*parts, end=REST, tag=TAG, reader='r.0.channel'):
    made = Stream(reader, tag)
    made.parts = [
        [(message_tag, writer, number) for message_tag, writer, number in part]
        for part in parts
    ]
    made.end = end
    return made


def seen(*numbers, writer=1, tag=TAG):
    return [(tag, writer, number) for number in numbers]


def wrong(messages, *streams):
    return History({1: messages}, list(streams)).check()


THREE = [sent(1, 0, 1), sent(2, 2, 3), sent(3, 4, 5)]


@case('a history in order is accepted')
def good():
    equal(
        wrong(
            THREE,
            stream(seen(1, 2, 3)),
            stream(seen(2, 3), tag=0, reader='r.0.log'),
        ),
        [],
    )


@case('a message that did not arrive is a loss')
def lost():
    equal(len(wrong(THREE, stream(seen(1, 3)))), 1)
    equal(len(wrong(THREE, stream(seen(1, 2)))), 1)


@case('an ended session may lack its last messages and no others')
def tail():
    equal(wrong(THREE, stream(seen(1, 2), end=END)), [])
    equal(len(wrong(THREE, stream(seen(1, 3), end=END))), 1)


@case('a reported gap excuses the loss')
def gap():
    equal(wrong(THREE, stream(seen(1), seen(3))), [])


@case('a message that arrives twice is a duplicate')
def twice():
    assert wrong(THREE, stream(seen(1, 2, 2, 3)))
    assert wrong(THREE, stream(seen(1, 2, 3)), stream(seen(3), end=END))


@case('reordered messages of one writer are a violation')
def order():
    equal(len(wrong(THREE, stream(seen(2, 1, 3)))), 1)


@case('messages of overlapping writes may arrive in either order')
def overlap():
    messages = [sent(1, 0, 9), sent(2, 1, 8)]
    equal(wrong(messages, stream(seen(2, 1))), [])


@case('a refused message that arrives is a violation')
def refused():
    messages = [sent(1, 0, 1), sent(2, 2, 3, result=110)]
    equal(wrong(messages, stream(seen(1))), [])
    equal(len(wrong(messages, stream(seen(1, 2)))), 1)


@case('a message of a killed writer may arrive or be lost')
def killed():
    messages = [sent(1, 0, 1), sent(2, 2, 0, result=UNKNOWN)]
    equal(wrong(messages, stream(seen(1))), [])
    equal(wrong(messages, stream(seen(1, 2))), [])


@case('a message of another session is a violation')
def foreign():
    messages = [sent(1, 0, 1), sent(2, 2, 3, tag=TAG + 1)]
    assert wrong(messages, stream(seen(1) + seen(2, tag=TAG + 1)))


@case('a message that was never sent is a violation')
def invented():
    assert wrong([sent(1, 0, 1)], stream(seen(1, 7)))


@case('a log without a message that a channel read is a violation')
def hole():
    channel = stream(seen(1, 2, 3))
    log = stream(seen(1, 3), tag=0, reader='r.0.log')
    equal(len(wrong(THREE, channel, log)), 1)
    log = stream(seen(1), seen(3), tag=0, reader='r.0.log')
    equal(wrong(THREE, channel, log), [])


@case('the sentence contains the text of the errno')
def named():
    equal(history.describe(110), 'Connection timed out')


run()
