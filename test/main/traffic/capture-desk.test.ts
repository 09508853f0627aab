import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptureDesk } from '../../../main/traffic/capture-desk.ts';
import { CaptureRoom } from '../../../main/traffic/capture-room.ts';
import type { Entry, Way } from '../../../main/traffic/conversation.ts';
import type { Tap } from '../../../main/traffic/tap.ts';
import type { Pipe } from '../../../shared/pipe.ts';
import { waitFor } from '../../support/wait.ts';

const MIB = 2 ** 20;
const view = (pipe: string, more: Partial<Pipe> = {}): Pipe => ({
  ...{ pipe, proxy: 'plc', transport: 'tcp', state: 'open', client: '10.0.0.1:5000', target: '10.0.0.7:502' },
  ...{ opened: 0, received: 0, sent: 0, ...more },
});

describe('the desk of captures', () => {
  let folder: string;
  let room: CaptureRoom;
  let desk: CaptureDesk;
  let pipes: Map<string, Pipe>;
  let taps: Map<string, Tap>;
  let troubles: unknown[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-captures-'));
    troubles = [];
    room = new CaptureRoom(folder, { memoryBytes: 64 * MIB, diskBytes: 64 * MIB }, (error) => troubles.push(error));
    room.clear();
    pipes = new Map();
    taps = new Map();
    const table = {
      get: (pipe: string) => pipes.get(pipe),
      tap: (pipe: string, tap: Tap | null) => {
        if (tap) taps.set(pipe, tap);
        else taps.delete(pipe);
        return pipes.has(pipe);
      },
    };
    desk = new CaptureDesk(room, table, () => {});
  });
  afterEach(() => {
    desk.stop();
    expect(room.taken).toEqual({ memoryBytes: 0, diskBytes: 0 });
    rmSync(folder, { recursive: true, force: true });
  });

  const wish = { by: 'anna', bytes: MIB, seconds: 60 };

  /** Sends chunks of 64 KiB one way; gives all bytes. */
  function send(pipe: string, bytes: number, offset = 0, way: Way = 'received'): Buffer {
    const data = randomBytes(bytes);
    for (let at = 0; at < bytes; at += 65_536) taps.get(pipe)?.data(way, data.subarray(at, at + 65_536), offset + at);
    return data;
  }

  async function entriesOf(pipe: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    for await (const entry of desk.conversation(pipe).entries()) entries.push(entry);
    return entries;
  }

  const bytesOf = (entries: readonly Entry[], way: Way = 'received'): Buffer =>
    Buffer.concat(entries.flatMap((entry) => (entry.kind === 'data' && entry.way === way ? [entry.bytes] : [])));

  it('keeps what passes both ways in order, with ends and offsets from where the pipe was', async () => {
    pipes.set('p1', view('p1', { received: 100, sent: 7 }));
    desk.armPipe('p1', wish);
    const tap = taps.get('p1');
    tap?.data('received', Buffer.from('ask'), 100);
    tap?.data('sent', Buffer.from('answer'), 7);
    tap?.end('received', 'fin');
    tap?.end('sent', 'reset');
    const entries = await entriesOf('p1');
    expect(entries).toMatchObject([
      { kind: 'data', way: 'received', offset: 100, bytes: Buffer.from('ask') },
      { kind: 'data', way: 'sent', offset: 7, bytes: Buffer.from('answer') },
      { kind: 'end', way: 'received', how: 'fin' },
      { kind: 'end', way: 'sent', how: 'reset' },
    ]);
    expect(Math.abs((entries[0]?.at ?? 0) - Date.now())).toBeLessThan(10_000);
  });

  it('keeps the newest within its budget, and says how much is missing', async () => {
    pipes.set('p1', view('p1'));
    const capture = desk.armPipe('p1', wish);
    const data = send('p1', 10 * MIB);
    expect(room.taken.memoryBytes).toBeLessThanOrEqual(MIB);
    const [gap, ...rest] = await entriesOf('p1');
    const kept = bytesOf(rest);
    expect(kept.length).toBeGreaterThan(MIB / 2);
    expect(gap).toMatchObject({ kind: 'gap', way: 'received', offset: 0, length: data.length - kept.length });
    expect(kept.equals(data.subarray(-kept.length))).toBe(true);
    expect(capture.log.seen - capture.log.kept).toBe(data.length - kept.length);
  });

  it('moves what does not fit in memory to the disk, and reads it from there', async () => {
    room.limits = { memoryBytes: MIB, diskBytes: 64 * MIB };
    pipes.set('p1', view('p1'));
    desk.armPipe('p1', { ...wish, bytes: 32 * MIB });
    const parts: Buffer[] = [];
    for (let at = 0; at < 16; at += 1) {
      parts.push(send('p1', MIB, at * MIB));
      await waitFor(() => room.taken.memoryBytes <= MIB, 'the disk to take it');
    }
    expect(room.taken.diskBytes).toBeGreaterThan(14 * MIB);
    const entries = await entriesOf('p1');
    expect(entries.filter(({ kind }) => kind === 'gap')).toEqual([]);
    const hash = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
    expect(hash(bytesOf(entries))).toBe(hash(Buffer.concat(parts)));
    desk.disarm({ pipe: 'p1' });
    desk.remove('c1');
    await waitFor(() => readdirSync(folder).length === 0, 'the file to be gone');
  });

  it('keeps within the disk that it may take, and drops the oldest', async () => {
    room.limits = { memoryBytes: MIB, diskBytes: 2 * MIB };
    pipes.set('p1', view('p1'));
    desk.armPipe('p1', { ...wish, bytes: 32 * MIB });
    const parts: Buffer[] = [];
    for (let at = 0; at < 8; at += 1) {
      parts.push(send('p1', MIB, at * MIB));
      await waitFor(() => room.taken.memoryBytes <= MIB, 'the disk to take it');
      expect(room.taken.diskBytes).toBeLessThanOrEqual(2 * MIB);
    }
    const entries = await entriesOf('p1');
    const kept = bytesOf(entries);
    const data = Buffer.concat(parts);
    expect(entries[0]).toMatchObject({ kind: 'gap', offset: 0, length: data.length - kept.length });
    expect(kept.equals(data.subarray(-kept.length))).toBe(true);
  });

  it('goes on in memory where the disk fails, and shows the gap', async () => {
    room.limits = { memoryBytes: MIB, diskBytes: 64 * MIB };
    pipes.set('p1', view('p1'));
    desk.armPipe('p1', { ...wish, bytes: 32 * MIB });
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'no folder');
    const data = send('p1', 8 * MIB);
    await waitFor(() => troubles.length > 0, 'the trouble to be told');
    await waitFor(() => room.taken.memoryBytes <= MIB, 'memory to be given back');
    const entries = await entriesOf('p1');
    const missing = entries.reduce((sum, entry) => sum + (entry.kind === 'gap' ? entry.length : 0), 0);
    expect(missing + bytesOf(entries).length).toBe(data.length);
    expect(missing).toBeGreaterThan(0);
  });

  it('tells the pipes of a proxy apart, and leaves those of others alone', async () => {
    desk.armProxy('plc', wish);
    expect(desk.wants('plc')).toBe(true);
    expect(desk.wants('other')).toBe(false);
    for (const pipe of ['p1', 'p2']) {
      pipes.set(pipe, view(pipe));
      desk.opened(view(pipe));
    }
    desk.opened(view('p3', { proxy: 'other' }));
    taps.get('p1')?.data('received', Buffer.from('one'), 0);
    taps.get('p2')?.data('received', Buffer.from('two'), 0);
    taps.get('p1')?.data('sent', Buffer.from('uno'), 0);
    expect(bytesOf(await entriesOf('p1')).toString()).toBe('one');
    expect(bytesOf(await entriesOf('p1'), 'sent').toString()).toBe('uno');
    expect(bytesOf(await entriesOf('p2')).toString()).toBe('two');
    expect(taps.has('p3')).toBe(false);
    desk.disarm({ proxy: 'plc' });
    expect(taps.size).toBe(0);
    expect(bytesOf(await entriesOf('p1')).toString()).toBe('one');
  });

  it('is read part by part, going on where the last part ended', async () => {
    pipes.set('p1', view('p1'));
    desk.armPipe('p1', { ...wish, bytes: 8 * MIB });
    const data = send('p1', 3 * MIB);
    const parts: Buffer[] = [];
    let from: number | undefined;
    for (;;) {
      const page = await desk.page('p1', from);
      parts.push(bytesOf(page.entries));
      from = page.next;
      if (page.isAtEnd) break;
    }
    expect(parts.length).toBeGreaterThan(3);
    expect(Buffer.concat(parts).equals(data)).toBe(true);
    expect(await desk.page('p1', from)).toMatchObject({ entries: [], isAtEnd: true });
    const more = send('p1', 1000, data.length);
    expect(bytesOf((await desk.page('p1', from)).entries).equals(more)).toBe(true);
    const tail = bytesOf((await desk.page('p1', -1)).entries);
    expect(tail.length).toBeLessThan(300 * 1024);
    expect(Buffer.concat([data, more]).subarray(-tail.length).equals(tail)).toBe(true);
  });

  it('ends by itself after its time, and with the one pipe that it is for', async () => {
    pipes.set('p1', view('p1'));
    const short = desk.armPipe('p1', { ...wish, seconds: 0.05 });
    await waitFor(() => !short.isArmed, 'its time to be over');
    expect(taps.size).toBe(0);
    pipes.set('p2', view('p2'));
    const other = desk.armPipe('p2', wish);
    desk.ended(view('p2', { state: 'ended', reason: 'idle' }));
    expect(other.isArmed).toBe(false);
    pipes.delete('p2');
    expect(desk.conversation('p2').pipe).toMatchObject({ state: 'ended', reason: 'idle' });
  });

  it('says what is armed already, what is not there, and when there are too many', () => {
    pipes.set('p1', view('p1'));
    desk.armPipe('p1', wish);
    expect(() => desk.armPipe('p1', wish)).toThrow('The payload of p1 is being captured already.');
    expect(() => desk.armPipe('p9', wish)).toThrow('There is no pipe p9.');
    expect(() => desk.disarm({ pipe: 'p9' })).toThrow('Nothing was captured of p9.');
    for (let number = 1; number < 16; number += 1) desk.armProxy(`a${number}`, wish);
    expect(() => desk.armProxy('more', wish)).toThrow('There are 16 captures armed');
  });

  it('keeps sixteen that are over, and forgets the oldest', () => {
    for (let number = 1; number <= 20; number += 1) {
      pipes.set(`p${number}`, view(`p${number}`));
      desk.armPipe(`p${number}`, wish);
      desk.disarm({ pipe: `p${number}` });
    }
    expect(desk.list().map(({ order }) => order.id)).toEqual(
      Array.from({ length: 16 }, (_, index) => `c${20 - index}`),
    );
    expect(() => desk.conversation('p1')).toThrow('Nothing was captured of p1.');
  });

  it('removes rings that an earlier run has left', () => {
    writeFileSync(join(folder, '7.ring'), 'old');
    room.clear();
    expect(existsSync(join(folder, '7.ring'))).toBe(false);
  });
});
