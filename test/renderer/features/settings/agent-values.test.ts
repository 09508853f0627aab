import { describe, expect, it } from 'vitest';
import { changedAgent, placedAgent } from '../../../../renderer/features/settings/agent-calls.ts';
import { agentStateText } from '../../../../renderer/features/settings/agent-state.tsx';
import {
  type AgentValues,
  checkAgent,
  newAgent,
  refusedAgent,
  toAgentValues,
} from '../../../../renderer/features/settings/agent-values.ts';
import type { AgentSetting } from '../../../../shared/agent.ts';

const pin = Array<string>(32).fill('AB').join(':');
const stored: AgentSetting = {
  agent: 'cloud',
  enabled: true,
  host: 'iot.example.com',
  port: 25206,
  transport: 'tls',
  verify: `pin:${pin}`,
  user: 'plant',
  device: 'gateway-3',
  allow: ['127.0.0.1:80', '10.0.0.0/24:*'],
  hasCredentials: true,
};
const filled: AgentValues = {
  ...newAgent,
  agent: 'cloud',
  host: 'iot.example.com',
  user: 'plant',
  device: 'gateway-3',
  credentials: 'secret',
};
const fresh = { hasCredentials: false, taken: [] };

describe('an upstream connection', () => {
  it('goes into the form and back unchanged, and keeps its credentials when none are typed', () => {
    const { hasCredentials: _, ...entry } = stored;
    expect(checkAgent(toAgentValues(stored), { hasCredentials: true, taken: [] })).toEqual({ entry });
  });

  it('sends credentials that were typed', () => {
    expect(checkAgent(filled, fresh)).toMatchObject({ entry: { credentials: 'secret', verify: 'system', allow: [] } });
  });

  it('does not send a pin where there is no TLS', () => {
    expect(checkAgent({ ...filled, transport: 'tcp', isPinned: true, pin: 'typed once' }, fresh)).toMatchObject({
      entry: { verify: 'system' },
    });
  });

  it.each([
    ['agent', 'has space'],
    ['host', 'http://iot'],
    ['port', '0'],
    ['user', ''],
    ['device', 'a/b'],
    ['credentials', ''],
    ['allow', '10.0.0.7'],
  ] as const)('shows at %s that “%s” cannot be used', (field, text) => {
    expect(checkAgent({ ...filled, [field]: text }, fresh)).toEqual({
      errors: { [field]: expect.stringMatching(/\.$/) },
    });
  });

  it('shows a bad pin and a taken ID at their fields', () => {
    expect(checkAgent({ ...filled, isPinned: true, pin: 'AB' }, fresh)).toMatchObject({
      errors: { pin: expect.stringContaining('64') },
    });
    expect(checkAgent(filled, { ...fresh, taken: ['cloud'] })).toMatchObject({ errors: { agent: expect.any(String) } });
  });

  it('shows what the gateway refused at its field', () => {
    const issues = [{ path: 'agents.1.credentials', message: 'Credentials are needed.' }];
    expect(refusedAgent(issues, 1)).toEqual({ credentials: 'Credentials are needed.' });
    expect(refusedAgent(issues, 0)).toEqual({});
  });
});

it('sends the list with one entry changed, replaced or added', () => {
  const list = [stored, { ...stored, agent: 'other' }];
  expect(changedAgent('other', { enabled: false })(list).map(({ enabled }) => enabled)).toEqual([true, false]);
  expect(placedAgent('cloud', { ...stored, host: 'new' })(list).map(({ host }) => host)).toEqual(['new', stored.host]);
  expect(placedAgent(undefined, { ...stored, agent: 'third' })(list)).toHaveLength(3);
});

it('counts down to the next try', () => {
  expect(agentStateText({ state: 'waiting', retryAt: 8400 }, 1000)).toBe('Retrying in 8 s');
  expect(agentStateText({ state: 'waiting', retryAt: null }, 1000)).toBe('Retrying');
});
