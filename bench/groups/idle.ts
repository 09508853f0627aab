/** Memory of pipes that are open and do nothing, and of those of which the client does not read. */
import type { Measure } from '../measure.ts';
import { startHaproxy } from '../peers/haproxy.ts';
import { startNginx } from '../peers/nginx.ts';
import { startFar } from '../peers/peer.ts';
import { startSluice } from '../peers/sluice.ts';
import { atMost } from '../target.ts';
import { kibibytes, mebibytes } from '../units.ts';
import { type Group, type Stage, there } from './group.ts';

const idlePipes: Measure = {
  job: { measure: 'idle', connections: 5000 },
  lines: [
    { words: 'memory per pipe', figure: 'memory', unit: kibibytes, target: atMost(8 * 1024, '8 KiB') },
    { words: 'pipes', figure: 'amount', unit: String },
  ],
};

const stalledPipes: Measure = {
  job: { measure: 'stall', stalled: 8, settles: true },
  lines: [
    { words: '8 stalled pipes, growth', figure: 'growth', unit: mebibytes, target: atMost(2 * 2 ** 20, '2 MiB') },
  ],
};

export const idle: Group = async function* (): AsyncGenerator<Stage> {
  using ending = new DisposableStack();
  const far = await startFar();
  ending.defer(far.stop);
  for (const measure of [idlePipes, stalledPipes]) {
    using running = new DisposableStack();
    const peers = there([await startHaproxy(far), await startNginx(far), await startSluice(far)]);
    for (const { stop } of peers) running.defer(stop);
    yield { title: 'Memory, fresh process', peers, measures: [measure], isFresh: true };
  }
};
