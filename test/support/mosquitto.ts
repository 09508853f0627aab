/** Mosquitto of Debian and its clients: installed where that is possible, else the reason why its tests do not run. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasPrograms } from './apt.ts';

const broker = '/usr/sbin/mosquitto';

/** The path of the broker; undefined where it is not there and cannot be installed. */
export function findMosquitto(): string | undefined {
  return hasPrograms([broker, '/usr/bin/mosquitto_pub'], ['mosquitto', 'mosquitto-clients']) ? broker : undefined;
}

/** Writes its configuration for one port of this PC and gives the path. */
export function mosquittoConfig(folder: string, port: number): string {
  const path = join(folder, 'mosquitto.conf');
  // Started by root it would become another user, who cannot read the folder of a test.
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'log_dest stderr', 'user root'];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const run = promisify(execFile);

/** Publishes and waits for the receipt (QoS 1). Rejects where the broker cannot be reached. */
export async function publish(port: number, topic: string, message: string): Promise<void> {
  await run('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(port), '-t', topic, '-m', message, '-q', '1', '-r'], {
    timeout: 10_000,
  });
}

/** The retained message of a topic. */
export async function retained(port: number, topic: string): Promise<string> {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-t', topic, '-C', '1', '-W', '10', '-N'];
  return (await run('mosquitto_sub', args, { timeout: 15_000, maxBuffer: 4 * 1024 * 1024 })).stdout;
}
