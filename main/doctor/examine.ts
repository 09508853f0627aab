/** The one list of what is looked at, whoever asks: a running gateway about itself, or `sluice doctor` without one. */
import { SluiceError } from '../../shared/errors.ts';
import type { Finding } from '../../shared/finding.ts';
import { diskReason } from '../store/durable-file.ts';
import { type Inspection, inspectConfig } from '../store/inspect.ts';
import { bad, fault } from './finding.ts';
import { checkConfig, checkFolder, checkHolder, checkKey, checkRights } from './folder.ts';
import { checkClock, checkLowPorts, checkOpenFiles, checkSpace } from './machine.ts';

type Findings = Finding | readonly Finding[];
type Look = () => Findings | Promise<Findings>;

export interface Examination {
  readonly folder: string;
  /** Whoever asks is the gateway on that folder. */
  readonly isHolder?: boolean;
  /** What the gateway knows of its stored credentials. */
  readonly keyFaults?: readonly SluiceError[];
  /** What only the one who asks can tell: how listeners do, or whether their ports could be opened. */
  readonly listeners: (found: Inspection | undefined) => Findings | Promise<Findings>;
}

/** All findings, the most basic first. What cannot be looked at is a finding, too. Changes nothing. */
export async function examineFolder(examination: Examination): Promise<readonly Finding[]> {
  const { folder, isHolder = false, keyFaults = [], listeners } = examination;
  let found: Inspection | undefined;
  const document = () => (found && 'document' in found ? found.document : undefined);
  const looks: readonly [check: string, look: Look][] = [
    ['folder', () => checkFolder(folder)],
    ['rights', () => checkRights(folder)],
    ['holder', () => checkHolder(folder, isHolder)],
    [
      'configuration',
      () => {
        found = inspectConfig(folder);
        return checkConfig(found);
      },
    ],
    ['key', () => checkKey(folder, keyFaults)],
    ['clock', () => checkClock(document()?.savedAt)],
    ['space', () => checkSpace(folder)],
    ['open files', () => checkOpenFiles(document()?.settings.limits.maxPipes)],
    ['low ports', () => checkLowPorts()],
    ['listeners', () => listeners(found)],
  ];
  const findings: Finding[] = [];
  for (const [check, look] of looks) findings.push(...(await attempt(check, look)));
  return findings;
}

async function attempt(check: string, look: Look): Promise<readonly Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    if (error instanceof SluiceError) return [fault(check, error)];
    // Of the system, or of the database behind the lock.
    const isRefusal = error instanceof Error && 'code' in error;
    if (!isRefusal) throw error;
    return [bad(check, `The ${check} could not be checked: ${diskReason(error)}.`, '')];
  }
}
