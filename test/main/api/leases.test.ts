import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeQueue } from '../../../main/api/change-queue.ts';
import { type EndedLease, Leases } from '../../../main/api/leases.ts';
import { LeaseFile } from '../../../main/store/lease-file.ts';
import { Store } from '../../../main/store/store.ts';
import type { ProxyProfile } from '../../../shared/proxy.ts';
import type { ProxyStatus } from '../../../shared/status.ts';
import { silentLog } from '../../support/engine.ts';
import { configOfRevision, sampleProfile } from '../../support/sample-config.ts';
import { NOW } from '../../support/sample-proxy.ts';
import { temporaryFolder } from '../../support/store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The gateway as leases see it: a real store, and an engine that remembers what it was told. */
class Site {
  readonly folder: string;
  readonly ended: EndedLease[] = [];
  readonly changed: string[] = [];
  pipes = { open: 0, total: 0, failed: 0 };
  leases: Leases;
  readonly store: Store;
  readonly #told = new Map<string, boolean>();

  constructor(folder: string, profiles?: readonly ProxyProfile[]) {
    this.folder = folder;
    this.store = new Store(folder);
    this.store.open();
    if (profiles) this.store.save({ ...configOfRevision(1), proxies: profiles });
    this.leases = new Leases({
      store: this.store,
      engine: {
        has: () => true,
        status: () => ({ pipes: this.pipes }) as unknown as ProxyStatus,
        replace: async ({ proxy, enabled }) => {
          this.#told.set(proxy, enabled);
        },
      },
      changes: new ChangeQueue(),
      file: new LeaseFile(folder),
      onChanged: (proxy) => this.changed.push(proxy),
      onEnded: (ended) => this.ended.push(ended),
      log: silentLog,
    });
    this.leases.open();
    for (const profile of this.store.config.proxies) this.#told.set(profile.proxy, this.leases.asRun(profile).enabled);
  }

  isOpen(proxy = 'plc'): boolean | undefined {
    return this.#told.get(proxy);
  }

  profile(proxy = 'plc'): ProxyProfile {
    const found = this.store.config.proxies.find((one) => one.proxy === proxy);
    if (!found) throw new Error(`No ${proxy}.`);
    return found;
  }

  get lease() {
    return this.leases.status(this.profile()).lease;
  }

  get schedule() {
    return this.leases.status(this.profile()).schedule;
  }

  /** As after a power cut: nothing is saved any more. */
  again(): Site {
    this.leases.stop();
    this.store.close();
    return new Site(this.folder);
  }
}

const closed = { ...sampleProfile('plc'), enabled: false };
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** Somebody, or a time server, sets the clock. */
const setClock = (ms: number) => vi.setSystemTime(Date.now() + ms);

let site: Site;
beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  site.leases.stop();
  site.store.close();
  vi.useRealTimers();
});

describe('a lease of a time', () => {
  beforeEach(() => {
    site = new Site(temporaryFolder(), [closed]);
  });

  it('opens a disabled proxy, says until when and by whom, and closes it to the second', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    expect(site.isOpen()).toBe(true);
    expect(site.lease).toEqual({ kind: 'time', since: NOW, until: NOW + 30 * MINUTE, by: 'alice' });
    await pass(30 * MINUTE - 1000);
    expect(site.isOpen()).toBe(true);
    await pass(1000);
    expect(site.isOpen()).toBe(false);
    expect(site.lease).toBeUndefined();
    expect(site.ended).toEqual([
      { proxy: 'plc', kind: 'time', since: NOW, until: NOW + 30 * MINUTE, by: 'alice', why: 'time', ended: Date.now() },
    ]);
    expect(site.changed).toContain('plc');
  });

  it('gives an end to a proxy that was open without one', async () => {
    site.store.save({ ...site.store.config, proxies: [{ ...closed, enabled: true }] });
    await site.leases.lend('plc', { until: NOW + HOUR }, 'alice');
    expect(site.profile().enabled).toBe(false);
    expect(site.leases.asShown(site.profile()).enabled).toBe(true);
    await pass(HOUR);
    expect(site.isOpen()).toBe(false);
  });

  it('is extended by what is asked for, and keeps its beginning', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    await pass(20 * MINUTE);
    await site.leases.lend('plc', { minutes: 30, extend: true }, 'bob');
    expect(site.lease).toEqual({ kind: 'time', since: NOW, until: NOW + HOUR, by: 'bob' });
    await pass(40 * MINUTE - 1);
    expect(site.isOpen()).toBe(true);
    await pass(1);
    expect(site.isOpen()).toBe(false);
  });

  it('ends when told to, without an event, or leaves the proxy open for good', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    await site.leases.end('plc', { stays: false });
    expect(site.isOpen()).toBe(false);
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    await site.leases.end('plc', { stays: true });
    await pass(DAY);
    expect(site.isOpen()).toBe(true);
    expect(site.profile().enabled).toBe(true);
    expect(site.ended).toEqual([]);
    await expect(site.leases.end('plc', { stays: true })).rejects.toMatchObject({ code: 'LEASE_NOT_FOUND' });
  });

  it.each([
    [{ until: NOW - 1 }, 'BAD_REQUEST'],
    [{ until: NOW + 8 * DAY }, 'BAD_REQUEST'],
    [{ minutes: 5, extend: true }, 'LEASE_NOT_FOUND'],
  ])('is refused where it makes no sense: %j', async (wish, code) => {
    await expect(site.leases.lend('plc', wish, 'alice')).rejects.toMatchObject({ code });
    expect(site.isOpen()).toBe(false);
  });

  it('survives a restart with what is left of it', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    await pass(10 * MINUTE);
    site = site.again();
    expect(site.isOpen()).toBe(true);
    expect(site.lease).toEqual({ kind: 'time', since: NOW, until: NOW + 30 * MINUTE, by: 'alice' });
    await pass(20 * MINUTE);
    expect(site.isOpen()).toBe(false);
  });

  it('that ended stays ended after a power cut, and one whose time passed meanwhile is told of', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    await pass(30 * MINUTE);
    setClock(-20 * MINUTE);
    site = site.again();
    expect(site.isOpen()).toBe(false);
    expect(readFileSync(join(site.folder, 'leases.json'), 'utf8')).toBe('{}\n');

    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    site.leases.stop();
    setClock(HOUR);
    site = site.again();
    expect(site.isOpen()).toBe(false);
    expect(site.ended).toMatchObject([{ proxy: 'plc', by: 'alice', why: 'time' }]);
  });

  it('is closed rather than prolonged where the clock says after a restart that it has not begun', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    setClock(-DAY);
    site = site.again();
    expect(site.isOpen()).toBe(false);
    expect(site.ended).toMatchObject([{ why: 'clock' }]);
  });

  it('lasts no longer when the clock is put back by a day, and says when it ends by the new one', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    await pass(10 * MINUTE);
    setClock(-DAY);
    await pass(5000);
    expect(site.lease).toMatchObject({ until: NOW + 30 * MINUTE - DAY });
    await pass(20 * MINUTE - 5001);
    expect(site.isOpen()).toBe(true);
    await pass(1);
    expect(site.isOpen()).toBe(false);
  });

  it('is over when the clock is put on beyond its end, as after the sleep of a PC', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    await pass(MINUTE);
    setClock(DAY);
    await pass(5000);
    expect(site.isOpen()).toBe(false);
    expect(site.ended).toMatchObject([{ why: 'time' }]);
  });

  it('that is damaged on the disk leaves the proxy closed', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    const { folder } = site;
    writeFileSync(join(folder, 'leases.json'), '{"plc":{"kind":"time"');
    site = site.again();
    expect(site.isOpen()).toBe(false);
  });
});

describe('a lease until the client leaves', () => {
  beforeEach(async () => {
    site = new Site(temporaryFolder(), [closed]);
    site.pipes = { open: 0, total: 7, failed: 2 };
    await site.leases.lend('plc', { untilClientLeaves: true }, 'alice');
  });

  it('waits half an hour for a client, and says so', async () => {
    expect(site.lease).toEqual({ kind: 'client', since: NOW, until: NOW + 30 * MINUTE, by: 'alice' });
    await pass(30 * MINUTE);
    expect(site.isOpen()).toBe(false);
    expect(site.ended).toMatchObject([{ kind: 'client', why: 'nobody_came' }]);
  });

  it('has no end while the client is there, and ends 5 s after the last connection', async () => {
    site.pipes = { open: 1, total: 8, failed: 2 };
    await pass(5 * HOUR);
    expect(site.isOpen()).toBe(true);
    expect(site.lease).toMatchObject({ until: null });
    site.pipes = { open: 0, total: 8, failed: 2 };
    await pass(3000);
    site.pipes = { open: 1, total: 9, failed: 2 };
    await pass(10_000);
    expect(site.isOpen()).toBe(true);
    site.pipes = { open: 0, total: 9, failed: 2 };
    await pass(4000);
    expect(site.isOpen()).toBe(true);
    await pass(2000);
    expect(site.isOpen()).toBe(false);
    expect(site.ended).toMatchObject([{ why: 'client_left' }]);
  });

  it('sees a client that came and went between two looks, but not one that never reached the target', async () => {
    site.pipes = { open: 0, total: 9, failed: 4 };
    await pass(MINUTE);
    expect(site.isOpen()).toBe(true);
    site.pipes = { open: 0, total: 10, failed: 4 };
    await pass(7000);
    expect(site.isOpen()).toBe(false);
  });
});

describe('a schedule', () => {
  const work = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '15:00', to: '16:00' } as const;
  const planned = { ...closed, schedule: { ...work, days: [...work.days] } };

  /** NOW is 14:00. */
  beforeEach(() => {
    site = new Site(temporaryFolder(), [planned]);
  });

  it('opens and closes by the clock, day after day, and says until when', async () => {
    expect(site.isOpen()).toBe(false);
    expect(site.schedule).toEqual({ open: false, until: NOW + HOUR, overruled: false });
    await pass(HOUR);
    expect(site.isOpen()).toBe(true);
    expect(site.schedule).toEqual({ open: true, until: NOW + 2 * HOUR, overruled: false });
    await pass(HOUR);
    expect(site.isOpen()).toBe(false);
    setClock(23 * HOUR);
    await pass(5000);
    expect(site.isOpen()).toBe(true);
  });

  it('follows a clock that is set, forward and back', async () => {
    setClock(DAY + 90 * MINUTE);
    await pass(5000);
    expect(site.isOpen()).toBe(true);
    setClock(-2 * DAY - 2 * HOUR);
    await pass(5000);
    expect(site.isOpen()).toBe(false);
  });

  it('lets a lease open the proxy in between, and rules again after it', async () => {
    await site.leases.lend('plc', { minutes: 30 }, 'alice');
    expect(site.isOpen()).toBe(true);
    await pass(30 * MINUTE);
    expect(site.isOpen()).toBe(false);
    await pass(30 * MINUTE);
    expect(site.isOpen()).toBe(true);
    await site.leases.lend('plc', { minutes: 90 }, 'alice');
    await pass(HOUR);
    expect(site.isOpen()).toBe(true);
    await pass(30 * MINUTE);
    expect(site.isOpen()).toBe(false);
  });

  it('gives way to somebody who ends a lease, until its next change', async () => {
    await pass(HOUR);
    await site.leases.lend('plc', { minutes: 10 }, 'alice');
    await site.leases.end('plc', { stays: false });
    expect(site.isOpen()).toBe(false);
    expect(site.schedule).toMatchObject({ open: true, overruled: true });
    site = site.again();
    expect(site.isOpen()).toBe(false);
    setClock(DAY);
    await pass(5000);
    expect(site.isOpen()).toBe(true);
  });
});

it('of a site without any of this leaves no file and no timer', () => {
  site = new Site(temporaryFolder(), [closed]);
  expect(vi.getTimerCount()).toBe(0);
  expect(() => readFileSync(join(site.folder, 'leases.json'))).toThrow('ENOENT');
});

it('shows a lease in no view of another proxy', async () => {
  site = new Site(temporaryFolder(), [closed, { ...closed, proxy: 'hmi' }]);
  await site.leases.lend('hmi', { minutes: 1 }, 'alice');
  expect(site.lease).toBeUndefined();
  expect([site.isOpen(), site.isOpen('hmi')]).toEqual([false, true]);
});
