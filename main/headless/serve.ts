/** `sluice serve`: the gateway as a plain process. Starts its parts in order and stops them in reverse, whatever ended it. */
import { hostAndPort } from '../../shared/address.ts';
import { SluiceError } from '../../shared/errors.ts';
import { Gateway } from '../app.ts';
import { ControlServer } from '../control/control-server.ts';
import { createLog } from '../host/log.ts';
import { pagesFolder, version } from '../host/place.ts';
import { DataFolder } from '../store/data-folder.ts';
import type { HostPort } from './cli/address-flag.ts';
import { whenEnded } from './when-ended.ts';

export interface ServeOptions {
  /** Path of the data folder. */
  readonly data: string;
  /** Port 0 takes any free one. */
  readonly control: HostPort;
  /** One JSON line on stdout when ready, and the log as JSON. */
  readonly json: boolean;
}

/** How long open pipes may go on after the first signal. */
const DRAIN_MS = 5000;
/**
 * Resolves with the exit code when somebody ended it.
 * Rejects with DATA_FOLDER_IN_USE, CONFIG_UNREADABLE, CONFIG_NEWER, DATA_FOLDER_UNUSABLE, CONTROL_NOT_OPENED.
 */
export async function serve({ data, control, json }: ServeOptions): Promise<number> {
  const log = createLog({ json });
  const ended = whenEnded(log);
  await using parts = new AsyncDisposableStack();

  const folder = new DataFolder(data);
  folder.open();
  parts.defer(() => folder.close());

  const gateway = new Gateway({ folder: data, host: 'headless', version, log });
  parts.defer(() => gateway.stop({ deadlineMs: DRAIN_MS }));
  gateway.open();

  const server = new ControlServer({ gateway, folder, pages: pagesFolder, log });
  parts.defer(() => server.close());
  const { url } = await server.listen(control.address, control.port).catch((cause: unknown) => {
    throw notOpened(control, cause);
  });

  await gateway.start();
  folder.announce(url);
  for (const { message, next } of gateway.notices) log.warn({}, `${message} ${next}`);
  process.stdout.write(`${readyLine({ url, folder, json })}\n`);
  return await ended;
}

function notOpened({ address, port }: HostPort, cause: unknown): SluiceError {
  const reason = cause instanceof SluiceError ? cause.message : `${hostAndPort(address, port)} cannot be used.`;
  return new SluiceError('CONTROL_NOT_OPENED', { reason }, { cause });
}

/** The token is shown to a person at a terminal only: what goes to a file or a journal may be read by others. */
function readyLine({ url, folder, json }: { url: string; folder: DataFolder; json: boolean }): string {
  if (json) return JSON.stringify({ event: 'ready', url, tokenFile: folder.tokenFile });
  const page = `http://sluice.localhost:${new URL(url).port}/`;
  if (process.stdout.isTTY) return `Sluice is ready. Open ${page}#token=${folder.token}`;
  return `Sluice is ready at ${page} (its token is in ${folder.tokenFile}).`;
}
