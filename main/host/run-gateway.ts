/** What every host does to run a gateway: takes the data folder, opens the control port, starts all, says where it is. */
import { hostAndPort } from '../../shared/address.ts';
import { SluiceError } from '../../shared/errors.ts';
import { Gateway, type GatewayOptions } from '../app.ts';
import { ControlServer } from '../control/control-server.ts';
import { DataFolder } from '../store/data-folder.ts';
import { pagesFolder, version } from './place.ts';

/** Where the control port listens when nobody says otherwise. */
export const defaultControl: ControlPlace = { address: '127.0.0.1', port: 7420 };

/** Port 0 takes any free one. */
export interface ControlPlace {
  readonly address: string;
  readonly port: number;
}

export interface RunOptions extends Omit<GatewayOptions, 'version'> {
  /** The first of these that can be opened. */
  readonly controls: readonly [ControlPlace, ...ControlPlace[]];
}

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly folder: DataFolder;
  /** Of the control port. */
  readonly url: string;
  /** Lets pipes end for a while, then ends all. May be called twice. */
  stop(): Promise<void>;
}

/** How long open pipes may go on after a stop. */
const DRAIN_MS = 5000;

/**
 * Resolves when all enabled profiles were tried. What was opened is closed again where it rejects:
 * with DATA_FOLDER_IN_USE, CONFIG_UNREADABLE, CONFIG_NEWER, DATA_FOLDER_UNUSABLE, CONTROL_NOT_OPENED.
 */
export async function runGateway({ controls, ...options }: RunOptions): Promise<RunningGateway> {
  const { log } = options;
  await using parts = new AsyncDisposableStack();

  const folder = new DataFolder(options.folder);
  folder.open();
  parts.defer(() => folder.close());

  const gateway = new Gateway({ ...options, version });
  parts.defer(() => gateway.stop({ deadlineMs: DRAIN_MS }));
  gateway.open();

  const server = new ControlServer({ gateway, folder, pages: pagesFolder, log });
  parts.defer(() => server.close());
  const url = await openControl(server, controls);

  await gateway.start();
  folder.announce(url);
  for (const { message, next } of gateway.notices) log.warn({}, `${message} ${next}`);
  const opened = parts.move();
  return { gateway, folder, url, stop: () => opened.disposeAsync() };
}

async function openControl(server: ControlServer, controls: readonly ControlPlace[]): Promise<string> {
  const [{ address, port }, ...others] = controls as RunOptions['controls'];
  try {
    return (await server.listen(address, port)).url;
  } catch (cause) {
    if (others.length > 0) return await openControl(server, others);
    const reason = cause instanceof SluiceError ? cause.message : `${hostAndPort(address, port)} cannot be used.`;
    throw new SluiceError('CONTROL_NOT_OPENED', { reason }, { cause });
  }
}
