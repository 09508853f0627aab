/** A target reached over this PC's own network: name or address and port, over TCP. */
import net, { isIP, type LookupFunction } from 'node:net';
import { hostAndPort } from '../../shared/address.ts';
import { SluiceError } from '../../shared/errors.ts';
import type { NameCache } from '../sockets/name-cache.ts';
import type { OnRead } from '../sockets/raw-socket.ts';
import { targetFault } from './socket-fault.ts';
import type { Place, Target } from './target.ts';

export interface HostTargetOptions {
  readonly address: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
  readonly names: NameCache;
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

  open(onread: OnRead): net.Socket {
    const { address, port } = this.#options;
    if (isIP(address)) this.#refuseOwn(address);
    return net.connect({ host: address, port, lookup: this.#lookup, onread, allowHalfOpen: true, noDelay: true });
  }

  fault(error: Error): SluiceError {
    const { address, port, connectTimeoutMs } = this.#options;
    const fault = targetFault(error, { address, port });
    return fault.code === 'TARGET_TIMEOUT'
      ? new SluiceError('TARGET_TIMEOUT', { address, port, timeoutMs: connectTimeoutMs || undefined }, { cause: error })
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
