import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Agents } from '../../../main/iotmp/agents.ts';
import { profileOf } from '../../support/agent.ts';
import { silentLog } from '../../support/engine.ts';
import { leakCheck } from '../../support/leak-check.ts';
import { ScriptedServer } from '../../support/scripted-server.ts';
import { closeAll } from '../../support/sockets.ts';
import { waitFor } from '../../support/wait.ts';

describe('the upstream connections', () => {
  let noLeaks: () => Promise<void>;
  let server: ScriptedServer;
  let agents: Agents;
  let secrets: Map<string, string>;
  let changes: number;
  beforeEach(async () => {
    noLeaks = leakCheck();
    server = await ScriptedServer.start();
    secrets = new Map([
      ['one', 's3cret-one'],
      ['two', 's3cret-two'],
    ]);
    changes = 0;
    agents = new Agents({
      credentialsOf: (agent) => secrets.get(agent),
      version: '1.2.3',
      log: silentLog,
      onChanged: () => {
        changes += 1;
      },
      ownerOf: () => undefined,
      limits: { firstRetryMs: 20, longestRetryMs: 20 },
    });
  });
  afterEach(async () => {
    await agents.stop();
    closeAll();
    await noLeaks();
  });

  const profile = (agent: string, wish = {}) => profileOf(server.port, { agent, device: agent, ...wish });
  const states = () => agents.list().map(({ agent, state }) => `${agent} ${state}`);
  const online = (...wanted: string[]) =>
    waitFor(() => wanted.every((agent) => states().includes(`${agent} online`)), `${wanted.join(', ')} to be online`);

  async function welcome(number: number): Promise<string> {
    const visit = await server.visit(number);
    await visit.greeted();
    const { payload } = visit.heard[0] ?? {};
    await visit.welcome();
    return String((payload as string[])[1]);
  }

  it('are made as the settings say, in their order, each with its own credentials', async () => {
    agents.apply([profile('two'), profile('one'), profile('off', { enabled: false })]);
    expect(states()).toEqual(['two connecting', 'one connecting', 'off disabled']);
    expect([await welcome(1), await welcome(2)].sort()).toEqual(['one', 'two']);
    await online('one', 'two');
    expect(changes).toBeGreaterThanOrEqual(3);
  });

  it('stay as they are where nothing of them changed', async () => {
    agents.apply([profile('one'), profile('two')]);
    await welcome(1);
    await welcome(2);
    await online('one', 'two');
    const { since } = agents.list()[0] ?? {};
    agents.apply([profile('two', { allow: ['10.0.0.1:80'] }), profile('one')]);
    expect(await welcome(3)).toBe('two');
    await online('one', 'two');
    expect(states()).toEqual(['two online', 'one online']);
    expect(agents.list()[1]?.since).toBe(since);
    expect(server.visits).toHaveLength(3);
  });

  it('are made anew with new credentials', async () => {
    agents.apply([profile('one')]);
    await welcome(1);
    await online('one');
    secrets.set('one', 's3cret-new');
    agents.apply([profile('one')]);
    const visit = await server.visit(2);
    await visit.greeted();
    expect(visit.heard[0]?.payload).toEqual(['alice', 'one', 's3cret-new']);
    await (await server.visit(1)).ended();
  });

  it('are gone when the settings have them no more, or switch them off', async () => {
    agents.apply([profile('one'), profile('two')]);
    await welcome(1);
    await welcome(2);
    await online('one', 'two');
    agents.apply([profile('two', { enabled: false })]);
    expect(states()).toEqual(['two disabled']);
    await (await server.visit(1)).ended();
    await (await server.visit(2)).ended();
    expect(server.visits).toHaveLength(2);
  });

  it('tell of missing credentials, and do not try to log in without', async () => {
    agents.apply([profile('three')]);
    const error = await waitFor(() => agents.list()[0]?.error, 'the fault to be told');
    expect(error).toMatchObject({ code: 'SECRETS_UNREADABLE' });
    expect(error.message).toContain('three');
    expect(server.visits).toHaveLength(0);
  });
});
