/** How a host that could not run ends: 1 failed, 3 data folder in use, 4 no usable configuration. */
import { asSluiceError, type ErrorCode } from '../../shared/errors.ts';

const exitCodes: Partial<Record<ErrorCode, number>> = {
  DATA_FOLDER_IN_USE: 3,
  CONFIG_UNREADABLE: 4,
  CONFIG_NEWER: 4,
};

export function exitCodeOf(thrown: unknown): number {
  return exitCodes[asSluiceError(thrown).code] ?? 1;
}
