/** The log of a host: on stderr as JSON lines for programs or as readable ones for people, and in files. Holds no secrets. */
import { mkdirSync } from 'node:fs';
import pino, { type DestinationStream } from 'pino';
import { createStream } from 'rotating-file-stream';
import { plain } from '../../shared/text.ts';

/** Nobody should log these; if somebody does, they do not get out. */
const secrets = ['token', 'authorization', 'cookie', 'password', 'credentials'];
const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface LogOptions {
  /** JSON on stderr. */
  readonly json: boolean;
  /** Keeps the log as JSON lines in this folder as well, for a host without a terminal. */
  readonly folder?: string;
}

/** Whoever read stderr may be gone, such as a terminal that was closed; that ends no gateway. */
function unheard(): void {}

export function createLog({ json, folder }: LogOptions): pino.Logger {
  process.stderr.off('error', unheard).on('error', unheard);
  const terminal = json ? process.stderr : { write: (line: string) => process.stderr.write(readable(line)) };
  const file = folder === undefined ? undefined : logFile(folder);
  const stream = file ? pino.multistream([terminal, file]) : terminal;
  return pino({ base: null, redact: { paths, censor: '[secret]' } }, stream);
}

/** Five files of 2 MB at most. A folder that cannot be written must not keep the gateway from running. */
function logFile(folder: string): DestinationStream | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return undefined;
  }
  const file = createStream('sluice.log', { path: folder, size: '2M', maxFiles: 4, mode: 0o600 });
  file.on('error', () => {});
  file.on('warning', () => {});
  return file;
}

/** `18:02:10 warn  The port is busy. proxy=plc-web` and, for a fault, where it came from. */
export function readable(line: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = new Date(Number(time)).toLocaleTimeString('sv-SE');
  const values = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const stack = err !== null && typeof err === 'object' && 'stack' in err ? [`(${shortStack(String(err.stack))})`] : [];
  const name = pino.levels.labels[Number(level)] ?? '';
  return `${plain([clock, name.padEnd(5), String(msg), ...values, ...stack].join(' '))}\n`;
}

function shortStack(stack: string): string {
  return stack
    .split('\n')
    .map((part) => part.trim())
    .slice(0, 4)
    .join(' ');
}
