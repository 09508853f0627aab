/** One line for the closed part of the form: `open to 192.168.1.0/24 · at most 1 connection · closes after 1 h idle`. */
import { transportsOf } from '../../../shared/proxy.ts';
import { whoMayConnect } from '../../../shared/sentence.ts';
import { counted, formatDuration } from '../../components/format.ts';
import { type FormValues, listedNetworks } from './form-values.ts';

export function limitsSummary(values: FormValues): string {
  const isTcp = transportsOf(values.protocol).includes('tcp');
  const most = Number(values.maxPipes);
  const idleMs = isTcp ? Number(values.idleMinutes) * 60_000 : Number(values.udpIdleSeconds) * 1000;
  const source = { port: 0, address: values.listenAddress, allow: listedNetworks(values.allow) };
  return [
    `open to ${whoMayConnect(source)}`,
    most > 0 ? `at most ${counted(most, 'connection')}` : 'any number of connections',
    isTcp ? `closes after ${formatDuration(idleMs)} idle` : `forgets clients after ${formatDuration(idleMs)}`,
  ].join(' · ');
}
