/** Memory of pipes that are open and do nothing. */
import type { Measure } from '../measure.ts';
import { startHaproxy } from '../peers/haproxy.ts';
import { startNginx } from '../peers/nginx.ts';
import { startFar } from '../peers/peer.ts';
import { startSluice } from '../peers/sluice.ts';
import { atMost } from '../target.ts';
import { kibibytes } from '../units.ts';
import { type Group, type Stage, there } from './group.ts';

const measures: readonly Measure[] = [
  {
    job: { measure: 'idle', connections: 5000 },
    lines: [
      { words: 'memory per pipe', figure: 'memory', unit: kibibytes, target: atMost(8 * 1024, '8 KiB') },
      { words: 'pipes', figure: 'amount', unit: String },
    ],
  },
];

export const idle: Group = async function* (): AsyncGenerator<Stage> {
  using running = new DisposableStack();
  const far = await startFar();
  running.defer(far.stop);
  const peers = there([await startHaproxy(far), await startNginx(far), await startSluice(far)]);
  for (const { stop } of peers) running.defer(stop);
  yield { title: 'Idle pipes', peers, measures, isFresh: true };
};
