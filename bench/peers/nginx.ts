/** nginx's stream module with one worker, for TCP and UDP. */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { echoes, type Far, freePort, isInstalled, type Peer, stopAll, temporaryFolder } from './peer.ts';

/** Where Debian keeps the module, which is not built in there. */
const MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so';

/** Undefined where it is not installed. */
async function start(far: Far, transport: 'tcp' | 'udp'): Promise<Peer | undefined> {
  if (!isInstalled('nginx', '-v') || !existsSync(MODULE)) return undefined;
  const folder = temporaryFolder();
  const file = join(folder, 'nginx.conf');
  const port = await freePort();
  const server =
    transport === 'tcp'
      ? `listen 127.0.0.1:${port} backlog=4096; proxy_half_close on; proxy_pass 127.0.0.1:${far.plain};`
      : `listen 127.0.0.1:${port} udp rcvbuf=4m; proxy_timeout 60s; proxy_pass 127.0.0.1:${far.udp};`;
  writeFileSync(
    file,
    `load_module ${MODULE};\ndaemon off;\nworker_processes 1;\nworker_rlimit_nofile 16000;\npid ${folder}/pid;\nerror_log /dev/null;\nevents { worker_connections 15000; }\nstream { tcp_nodelay on; server { ${server} } }\n`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', file], { stdio: 'ignore' });
  const way = { port, pid: child.pid, ...(transport === 'udp' && { far: far.plain }) };
  if (transport === 'tcp') await echoes(way);
  else await new Promise((resolve) => setTimeout(resolve, 300));
  return { name: 'nginx', way, stop: () => stopAll([child], folder) };
}

export const startNginx = (far: Far): Promise<Peer | undefined> => start(far, 'tcp');
export const startNginxUdp = (far: Far): Promise<Peer | undefined> => start(far, 'udp');
