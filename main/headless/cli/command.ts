/** What every command that asks a running gateway has in common. */
import type { Command } from 'commander';
import { dataFolderPath } from '../../store/data-folder.ts';
import { connectGateway, type GatewayClient } from './client.ts';
import { say, sayFault, sayJson } from './output.ts';

export interface CommonFlags {
  readonly data?: string;
  readonly json?: boolean;
}

export function commonFlags(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder; else SLUICE_DATA, else the one of this user')
    .option('--json', 'answer in JSON, for scripts');
}

export function gatewayOf(flags: CommonFlags, answerMs?: number): GatewayClient {
  return connectGateway(dataFolderPath(flags.data), answerMs);
}

/** Says an answer as JSON or in words. */
export function answer<T>({ json }: CommonFlags, value: T, words: (value: T) => string): void {
  if (json) sayJson(value);
  else say(words(value));
}

/** Does the same for each of several things; what fails does not keep the others from being done. */
export async function forEach<T>(
  flags: CommonFlags,
  names: readonly string[],
  work: (name: string) => Promise<T>,
  words: (value: T) => string,
): Promise<void> {
  const done: T[] = [];
  for (const name of names) {
    try {
      const value = await work(name);
      done.push(value);
      if (!flags.json) say(words(value));
    } catch (fault) {
      sayFault(fault);
      process.exitCode = 1;
    }
  }
  if (flags.json) sayJson(done);
}
