-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Dissector for Wireshark: shows the packets of hmcN/capture: direction and
-- number of a message, the public header of management applications
-- (docs/protocol.md, Payload), and events. It does not interpret the data
-- after the header.

local LINK_TYPE = wtap.USER12 -- 159, as in vmcfs/log/pcapng.h
local DESCRIPTOR = 0xdecaff20 -- with the length of the header
local HEADER_LEN = 0x20
local MESSAGE_MAX = 4096
local ROUTER = 0x8000
local NUMBER_MAX = '18446744073709551615'

local directions = { [1] = 'received', [2] = 'sent' }
local ends = { received = { 'hypervisor', 'partition' },
	       sent = { 'partition', 'hypervisor' } }
local targets = { [ROUTER] = 'router' }
local operations = { [0x0001] = 'exchange', [0x0002] = 'close',
		     [0x0103] = 'echo' }
local returns = {
	[0x0000] = 'OK',
	[0x8001] = 'invalid operation',
	[0x8003] = 'invalid data',
	[0x8023] = 'invalid target',
	[0x8028] = 'invalid state',
}

local vmc = Proto('vmc', 'POWER Virtual Management Channel')
local fields = vmc.fields

fields.kind = ProtoField.string('vmc.kind', 'Kind')
fields.number = ProtoField.uint64('vmc.number', 'Number')
fields.event = ProtoField.string('vmc.event', 'Event')
fields.length = ProtoField.uint32('vmc.length', 'Length')
fields.correlation =
	ProtoField.uint32('vmc.correlation', 'Correlation', base.HEX)
fields.target = ProtoField.uint16('vmc.target', 'Target', base.HEX, targets)
fields.flags = ProtoField.uint8('vmc.flags', 'Flags', base.HEX)
fields.response_expected = ProtoField.bool('vmc.flags.response_expected',
	'Response expected', 8, nil, 0x80)
fields.response = ProtoField.bool('vmc.flags.response', 'Response', 8, nil, 0x40)
fields.data_length = ProtoField.uint32('vmc.data_length', 'Data length')
fields.operation = ProtoField.uint16('vmc.operation', 'Operation', base.HEX)
fields.return_code =
	ProtoField.uint16('vmc.return_code', 'Return code', base.HEX, returns)

-- Options of the packet block.
local direction_of = Field.new('frame.packet_flags_direction')
local id_of = Field.new('frame.packet_id')
local comment_of = Field.new('frame.comment')
local data = Dissector.get('data')

-- As vmc_payload_decode() in include/vmc/payload.h.
local function has_header(buffer)
	local len = buffer:len()

	return len >= HEADER_LEN and len <= MESSAGE_MAX and
		buffer(0, 4):uint() == DESCRIPTOR and
		buffer(4, 4):uint() == len and
		buffer(0x10, 4):uint() == len - HEADER_LEN
end

-- The operations of other targets are not public.
local function operation_name(buffer)
	if buffer(0x0c, 2):uint() ~= ROUTER then
		return nil
	end
	return operations[buffer(0x14, 2):uint()]
end

-- Returns words for the column Info.
local function add_header(buffer, tree)
	local name = operation_name(buffer)
	local target = buffer(0x0c, 2)
	local words = targets[target:uint()] or
		string.format('target %04x', target:uint())

	tree:add(fields.length, buffer(4, 4))
	tree:add(fields.correlation, buffer(8, 4))
	tree:add(fields.target, target)
	local flags = tree:add(fields.flags, buffer(0x0f, 1))
	flags:add(fields.response_expected, buffer(0x0f, 1))
	flags:add(fields.response, buffer(0x0f, 1))
	tree:add(fields.data_length, buffer(0x10, 4))
	local operation = tree:add(fields.operation, buffer(0x14, 2))
	if name then
		operation:append_text(' (' .. name .. ')')
	end
	tree:add(fields.return_code, buffer(0x16, 2))
	return string.format(' %s %s correlation %08x', words,
		name or string.format('operation %04x', buffer(0x14, 2):uint()),
		buffer(8, 4):uint())
end

local function add_message(buffer, info, tree, kind)
	local words = kind
	local id = id_of()

	tree:add(fields.kind, kind):set_generated()
	if id then
		local number = id.value:rshift(1)

		tree:add(fields.number, number):set_generated()
		words = words .. ' ' .. tostring(number)
	end
	info.cols.src, info.cols.dst = ends[kind][1], ends[kind][2]
	words = words .. ', ' .. buffer:len() .. ' bytes'
	if has_header(buffer) then
		words = words .. ':' .. add_header(buffer, tree)
		buffer = buffer:len() > HEADER_LEN and
			buffer(HEADER_LEN):tvb()
	end
	if buffer and buffer:len() > 0 then
		data:call(buffer, info, tree)
	end
	info.cols.protocol, info.cols.info = 'VMC', words
end

-- The number of a text, which tonumber() would round above 2^53, or nil.
local function number_of(digits)
	local significant = digits:match('^0*(%d+)$')
	local number = UInt64(0)

	if #significant > #NUMBER_MAX or
	   #significant == #NUMBER_MAX and significant > NUMBER_MAX then
		return nil
	end
	for digit in significant:gmatch('%d') do
		number = number * 10 + tonumber(digit)
	end
	return number
end

local function add_event(info, tree, comment)
	local kind, digits = comment:match('^(%l+) (%d+) ')
	local number = digits and number_of(digits)

	if kind then
		tree:add(fields.kind, kind):set_generated()
	end
	if number then
		tree:add(fields.number, number):set_generated()
	end
	tree:add(fields.event, comment):set_generated()
	info.cols.protocol, info.cols.info = 'VMC', comment
end

function vmc.dissector(buffer, info, tree)
	local direction = direction_of()
	local kind = direction and directions[direction.value]
	local comment = comment_of()
	local subtree = tree:add(vmc, buffer())

	if kind then
		add_message(buffer, info, subtree, kind)
	elseif comment then
		add_event(info, subtree, comment.value)
	end
end

DissectorTable.get('wtap_encap'):add(LINK_TYPE, vmc)
