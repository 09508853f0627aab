import { call } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../../main/access/identity.ts';
import { api, authorize } from '../../../main/api/base.ts';
import type { ApiContext, GatewayParts } from '../../../main/api/context.ts';
import { router } from '../../../main/api/router.ts';
import { type Role, roles } from '../../../shared/contract/procedure.ts';
import { contract } from '../../../shared/contract.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { unusedPort } from '../../support/sockets.ts';

let here: TestGateway;

beforeEach(async () => {
  here = await startGateway();
});
afterEach(() => here.stop());

const as = (role: Role | null): { context: ApiContext } => ({
  context: { identity: role && { name: role, role, rights: [] }, gateway: here.gateway },
});
const config = (port: number) => ({
  protocol: 'udp' as const,
  source: { port },
  target: { type: 'address' as const, address: 'plc', port: 9 },
});

describe('roles', () => {
  const procedures = Object.values(contract).flatMap((group) => Object.values(group));

  it('are declared by every procedure', () => {
    const forgotten = procedures.filter((procedure) => procedure['~orpc'].meta.role === 'nobody');
    expect(forgotten).toEqual([]);
  });

  it('include the ones below, and nobody may do what no role was declared for', () => {
    for (const needed of roles) {
      for (const has of roles) {
        const attempt = () => authorize({ name: has, role: has, rights: [] }, { role: needed });
        if (roles.indexOf(has) >= roles.indexOf(needed)) expect(attempt).not.toThrow();
        else expect(attempt).toThrow('Your role does not allow this.');
      }
      expect(() => authorize(null, { role: needed })).toThrow('This needs a valid token.');
    }
    const administrator = { name: 'a', role: 'administrator', rights: [] } as const;
    expect(() => authorize(administrator, { role: 'nobody' })).toThrow('Your role does not allow this.');
  });

  it('do not hold the right to see payload, which is given apart', () => {
    const needed = { role: 'technician', right: 'capture' } as const;
    const attempt = (has: Partial<Identity>) => () =>
      authorize({ name: 'a', role: 'administrator', rights: [], ...has }, needed);
    expect(attempt({})).toThrow('Your role does not allow this.');
    expect(attempt({ rights: ['capture'], role: 'viewer' })).toThrow('Your role does not allow this.');
    expect(attempt({ rights: ['capture'] })).not.toThrow();
    const guarded = Object.entries(contract.captures).filter(
      ([
        ,
        {
          '~orpc': { meta },
        },
      ]) => meta.right === 'capture',
    );
    expect(guarded.map(([name]) => name)).toEqual(Object.keys(contract.captures).filter((name) => name !== 'list'));
  });

  it('are checked before anything else is looked at', async () => {
    await expect(call(router.proxies.list, undefined, as(null))).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(call(router.proxies.list, undefined, as('viewer'))).resolves.toEqual([]);
    const bad = { proxy: 'not an id' } as never;
    await expect(call(router.proxies.create, bad, as('viewer'))).rejects.toMatchObject({
      code: 'FORBIDDEN',
      status: 403,
    });
  });
});

describe('a technician', () => {
  it('may open a disabled proxy for a time and is named with it, but may not change what it leads to', async () => {
    const port = await unusedPort();
    await here.gateway.profiles.create({ proxy: 'plc', name: 'PLC', enabled: false, config: config(port) });
    const input = { params: { proxy: 'plc' }, body: { minutes: 30 } };
    await expect(call(router.proxies.openFor, input, as('viewer'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await call(router.proxies.openFor, input, as('technician'))).toMatchObject({
      state: 'listening',
      lease: { kind: 'time', by: 'technician' },
    });
    const change = { params: { proxy: 'plc' }, body: { tags: ['mine'] } };
    await expect(call(router.proxies.update, change, as('technician'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await call(router.proxies.endLease, { proxy: 'plc' }, as('technician'))).toMatchObject({
      state: 'disabled',
    });
    expect(await call(router.templates.list, undefined, as('viewer'))).not.toEqual([]);
    const template = { template: 'x', name: 'X', settings: { protocol: 'tcp' as const, targetPort: 1 } };
    await expect(call(router.templates.create, template, as('technician'))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('faults', () => {
  it('carry status, words and next step from the catalogue', async () => {
    await expect(call(router.proxies.get, { proxy: 'no' }, as('viewer'))).rejects.toMatchObject({
      code: 'PROXY_NOT_FOUND',
      status: 404,
      defined: true,
      message: 'There is no proxy with the ID no.',
      data: { next: 'Look at the list of proxies; it may have been removed.', details: { proxy: 'no' } },
    });
  });

  it('name refused fields by their path in the body', async () => {
    const input = { params: { proxy: 'x' }, body: { config: { ...config(0), extra: 1 } } };
    await expect(call(router.proxies.update, input, as('administrator'))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: 'config.source.port: Use a port from 1 to 65535. (and 1 more)',
      data: {
        details: {
          issues: [
            { path: 'config.source.port', message: 'Use a port from 1 to 65535.' },
            { path: 'config.extra', message: 'The field "extra" is not known here.' },
          ],
        },
      },
    });
  });

  it('that are mistakes of Sluice go to the log with their stack and tell the caller nothing', async () => {
    const logged: object[] = [];
    const log = { info: () => {}, warn: () => {}, error: (fields: object) => logged.push(fields) };
    const broken = api.gateway.status.handler(() => {
      throw new Error('password=hunter2 in /srv');
    });
    const gateway = { started: Promise.resolve(), log } as unknown as GatewayParts;
    const attempt = call(broken, undefined, {
      context: { identity: { name: 'v', role: 'viewer', rights: [] }, gateway },
    });
    const error = await attempt.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'INTERNAL', status: 500, data: { details: {} } });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(logged).toMatchObject([{ err: { message: 'password=hunter2 in /srv' } }]);
  });
});

describe('the answers', () => {
  it('to a list leave the configuration out and tell the state', async () => {
    const port = await unusedPort();
    await call(router.proxies.create, { proxy: 'a', name: 'A', config: config(port) }, as('administrator'));
    const [entry] = await call(router.proxies.list, undefined, as('viewer'));
    expect(entry).toMatchObject({ proxy: 'a', status: { state: 'listening', source: { port } } });
    expect(entry).not.toHaveProperty('config');
  });

  it('about the gateway count proxies by state, pipes and bytes', async () => {
    await call(
      router.proxies.create,
      { proxy: 'a', name: 'A', config: config(await unusedPort()) },
      as('administrator'),
    );
    expect(await call(router.gateway.status, undefined, as('viewer'))).toMatchObject({
      host: 'headless',
      stopped: false,
      profiles: { listening: 1, disabled: 0, fault: 0 },
      pipes: 0,
      flows: 0,
      bytes: { received: 0, sent: 0 },
      notices: [],
    });
  });

  it('about ports find a free one, say who has a taken one, and list the addresses of this PC', async () => {
    const port = await unusedPort();
    await call(router.proxies.create, { proxy: 'a', name: 'A', config: config(port) }, as('administrator'));
    const choice = { address: '127.0.0.1', protocol: 'udp' as const };
    expect(await call(router.ports.check, { ...choice, port }, as('viewer'))).toMatchObject({
      free: false,
      error: { code: 'PORT_IN_USE', message: `Port ${port} is already taken by proxy a.` },
    });
    expect(await call(router.ports.check, { ...choice, port, proxy: 'a' }, as('viewer'))).toMatchObject({ free: true });
    const free = await call(router.ports.free, choice, as('viewer'));
    expect(free.port).toBeGreaterThanOrEqual(50_000);
    expect(await call(router.addresses.list, undefined, as('viewer'))).toContainEqual(
      expect.objectContaining({ address: '127.0.0.1', family: 'ipv4', loopback: true }),
    );
  });

  it('are held back until the gateway has started', async () => {
    await here.gateway.stop({ deadlineMs: 0 });
    const later = await startGateway(here.folder, { start: false });
    later.gateway.open();
    const answer = call(router.proxies.list, undefined, {
      context: { identity: { name: 'a', role: 'viewer', rights: [] }, gateway: later.gateway },
    });
    await later.gateway.start();
    await expect(answer).resolves.toEqual([]);
    await later.stop();
  });

  it('to unknown pipes say that there is none', async () => {
    for (const procedure of [router.pipes.get, router.pipes.kill]) {
      await expect(call(procedure, { pipe: 'p99' }, as('technician'))).rejects.toMatchObject({
        code: 'PIPE_NOT_FOUND',
      });
    }
  });

  it('follow changes: a snapshot first and then what happens', async () => {
    const stop = new AbortController();
    const events = await call(router.gateway.events, undefined, { ...as('viewer'), signal: stop.signal });
    expect((await events.next()).value).toMatchObject({ type: 'snapshot', proxies: [], notices: [] });
    const input = { proxy: 'new', name: 'New', config: config(await unusedPort()) };
    await call(router.proxies.create, input, as('administrator'));
    expect((await events.next()).value).toMatchObject({
      type: 'proxy.changed',
      proxy: { proxy: 'new', status: { state: 'listening' } },
    });
    await call(router.settings.update, { siteName: 'North' }, as('administrator'));
    expect((await events.next()).value).toMatchObject({ type: 'settings.changed', settings: { siteName: 'North' } });
    await call(router.proxies.remove, { proxy: 'new' }, as('administrator'));
    expect((await events.next()).value).toEqual({ type: 'proxy.removed', proxy: 'new' });
    stop.abort();
    expect((await events.next()).done).toBe(true);
  });
});
