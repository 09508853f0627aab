/** A proxy as plain text for the clipboard, to be pasted into a message or a ticket. */
import { describeProxy } from '../../../shared/sentence.ts';
import { stateLabel, toldFault } from '../../../shared/shown-state.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { formatExact } from '../../components/format.ts';

export function proxyText(view: ProxyView, now: number): string {
  const { since } = view.status;
  const fault = toldFault(view, now);
  const lines = [
    `${view.name} (${view.proxy})`,
    describeProxy({ protocol: view.config.protocol, source: view.config.source, target: view.config.target }),
    `${stateLabel(view, now)} since ${formatExact(since)}`,
    ...(fault ? [`${fault.message} ${fault.next}`, `${fault.code}, ${formatExact(fault.at)}`] : []),
  ];
  return lines.join('\n');
}
