/**
 * The way into a proxy without a port: clients inside this process get one end of a pair of streams, the other end is
 * an ordinary pipe. Portals come this way.
 */
import { type Duplex, duplexPair } from 'node:stream';
import { type ErrorDetails, SluiceError } from '../../shared/errors.ts';
import type { AddressRules } from '../access/address-rules.ts';
import { PipeDoor } from './pipe-door.ts';
import type { EngineParts, PortalClient, PortServer, ServedProxy } from './port-server.ts';

export class InnerServer implements PortServer {
  readonly transport = 'tcp';
  readonly bound = null;
  readonly #proxy: ServedProxy;
  readonly #door: PipeDoor;
  #isOpen = false;

  constructor(proxy: ServedProxy, parts: EngineParts) {
    this.#proxy = proxy;
    this.#door = new PipeDoor(proxy, parts);
  }

  get openPipes(): number {
    return this.#door.openPipes;
  }

  async listen(): Promise<void> {
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  /**
   * Ends cleanly when the target does; fails with the fault of the target where that was not reached, else with
   * ECONNRESET. Throws PORTAL_CLOSED, PORTAL_REFUSED, PORTAL_FULL.
   */
  open(client: PortalClient): Duplex {
    const { proxy, name } = this.#proxy.profile;
    const details: ErrorDetails = { proxy, name };
    if (!this.#isOpen) throw new SluiceError('PORTAL_CLOSED', details);
    const refusal = this.#door.refusal(client);
    if (refusal) throw new SluiceError(refusal === 'allow' ? 'PORTAL_REFUSED' : 'PORTAL_FULL', details);
    const [near, far] = duplexPair();
    let fault: SluiceError | null = null;
    // Whichever end closes takes the other along: a pair tells only of clean ends.
    far.on('close', () => {
      if (!far.writableFinished) near.destroy(fault ?? cut());
    });
    near.on('close', () => {
      if (!far.destroyed && !(near.writableFinished && near.readableEnded)) far.destroy(cut());
    });
    this.#door.open(far, client, (tried) => {
      fault = tried;
    });
    return near;
  }

  drain(deadlineMs: number): Promise<void> {
    return this.#door.drain(deadlineMs);
  }

  enforce(rules: AddressRules): void {
    this.#door.enforce(rules);
  }

  sweep(nowMs: number): void {
    this.#door.sweep(nowMs);
  }
}

const cut = (): Error => Object.assign(new Error('The connection was cut.'), { code: 'ECONNRESET' });
