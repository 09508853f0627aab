/** `sluice status`: how the gateway does, in short. */
import type { Command } from 'commander';
import { type GatewayStatus, proxyStates } from '../../../shared/status.ts';
import { bytesText, durationText, plain } from '../../../shared/text.ts';
import { answer, type CommonFlags, commonFlags, gatewayOf } from './command.ts';
import { table } from './table.ts';

export function addStatusCommand(program: Command): void {
  commonFlags(program.command('status'))
    .description('tell how the gateway does')
    .action(async (flags: CommonFlags) => answer(flags, await gatewayOf(flags).gateway.status(), statusText));
}

export function statusText(status: GatewayStatus): string {
  const { bytes, rate } = status;
  const facts = [
    ['Sluice', `${status.version} (${status.host}), up for ${durationText(status.uptime * 1000)}`],
    ['Proxies', status.stopped ? `all stopped; ${proxiesText(status)}` : proxiesText(status)],
    ['Devices', `${status.devices.total} registered, ${status.devices.online} online`],
    ['Pipes', `${status.pipes} TCP, ${status.flows} UDP`],
    ['To targets', `${bytesText(bytes.received)}, now ${bytesText(rate.received)}/s`],
    ['Back', `${bytesText(bytes.sent)}, now ${bytesText(rate.sent)}/s`],
    ['Memory', bytesText(status.rss)],
    ...(status.openFiles === null ? [] : [['Open files', String(status.openFiles)]]),
  ];
  return [table(facts), ...status.notices.map(({ message, next }) => plain(`! ${message} ${next}`))].join('\n');
}

function proxiesText({ profiles }: GatewayStatus): string {
  const counted = proxyStates.filter((state) => profiles[state]).map((state) => `${profiles[state]} ${state}`);
  return counted.join(', ') || 'none';
}
