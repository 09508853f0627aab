import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../main/audit/changes.ts';

describe('changes of a configuration', () => {
  it('are told value by value, lists by the names of what is in them', () => {
    const before = {
      proxies: [
        { proxy: 'a', port: 1 },
        { proxy: 'b', port: 2 },
      ],
      settings: { hub: { on: true } },
    };
    const after = { proxies: [{ proxy: 'b', port: 3, tls: { verify: false } }], settings: { hub: { on: true } } };
    expect(changesBetween(before, after)).toEqual([
      { path: 'proxies[a].proxy', before: 'a', after: null },
      { path: 'proxies[a].port', before: '1', after: null },
      { path: 'proxies[b].port', before: '2', after: '3' },
      { path: 'proxies[b].tls.verify', before: null, after: 'false' },
    ]);
  });

  it('hide what is secret, or may be', () => {
    const of = (secret: string) => ({
      devices: [{ user: 'u', device: 'd', credentials: secret }],
      plugins: [{ user: 'u', plugin: 'p', process: { args: ['--key', secret], env: { HOME: secret } } }],
      settings: { smtp: { password: secret, apiToken: secret } },
    });
    const changes = changesBetween(of('canary-1'), of('canary-2'));
    expect(changes).toHaveLength(5);
    expect(JSON.stringify(changes)).not.toContain('canary');
    expect(changes[0]).toEqual({ path: 'devices[u/d].credentials', before: '•••', after: '•••' });
  });

  it('are bounded', () => {
    const many = (value: string) => Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`v${index}`, value]));
    const changes = changesBetween(many('a'), many('b'.repeat(100_000)));
    expect(changes).toHaveLength(201);
    expect(changes.at(-1)?.path).toBe('and 300 more');
    expect(JSON.stringify(changes).length).toBeLessThan(200_000);
  });
});
