/** HAProxy with one thread and splice; with TLS on either leg. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Way } from '../near/job.ts';
import type { Certificates } from './certificates.ts';
import { echoes, type Far, freePort, isInstalled, type Peer, stopAll, temporaryFolder } from './peer.ts';

export interface TlsLegs {
  readonly name: string;
  readonly source: boolean;
  readonly target: boolean;
}

/** Runs it for these lines of each listener, and answers with its ports in their order. */
async function start(listeners: readonly string[], options = ''): Promise<{ ways: Way[]; stop: () => void }> {
  const folder = temporaryFolder();
  const file = join(folder, 'haproxy.cfg');
  const ports: number[] = [];
  for (const _ of listeners) ports.push(await freePort());
  const sections = listeners.map((lines, index) => `listen l${index}\n  ${lines.replace('PORT', `${ports[index]}`)}\n`);
  writeFileSync(
    file,
    `global\n  nbthread 1\n  maxconn 6000\n  maxpipes 500\ndefaults\n  mode tcp\n  maxconn 6000\n${options}  timeout connect 10s\n  timeout client 1h\n  timeout server 1h\n${sections.join('')}`,
  );
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'inherit', 'inherit'] });
  return { ways: ports.map((port) => ({ port, pid: child.pid })), stop: () => stopAll([child], folder) };
}

/** Undefined where it is not installed. */
export async function startHaproxy(far: Far): Promise<Peer | undefined> {
  if (!isInstalled('haproxy', '-v')) return undefined;
  const lines = `bind 127.0.0.1:PORT\n  server far 127.0.0.1:${far.plain}`;
  const { ways, stop } = await start([lines], '  option splice-auto\n');
  const [way = { port: 0 }] = ways;
  await echoes(way);
  return { name: 'haproxy', way, stop };
}

/** Undefined where it is not installed. */
export async function startHaproxyTls(far: Far, legs: TlsLegs, certificates: Certificates): Promise<Peer | undefined> {
  if (!isInstalled('haproxy', '-v')) return undefined;
  const { folder, ca } = certificates;
  const source = legs.source ? ` ssl crt ${folder}/server.pem ssl-min-ver TLSv1.3` : '';
  const judged = ` ssl verify required ca-file ${folder}/ca.crt verifyhost localhost sni str(localhost) ssl-min-ver TLSv1.3`;
  const lines = [far.tls, far.fresh].map((port) =>
    legs.target
      ? `bind 127.0.0.1:PORT${source}\n  server far 127.0.0.1:${port}${judged}`
      : `bind 127.0.0.1:PORT${source}\n  server far 127.0.0.1:${far.plain}`,
  );
  const { ways, stop } = await start(lines);
  const [way = { port: 0 }, fresh] = ways.map((one) => ({ ...one, ...(legs.source && { ca }) }));
  await echoes(way);
  return { name: 'haproxy', way: { ...way, freshPort: fresh?.port }, stop };
}
