// SPDX-License-Identifier: GPL-2.0-or-later
//
// Client: a request and its reply with Node. It needs an open session. A read waits
// in a thread of Node's pool, which has four by default: a program for several indices
// sets UV_THREADPOOL_SIZE to more.
//
//	node examples/client.mjs DIR/hmc0 REQUEST
import { open, readFile } from 'node:fs/promises';

function fail(text) {
	console.error(text);
	process.exit(1);
}

process.on('uncaughtException', (error) => fail(`client.mjs: ${error.message}`));
if (process.argv.length !== 4)
	fail('usage: node client.mjs DIR/hmc0 REQUEST');
const [hmc, request] = process.argv.slice(2);
const status = await readFile(`${hmc}/../status`, 'ascii');
const mtu = Number(status.match(/^mtu_bytes: (\d+)$/m)?.[1]);
if (!mtu)
	throw new Error('the status has no mtu_bytes');
const channel = await open(`${hmc}/message`, 'r+');

// One write is one message, and one read returns one.
const message = Buffer.from(request);
if (message.length === 0)
	throw new Error('a message has at least one byte');
const { bytesWritten } = await channel.write(message, 0, null, null);
if (bytesWritten !== message.length)
	throw new Error(`only ${bytesWritten} bytes were sent`);
const { bytesRead, buffer } = await channel.read(Buffer.alloc(mtu), 0, mtu, null);
await channel.close();
if (bytesRead === 0)
	throw new Error('the session has ended');
console.log(buffer.toString('utf8', 0, bytesRead));
