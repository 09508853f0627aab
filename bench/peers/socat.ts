/** socat, which gives each UDP flow a process of its own. */
import { spawn } from 'node:child_process';
import { type Far, freePort, isInstalled, type Peer, stopAll, temporaryFolder } from './peer.ts';

/** Undefined where it is not installed. */
export async function startSocatUdp(far: Far): Promise<Peer | undefined> {
  if (!isInstalled('socat', '-V')) return undefined;
  const port = await freePort();
  const child = spawn(
    'socat',
    ['-T5', `UDP4-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr`, `UDP4:127.0.0.1:${far.udp}`],
    { stdio: 'ignore' },
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    name: 'socat',
    way: { port, pid: child.pid, far: far.plain },
    stop: () => stopAll([child], temporaryFolder()),
  };
}
