/** Capture, follow, export and replay from the command line, with the finished program and a live poll behind it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sluice } from '../support/command-line.ts';
import { modbusPlc } from '../support/modbus-plc.ts';
import { type Program, startProgram } from '../support/program.ts';
import { addProxy } from '../support/program-proxies.ts';
import { closeAll, connect, readAll, tcpTarget } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

let program: Program;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-captures-'));
  program = await startProgram(folder);
});
afterEach(closeAll);
afterAll(async () => {
  expect(await program.stop(), program.log()).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => sluice(args, { data: folder });
const READ = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 10]);

/** One question and its answer, captured; gives the pipe. */
async function conversation(proxy: string, target: number): Promise<string> {
  const port = await addProxy(program, proxy, target);
  expect(await run('pipes', 'capture', '--proxy', proxy, '--seconds', '60')).toMatchObject({
    code: 0,
    out: `Captures new pipes of ${proxy} for 60 s.\n`,
  });
  const client = await connect(port);
  const answers = readAll(client);
  client.end(READ);
  await answers;
  const pipe = await waitFor(async () => {
    const [ended] = (await program.call('GET', `/v1/pipes?proxy=${proxy}&state=ended`)).body;
    return ended?.pipe as string | undefined;
  }, 'the pipe to end');
  expect((await run('pipes', 'capture', '--proxy', proxy, '--stop')).out).toContain('0 B were missed');
  return pipe;
}

it('captures, follows in words, and exports in every format', async () => {
  const pipe = await conversation('plc', await modbusPlc());
  const { code, out } = await run('pipes', 'follow', pipe, '--protocol', 'modbus');
  expect(code).toBe(0);
  expect(out).toContain('→ 12 B  Read 10 holding registers from 0, unit 1');
  expect(out).toContain('← 29 B  10 registers: 1, 100, 200, 300, 400, …');
  const messages = (await run('pipes', 'follow', pipe, '--json')).out;
  expect(messages).toContain('"Register 9"');

  expect(await run('pipes', 'find', '0x00 06 01 03')).toMatchObject({ code: 0, out: `${pipe}\n` });
  expect((await run('pipes', 'find', 'nowhere')).out).toBe('It is in no captured payload.\n');

  const raw = join(folder, 'raw.bin');
  expect(await run('pipes', 'export', pipe, '--format', 'raw', '--out', raw)).toMatchObject({
    code: 0,
    out: `Wrote 41 B to ${raw}.\n`,
  });
  expect(readFileSync(raw).subarray(0, READ.length).equals(READ)).toBe(true);
  const lines = (await run('pipes', 'export', pipe, '--format', 'jsonl', '--out', '-')).out.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { pipe, proxy: 'plc' },
    { way: 'received', offset: 0, length: 12 },
    expect.anything(),
    expect.anything(),
    expect.anything(),
  ]);
  const har = JSON.parse((await run('pipes', 'export', pipe, '--format', 'har', '--out', '-')).out);
  expect(har.log.creator).toEqual({ name: 'Sluice', version: (await program.call('GET', '/v1/status')).body.version });
  const packets = join(folder, 'packets.pcapng');
  await run('pipes', 'export', pipe, '--out', packets);
  expect(readFileSync(packets).readUInt32LE(0)).toBe(0x0a0d0d0a);
});

it('replays to the target and elsewhere, and names the first difference', async () => {
  const answer = (text: string) =>
    tcpTarget((socket) => {
      socket.on('data', () => socket.write(text));
      socket.on('end', () => socket.end());
    });
  const pipe = await conversation('same', await answer('register 1: 4711'));
  expect(await run('pipes', 'replay', pipe)).toMatchObject({
    code: 0,
    out: 'Sent 12 B, got 16 B back: the same answers as in the record.\n',
  });
  const other = await answer('register 1: 4712');
  const { code, out } = await run('pipes', 'replay', pipe, '--to', `127.0.0.1:${other}`, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ equal: false, firstDifference: { offset: 15 }, missing: 0, surplus: 0 });
});

it('keeps a conversation that the next run reads, exports and sends again, until it is removed', async () => {
  const target = await tcpTarget((socket) => {
    socket.on('data', () => socket.write('register 1: 4711'));
    socket.on('end', () => socket.end());
  });
  const pipe = await conversation('press', target);
  const kept = await run('pipes', 'keep', pipe, '--name', 'Press, before the update');
  const record = /as (r\d+),/.exec(kept.out)?.[1] ?? '';
  expect(kept).toMatchObject({ code: 0, out: `Kept ${pipe} as ${record}, Press, before the update.\n` });
  const before = await run('pipes', 'export', record, '--format', 'jsonl', '--out', '-');

  expect(await program.stop({ keep: true }), program.log()).toBe(0);
  program = await startProgram(folder);
  expect((await run('records', 'list')).out).toContain('Press, before the update');
  expect((await run('pipes', 'follow', record, '--protocol', 'lines')).out).toContain('← 16 B  register 1: 4711');
  expect(await run('pipes', 'export', record, '--format', 'jsonl', '--out', '-')).toEqual(before);
  expect(await run('pipes', 'replay', record)).toMatchObject({
    code: 0,
    out: 'Sent 12 B, got 16 B back: the same answers as in the record.\n',
  });
  const page = (await program.call('GET', `/v1/pipes/${record}/payload`)).body;
  expect(page.entries[0]).toMatchObject({ kind: 'data', way: 'received', base64: READ.toString('base64') });
  expect(page).toMatchObject({ atEnd: true, armed: false });

  expect(await run('records', 'remove', record)).toMatchObject({ code: 0, out: `Removed ${record}.\n` });
  expect((await run('records', 'remove', record)).err).toContain(`There is no record ${record}.`);
  expect((await run('records', 'list')).out).toBe('No conversation is kept.\n');
  expect((await run('pipes', 'keep', 'p999')).err).toContain('Nothing was captured of p999.');
});

it('says what was not captured, and what to name', async () => {
  expect((await run('pipes', 'export', 'p999')).err).toContain(
    'Nothing was captured of p999. Arm a capture of it first.',
  );
  expect(await run('pipes', 'capture')).toMatchObject({ code: 1, err: expect.stringContaining('Name a pipe') });
});
