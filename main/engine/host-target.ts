/** A target reached over this PC's own network: name or address and port, over TCP, with TLS or without. */
import net, { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { hostAndPort } from '../../shared/address.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { NameCache } from '../sockets/name-cache.ts';
import type { OnRead } from '../sockets/raw-socket.ts';
import { targetFault } from './socket-fault.ts';
import type { Place, Target } from './target.ts';
import type { TargetTls } from './target-tls.ts';

export interface HostTargetOptions {
  readonly address: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
  readonly names: NameCache;
  /** Left out: in plain. */
  readonly tls?: TargetTls | undefined;
  /** Names the owner where the address is a listener of Sluice itself; asked again for every pipe, after name resolution. */
  readonly ownerOf: (address: string, port: number) => string | undefined;
}

export class HostTarget implements Target {
  readonly label: string;
  readonly #options: HostTargetOptions;

  constructor(options: HostTargetOptions) {
    this.#options = options;
    this.label = hostAndPort(options.address, options.port);
  }

  get place(): Place {
    return { address: this.#options.address, port: this.#options.port };
  }

  get answeredBy(): 'secureConnect' | undefined {
    return this.#options.tls && 'secureConnect';
  }

  hindrance(): SluiceError | null {
    return this.#options.tls?.hindrance() ?? null;
  }

  open(onread: OnRead, alpn?: string): net.Socket {
    const { address, port, tls } = this.#options;
    if (isIP(address)) this.#refuseOwn(address);
    const to = { host: address, port, lookup: this.#lookup };
    return tls ? tls.connect({ ...to, alpn }) : net.connect({ ...to, onread, allowHalfOpen: true, noDelay: true });
  }

  fault(error: Error, stream: Duplex | null = null): SluiceError {
    const { address, port, connectTimeoutMs, tls } = this.#options;
    const at = { address, port };
    const fault = tls?.fault(error, at, stream) ?? targetFault(error, at);
    return fault.code === 'TARGET_TIMEOUT' || fault.code === 'TLS_SILENT'
      ? new SluiceError(fault.code, { ...at, timeoutMs: connectTimeoutMs || undefined }, { cause: error })
      : fault;
  }

  readonly #lookup: LookupFunction = (name, options, callback) => {
    this.#options.names.resolve(name).then(
      (addresses) => {
        try {
          for (const { address } of addresses) this.#refuseOwn(address);
        } catch (refusal) {
          callback(refusal as NodeJS.ErrnoException, '');
          return;
        }
        if (options.all) callback(null, [...addresses]);
        else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };

  #refuseOwn(address: string): void {
    const owner = this.#options.ownerOf(address, this.#options.port);
    if (owner) throw new SluiceError('TARGET_IS_SOURCE', { address, port: this.#options.port, owner });
  }
}
