import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../main/access/token.ts';
import { Access, type SessionEvent } from '../../../main/api/access.ts';
import { ChangeQueue } from '../../../main/api/change-queue.ts';
import { Seat } from '../../../main/api/seat.ts';
import { AccessFile } from '../../../main/store/access-file.ts';

const MINUTE_MS = 60_000;
const ada = { name: 'ada', role: 'administrator', rights: ['capture'], password: 'correct horse' } as const;
const tom = { name: 'tom', role: 'technician', rights: [], password: 'battery staple' } as const;

let folder: string;
let now: number;
let events: SessionEvent[];
let access: Access;

function open(): Access {
  const onSession = (event: SessionEvent) => events.push(event);
  const made = new Access({
    file: new AccessFile(folder),
    changes: new ChangeQueue(),
    renewControlToken: () => 'renewed',
    onSession,
    now: () => now,
  });
  made.controlToken = 'control';
  made.open();
  return made;
}
const copy = <T extends { rights: readonly unknown[] }>(input: T) => ({ ...input, rights: [...input.rights] }) as never;
const page = (session?: string) => Seat.of(access, 'control', 'page', session) as Seat;
const logIn = (name: string, password: string) => access.logIn({ name, password, minutes: null });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-access-'));
  now = 1_000_000;
  events = [];
  access = open();
});
afterEach(() => {
  access.stop();
  rmSync(folder, { recursive: true });
});

describe('passwords', () => {
  it('are kept as scrypt hashes with their own salt, in a private file, over a restart', async () => {
    await access.createUser(copy(ada));
    await access.createUser(copy({ ...ada, name: 'eve' }));
    const path = join(folder, 'access.json');
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(ada.password);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const hashes = text.match(/scrypt\$131072\$8\$1\$[\w-]{22}\$[\w-]{43}/g) ?? [];
    expect(new Set(hashes).size).toBe(2);
    access = open();
    await expect(logIn('ada', ada.password)).resolves.toMatch(/^[\w-]{43}$/);
    await expect(logIn('ada', 'wrong password')).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
    await expect(logIn('nobody', ada.password)).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  it('of 200 parallel guesses five are looked at, and the right one waits as well', async () => {
    await access.createUser(copy(ada));
    const guesses = Array.from({ length: 200 }, (_, index) => logIn('ada', `guess number ${index}`));
    const codes = (await Promise.allSettled(guesses)).map((one) => one.status === 'rejected' && one.reason.code);
    expect(codes.filter((code) => code === 'LOGIN_REFUSED')).toHaveLength(5);
    expect(codes.filter((code) => code === 'LOGIN_DELAYED')).toHaveLength(195);
    await expect(logIn('ada', ada.password)).rejects.toMatchObject({ code: 'LOGIN_DELAYED', details: { seconds: 30 } });
    now += 30_000;
    await expect(logIn('ada', ada.password)).resolves.toBeTypeOf('string');
    expect(events.map(({ type }) => type)).toContain('failed');
  }, 30_000);

  it('locks pages where the file of users is damaged, and lets programs make a new administrator', async () => {
    writeFileSync(join(folder, 'access.json'), '{"users":');
    access = open();
    expect(page().view.state).toBe('locked');
    expect(Seat.of(access, 'control', 'program')?.identity?.role).toBe('administrator');
    await access.createUser(copy(ada));
    await page().unlock({ name: 'ada', password: ada.password, minutes: null });
  });
});

it('lets nobody in with an empty token, also where there is none', () => {
  access.controlToken = '';
  for (const use of ['program', 'page', 'watcher'] as const) expect(Seat.of(access, '', use)).toBeUndefined();
});

it('gives pages a token of their own, which is none for programs and ends with the control token', () => {
  const { pageToken } = page();
  expect(pageToken).toMatch(/^[\w-]{43}$/);
  const kept = Seat.of(access, pageToken, 'page');
  expect(kept?.view.state).toBe('unguarded');
  for (const use of ['program', 'watcher'] as const) expect(Seat.of(access, pageToken, use)).toBeUndefined();
  access.controlToken = 'another';
  expect(Seat.of(access, pageToken, 'page')).toBeUndefined();
  expect([kept?.identity, kept?.isLocked]).toEqual([null, false]);
});

it('opens a page for a user who has no control token, and locks and unlocks it', async () => {
  await access.createUser(copy(ada));
  const login = { name: 'ada', password: ada.password, minutes: null };
  const seat = Seat.of(access, await access.logIn(login), 'page');
  expect(seat?.view).toMatchObject({ state: 'unlocked', name: 'ada' });
  expect(seat?.pageToken).toBe(page().pageToken);
  seat?.lock();
  expect(seat?.view.state).toBe('locked');
  await seat?.unlock(login);
  expect(seat?.view.name).toBe('ada');
});

describe('a page with the control token', () => {
  it('is administrator until there is a password, and locked from then on', async () => {
    const seat = page();
    expect(seat.view).toMatchObject({ state: 'unguarded', role: 'administrator' });
    await access.createUser(copy(ada));
    expect(seat.identity).toBeNull();
    expect(seat.view).toMatchObject({ state: 'locked', name: null, role: null });
    const session = await seat.unlock({ name: 'ada', password: ada.password, minutes: null });
    expect(seat.view).toMatchObject({ state: 'unlocked', name: 'ada', role: 'administrator', rights: ['capture'] });
    expect(page(session).view.name).toBe('ada');
    expect(page('another').view.state).toBe('locked');
    seat.lock();
    expect(page(session).view.state).toBe('locked');
    expect(Seat.of(access, 'control', 'program')?.identity?.role).toBe('administrator');
    expect(Seat.of(access, 'control', 'watcher')?.identity?.role).toBe('viewer');
    expect(events.map(({ type, user }) => `${type} ${user}`)).toEqual(['unlocked ada', 'locked ada']);
  });

  it('locks when nobody is there, unless somebody is', async () => {
    await access.createUser(copy(ada));
    const seat = page();
    await seat.unlock({ name: 'ada', password: ada.password, minutes: null });
    now += 9 * MINUTE_MS;
    seat.touch();
    now += 9 * MINUTE_MS;
    expect(seat.isLocked).toBe(false);
    now += MINUTE_MS;
    expect(seat.isLocked).toBe(true);
    seat.touch();
    expect(seat.isLocked).toBe(true);
  });

  it('is lent to an administrator and given back when the time is over or by hand', async () => {
    await access.createUser(copy(ada));
    await access.createUser(copy(tom));
    const seat = page();
    await seat.unlock({ name: 'tom', password: tom.password, minutes: null });
    await seat.unlock({ name: 'ada', password: ada.password, minutes: 5 });
    expect(seat.view).toMatchObject({ name: 'ada', under: 'tom' });
    now += 5 * MINUTE_MS;
    expect(seat.view).toMatchObject({ name: 'tom', under: null });
    await seat.unlock({ name: 'ada', password: ada.password, minutes: null });
    seat.lock();
    expect(seat.view.name).toBe('tom');
    seat.lock();
    expect(seat.view.state).toBe('locked');
  });

  it('follows what becomes of its user at once', async () => {
    await access.createUser(copy(ada));
    await access.createUser(copy(tom));
    const seat = page();
    await seat.unlock({ name: 'tom', password: tom.password, minutes: null });
    const stop = new AbortController();
    const views = seat.follow(stop.signal);
    expect((await views.next()).value).toMatchObject({ name: 'tom', role: 'technician' });
    await access.updateUser('tom', { role: 'viewer' });
    expect((await views.next()).value).toMatchObject({ role: 'viewer' });
    await access.removeUser('tom');
    expect((await views.next()).value).toMatchObject({ state: 'locked', role: null });
    const last = views.next();
    stop.abort();
    expect((await last).done).toBe(true);
  });

  it('is nobody after the control token was renewed', () => {
    const seat = page();
    access.renewControlToken();
    expect(seat.identity).toBeNull();
    expect(seat.isLocked).toBe(false);
    expect(Seat.of(access, 'renewed', 'program')?.identity).not.toBeNull();
  });
});

describe('users', () => {
  it('begin with an administrator, and never lose the last one', async () => {
    await expect(access.createUser(copy(tom))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await access.createUser(copy(ada));
    await expect(access.createUser(copy(ada))).rejects.toMatchObject({ code: 'USER_EXISTS' });
    await expect(access.removeUser('ada')).rejects.toMatchObject({ code: 'LAST_ADMINISTRATOR' });
    await expect(access.updateUser('ada', { role: 'viewer' })).rejects.toMatchObject({ code: 'LAST_ADMINISTRATOR' });
    await expect(access.removeUser('tom')).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
  });

  it('change their password with the one they have, which ends their sessions', async () => {
    await access.createUser(copy(ada));
    const session = await logIn('ada', ada.password);
    await expect(access.changePassword('ada', 'wrong', 'another password')).rejects.toMatchObject({
      code: 'LOGIN_REFUSED',
    });
    await access.changePassword('ada', ada.password, 'another password');
    expect(access.sessions.find(digestOf(session))).toBeUndefined();
    await expect(logIn('ada', 'another password')).resolves.toBeTypeOf('string');
  });
});

describe('tokens of programs', () => {
  it('are shown once, kept as digests, end on their day and by revoking', async () => {
    const { token } = await access.createToken({ name: 'backup', role: 'viewer', rights: [], days: 1 });
    expect(readFileSync(join(folder, 'access.json'), 'utf8')).not.toContain(token);
    const seat = Seat.of(access, token, 'program') as Seat;
    expect(seat.identity).toMatchObject({ name: 'backup', role: 'viewer' });
    now += 24 * 60 * MINUTE_MS;
    expect(seat.identity).toBeNull();
    const other = await access.createToken({ name: 'site', role: 'technician', rights: [], days: null });
    const second = Seat.of(access, other.token, 'program') as Seat;
    expect(second.identity?.role).toBe('technician');
    await access.revokeToken('site');
    expect(second.identity).toBeNull();
    await expect(access.revokeToken('site')).rejects.toMatchObject({ code: 'TOKEN_NOT_FOUND' });
  });
});
