/** How another program on this PC finds the gateway that runs on a data folder. */
import { accessSync, constants, existsSync } from 'node:fs';
import { SluiceError } from '../../shared/errors.ts';
import { type Control, readControl } from '../store/control-file.ts';
import { diskReason } from '../store/durable-file.ts';
import { isLocked } from '../store/folder-lock.ts';

/**
 * The gateway that holds the folder. The lock is asked too: where a gateway was killed, its port may belong to
 * another program by now, and that one must not be shown the token.
 */
export function runningOn(folder: string): Control {
  if (existsSync(folder)) {
    try {
      accessSync(folder, constants.R_OK | constants.X_OK);
    } catch (cause) {
      throw unusable(folder, diskReason(cause), cause);
    }
  }
  const running = readControl(folder);
  if (!running || !isLocked(folder)) throw new SluiceError('GATEWAY_NOT_RUNNING', { folder });
  return running;
}

export function unusable(folder: string, reason: string, cause?: unknown): SluiceError {
  return new SluiceError('DATA_FOLDER_UNUSABLE', { folder, reason }, { cause });
}
