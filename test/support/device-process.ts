/** `sluice device` of the built program as a process of its own: a real target device on this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

export interface DeviceProcess {
  readonly process: ChildProcess;
  /** Everything that it wrote so far. */
  readonly log: () => string;
  /** Ends it (gently unless told otherwise) and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface DeviceWish {
  readonly hub: number;
  readonly user: string;
  readonly device: string;
  readonly credentials: string;
  readonly transport?: 'tcp' | 'tls' | 'ws';
  readonly allow?: readonly string[];
  readonly more?: readonly string[];
}

/** Starts it; whether it is online is for the hub to tell. */
export function startDevice(wish: DeviceWish): DeviceProcess {
  const { hub, user, device, credentials, transport = 'tcp', allow = ['127.0.0.1:*'], more = [] } = wish;
  const child = spawn(
    process.execPath,
    [
      ...[resolve('dist/headless/sluice.js'), 'device', '--hub', `127.0.0.1:${hub}`],
      ...['--user', user, '--device', device, '--transport', transport],
      ...allow.flatMap((entry) => ['--allow', entry]),
      ...more,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SLUICE_CREDENTIALS: credentials } },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    process: child,
    log: () => log,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}
