/** Datagrams of 64 bytes at a pace. "sent" is what the generator reached; of it, "direct" loses what the far end does. */
import { direct, type Measure } from '../measure.ts';
import { startNginxUdp } from '../peers/nginx.ts';
import { startFar } from '../peers/peer.ts';
import { startSluiceUdp } from '../peers/sluice.ts';
import { startSocatUdp } from '../peers/socat.ts';
import { atMost } from '../target.ts';
import { microseconds, percent, perSecond } from '../units.ts';
import { type Group, type Stage, there } from './group.ts';

const at = (pace: number, connections: number): Measure => {
  const words = `${pace / 1000},000/s, ${connections === 1 ? '1 flow' : `${connections} flows`}`;
  return {
    job: { measure: 'udp', pace, connections },
    without: pace > 60_000 ? ['socat'] : [],
    lines: [
      {
        ...{ words: `${words}: lost`, figure: 'lost', unit: percent },
        target: pace <= 60_000 ? atMost(0.0005, '0.0 %') : atMost(0.1, '10 %'),
      },
      { words: '— sent', figure: 'sent', unit: perSecond },
      { words: '— CPU per datagram', figure: 'cpu', unit: microseconds },
    ],
  };
};

const measures = [60_000, 100_000].flatMap((pace) => [1, 100].map((flows) => at(pace, flows)));

export const udp: Group = async function* (): AsyncGenerator<Stage> {
  using running = new DisposableStack();
  const far = await startFar();
  running.defer(far.stop);
  const straight = direct({ port: far.udp, far: far.plain });
  const peers = there([straight, await startSocatUdp(far), await startNginxUdp(far), await startSluiceUdp(far)]);
  for (const { stop } of peers) running.defer(stop);
  yield { title: 'UDP', peers, measures };
};
