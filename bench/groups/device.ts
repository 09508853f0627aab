/** TCP through a device: hub and agent as two processes, beside other multiplexers. HAProxy is one hop. */
import type { Measure } from '../measure.ts';
import { startHaproxy } from '../peers/haproxy.ts';
import { startFar } from '../peers/peer.ts';
import { startSluiceDevice, startTwoHops } from '../peers/sluice.ts';
import { startSsh, startYamux } from '../peers/tunnels.ts';
import { atLeastTimes, atMost } from '../target.ts';
import { fraction, gibibytes, milliseconds } from '../units.ts';
import { type Group, type Stage, there } from './group.ts';

const without = ['ssh -L'];

const measures: readonly Measure[] = [
  {
    job: { measure: 'up' },
    lines: [{ words: 'bulk up', figure: 'rate', unit: gibibytes, target: atLeastTimes(1.5, 'yamux') }],
  },
  {
    job: { measure: 'up', connections: 32 },
    without,
    lines: [
      { words: '32 streams up', figure: 'rate', unit: gibibytes, target: atLeastTimes(1.4, 'yamux') },
      { words: 'Jain index of them', figure: 'jain', unit: fraction },
    ],
  },
  {
    job: { measure: 'ping' },
    beside: { measure: 'up' },
    without,
    lines: [{ words: 'ping beside bulk, p99', figure: 'p99', unit: milliseconds, target: atMost(1, '1 ms') }],
  },
];

const warmUp = [{ measure: 'both', connections: 8, seconds: 1.5 }];

export const device: Group = async function* (): AsyncGenerator<Stage> {
  using running = new DisposableStack();
  const far = await startFar();
  running.defer(far.stop);
  const peers = there([
    await startHaproxy(far),
    await startYamux(far),
    await startSsh(far),
    await startTwoHops(far),
    await startSluiceDevice(far, 'tcp'),
    await startSluiceDevice(far, 'tls'),
  ]);
  for (const { stop } of peers) running.defer(stop);
  yield { title: 'Through a device', peers, measures, warmUp };
};
