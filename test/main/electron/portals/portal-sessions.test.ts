import { EventEmitter } from 'node:events';
import type { Session } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const { made } = vi.hoisted(() => ({ made: [] as unknown[] }));
vi.mock('electron', () => ({
  session: {
    fromPartition: (partition: string) => {
      const one = new StandIn(partition);
      made.push(one);
      return one;
    },
  },
}));

const { originOf, PortalSessions } = await import('../../../../main/electron/portals/portal-sessions.ts');

type Answer = (answer: { cancel: boolean }) => void;

/** A session of Electron that notes what was done to it. */
class StandIn extends EventEmitter {
  readonly cleared: string[] = [];
  mayAsk: ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | undefined;
  has: (() => boolean) | undefined;
  gets: (() => boolean) | undefined;
  #before: ((details: { url: string }, answer: Answer) => void) | undefined;
  readonly webRequest = {
    onBeforeRequest: (listener: (details: { url: string }, answer: Answer) => void) => {
      this.#before = listener;
    },
  };
  readonly partition: string;

  constructor(partition: string) {
    super();
    this.partition = partition;
  }
  setPermissionRequestHandler(handler: typeof this.mayAsk): void {
    this.mayAsk = handler;
  }
  setPermissionCheckHandler(handler: typeof this.has): void {
    this.has = handler;
  }
  setDevicePermissionHandler(handler: typeof this.gets): void {
    this.gets = handler;
  }
  async clearData(): Promise<void> {
    this.cleared.push('data');
  }
  async clearAuthCache(): Promise<void> {
    this.cleared.push('logins');
  }
  allows(url: string): boolean {
    let isAllowed = true;
    this.#before?.({ url }, ({ cancel }) => {
      isAllowed = !cancel;
    });
    return isAllowed;
  }
}

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn() };
const origin = 'http://hmi.sluice.localhost:7431';
const hmi = { proxy: 'hmi', revision: '1.1', origin };
const standIn = (session: Session) => session as unknown as StandIn;

let sessions: InstanceType<typeof PortalSessions>;
beforeEach(() => {
  made.length = 0;
  sessions = new PortalSessions(log);
});

describe('the session of a portal', () => {
  it('is kept in memory only, and for this revision and this origin only', () => {
    const first = sessions.of(hmi);
    expect(sessions.of(hmi)).toBe(first);
    expect(standIn(first).partition).not.toContain('persist:');
    const edited = sessions.of({ ...hmi, revision: '1.2' });
    expect(edited).not.toBe(first);
    expect(standIn(first).cleared).toEqual(['data', 'logins']);
    const moved = sessions.of({ ...hmi, revision: '1.2', origin: 'http://hmi.sluice.localhost:9' });
    expect(moved).not.toBe(edited);
    expect(standIn(moved).partition).not.toBe(standIn(edited).partition);
    expect(originOf(moved)).toBe('http://hmi.sluice.localhost:9');
    expect(sessions.proxies).toEqual(['hmi']);
    sessions.forget('hmi');
    expect(standIn(moved).cleared).toEqual(['data', 'logins']);
    expect(sessions.proxies).toEqual([]);
  });

  it.each([
    [true, `${origin}/overview?a=1`],
    [true, 'ws://hmi.sluice.localhost:7431/ticks'],
    [true, 'data:image/png;base64,AAAA'],
    [true, `blob:${origin}/1234`],
    [false, 'http://hmi.sluice.localhost:7432/'],
    [false, 'http://other.sluice.localhost:7431/'],
    [false, 'http://hmi.sluice.localhost.evil.test:7431/'],
    [false, 'https://hmi.sluice.localhost:7431/'],
    [false, 'http://127.0.0.1:7420/v1/proxies'],
    [false, 'ws://127.0.0.1:7420/rpc'],
    [false, 'http://192.168.1.10/'],
    [false, 'sluice://app/index.html'],
    [false, 'file:///etc/passwd'],
    [false, 'ftp://hmi.sluice.localhost:7431/'],
    [false, 'not an address'],
  ])('says %s to a request for %s', (isAllowed, url) => {
    expect(standIn(sessions.of(hmi)).allows(url)).toBe(isAllowed);
  });

  it('grants nothing', () => {
    const its = standIn(sessions.of(hmi));
    const granted: boolean[] = [];
    for (const permission of ['media', 'geolocation', 'clipboard-read', 'openExternal', 'fullscreen']) {
      its.mayAsk?.({}, permission, (isGranted) => granted.push(isGranted));
    }
    expect(granted).toEqual([false, false, false, false, false]);
    expect(its.has?.()).toBe(false);
    expect(its.gets?.()).toBe(false);
  });

  it('asks where to save one download at a time', () => {
    const its = standIn(sessions.of(hmi));
    const download = () => {
      const item = Object.assign(new EventEmitter(), { setSaveDialogOptions: vi.fn() });
      const event = { preventDefault: vi.fn() };
      its.emit('will-download', event, item);
      return { item, isRefused: event.preventDefault.mock.calls.length > 0 };
    };
    const first = download();
    expect(first.isRefused).toBe(false);
    expect(first.item.setSaveDialogOptions).toHaveBeenCalledOnce();
    expect(download().isRefused).toBe(true);
    first.item.emit('updated', {}, 'progressing');
    const second = download();
    expect(second.isRefused).toBe(false);
    second.item.emit('done', {}, 'cancelled');
    expect(download().isRefused).toBe(false);
  });
});
