import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mostWorkers } from '../../../main/engine/room.ts';
import { mostThreads } from '../../../main/engine/spread/crew.ts';
import type { AgentInput } from '../../../shared/agent.ts';
import type { SettingsChange } from '../../../shared/settings.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { closeAll, connect, tcpTarget, unusedPort } from '../../support/sockets.ts';
import { contentsOf } from '../../support/store.ts';
import { watchThreads } from '../../support/threads.ts';
import { waitFor } from '../../support/wait.ts';

let here: TestGateway;
beforeEach(async () => {
  here = await startGateway();
});
afterEach(async () => {
  closeAll();
  await here.stop();
});

const update = (change: SettingsChange) => here.gateway.settings.update(change);
const listener = (transport: string) => here.gateway.hub.status().listeners.find((one) => one.transport === transport);
const refusal = async (change: SettingsChange) =>
  await update(change).then(
    () => 'accepted',
    ({ details }) => details.issues,
  );

describe('the doors of the hub', () => {
  const door = (port: number, address = '127.0.0.1') => ({ enabled: true, address, port });

  it('open and close with the settings, at once', async () => {
    const port = await unusedPort();
    await update({ hub: { tcp: door(port) } });
    expect(listener('tcp')).toMatchObject({ state: 'listening', port });
    await connect(port);
    await update({ hub: { tcp: { enabled: false } } });
    expect(listener('tcp')).toMatchObject({ state: 'off' });
    expect(here.gateway.settings.view.hub.tcp).toEqual({ ...door(port), enabled: false });
  });

  it('that meet each other or the control port are refused by their path', async () => {
    const [port, control] = [await unusedPort(), await unusedPort()];
    here.gateway.ownEndpoints.push({
      transport: 'tcp',
      address: '127.0.0.1',
      port: control,
      owner: 'the control port',
    });
    expect(await refusal({ hub: { tls: door(control, '0.0.0.0') } })).toEqual([
      { path: 'hub.tls.port', message: `Port ${control} is taken by the control port.` },
    ]);
    expect(await refusal({ hub: { tls: door(port), tcp: door(port, '0.0.0.0') } })).toEqual([
      { path: 'hub.tcp.port', message: `Port ${port} is taken by the TLS door.` },
    ]);
    expect(await refusal({ hub: { tcp: { ...door(control), enabled: false } } })).toBe('accepted');
    expect(listener('tls')).toMatchObject({ state: 'off' });
  });

  it('whose port another program holds say so and are tried again', async () => {
    const port = await tcpTarget(() => {});
    await update({ hub: { tcp: door(port) } });
    expect(listener('tcp')).toMatchObject({ state: 'fault', error: { code: 'PORT_IN_USE' } });
    expect(listener('tcp')?.error?.next).toMatch(/give the hub another port in the settings\.$/i);
    closeAll();
    await waitFor(() => listener('tcp')?.state === 'listening', 'the door to open');
  });

  it('whose port a proxy has name that proxy', async () => {
    const port = await unusedPort();
    const target = { type: 'address' as const, address: '10.0.0.7', port: 80 };
    await here.gateway.profiles.create({
      proxy: 'plc',
      name: 'PLC',
      config: { protocol: 'tcp', source: { port }, target },
    });
    await update({ hub: { tcp: door(port) } });
    expect(listener('tcp')?.error).toMatchObject({
      message: `Port ${port} is already taken by proxy plc.`,
      next: 'Give the hub another port in the settings.',
    });
  });

  it('are no target for pipes', async () => {
    const port = await unusedPort();
    await update({ hub: { tcp: door(port) } });
    const config = {
      protocol: 'tcp' as const,
      source: { port: await unusedPort() },
      target: { type: 'address' as const, address: 'localhost', port },
    };
    await expect(here.gateway.profiles.create({ proxy: 'loop', name: 'Loop', config })).rejects.toMatchObject({
      message: expect.stringContaining('is a port of Sluice itself (the IoTMP hub)'),
    });
  });
});

describe('upstream connections', () => {
  const CANARY = 'canary-51d0b7';
  const plant: AgentInput = { agent: 'plant', enabled: false, host: 'iot.example', user: 'alice', device: 'gw1' };
  const sealed = () => JSON.parse(readFileSync(join(here.folder, 'secrets.json'), 'utf8')).values;

  it('are stored with defaults, and their credentials apart, sealed', async () => {
    const { agents } = await update({ agents: [{ ...plant, credentials: CANARY }] });
    const profile = { ...plant, port: 25206, transport: 'tls', verify: 'system', allow: [] };
    expect(agents).toEqual([{ ...profile, hasCredentials: true }]);
    expect(here.gateway.settings.present.agents).toEqual([profile]);
    expect(Object.keys(sealed())).toEqual(['agent:plant']);
    expect(Object.values(contentsOf(here.folder)).join()).not.toContain(CANARY);
  });

  it('need credentials when they are new, and keep them when they are not', async () => {
    expect(await refusal({ agents: [plant] })).toEqual([
      { path: 'agents.0.credentials', message: 'Credentials are needed.' },
    ]);
    await update({ agents: [{ ...plant, credentials: CANARY }] });
    const before = sealed();
    await update({ agents: [{ ...plant, host: 'other.example', hasCredentials: true }] });
    expect(sealed()).toEqual(before);
    expect(await refusal({ agents: [plant, { ...plant, agent: 'b' }] })).toEqual([
      { path: 'agents.1.credentials', message: 'Credentials are needed.' },
    ]);
  });

  it('that are removed leave nothing behind', async () => {
    await update({ agents: [{ ...plant, credentials: CANARY }] });
    await update({ agents: [] });
    expect(sealed()).toEqual({});
  });

  it('that a kill left behind are removed at the next start', async () => {
    await update({
      agents: [
        { ...plant, credentials: CANARY },
        { ...plant, agent: 'b', credentials: CANARY },
      ],
    });
    const both = readFileSync(join(here.folder, 'secrets.json'), 'utf8');
    await update({ agents: [plant] });
    await here.gateway.stop({ deadlineMs: 0 });
    writeFileSync(join(here.folder, 'secrets.json'), both);
    here = await startGateway(here.folder);
    expect(Object.keys(sealed())).toEqual(['agent:plant']);
    expect(here.gateway.notices).toEqual([]);
  });

  it('whose stored credentials are damaged are told to a person at the start', async () => {
    await update({ agents: [{ ...plant, credentials: CANARY }] });
    await here.gateway.stop({ deadlineMs: 0 });
    writeFileSync(join(here.folder, 'secrets.json'), JSON.stringify({ schema: 1, values: { 'agent:plant': 'AAAA' } }));
    here = await startGateway(here.folder);
    expect(here.gateway.notices).toMatchObject([
      { code: 'SECRETS_UNREADABLE', message: expect.stringContaining('agent:plant') },
    ]);
  });
});

describe('threads for connections', () => {
  const most = mostThreads();

  it.skipIf(most === mostWorkers)('are refused beyond what this PC can have, in words', async () => {
    const [issue] = await refusal({ limits: { workers: 16 } });
    expect(issue).toMatchObject({ path: 'limits.workers', message: expect.stringMatching(/use (at most \d+|0\..*)/) });
    expect(here.gateway.settings.view.limits.workers).toBe(0);
  });

  it.skipIf(most === 0)('serve from the next start on', async () => {
    await update({ limits: { workers: most } });
    await here.gateway.stop({ deadlineMs: 0 });
    const watched = watchThreads();
    const again = await startGateway(here.folder);
    expect(watched.threads).toHaveLength(most);
    await again.stop();
    watched.restore();
  });
});
