/** Other multiplexers, each as two processes with one connection between them: hashicorp/yamux in Go, and ssh -L. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { echoes, type Far, freePort, isInstalled, type Peer, stopAll, temporaryFolder } from './peer.ts';

/** Undefined where Go or the Debian package of yamux is not installed. */
export async function startYamux(far: Far): Promise<Peer | undefined> {
  if (!isInstalled('go', 'version')) return undefined;
  const folder = temporaryFolder();
  const binary = join(folder, 'yamux');
  const build = spawnSync('go', ['build', '-o', binary, resolve('bench/peers/yamux.go')], {
    env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' },
  });
  if (build.status !== 0) return undefined;
  const hub = `127.0.0.1:${await freePort()}`;
  const way = { port: await freePort() };
  const near = spawn(binary, ['near', hub, `${way.port}`], { stdio: 'ignore' });
  // Its listener answers when a connection to it is not refused; one try would use the only session up.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const agent = spawn(binary, ['far', hub, `127.0.0.1:${far.plain}`], { stdio: 'ignore' });
  await echoes(way);
  return { name: 'yamux', way, stop: () => stopAll([near, agent], folder) };
}

/** `ssh -L` to an sshd of our own on loopback; undefined where OpenSSH's server is not installed. */
export async function startSsh(far: Far): Promise<Peer | undefined> {
  const sshd = '/usr/sbin/sshd';
  if (!isInstalled(sshd, '-V') || !isInstalled('ssh', '-V')) return undefined;
  // Where sshd has never run as a service, the folder it gives its rights up in is missing.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const folder = temporaryFolder();
  const key = join(folder, 'key');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const port = await freePort();
  const way = { port: await freePort() };
  const server = spawn(
    sshd,
    [
      ...['-D', '-f', '/dev/null', '-p', `${port}`, '-h', key],
      ...['ListenAddress=127.0.0.1', `AuthorizedKeysFile=${key}.pub`, 'StrictModes=no', 'PermitRootLogin=yes'].flatMap(
        (option) => ['-o', option],
      ),
    ],
    { stdio: 'ignore' },
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  const client = spawn(
    'ssh',
    [
      ...['-N', '-p', `${port}`, '-i', key, '-F', '/dev/null'],
      ...['StrictHostKeyChecking=no', `UserKnownHostsFile=${join(folder, 'known')}`, 'LogLevel=ERROR'].flatMap(
        (option) => ['-o', option],
      ),
      ...['-L', `127.0.0.1:${way.port}:127.0.0.1:${far.plain}`],
      '127.0.0.1',
    ],
    { stdio: 'ignore' },
  );
  await echoes(way);
  return { name: 'ssh -L', way, stop: () => stopAll([server, client], folder) };
}
