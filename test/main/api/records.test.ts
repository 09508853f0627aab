import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_RECORDS, Records } from '../../../main/api/records.ts';
import type { Conversation, Entry } from '../../../main/traffic/conversation.ts';
import { conversation } from '../../support/recorded.ts';

const talk: readonly Entry[] = [
  { kind: 'data', at: 1000.5, way: 'received', offset: 0, bytes: Buffer.from('hello\n') },
  { kind: 'data', at: 1001, way: 'sent', offset: 0, bytes: Buffer.from([0, 255, 10, 13]) },
  { kind: 'gap', at: 1002, way: 'received', offset: 6, length: 1234 },
  { kind: 'data', at: 1003, way: 'received', offset: 1240, bytes: Buffer.from('grüße') },
  { kind: 'end', at: 1004, way: 'received', how: 'fin' },
  { kind: 'end', at: 1005, way: 'sent', how: 'reset' },
];

async function all(of: Conversation): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of of.entries()) entries.push(entry);
  return entries;
}

describe('kept conversations', () => {
  let folder: string;
  let troubles: unknown[];
  let mostBytes: number;
  let records: Records;

  const make = async (): Promise<Records> => {
    const made = new Records({ folder, mostBytes: () => mostBytes, onTrouble: (error) => troubles.push(error) });
    await made.open();
    return made;
  };

  beforeEach(async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'sluice-records-')), 'records');
    troubles = [];
    mostBytes = 2 ** 20;
    records = await make();
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  it('are read as they were, also by the next run, and only by their owner', async () => {
    const kept = await records.keep(conversation({ pipe: 'p9', client: '10.0.0.1:5' }, talk), { by: 'anna' });
    expect(kept).toMatchObject({ record: 'r1', by: 'anna', name: 'pump 10.0.0.1:5', pipe: { pipe: 'p9' } });
    expect(statSync(join(folder, 'r1.record')).mode & 0o777).toBe(0o600);
    records = await make();
    expect(records.list()).toEqual([kept]);
    expect(await all(records.conversation('r1'))).toEqual(talk);
    expect(troubles).toEqual([]);
  });

  it('are listed with the newest first, and leave no file when they are removed', async () => {
    for (const name of ['one', 'two']) await records.keep(conversation({}, talk), { by: 'anna', name });
    expect(records.list().map(({ name }) => name)).toEqual(['two', 'one']);
    await records.remove('r2');
    await expect(records.remove('r2')).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    expect(readdirSync(folder)).toEqual(['r1.record']);
    expect((await records.keep(conversation({}, talk), { by: 'anna' })).record).toBe('r3');
  });

  it('are read in pages that come to all of it, and from near the end', async () => {
    const many = Array.from({ length: 50 }, (_, index): Entry => {
      const bytes = Buffer.alloc(20_000, index);
      return { kind: 'data', at: index, way: 'received', offset: index * bytes.length, bytes };
    });
    mostBytes = 2 ** 23;
    await records.keep(conversation({}, many), { by: 'anna' });
    const seen: Entry[] = [];
    let pages = 0;
    for (let from: number | undefined; ; ) {
      const page = await records.page('r1', from);
      seen.push(...page.entries);
      from = page.next;
      pages += 1;
      if (page.isAtEnd) break;
    }
    expect(seen).toEqual(many);
    expect(pages).toBeGreaterThan(3);
    const tail = await records.page('r1', -100_000);
    expect(tail.entries.length).toBeGreaterThan(1);
    expect(tail.entries).toEqual(many.slice(-tail.entries.length));
    expect(tail.isAtEnd).toBe(true);
    expect((await records.page('r1', tail.next)).entries).toEqual([]);
  });

  it('take no more of the disk than they may, and no more than can be listed', async () => {
    mostBytes = 1000;
    await records.keep(conversation({}, talk), { by: 'anna' });
    await expect(records.keep(conversation({}, talk), { by: 'anna' })).rejects.toMatchObject({ code: 'RECORDS_FULL' });
    expect(readdirSync(folder)).toEqual(['r1.record']);
    mostBytes = 2 ** 20;
    for (let left = MOST_RECORDS - 1; left > 0; left--) await records.keep(conversation({}, []), { by: 'anna' });
    await expect(records.keep(conversation({}, []), { by: 'anna' })).rejects.toMatchObject({ code: 'RECORDS_FULL' });
  });

  it('leave nothing half when the conversation or the disk fails', async () => {
    const failing: Conversation = {
      ...conversation({}, []),
      // biome-ignore lint/correctness/useYield: it fails before there is anything
      async *entries() {
        throw new Error('gone');
      },
    };
    await expect(records.keep(failing, { by: 'anna' })).rejects.toMatchObject({ code: 'RECORD_NOT_KEPT' });
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file in the way');
    await expect(records.keep(conversation({}, talk), { by: 'anna' })).rejects.toMatchObject({
      code: 'RECORD_NOT_KEPT',
      message: 'The conversation could not be kept: there is a file where a folder must be.',
    });
  });

  it('that are damaged are told of, and what is not one is left alone', async () => {
    await records.keep(conversation({}, talk), { by: 'anna' });
    const good = readFileSync(join(folder, 'r1.record'));
    writeFileSync(join(folder, 'r2.record'), good);
    writeFileSync(join(folder, 'r3.record'), '{"record":"r3"');
    writeFileSync(join(folder, 'r4.record'), '');
    writeFileSync(join(folder, 'r5.record.tmp-00ff'), good);
    mkdirSync(join(folder, 'r6.record'));
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    records = await make();
    expect(records.list().map(({ record }) => record)).toEqual(['r1']);
    expect(troubles.map((one) => (one as { code: string }).code)).toEqual(Array(4).fill('RECORD_DAMAGED'));
    expect(existsSync(join(folder, 'r5.record.tmp-00ff'))).toBe(false);
    expect(existsSync(join(folder, 'notes.txt'))).toBe(true);
    expect((await records.keep(conversation({}, talk), { by: 'anna' })).record).toBe('r7');
  });

  it.each([
    ['cut within a line', (bytes: Buffer) => bytes.subarray(0, -20)],
    ['with a line that is none', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('nonsense\n')])],
    ['with zeros in it', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(50), Buffer.from('\n')])],
    ['with an entry of another kind', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('{"at":1,"way":"up"}\n')])],
  ])('say so when they are read: %s', async (_, damage) => {
    await records.keep(conversation({}, talk), { by: 'anna' });
    const path = join(folder, 'r1.record');
    writeFileSync(path, damage(readFileSync(path)));
    await expect(all(records.conversation('r1'))).rejects.toMatchObject({ code: 'RECORD_DAMAGED' });
    await expect(records.page('r1')).rejects.toMatchObject({ code: 'RECORD_DAMAGED' });
  });
});
