/** `sluice pipes keep` and `sluice records …`: conversations that stay; pipes export, follow and replay take them too. */
import type { Command } from 'commander';
import type { RecordView } from '../../../shared/record.ts';
import { bytesText, plain, timeText } from '../../../shared/text.ts';
import { answer, type CommonFlags, commonFlags, forEach, gatewayOf } from './command.ts';
import { table } from './table.ts';

const FOREVER = Number.POSITIVE_INFINITY;

export function addKeepCommand(pipes: Command): void {
  commonFlags(pipes.command('keep <pipe>'))
    .description('keep what was captured of a pipe, also after Sluice ends')
    .option('--name <text>', 'what it is called; else after the proxy and the client')
    .action(keep);
}

export function addRecordCommands(program: Command): void {
  const records = program
    .command('records')
    .description('kept conversations; pipes export, follow and replay take their IDs in place of those of pipes');
  commonFlags(records.command('list')).description('list the kept conversations, newest first').action(list);
  commonFlags(records.command('remove <record...>')).description('remove kept conversations').action(remove);
}

async function keep(pipe: string, flags: CommonFlags & { readonly name?: string }): Promise<void> {
  const { name } = flags;
  const body = name === undefined ? {} : { name };
  const kept = await gatewayOf(flags, FOREVER).records.keep({ params: { pipe }, body });
  answer(flags, kept, ({ record, name: called }) => `Kept ${pipe} as ${record}, ${plain(called)}.`);
}

async function list(flags: CommonFlags): Promise<void> {
  answer(flags, await gatewayOf(flags).records.list(), (records) =>
    records.length === 0
      ? 'No conversation is kept.'
      : table(records.map(row), ['RECORD', 'NAME', 'PROXY', 'CLIENT', 'KEPT', 'BY', 'SIZE']),
  );
}

const row = ({ record, name, pipe, kept, by, bytes }: RecordView): string[] => [
  ...[record, name, pipe.proxy, pipe.client, timeText(kept), by, bytesText(bytes)],
];

async function remove(ids: readonly string[], flags: CommonFlags): Promise<void> {
  const { records } = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    (record) => records.remove({ record }),
    ({ record }) => `Removed ${record}.`,
  );
}
