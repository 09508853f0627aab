import { randomBytes } from 'node:crypto';
import type net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ReplayOptions, type ReplayResult, replay } from '../../../main/traffic/replay.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { record, Script } from '../../support/recorded.ts';
import { closeAll, connect, echoTarget, outcome, readAll, tcpTarget } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

let noLeaks: () => Promise<void>;
beforeEach(() => {
  noLeaks = leakCheck();
});
afterEach(async () => {
  closeAll();
  await noLeaks();
});

/** Against a port of this PC, not waiting long for what will not come. */
function again(script: Script, port: number, options: Partial<ReplayOptions> = {}): Promise<ReplayResult> {
  const target = { host: '127.0.0.1', port, connect: () => connect(port) };
  return replay(script.of(), { ...target, answerTimeoutMs: 300, ...options });
}

/** Answers the parts it is asked with those of the table. */
function answering(answers: Record<string, string>, onPart?: (part: string) => void): Promise<number> {
  return tcpTarget((socket) => {
    socket.on('end', () => socket.end());
    socket.on('data', (bytes: Buffer) => {
      onPart?.(bytes.toString());
      socket.write(answers[bytes.toString()] ?? '');
    });
  });
}

const dialogue = () => new Script().data('received', 'ask').data('sent', 'answer').end('received').end('sent');

test('the same answers are equal', async () => {
  const port = await answering({ ask: 'answer' });
  expect(await again(dialogue(), port)).toEqual({
    sent: 3,
    answered: 6,
    equal: true,
    firstDifference: undefined,
    missing: 0,
    surplus: 0,
    ms: expect.any(Number),
  });
});

test('a recorded conversation of megabytes is equal when it is had again', async () => {
  const target = await echoTarget();
  const { port, ended } = await record(target);
  const socket = await connect(port);
  const bytes = randomBytes(5_000_000);
  socket.end(bytes);
  await readAll(socket);
  const [conversation] = await ended(1);
  if (!conversation) throw new Error('nothing was recorded');
  for (const pace of ['recorded', 'answers'] as const) {
    const result = await replay(conversation, { host: '', port: 0, connect: () => connect(target), pace });
    expect(result).toMatchObject({ sent: bytes.length, answered: bytes.length, equal: true });
  }
});

test('the target is reached by the function given, with what was asked for', async () => {
  const port = await answering({ ask: 'answer' });
  const { signal } = new AbortController();
  let asked: unknown;
  const result = await replay(dialogue().of(), {
    host: 'plc.local',
    port: 502,
    secure: true,
    signal,
    connect: (target) => {
      asked = target;
      return connect(port);
    },
  });
  expect(asked).toEqual({ host: 'plc.local', port: 502, secure: true, signal });
  expect(result.equal).toBe(true);
});

test('a target that cannot be reached is said as the function says it', async () => {
  const refused = new Error('refused');
  await expect(again(dialogue(), 0, { connect: () => Promise.reject(refused) })).rejects.toBe(refused);
});

test('the first difference is shown with 16 bytes from there', async () => {
  const script = new Script().data('received', 'ask').data('sent', '0123').data('sent', '456789abcdefghijklmnopqrs');
  const port = await answering({ ask: '012345X789abcdefghijklmnopXXX' });
  expect(await again(script.end('received'), port)).toMatchObject({
    answered: 29,
    equal: false,
    firstDifference: {
      offset: 6,
      expected: Buffer.from('6789abcdefghijkl').toString('hex'),
      got: Buffer.from('X789abcdefghijkl').toString('hex'),
    },
    missing: 0,
    surplus: 0,
  });
});

test.each([
  ['ans', { missing: 3, surplus: 0, answered: 3 }],
  ['', { missing: 6, surplus: 0, answered: 0 }],
  ['answers!', { missing: 0, surplus: 2, answered: 8 }],
])('an answer of %j differs by its length', async (answer, expected) => {
  const result = await again(dialogue(), await answering({ ask: answer }));
  expect(result).toMatchObject({ ...expected, equal: false, firstDifference: undefined });
});

test('bytes of answers that the record lacks are not compared, those around them are', async () => {
  const script = new Script().data('received', 'ask').data('sent', 'an').gap('sent', 2).data('sent', 'er');
  expect(await again(script.end('received'), await answering({ ask: 'anXXer' }))).toMatchObject({ equal: true });
  expect(await again(script, await answering({ ask: 'anXXeX' }))).toMatchObject({ firstDifference: { offset: 5 } });
});

test.each([
  ['in between', new Script().data('received', 'a').gap('received', 5).data('received', 'b')],
  ['at the end', new Script().data('received', 'a').gap('received', 5)],
  ['at the beginning', new Script(5).data('received', 'b')],
])('a record that lacks bytes of the client %s is refused before anything is sent', async (_, script) => {
  const connects = () => Promise.reject(new Error('must not be asked'));
  await expect(again(script, 0, { connect: connects })).rejects.toMatchObject({
    code: 'RECORD_INCOMPLETE',
    details: { bytes: 5 },
  });
});

test('bytes are sent at the pace at which they came', async () => {
  const at: number[] = [];
  const port = await answering({}, () => at.push(performance.now()));
  const script = new Script().data('received', 'one').data('received', 'two');
  script.entries[1] = {
    kind: 'data',
    at: (script.entries[0]?.at ?? 0) + 400,
    way: 'received',
    offset: 3,
    bytes: Buffer.from('two'),
  };
  expect(await again(script.end('received').end('sent'), port)).toMatchObject({ sent: 6 });
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(350);
});

test('as fast as answers come, each part waits for the answers before it', async () => {
  const seen: string[] = [];
  const held: (() => void)[] = [];
  const port = await tcpTarget((socket) => {
    socket.on('end', () => socket.end());
    socket.on('data', (bytes: Buffer) => {
      seen.push(bytes.toString());
      held.push(() => socket.write(`re ${bytes}`));
    });
  });
  const script = new Script()
    .data('received', 'one')
    .data('sent', 're one')
    .data('received', 'two')
    .data('sent', 're two');
  const result = again(script.end('received'), port, { pace: 'answers', answerTimeoutMs: 5000 });
  for (const expected of [['one'], ['one', 'two']]) {
    await waitFor(() => held.length > 0, 'the next part');
    expect(seen).toEqual(expected);
    held.shift()?.();
  }
  expect(await result).toMatchObject({ equal: true });
});

test('as fast as answers come, a part whose answers do not come is sent after the time limit', async () => {
  const script = new Script().data('received', 'one').data('sent', 'never').data('received', 'two').end('received');
  const result = await again(script, await answering({}), { pace: 'answers', answerTimeoutMs: 100 });
  expect(result).toMatchObject({ sent: 6, missing: 5 });
  expect(result.ms).toBeGreaterThan(90);
});

test('a target that answers only after the FIN of its client is answered by one', async () => {
  const port = await tcpTarget((socket) => void readAll(socket).then((all) => socket.end(`${all.length}`)));
  const script = new Script().data('received', 'abc').end('received').data('sent', '3').end('sent');
  expect(await again(script, port)).toMatchObject({ equal: true });
});

test('a target that has said FIN is still sent the rest', async () => {
  const got: Promise<Buffer>[] = [];
  const port = await tcpTarget((socket) => {
    socket.end('bye');
    got.push(readAll(socket));
  });
  const script = new Script().data('sent', 'bye').end('sent').data('received', 'late').end('received');
  script.entries.forEach((entry, index) => {
    script.entries[index] = { ...entry, at: entry.at + 50 * index };
  });
  expect(await again(script, port)).toMatchObject({ equal: true, sent: 4 });
  expect(String(await got[0])).toBe('late');
});

test('a client that reset its connection does so again', async () => {
  const sockets: net.Socket[] = [];
  const port = await tcpTarget((socket) => sockets.push(socket));
  await again(new Script().data('received', 'x').end('received', 'reset'), port);
  const [socket] = sockets;
  expect(socket && (await outcome(socket))).toBe('ECONNRESET');
});

test('a target that resets the connection ends the replay with what there is', async () => {
  const port = await tcpTarget((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const script = dialogue();
  script.entries.splice(1, 0, {
    kind: 'data',
    at: (script.entries[0]?.at ?? 0) + 200,
    way: 'received',
    offset: 3,
    bytes: Buffer.from('x'),
  });
  expect(await again(script, port)).toMatchObject({ sent: 3, answered: 0, missing: 6, equal: false });
});

test('a target that takes nothing is given up after its time limit', async () => {
  const port = await tcpTarget((socket) => socket.pause());
  const script = new Script().data('received', Buffer.alloc(32 * 1024 * 1024)).data('received', 'x');
  expect(await again(script, port, { stallTimeoutMs: 200 })).toMatchObject({ sent: 0, equal: true });
});

test('a signal ends it at once, and the connection with it', async () => {
  const sockets: net.Socket[] = [];
  const port = await tcpTarget((socket) => socket.once('data', () => sockets.push(socket)));
  const abort = new AbortController();
  const long = new Script().data('received', 'x');
  long.entries.push({ kind: 'end', at: (long.entries[0]?.at ?? 0) + 3_600_000, way: 'received', how: 'fin' });
  const result = again(long, port, { signal: abort.signal });
  const [socket] = await waitFor(() => sockets.length > 0 && sockets, 'the first bytes');
  abort.abort(new Error('enough'));
  await expect(result).rejects.toThrow('enough');
  expect(socket && String(await readAll(socket))).toBe('');
});

test('a signal that was given before keeps it from connecting', async () => {
  const connects = () => Promise.reject(new Error('must not be asked'));
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(again(dialogue(), 0, { signal, connect: connects })).rejects.toThrow('enough');
});
