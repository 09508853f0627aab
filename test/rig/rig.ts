/** Starts applications on the rig from a test, and carries the test's wishes over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Control } from './control.ts';
import { optionsVariable, type RigOptions } from './options.ts';

/** Every method of the control, as a promise. */
export type RemoteControl = {
  readonly [Name in keyof Control]: (...args: Parameters<Control[Name]>) => Promise<Awaited<ReturnType<Control[Name]>>>;
};

export interface Rig {
  readonly process: ChildProcess;
  readonly control: RemoteControl;
  /** DevTools address of its Chromium. */
  readonly chromium: Promise<string>;
  /** The first line on stdout; rejects where the process ends without one. */
  readonly line: Promise<string>;
  readonly exited: Promise<number | null>;
  /** Everything on stderr so far. */
  readonly log: () => string;
}

export interface StartOptions extends RigOptions {
  /** Of the application. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export function startRig({ args = [], env = {}, ...options }: StartOptions): Rig {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env, ...optionsVariable(options) },
  });
  let log = '';
  (child.stderr as Readable).setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const ended = exited.then((code) => Promise.reject(new Error(`The application ended with ${code}: ${log}`)));
  ended.catch(() => {});
  /** Not everybody waits for it. */
  const orEnd = <T>(wished: Promise<T>): Promise<T> => {
    const either = Promise.race([wished, ended]);
    either.catch(() => {});
    return either;
  };
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  const chromium = Promise.withResolvers<string>();
  let lastId = 0;
  child.on('message', (message: { id?: number; chromium?: string; result?: unknown; error?: string }) => {
    if (message.chromium !== undefined) chromium.resolve(message.chromium);
    const call = waiting.get(message.id ?? 0);
    waiting.delete(message.id ?? 0);
    if (message.error === undefined) call?.resolve(message.result);
    else call?.reject(new Error(message.error));
  });
  const ask = (method: string, ...given: unknown[]): Promise<unknown> => {
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    waiting.set(id, { resolve, reject });
    child.send({ id, method, args: given }, (error) => error && reject(error));
    return Promise.race([promise, ended]);
  };
  const control = new Proxy({} as RemoteControl, {
    get: (_, method) => (method === 'then' ? undefined : (...given: unknown[]) => ask(String(method), ...given)),
  });
  const line = once(createInterface({ input: child.stdout as Readable }), 'line').then(([text]) => String(text));
  return {
    ...{ process: child, control, exited },
    chromium: orEnd(chromium.promise),
    line: orEnd(line),
    log: () => log,
  };
}
