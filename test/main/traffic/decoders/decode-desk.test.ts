import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../../main/traffic/conversation.ts';
import {
  DecodeDesk,
  type DecodeDeskOptions,
  type DecodeSession,
} from '../../../../main/traffic/decoders/decode-desk.ts';
import type { SluiceError } from '../../../../shared/errors.ts';
import { entriesOf, titles } from '../../../support/decoding.ts';
import { waitFor } from '../../../support/wait.ts';

const program = new URL('../../../support/failing-decoder.ts', import.meta.url);
const tcp = { transport: 'tcp' } as const;
const words = (text: string): Entry[] => entriesOf([['received', Buffer.from(text)]]);
const titleOf = async (session: DecodeSession, text = 'x'): Promise<string | undefined> =>
  (await session.push(words(text))).messages[0]?.title;
const faultOf = async (work: Promise<unknown>): Promise<SluiceError> =>
  await work.then(
    () => expect.unreachable('It did not fail.'),
    (fault: SluiceError) => fault,
  );

const desks: DecodeDesk[] = [];
function deskWith(options: DecodeDeskOptions = {}): DecodeDesk {
  const desk = new DecodeDesk(options);
  desks.push(desk);
  return desk;
}
afterEach(async () => {
  process.removeAllListeners('worker');
  await Promise.all(desks.splice(0).map((desk) => desk.stop()));
});

describe('DecodeDesk', () => {
  it('decodes in its thread what was asked for', async () => {
    const session = deskWith().open('lines', tcp);
    const bytes = Buffer.from('one\ntw');
    const first = await session.push(entriesOf([['received', bytes]]));
    expect(titles([...first.messages])).toEqual(['one']);
    expect(bytes.toString()).toBe('one\ntw');
    const rest: Entry[] = [{ kind: 'data', at: 2, way: 'received', offset: 6, bytes: Buffer.from('o\n') }];
    expect(titles([...(await session.push(rest)).messages])).toEqual(['two']);
    expect(first.guess).toBeNull();
  });

  it('guesses, says so, and keeps to its guess', async () => {
    const session = deskWith().open('auto', { ...tcp, port: 80 });
    expect(await session.push(words('GET / HT'))).toEqual({ messages: [], guess: { protocol: 'lines', sure: 0.2 } });
    const rest = { kind: 'data', at: 2, way: 'received', offset: 8, bytes: Buffer.from('TP/1.1\r\n\r\n') } as const;
    const { messages, guess } = await session.push([rest]);
    expect(titles([...messages])).toEqual(['GET /']);
    expect(guess).toEqual({ protocol: 'http', sure: 1 });
  });

  it('says how many messages it does not show where very many come at once', async () => {
    const { messages } = await deskWith()
      .open('lines', tcp)
      .push(words('\n'.repeat(6000)));
    expect(messages).toHaveLength(5001);
    expect(messages.at(-1)?.title).toBe('1000 further messages (1000 B) came at once and are not shown');
  });

  it.each([
    ['hang', 'it took longer than 1 s'],
    ['crash', 'it stumbled'],
    ['exit', 'its thread has ended'],
  ])('ends only the session whose decoder does this: %s', async (text, reason) => {
    const desk = deskWith({ program, answerMs: 1000 });
    const [good, bad, late] = [desk.open('lines', tcp), desk.open('lines', tcp), desk.open('lines', tcp)];
    expect(await titleOf(good)).toBe('1');
    const failed = faultOf(bad.push(words(text)));
    const waiting = [titleOf(good), titleOf(late), titleOf(good)];
    expect(await failed).toMatchObject({ code: 'DECODER_FAILED', details: { reason } });
    expect(await Promise.all(waiting)).toEqual(['1', '1', '2']);
    expect(await faultOf(bad.push(words('x')))).toMatchObject({ code: 'DECODER_FAILED' });
    expect(await titleOf(good)).toBe('3');
  });

  it('fails where its program cannot be started', async () => {
    const session = deskWith({ program: new URL('./nowhere.ts', import.meta.url) }).open('lines', tcp);
    expect(await faultOf(session.push(words('x')))).toMatchObject({ code: 'DECODER_FAILED' });
  });

  it('closes the session that was not used for longest when there are too many', async () => {
    const desk = deskWith({ maxSessions: 2 });
    const [first, second] = [desk.open('lines', tcp), desk.open('lines', tcp)];
    await first.push(words('a'));
    const third = desk.open('lines', tcp);
    expect(await faultOf(second.push(words('b')))).toMatchObject({ details: { reason: 'others were opened since' } });
    await Promise.all([first.push(words('')), third.push(words('c'))]);
  });

  it('has a thread only while it is of use', async () => {
    const running = new Set<Worker>();
    process.on('worker', (worker) => {
      running.add(worker);
      worker.on('exit', () => running.delete(worker));
    });
    const desk = deskWith({ program, idleMs: 20 });
    const session = desk.open('lines', tcp);
    expect(running.size).toBe(0);
    await session.push(words('x'));
    expect(running.size).toBe(1);
    session.close();
    await waitFor(() => running.size === 0, 'the thread to end');
    expect(await titleOf(desk.open('lines', tcp))).toBe('1');
    expect(running.size).toBe(1);
  });
});
