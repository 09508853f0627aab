/**
 * Hands ports over to the page, one at a time, and serves the gateway's contract and the desktop's on each. Only the
 * top frame of our own page is heard.
 */

import { experimental_RPCHandler as RPCHandler } from '@orpc/server/crossws';
import { type IpcMainEvent, ipcMain, MessageChannelMain, type MessagePortMain } from 'electron';
import { contract } from '../../shared/contract.ts';
import type { Logger } from '../engine/port-server.ts';
import { portAnswered, portRequested } from './channels.ts';
import type { DesktopRouter } from './desktop-router.ts';
import { forwardingRouter } from './forward.ts';
import type { GatewayAccess, GatewayClient, GatewayConnection } from './gateway-access.ts';
import { isPage } from './scheme.ts';

/** A page that lives says something every few seconds, or once a minute while it is covered. */
const SILENT_MS = 3 * 60_000;
const MOST_TOKEN = 200;

export interface RpcPortsOptions {
  readonly access: GatewayAccess;
  /** The desktop's contract for a page, with the rights that it has at the gateway. */
  readonly desktop: (client: GatewayClient) => DesktopRouter;
  readonly log: Logger;
}

export class RpcPorts {
  readonly #options: RpcPortsOptions;
  /** The live port of each page, by the ID of its contents, and how to end it. */
  readonly #ends = new Map<number, () => void>();

  constructor(options: RpcPortsOptions) {
    this.#options = options;
  }

  start(): void {
    ipcMain.on(portRequested, (event, token: unknown) => {
      this.#hand(event, token).catch((err: unknown) =>
        this.#options.log.error({ err }, 'The page could not be connected.'),
      );
    });
  }

  /** Ends all ports. */
  stop(): void {
    ipcMain.removeAllListeners(portRequested);
    for (const end of this.#ends.values()) end();
  }

  async #hand(event: IpcMainEvent, token: unknown): Promise<void> {
    const { sender, senderFrame: frame } = event;
    if (!frame || frame !== sender.mainFrame || !isPage(frame.url)) {
      this.#options.log.warn({ url: frame?.url.slice(0, 200) }, 'A frame that is not the page asked for the gateway.');
      return;
    }
    this.#ends.get(sender.id)?.();
    const connection = await this.#options.access.open(tokenOf(token));
    if (frame.isDestroyed()) {
      if (typeof connection === 'object') connection.close();
    } else if (typeof connection === 'string') {
      frame.postMessage(portAnswered, connection);
    } else {
      const { port1, port2 } = new MessageChannelMain();
      this.#serve(sender.id, port1, connection);
      frame.postMessage(portAnswered, 'open', [port2]);
    }
  }

  #serve(page: number, port: MessagePortMain, connection: GatewayConnection): void {
    const { desktop, log } = this.#options;
    // Not oRPC's handler of ports: there a malformed message is a rejection that nobody owns.
    const handler = new RPCHandler({
      ...forwardingRouter(contract, connection.client),
      desktop: desktop(connection.client),
    });
    const peer = { send: (message: unknown) => port.postMessage(message) };
    const end = (): void => {
      if (this.#ends.get(page) === end) this.#ends.delete(page);
      clearTimeout(silence);
      handler.close(peer);
      connection.close();
      port.close();
    };
    // Nothing holds back what is sent to a port whose reader hangs: without this it would pile up.
    const silence = setTimeout(end, SILENT_MS);
    this.#ends.get(page)?.();
    this.#ends.set(page, end);
    port.on('message', ({ data }: { readonly data: unknown }) => {
      silence.refresh();
      handler.message(peer, { rawData: data, uint8Array: () => bytesOf(data) }).catch((err: unknown) => {
        log.warn({ err }, 'The page sent what is no call.');
        end();
      });
    });
    port.on('close', end);
    connection.ended.then(end, end);
    port.start();
  }
}

/** Throws for what is no message of oRPC. */
function bytesOf(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new TypeError('Neither text nor bytes.');
}

const tokenOf = (given: unknown): string | undefined =>
  typeof given === 'string' && given !== '' && given.length <= MOST_TOKEN ? given : undefined;
