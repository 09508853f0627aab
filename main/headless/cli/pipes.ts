/** `sluice pipes …`: list and kill; captures are next door. */
import type { Command } from 'commander';
import { endReasonText, type Pipe } from '../../../shared/pipe.ts';
import { protocolText } from '../../../shared/sentence.ts';
import { bytesText, timeText } from '../../../shared/text.ts';
import { addCaptureCommands } from './captures.ts';
import { answer, type CommonFlags, commonFlags, forEach, gatewayOf } from './command.ts';
import { numberFlag } from './proxy-flags.ts';
import { addKeepCommand } from './records.ts';
import { table } from './table.ts';
import { viaText } from './words.ts';

interface ListFlags extends CommonFlags {
  readonly proxy?: string;
  readonly state?: string;
  readonly limit?: number;
}

export function addPipeCommands(program: Command): void {
  const pipes = program.command('pipes').description('connections and UDP flows through the proxies');
  commonFlags(pipes.command('list'))
    .description('list open and recently ended pipes, newest first')
    .option('--proxy <id>', 'only those of one proxy')
    .option('--state <state>', 'only those that are open or ended')
    .option('--limit <count>', 'at most so many', numberFlag)
    .action(list);
  addCaptureCommands(pipes);
  addKeepCommand(pipes);
  commonFlags(pipes.command('kill <pipe...>')).description('end open pipes now').action(kill);
}

async function list(flags: ListFlags): Promise<void> {
  const { proxy, state, limit } = flags;
  const query = { proxy, limit, state: state as Pipe['state'] as 'open' | 'ended' | undefined };
  answer(flags, await gatewayOf(flags).pipes.list(query), (pipes) =>
    pipes.length === 0
      ? 'There are no pipes.'
      : table(pipes.map(row), ['PIPE', 'PROXY', 'KIND', 'CLIENT', 'TARGET', 'OPENED', 'SENT', 'BACK', 'STATE']),
  );
}

async function kill(ids: readonly string[], flags: CommonFlags): Promise<void> {
  const gateway = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    (pipe) => gateway.pipes.kill({ pipe }),
    ({ pipe, client, reason = 'killed' }) =>
      reason === 'killed' ? `Killed ${pipe} of ${client}.` : `${pipe} had ended before: ${endReasonText[reason]}.`,
  );
}

function row({
  pipe,
  proxy,
  transport,
  client,
  target,
  via,
  opened,
  received,
  sent,
  state,
  reason,
  by,
}: Pipe): string[] {
  return [
    pipe,
    proxy,
    protocolText[transport],
    client,
    viaText(target, via),
    timeText(opened),
    bytesText(received),
    bytesText(sent),
    reason ? `${endReasonText[reason]}${by ? ` by ${by}` : ''}` : state,
  ];
}
