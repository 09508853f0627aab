import { expect, it } from 'vitest';
import { tokenIn } from '../../../renderer/api/token.ts';
import { rpcUrl } from '../../../renderer/api/websocket-link.ts';

it('finds the token in the fragment', () => {
  expect(tokenIn('#token=abc-_123')).toBe('abc-_123');
  expect(tokenIn('#/token=abc')).toBe('abc');
});

it('finds none elsewhere', () => {
  for (const hash of ['', '#', '#/proxies', '#token=', '#/proxies/token/edit']) expect(tokenIn(hash)).toBeUndefined();
});

it('reaches the host that served the page', () => {
  expect(rpcUrl({ protocol: 'http:', host: 'sluice.localhost:7400' })).toBe('ws://sluice.localhost:7400/rpc');
  expect(rpcUrl({ protocol: 'https:', host: 'gateway' })).toBe('wss://gateway/rpc');
});
