import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { adopt, canAdopt, type OnRead } from '../../../main/sockets/raw-socket.ts';

describe('the proof that accepted sockets can be read through buffers of ours', () => {
  it('holds on this Node', async () => {
    expect(await canAdopt()).toBe(true);
  });

  const surprises: readonly { what: string; how: typeof adopt }[] = [
    {
      what: 'throws',
      how: () => {
        throw new TypeError('handle is not what it was');
      },
    },
    { what: 'gives the bytes elsewhere', how: (accepted) => accepted.resume() },
    {
      what: 'counts other bytes than it read',
      how: (accepted, { buffer, callback }: OnRead) =>
        adopt(accepted, { buffer, callback: (read) => callback(read - 1) }),
    },
    { what: 'closes the connection', how: (accepted) => accepted.destroy() },
    {
      what: 'leaves the first socket with the listener',
      how: (accepted, onread) => {
        const handle = Reflect.get(accepted, '_handle');
        Reflect.set(accepted, '_handle', null);
        handle.reading = false;
        const options = { handle, onread, allowHalfOpen: true, manualStart: true };
        return new net.Socket(options as unknown as net.SocketConstructorOpts);
      },
    },
  ];

  it.each(surprises)('fails where Node $what', async ({ how }) => {
    expect(await canAdopt(how)).toBe(false);
  });
});
