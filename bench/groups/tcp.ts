/** TCP to an address, without TLS; then the same with a page open. */
import { direct, type Measure } from '../measure.ts';
import { startHaproxy } from '../peers/haproxy.ts';
import { startNginx } from '../peers/nginx.ts';
import { startFar } from '../peers/peer.ts';
import { startSluice } from '../peers/sluice.ts';
import { atLeast, atLeastTimes, atMost, atMostTimes } from '../target.ts';
import { fraction, gibibytes, microseconds, milliseconds, perSecond, secondsOf, times } from '../units.ts';
import { type Group, type Stage, there } from './group.ts';

const measures: readonly Measure[] = [
  {
    job: { measure: 'up' },
    lines: [
      { words: 'bulk up', figure: 'rate', unit: gibibytes, target: atLeastTimes(1.3, 'haproxy') },
      { words: 'CPU per GiB up', figure: 'cpu', unit: secondsOf, target: atMostTimes(0.8, 'haproxy') },
    ],
  },
  {
    job: { measure: 'down' },
    lines: [
      { words: 'bulk down', figure: 'rate', unit: gibibytes, target: atLeastTimes(1.3, 'haproxy') },
      { words: 'CPU per GiB down', figure: 'cpu', unit: secondsOf, target: atMostTimes(0.8, 'haproxy') },
    ],
  },
  {
    job: { measure: 'both', connections: 32 },
    lines: [
      { words: '32 pipes both ways', figure: 'rate', unit: gibibytes, target: atLeastTimes(1, 'haproxy') },
      { words: 'Jain index of them', figure: 'jain', unit: fraction, target: atLeast(0.98, '0.98') },
    ],
  },
  {
    job: { measure: 'ping' },
    lines: [{ words: 'ping, p50', figure: 'p50', unit: milliseconds, target: atMostTimes(1.05, 'haproxy') }],
  },
  {
    job: { measure: 'ping', connections: 50 },
    lines: [
      { words: 'ping on 50 connections', figure: 'rate', unit: perSecond, target: atLeastTimes(0.95, 'haproxy') },
    ],
  },
  {
    job: { measure: 'ping' },
    beside: { measure: 'up' },
    lines: [{ words: 'ping beside bulk, p99', figure: 'p99', unit: milliseconds, target: atMost(2, '2 ms') }],
  },
  {
    job: { measure: 'connects' },
    lines: [
      { words: 'new connections', figure: 'rate', unit: perSecond, target: atLeastTimes(0.8, 'haproxy') },
      { words: 'CPU per connection', figure: 'cpu', unit: microseconds },
    ],
  },
  {
    job: { measure: 'stall', stalled: 8 },
    lines: [{ words: 'ping beside 8 stalled, p99', figure: 'slower', unit: times, target: atMost(1.5, '1.5 × alone') }],
  },
];

const warmUp = [
  { measure: 'connects', seconds: 3 },
  { measure: 'ping', connections: 50, seconds: 1 },
  { measure: 'both', connections: 8, seconds: 1 },
];

const watchedMeasures: readonly Measure[] = [
  {
    job: { measure: 'up' },
    lines: [
      { words: 'bulk up', figure: 'rate', unit: gibibytes, target: atLeastTimes(0.95, 'no page') },
      { words: 'CPU per GiB up', figure: 'cpu', unit: secondsOf },
    ],
  },
];

export const tcp: Group = async function* (): AsyncGenerator<Stage> {
  using running = new DisposableStack();
  const far = await startFar();
  running.defer(far.stop);
  const sluice = await startSluice(far);
  const others = [await startHaproxy(far), await startNginx(far)];
  const peers = there([direct({ port: far.plain }), ...others, sluice]);
  for (const { stop } of peers) running.defer(stop);
  yield { title: 'TCP', peers, measures, warmUp };
  const watched = { ...sluice, way: { ...sluice.way, page: sluice.page } };
  yield { title: 'With a page open', peers: [{ ...sluice, name: 'no page' }, watched], measures: watchedMeasures };
};
