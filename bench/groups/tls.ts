/** TLS 1.3 with RSA 2048 on one leg or both. "direct", measured once, is TLS straight to the target. */
import { rmSync } from 'node:fs';
import { direct, type Measure } from '../measure.ts';
import { makeCertificates } from '../peers/certificates.ts';
import { startHaproxyTls } from '../peers/haproxy.ts';
import { isInstalled, startFar } from '../peers/peer.ts';
import { startSluiceTls } from '../peers/sluice.ts';
import { gibibytes, microseconds, perSecond, secondsOf } from '../units.ts';
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
    job: { measure: 'down' },
    lines: [
      { words: 'bulk down', figure: 'rate', unit: gibibytes },
      { words: 'CPU per GiB down', figure: 'cpu', unit: secondsOf },
    ],
  },
  {
    job: { measure: 'connects' },
    lines: [
      { words: 'new connections, full', figure: 'rate', unit: perSecond },
      { words: 'CPU per connection, full', figure: 'cpu', unit: microseconds },
    ],
  },
  {
    job: { measure: 'connects', resumes: true },
    lines: [
      { words: 'new connections, resumed', figure: 'rate', unit: perSecond },
      { words: 'CPU per connection, resumed', figure: 'cpu', unit: microseconds },
    ],
  },
];

const warmUp = [
  { measure: 'connects', seconds: 1 },
  { measure: 'both', connections: 4, seconds: 0.5 },
];

const allLegs = [
  { name: 'TLS in', source: true, target: false },
  { name: 'TLS out', source: false, target: true },
  { name: 'TLS both', source: true, target: true },
];

export const tls: Group = async function* (): AsyncGenerator<Stage> {
  if (!isInstalled('openssl', 'version')) return;
  using ending = new DisposableStack();
  const certificates = makeCertificates();
  ending.defer(() => rmSync(certificates.folder, { recursive: true, force: true }));
  const far = await startFar(certificates.folder);
  ending.defer(far.stop);
  const straight = direct({ port: far.tls, freshPort: far.fresh, ca: certificates.ca });
  for (const legs of allLegs) {
    using running = new DisposableStack();
    const ways = there([await startHaproxyTls(far, legs, certificates), await startSluiceTls(far, legs, certificates)]);
    for (const { stop } of ways) running.defer(stop);
    yield {
      title: legs.name,
      warmUp,
      peers: [...(legs.target ? [] : [straight]), ...ways],
      measures: legs.source && legs.target ? measures.filter(({ job }) => !job.resumes) : measures,
    };
  }
};
