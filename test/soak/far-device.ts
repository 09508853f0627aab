/** A device of the gateway, as a process of its own on this machine. */
import { startDevice } from '../support/device-process.ts';
import type { Program } from '../support/program.ts';
import { connect, onClose, unusedPort } from '../support/sockets.ts';
import { waitFor } from '../support/wait.ts';

export const USER = 'alice';
export const CREDENTIALS = 'only-for-the-soak-7c1f';

export const isOnline = async (program: Program, device: string): Promise<boolean> =>
  (await program.call('GET', `/v1/users/${USER}/devices/${device}`)).body.connection.active;

/** Opens the hub for plain TCP, registers these devices, and gives its port. */
export async function openHub(program: Program, devices: readonly string[]): Promise<number> {
  const port = await unusedPort();
  await program.call('PUT', '/v1/settings', { hub: { tcp: { enabled: true, address: '127.0.0.1', port } } });
  for (const device of devices)
    await program.call('POST', `/v1/users/${USER}/devices`, { device, credentials: CREDENTIALS });
  await waitFor(
    () =>
      connect(port).then(
        (socket) => socket.destroy(),
        () => false,
      ),
    'the hub',
  );
  return port;
}

/** Resolves when it is online. */
export async function startFarDevice(program: Program, hub: number, device: string): Promise<void> {
  const child = startDevice({ hub, user: USER, device, credentials: CREDENTIALS });
  onClose(() => void child.stop('SIGKILL'));
  await waitFor(() => isOnline(program, device), `the device ${device}`, 15_000);
}

/** What a proxy through it needs beside its port. */
export const through = (device: string, port: number): object => ({
  protocol: 'tcp_iotmp',
  target: { type: 'address', user: USER, device, address: '127.0.0.1', port },
});
