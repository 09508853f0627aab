/** HAProxy with splice and one thread. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { echoes, type Far, freePort, isInstalled, type Peer, stopAll, temporaryFolder } from './peer.ts';

/** Undefined where it is not installed. */
export async function startHaproxy(far: Far): Promise<Peer | undefined> {
  if (!isInstalled('haproxy', '-v')) return undefined;
  const ports = { echo: await freePort(), sink: await freePort() };
  const folder = temporaryFolder();
  const file = join(folder, 'haproxy.cfg');
  const listen = (name: keyof Far): string =>
    `listen ${name}\n  bind 127.0.0.1:${ports[name]}\n  server far 127.0.0.1:${far[name]}\n`;
  writeFileSync(
    file,
    `global\n  nbthread 1\n  maxconn 4000\ndefaults\n  mode tcp\n  option splice-auto\n  timeout connect 10s\n  timeout client 1h\n  timeout server 1h\n${listen('echo')}${listen('sink')}`,
  );
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'inherit', 'inherit'] });
  await echoes(ports.echo);
  return { name: 'haproxy', ...ports, stop: () => stopAll([child], folder) };
}
