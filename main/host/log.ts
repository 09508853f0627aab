/** The log of the headless host, on stderr: JSON lines for programs, single readable lines for people. Holds no secrets. */
import pino from 'pino';
import { plain } from '../../shared/text.ts';

/** Nobody should log these; if somebody does, they do not get out. */
const secrets = ['token', 'authorization', 'cookie', 'password', 'credentials'];
const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export function createLog(options: { readonly json: boolean }): pino.Logger {
  const stream = options.json ? process.stderr : { write: (line: string) => process.stderr.write(readable(line)) };
  return pino({ base: null, redact: { paths, censor: '[secret]' } }, stream);
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
