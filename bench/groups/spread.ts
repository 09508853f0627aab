/** Plain TCP with connections spread over threads, beside one thread for all. Only when asked for by name. */
import type { Measure } from '../measure.ts';
import { startHaproxy } from '../peers/haproxy.ts';
import { startFar } from '../peers/peer.ts';
import { startSluice } from '../peers/sluice.ts';
import { fraction, gibibytes, microseconds, milliseconds, perSecond, secondsOf } from '../units.ts';
import { type Group, type Stage, there } from './group.ts';

const THREADS = 2;

const measures: readonly Measure[] = [
  {
    job: { measure: 'both', connections: 32 },
    lines: [
      { words: '32 pipes both ways', figure: 'rate', unit: gibibytes },
      { words: 'Jain index of them', figure: 'jain', unit: fraction },
      { words: 'CPU per GiB', figure: 'cpu', unit: secondsOf },
    ],
  },
  {
    job: { measure: 'ping', connections: 50 },
    lines: [{ words: 'ping on 50 connections', figure: 'rate', unit: perSecond }],
  },
  {
    job: { measure: 'ping' },
    beside: { measure: 'up' },
    lines: [{ words: 'ping beside bulk, p99', figure: 'p99', unit: milliseconds }],
  },
  {
    job: { measure: 'connects' },
    lines: [
      { words: 'new connections', figure: 'rate', unit: perSecond },
      { words: 'CPU per connection', figure: 'cpu', unit: microseconds },
    ],
  },
];

const warmUp = [
  { measure: 'connects', seconds: 4 },
  { measure: 'both', connections: 8, seconds: 1 },
];

export const spread: Group = async function* (): AsyncGenerator<Stage> {
  using running = new DisposableStack();
  const far = await startFar();
  running.defer(far.stop);
  const peers = there([await startHaproxy(far), await startSluice(far), await startSluice(far, THREADS)]);
  for (const { stop } of peers) running.defer(stop);
  yield { title: 'Spread over threads', peers, measures, warmUp };
};
