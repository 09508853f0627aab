/** Proxies of a running program, for tests that load it. */
import type { Program } from './program.ts';
import { unusedPort } from './sockets.ts';

/**
 * Adds a proxy to a port of this machine and gives its own port.
 * @param more  parts of its configuration beside source and target
 */
export async function addProxy(program: Program, proxy: string, target: number, more: object = {}): Promise<number> {
  const port = await unusedPort();
  const config = {
    protocol: 'tcp',
    source: { port },
    target: { type: 'address', address: '127.0.0.1', port: target },
    ...more,
  };
  const { status, body } = await program.call('POST', '/v1/proxies', { proxy, name: proxy, config });
  if (status !== 200) throw new Error(`The proxy ${proxy} was refused: ${JSON.stringify(body)}`);
  return port;
}

export const profileOf = async (program: Program, proxy: string) =>
  (await program.call('GET', `/v1/proxies/${proxy}`)).body;

export const statusOf = async (program: Program, proxy: string) =>
  (await program.call('GET', `/v1/proxies/${proxy}/status`)).body;
