/** `sluice proxies open|close`: proxies that are open for a time. */
import { type Command, Option } from 'commander';
import type { LeaseView } from '../../../shared/lease.ts';
import type { ProxyStatus } from '../../../shared/status.ts';
import { plain, timeText } from '../../../shared/text.ts';
import { type CommonFlags, commonFlags, forEach, gatewayOf } from './command.ts';
import { knownProxy } from './known.ts';
import { durationFlag, momentFlag } from './time-flags.ts';

interface OpenFlags extends CommonFlags {
  readonly for?: number;
  readonly until?: number;
  readonly untilClientLeaves?: boolean;
  readonly extend?: number;
  readonly keep?: boolean;
}

export function addLeaseCommands(proxies: Command): void {
  const ways = [
    new Option('--for <time>', 'for this long, such as 30m or 2h').argParser(durationFlag),
    new Option('--until <time>', 'until then, such as 14:30').argParser((text) => momentFlag(text)),
    new Option('--until-client-leaves', 'until its last connection has ended; at most 30 minutes without one'),
    new Option('--extend <time>', 'longer by this, where it is open for a time').argParser(durationFlag),
    new Option('--keep', 'for good, where it is open for a time'),
  ];
  const names = ways.map((one) => one.attributeName());
  const command = commonFlags(proxies.command('open <id...>')).description(
    'open proxies for a time; then they are closed by themselves',
  );
  for (const way of ways) command.addOption(way.conflicts(names.filter((name) => name !== way.attributeName())));
  command.action(open);
  commonFlags(proxies.command('close <id...>')).description('close proxies before their time is over').action(close);
}

interface Told {
  readonly proxy: string;
  readonly status: ProxyStatus;
}

async function open(ids: readonly string[], flags: OpenFlags, command: Command): Promise<void> {
  const { for: minutes, until, untilClientLeaves, extend, keep } = flags;
  if ([minutes, until, untilClientLeaves, extend, keep].every((one) => one === undefined))
    command.error('error: say how long: --for, --until, --until-client-leaves, --extend or --keep');
  const { proxies } = gatewayOf(flags);
  const body = {
    ...(minutes !== undefined && { minutes }),
    ...(until !== undefined && { until }),
    ...(untilClientLeaves && { untilClientLeaves }),
    ...(extend !== undefined && { minutes: extend, extend: true }),
  };
  await forEach(
    flags,
    ids,
    async (id): Promise<Told> => {
      const proxy = knownProxy(id);
      return {
        proxy,
        status: await (keep ? proxies.keepOpen({ proxy }) : proxies.openFor({ params: { proxy }, body })),
      };
    },
    ({ proxy, status }) => openedText(proxy, status),
  );
}

async function close(ids: readonly string[], flags: CommonFlags): Promise<void> {
  const { proxies } = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    async (id): Promise<Told> => {
      const proxy = knownProxy(id);
      return { proxy, status: await proxies.endLease({ proxy }) };
    },
    ({ proxy }) => `Closed ${proxy}.`,
  );
}

/** What was asked for, and why the port is not open all the same. */
function openedText(proxy: string, { lease, error, state }: ProxyStatus): string {
  const said = lease ? `Opened ${proxy} ${leaseText(lease)}.` : `Opened ${proxy}.`;
  if (error) return plain(`${said} ${error.message} ${error.next}`);
  return state === 'disabled' ? `${said} All proxies are stopped now: it opens when they are started.` : said;
}

/** `until 2026-11-24 14:30:00`. */
export function leaseText({ kind, until }: Pick<LeaseView, 'kind' | 'until'>): string {
  if (kind === 'time') return `until ${timeText(until ?? 0)}`;
  return until === null ? 'until its client leaves' : `until its client leaves, or ${timeText(until)} if nobody comes`;
}
