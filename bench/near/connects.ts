/** New connections that each carry one round trip, eight at a time. */
import { once } from 'node:events';
import tls from 'node:tls';
import { connect } from '../sockets.ts';
import { head } from '../wire.ts';
import type { Figures, Job } from './job.ts';

const AT_ONCE = 8;
const question = Buffer.concat([head('echo'), Buffer.from('x')]);

/** `rate` and `amount` in connections. Throws where clients were to take up earlier TLS sessions and mostly could not. */
export async function connects({ way, seconds, resumes = false }: Job): Promise<Figures> {
  let done = 0;
  let resumed = 0;
  let session: Buffer | undefined;
  const place = { ca: way.ca, port: (resumes ? undefined : way.freshPort) ?? way.port };
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const work = async (): Promise<void> => {
    while (performance.now() < end) {
      let answer = (): void => {};
      const answered = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const socket = await connect(place, {
        session,
        take: () => {
          answer();
          return true;
        },
      });
      if (resumes) socket.on('session', (offered: Buffer) => (session = offered));
      if (socket instanceof tls.TLSSocket && socket.isSessionReused()) resumed += 1;
      socket.write(question);
      await Promise.race([answered, once(socket, 'close').then(() => Promise.reject(new Error('No answer.')))]);
      if (socket instanceof tls.TLSSocket) socket.destroy();
      else socket.resetAndDestroy();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (resumes && way.ca !== undefined && resumed < done / 2) throw new Error('TLS sessions were not resumed.');
  return { rate: (done * 1000) / (performance.now() - begin), amount: done };
}
