/** The lines of a program as plain text for the clipboard. */
import type { LogLine } from '../../../shared/plugin.ts';
import { formatExact } from '../../components/format.ts';

/** What is not of the program itself says so. */
const marks: Record<LogLine['from'], string> = { out: '', err: '', gateway: 'Sluice: ' };

export const logText = (lines: readonly LogLine[]): string =>
  lines.map(({ at, from, text }) => `${formatExact(at)}  ${marks[from]}${text}\n`).join('');
