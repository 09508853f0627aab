/** What `sluice doctor` asks of the machine: Node, clock, space, open files, low ports. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Finding } from '../../shared/finding.ts';
import { bytesText, timeText } from '../../shared/text.ts';
import { probePort } from '../engine/port-probe.ts';
import { mostPipes, openFileLimit } from '../engine/system-limits.ts';
import { bad, good, unsure } from './finding.ts';

const NODE = 24;
const LEAST_SPACE = 64 * 1024 * 1024;
const FEW_FILES = 4096;
/** The year of this code: no clock can be right and show an earlier one. */
const FIRST_YEAR = 2026;
const LAST_YEAR = 2100;
/** Clocks of two machines may differ so much. */
const CLOCK_SLACK_MS = 5 * 60_000;

export function checkNode(version: string = process.versions.node): Finding {
  if (Number.parseInt(version, 10) >= NODE) return good('node', `Node ${version}.`);
  return bad('node', `Sluice needs Node ${NODE}; this is ${version}.`, 'Use the one that comes with Sluice.');
}

/** @param savedAt  when the configuration was saved, ISO 8601 */
export function checkClock(savedAt?: string, now: number = Date.now()): Finding {
  const shown = `The clock shows ${timeText(now)}`;
  const year = new Date(now).getFullYear();
  const isOdd = year < FIRST_YEAR || year > LAST_YEAR;
  if (isOdd) return bad('clock', `${shown}, which cannot be right.`, 'Set the clock of this PC.');
  if (savedAt !== undefined && Date.parse(savedAt) > now + CLOCK_SLACK_MS) {
    const saved = timeText(Date.parse(savedAt));
    return bad('clock', `${shown}, but the configuration was saved on ${saved}.`, 'Set the clock of this PC.');
  }
  return good('clock', `${shown}.`);
}

export function checkSpace(folder: string): Finding {
  const { bavail, bsize } = statfsSync(existingPart(folder));
  const free = `${bytesText(bavail * bsize)} are free for the data folder.`;
  return bavail * bsize < LEAST_SPACE ? bad('space', `Only ${free}`, 'Make room on that disk.') : good('space', free);
}

/** @param wanted  the connections that the settings allow at once; 0 is as many as there can be */
export function checkOpenFiles(wanted = 0, limit: number = openFileLimit(), pipes: number = mostPipes()): Finding {
  const may = `${limit} files may be open at once, enough for ${pipes} pipes`;
  const next = 'Raise the limit: ulimit -n, or LimitNOFILE= in the service.';
  if (wanted > pipes) return bad('open files', `${may}; the settings allow ${wanted}.`, next);
  return limit < FEW_FILES ? unsure('open files', `${may}.`, next) : good('open files', `${may}.`);
}

/** Tries it: rights come in too many ways to be read. */
export async function checkLowPorts(): Promise<Finding> {
  const fault = await probePort({ address: '127.0.0.1', port: 1023, transports: ['tcp'] });
  if (fault?.code !== 'PORT_NOT_ALLOWED') return good('low ports', 'Ports below 1024 may be opened.');
  return unsure(
    'low ports',
    'Ports below 1024 need extra rights on this system.',
    'If you need one: setcap cap_net_bind_service=+ep on the node program, or AmbientCapabilities= in the service.',
  );
}

function existingPart(path: string): string {
  return existsSync(path) ? path : existingPart(dirname(path));
}
