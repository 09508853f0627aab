/** What `sluice doctor` asks of the data folder: that it is there, private and usable, and what its configuration says. */
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../shared/errors.ts';
import type { Finding } from '../../shared/finding.ts';
import { timeText } from '../../shared/text.ts';
import { readControl } from '../store/control-file.ts';
import { diskReason } from '../store/durable-file.ts';
import { isLocked } from '../store/folder-lock.ts';
import type { Inspection } from '../store/inspect.ts';
import { bad, fault, good, unsure } from './finding.ts';

const ALL = constants.R_OK | constants.W_OK | constants.X_OK;

export function checkFolder(folder: string): Finding {
  if (!existsSync(folder)) return unsure('folder', `${folder} is not there yet. The first start makes it.`);
  try {
    accessSync(folder, ALL);
    return good('folder', `The data folder is ${folder}.`);
  } catch (cause) {
    return fault('folder', new SluiceError('DATA_FOLDER_UNUSABLE', { folder, reason: diskReason(cause) }));
  }
}

/** Windows keeps its own lists of rights; a folder below the user's profile is private there. */
export function checkRights(folder: string): Finding[] {
  if (process.platform === 'win32' || !existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) =>
    /^(config|control|secret|seen|certificates|lock|backups)/.test(name),
  );
  const open = [folder, ...files.map((name) => join(folder, name))].filter(isOpenToOthers);
  if (open.length === 0) return [good('rights', 'Nobody else can read the data folder.')];
  return [
    bad(
      'rights',
      `Others can get at ${open.join(', ')}.`,
      `Take that right away: chmod go-rwx ${open.map((path) => `'${path}'`).join(' ')}`,
    ),
  ];
}

const isOpenToOthers = (path: string): boolean =>
  ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0;

/**
 * Whether stored credentials can be used, and whether their key lies in the open, which a person should know.
 * @param faults  what the gateway itself says of them, where one runs
 */
export function checkKey(folder: string, faults: readonly SluiceError[] = []): Finding[] {
  if (faults.length > 0) {
    return faults.map((one) =>
      one.code === 'KEY_STORE_MISSING' ? unsure('key', one.message, one.next) : fault('key', one),
    );
  }
  if (existsSync(join(folder, 'secret.key'))) {
    return [
      unsure(
        'key',
        'Stored credentials are as safe as the file secret.key.',
        'Keep that file out of copies that others can read.',
      ),
    ];
  }
  if (!existsSync(join(folder, 'secret.sealed'))) return [];
  return [good('key', 'The key of stored credentials is sealed by the key store of this system.')];
}

/** @param isHolder  whoever asks is the gateway that must hold the lock */
export function checkHolder(folder: string, isHolder = false): Finding {
  if (!isLocked(folder)) {
    if (!isHolder) return good('holder', 'No Sluice is using the data folder.');
    const lost = 'This Sluice no longer holds the lock of its data folder: a second one could use it at the same time.';
    return bad('holder', lost, 'Start Sluice again.');
  }
  const pid = isHolder ? process.pid : readControl(folder)?.pid;
  if (pid !== undefined) return good('holder', `Process ${pid} is using the data folder.`);
  return unsure(
    'holder',
    'A process is using the data folder, but has not said which.',
    'It may be starting: try again.',
  );
}

export function checkConfig(found: Inspection): Finding {
  const what = 'configuration';
  switch (found.state) {
    case 'none':
      return good(what, 'There is no configuration yet.');
    case 'unusable':
      return fault(what, found.fault);
    case 'good': {
      const { proxies, savedAt } = found.document;
      return good(what, `The configuration of ${timeText(Date.parse(savedAt))} is good: ${counted(proxies.length)}.`);
    }
    case 'restorable': {
      const copy = `The good copy of ${timeText(Date.parse(found.document.savedAt))} has`;
      return bad(
        what,
        `config.json cannot be read. ${copy} ${counted(found.document.proxies.length)}.`,
        'The next start puts that copy in its place and keeps the damaged file.',
      );
    }
  }
}

const counted = (proxies: number): string => (proxies === 1 ? '1 proxy' : `${proxies} proxies`);
