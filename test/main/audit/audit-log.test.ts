import { randomBytes, randomInt } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditLog, type AuditLogOptions, verifyFolder } from '../../../main/audit/audit-log.ts';
import { verify } from '../../../main/audit/verify.ts';
import { type AuditEntry, type AuditEvent, auditQuery, verdictText } from '../../../shared/audit.ts';

const key = randomBytes(32);
let folder: string;
const live = () => join(folder, 'audit.jsonl');

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'sluice-audit-')), 'audit');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const logOf = (options: Partial<AuditLogOptions> = {}) =>
  new AuditLog({ folder, key: () => key, onChanged: () => {}, ...options });
const event = (subject: string, more: Partial<AuditEvent> = {}): AuditEvent => ({
  ...{ who: 'ann', role: 'administrator', from: 'page', address: '::1', what: 'proxies.update', subject },
  ...{ outcome: 'done', facts: {}, changes: [{ path: 'a', before: null, after: 'Bürste 💧' }], ...more },
});
const fill = async (log: AuditLog, count: number): Promise<void> => {
  for (let index = 0; index < count; index++) await log.append(event(`p${index}`));
};
async function all(log: AuditLog, query: Record<string, unknown> = {}): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for (let before: string | undefined; ; ) {
    const page = await log.page(auditQuery.parse({ limit: 7, ...query, ...(before && { before }) }));
    found.push(...page.entries);
    if (page.next === null) return found;
    before = page.next;
  }
}

describe('the audit log', () => {
  it('numbers, chains and seals entries, over restarts, and gives them back newest first, page by page', async () => {
    await fill(logOf(), 10);
    const log = logOf();
    await Promise.all([log.append(event('x')), log.append(event('y'))]);
    const entries = await all(log);
    expect(entries.map(({ seq }) => seq)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(entries[0]).toMatchObject(event('y'));
    expect(await log.verify()).toMatchObject({ state: 'whole', entries: 12, first: 1, last: 12, sealed: true });
  });

  it('finds by person, kind, text and time', async () => {
    let now = 1000;
    const log = logOf({ now: () => now });
    await log.append(event('a'));
    now = 2000;
    await log.append(event('b', { who: 'Bob', what: 'captures.armPipe', facts: { bytes: '77' } }));
    now = 3000;
    await log.append(event('c'));
    const subjects = async (query: object) => (await all(log, { ...query })).map(({ subject }) => subject);
    expect(await subjects({ who: 'bob' })).toEqual(['b']);
    expect(await subjects({ kind: 'captures' })).toEqual(['b']);
    expect(await subjects({ text: '77' })).toEqual(['b']);
    expect(await subjects({ text: 'BÜRSTE', limit: 1 })).toEqual(['c', 'b', 'a']);
    expect(await subjects({ since: 2000 })).toEqual(['c', 'b']);
    expect(await subjects({ until: 2000 })).toEqual(['b', 'a']);
  });

  it('goes to the archive when full, chained on, keeps the newest archives, and tells at 80 %', async () => {
    const log = logOf({ maxBytes: 6000, archives: 2 });
    const told: (number | undefined)[] = [];
    for (let index = 0; index < 60; index++) {
      await log.append(event(`p${index}`));
      told.push(log.nearlyFull);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('audit-'))).toHaveLength(2);
    const percents = told.filter((one) => one !== undefined);
    expect(percents.length).toBeGreaterThan(0);
    expect(Math.min(...percents)).toBeGreaterThanOrEqual(80);
    expect(told.at(0)).toBeUndefined();
    const entries = await all(log);
    expect(entries.at(-1)?.seq).toBeGreaterThan(1);
    expect(await log.verify()).toMatchObject({ state: 'whole', entries: entries.length, first: entries.at(-1)?.seq });
    await fill(logOf({ maxBytes: 6000, archives: 2 }), 3);
    expect(await verifyFolder(folder, key, 0)).toMatchObject({ state: 'whole' });
  });

  it('goes on when the disk refuses, and says afterwards how much is missing', async () => {
    let isFull = false;
    const log = logOf({
      write: async (path, text) => {
        if (isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        appendFileSync(path, text);
      },
    });
    await log.append(event('before'));
    isFull = true;
    await fill(log, 5);
    expect(log.trouble).toMatchObject({ code: 'ENOSPC' });
    expect(log.missed).toBe(5);
    isFull = false;
    await log.append(event('after'));
    expect(log.trouble).toBeUndefined();
    const entries = await all(log);
    expect(entries.map(({ what, subject, facts }) => [what, subject, facts])).toEqual([
      ['proxies.update', 'after', {}],
      ['log.gap', '', { missed: '5' }],
      ['proxies.update', 'before', {}],
    ]);
    expect(await log.verify()).toMatchObject({ state: 'whole', entries: 3 });
  });

  it('cuts off what a full disk has taken of an entry only in part', async () => {
    let isFull = false;
    const log = logOf({
      write: async (path, text) => {
        appendFileSync(path, isFull ? text.slice(0, 40) : text);
        if (isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      },
    });
    await log.append(event('before'));
    isFull = true;
    await log.append(event('lost'));
    expect(await log.verify()).toMatchObject({ state: 'cut', entries: 1 });
    isFull = false;
    await log.append(event('after'));
    expect((await all(log)).map(({ what }) => what)).toEqual([
      'proxies.update',
      'log.gap',
      'log.cut',
      'proxies.update',
    ]);
    expect(await log.verify()).toMatchObject({ state: 'whole' });
  });

  it('cannot be written where a file stands in the place of its folder, and harms nobody', async () => {
    writeFileSync(folder, '');
    const log = logOf();
    await log.append(event('a'));
    expect(log.trouble).toBeDefined();
    rmSync(folder);
    await log.append(event('b'));
    expect((await all(log)).map(({ what }) => what)).toEqual(['proxies.update', 'log.gap']);
  });

  it('tells after a restart what was taken from its end, and can never be whole again', async () => {
    await fill(logOf(), 5);
    const lines = readFileSync(live(), 'utf8').split('\n');
    writeFileSync(live(), `${lines.slice(0, 3).join('\n')}\n`);
    const log = logOf();
    await log.append(event('next'));
    expect(log.damage).toBe('it ends with entry 3, and the last one was 5');
    expect((await all(log)).map(({ seq, what }) => [seq, what])[1]).toEqual([6, 'log.damaged']);
    expect(await log.verify()).toMatchObject({ state: 'broken', entries: 3 });
  });

  it('takes an entry that a kill has left beyond the head', async () => {
    const log = logOf();
    await fill(log, 3);
    const head = readFileSync(join(folder, 'head.json'));
    await log.append(event('beyond'));
    writeFileSync(join(folder, 'head.json'), head);
    expect(await verifyFolder(folder, key, 0)).toMatchObject({ state: 'whole', entries: 4 });
    const again = logOf();
    await again.append(event('on'));
    expect(again.damage).toBeUndefined();
    expect(await again.verify()).toMatchObject({ state: 'whole', entries: 5 });
  });
});

describe('an exported log', () => {
  it('is checked with the key as a whole, and without it for its chain only', async () => {
    const log = logOf({ maxBytes: 4000, archives: 2 });
    await fill(log, 40);
    const file = join(folder, 'out.jsonl');
    await log.export(file);
    const check = (with_: Buffer | undefined) => verify({ files: [file], needsHead: true, key: with_, now: 0 });
    expect(await check(key)).toMatchObject({ state: 'whole', sealed: true, last: (await log.verify()).last });
    const open = await check(undefined);
    expect(open).toMatchObject({ state: 'whole', sealed: false });
    expect(verdictText(open)).toContain('Without the key');
    expect(await check(randomBytes(32))).toMatchObject({ state: 'broken', entries: 0 });
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.toSpliced(-3, 1).join('\n')}`);
    expect(await check(undefined)).toMatchObject({ state: 'broken' });
    writeFileSync(file, lines.slice(1).join('\n'));
    expect(await check(undefined)).toMatchObject({ state: 'broken', fault: expect.stringContaining('not the first') });
    writeFileSync(file, lines.slice(0, -2).join('\n'));
    expect(await check(undefined)).toMatchObject({
      state: 'broken',
      fault: expect.stringContaining('head is missing'),
    });
  });
});

/** Mulberry32: the same sequence for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const tamperings: Readonly<Record<string, (bytes: Buffer, random: (below: number) => number) => Buffer>> = {
  edit: (bytes, random) => {
    const changed = Buffer.from(bytes);
    const at = random(bytes.length);
    changed[at] = (bytes.readUInt8(at) + 1 + random(255)) % 256;
    return changed;
  },
  deletion: (bytes, random) => {
    const lines = bytes.toString('latin1').split('\n').slice(0, -1);
    lines.splice(random(lines.length), 1 + random(3));
    return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
  },
  reordering: (bytes, random) => {
    const lines = bytes.toString('latin1').split('\n').slice(0, -1);
    const [from, by] = [random(lines.length), 1 + random(lines.length - 1)];
    const [line = ''] = lines.splice(from, 1);
    lines.splice((from + by) % (lines.length + 1), 0, line);
    return Buffer.from(lines.map((one) => `${one}\n`).join(''), 'latin1');
  },
  truncation: (bytes, random) => bytes.subarray(0, random(bytes.length)),
};

describe('verification', () => {
  it.each([{ seed: 30 }, { seed: randomInt(2 ** 31) }])(
    'detects each of 1,000 random edits, deletions, reorderings and truncations (seed $seed)',
    async ({ seed }) => {
      const log = logOf({ maxBytes: 5000, archives: 3 });
      await fill(log, 30);
      const files = (await log.files()).map(({ path }) => path);
      expect(files.length).toBeGreaterThan(1);
      expect(await verifyFolder(folder, key, 0)).toMatchObject({ state: 'whole' });
      const random = randomOf(seed);
      const kinds = Object.keys(tamperings);
      const missed: string[] = [];
      for (let round = 0; round < 1000; round++) {
        const kind = kinds[round % kinds.length] ?? '';
        const path = files[random(files.length)] ?? '';
        const before = readFileSync(path);
        const after = tamperings[kind]?.(before, random) ?? before;
        if (after.equals(before)) throw new Error(`${kind} has changed nothing.`);
        writeFileSync(path, after);
        const { state } = await verifyFolder(folder, key, 0);
        if (state !== 'broken') missed.push(`${round} ${kind} ${path}: ${state}`);
        writeFileSync(path, before);
      }
      expect(missed).toEqual([]);
      expect(await verifyFolder(folder, key, 0)).toMatchObject({ state: 'whole' });
    },
    60_000,
  );

  it('detects a log rewritten from its beginning by somebody without the key, and a removed head', async () => {
    await fill(logOf(), 3);
    const head = readFileSync(join(folder, 'head.json'));
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    await fill(logOf({ key: () => randomBytes(32) }), 3);
    expect(await verifyFolder(folder, key, 0)).toMatchObject({ state: 'broken', entries: 0 });
    writeFileSync(join(folder, 'head.json'), head);
    expect(await verifyFolder(folder, undefined, 0)).toMatchObject({ state: 'broken' });
    rmSync(join(folder, 'head.json'));
    expect(await verifyFolder(folder, undefined, 0)).toMatchObject({
      state: 'broken',
      fault: expect.stringContaining('head'),
    });
  });

  it('says so where the last entry was not finished', async () => {
    await fill(logOf(), 3);
    appendFileSync(live(), '{"seq":4,"at":17');
    expect(await verifyFolder(folder, key, 0)).toMatchObject({ state: 'cut', entries: 3, last: 3 });
    truncateSync(live(), 0);
    expect(await verifyFolder(folder, key, 0)).toMatchObject({ state: 'broken' });
  });
});
