/** TCP to an address, without TLS. */
import { direct, type Measure } from '../measure.ts';
import { startHaproxy } from '../peers/haproxy.ts';
import { startFar } from '../peers/peer.ts';
import { startSluice } from '../peers/sluice.ts';
import { fraction, gibibytes, milliseconds, perSecond, secondsOf } from '../units.ts';
import { type Group, type Stage, there } from './group.ts';

const measures: readonly Measure[] = [
  {
    job: { measure: 'up' },
    lines: [
      { words: 'bulk up', figure: 'rate', unit: gibibytes },
      { words: 'CPU per GiB up', figure: 'cpu', unit: secondsOf },
    ],
  },
  {
    job: { measure: 'both', connections: 32 },
    lines: [
      { words: '32 pipes both ways', figure: 'rate', unit: gibibytes },
      { words: 'Jain index of them', figure: 'jain', unit: fraction },
    ],
  },
  {
    job: { measure: 'ping' },
    lines: [{ words: 'ping, p50', figure: 'p50', unit: milliseconds }],
  },
  {
    job: { measure: 'ping', connections: 50 },
    lines: [{ words: 'ping on 50 connections', figure: 'rate', unit: perSecond }],
  },
  {
    job: { measure: 'connects' },
    lines: [{ words: 'new connections', figure: 'rate', unit: perSecond }],
  },
];

export const tcp: Group = async function* (): AsyncGenerator<Stage> {
  using running = new DisposableStack();
  const far = await startFar();
  running.defer(far.stop);
  const peers = there([direct({ port: far.plain }), await startHaproxy(far), await startSluice(far)]);
  for (const { stop } of peers) running.defer(stop);
  yield { title: 'TCP', peers, measures };
};
