/**
 * A target that is a plugin: a service that people know by its name. Where it is, and how it does, is asked for every
 * pipe; what goes wrong names the plugin. Knows the registry only as a PluginDesk.
 */
import type net from 'node:net';
import { hostAndPort } from '../../shared/address.ts';
import { type ErrorCode, type ErrorDetails, SluiceError } from '../../shared/errors.ts';
import type { PluginKey } from '../../shared/name.ts';
import type { PluginState } from '../../shared/plugin.ts';
import type { OnRead } from '../sockets/raw-socket.ts';
import { HostTarget, type HostTargetOptions } from './host-target.ts';
import type { Place, Target } from './target.ts';

/** How things stand with a plugin right now. */
export interface PluginFacts extends Place {
  readonly name: string;
  readonly state: PluginState;
  /** Whether it is known for certain that it does not run; else only its own port did not answer. */
  readonly isRunHere: boolean;
}

/** What the engine needs of the registry of plugins. */
export interface PluginDesk {
  /** Undefined where there is no such plugin. */
  place(key: PluginKey): PluginFacts | undefined;
  /** Somebody could not reach it: look again. */
  doubt(key: PluginKey): void;
}

/** For an engine without plugins. */
export const noPlugins: PluginDesk = { place: () => undefined, doubt: () => {} };

export interface PluginTargetOptions extends Omit<HostTargetOptions, 'address'> {
  readonly desk: PluginDesk;
  readonly key: PluginKey;
}

export class PluginTarget implements Target {
  readonly label: string;
  readonly #options: PluginTargetOptions;

  constructor(options: PluginTargetOptions) {
    this.#options = options;
    this.label = hostAndPort(options.key.plugin, options.port);
  }

  get place(): Place {
    return { address: this.#facts.address, port: this.#options.port };
  }

  hindrance(): SluiceError | null {
    const { desk, key, port } = this.#options;
    const facts = desk.place(key);
    if (!facts) return this.#fault('PLUGIN_UNKNOWN');
    // A service may have other ports than the one that is asked whether it answers.
    if (facts.port !== port && !facts.isRunHere) return null;
    switch (facts.state) {
      case 'stopped':
      case 'stopping':
      case 'crashed':
        return this.#fault('PLUGIN_STOPPED');
      case 'not_answering':
        return facts.port === port
          ? this.#fault('PLUGIN_NOT_ANSWERING', { ...this.place, reason: 'it is silent' })
          : null;
      default:
        return null;
    }
  }

  /** Tries also where the plugin is said not to run: it may have been started a moment ago. */
  open(onread: OnRead): net.Socket {
    return this.#host.open(onread);
  }

  fault(error: Error): SluiceError {
    const { desk, key } = this.#options;
    desk.doubt(key);
    if (!desk.place(key)) return this.#fault('PLUGIN_UNKNOWN', {}, error);
    const fault = this.#host.fault(error);
    const reason = reasons[fault.code];
    if (reason === undefined) return fault;
    const { port, isRunHere } = this.#facts;
    const isStopped = fault.code === 'TARGET_REFUSED' && !isRunHere && port === this.#options.port;
    if (isStopped) return this.#fault('PLUGIN_STOPPED', {}, error);
    return this.hindrance() ?? this.#fault('PLUGIN_NOT_ANSWERING', { ...this.place, reason }, error);
  }

  /** Its address may be another one than for the last pipe. */
  get #host(): HostTarget {
    return new HostTarget({ ...this.#options, address: this.#facts.address });
  }

  get #facts(): PluginFacts {
    const facts = this.#options.desk.place(this.#options.key);
    if (!facts) throw this.#fault('PLUGIN_UNKNOWN');
    return facts;
  }

  #fault(code: ErrorCode, details: ErrorDetails = {}, cause?: Error): SluiceError {
    const { desk, key } = this.#options;
    return new SluiceError(code, { ...key, name: desk.place(key)?.name ?? key.plugin, ...details }, { cause });
  }
}

/** What of a host's faults is said of the plugin instead. */
const reasons: Partial<Record<ErrorCode, string>> = {
  TARGET_REFUSED: 'nothing listens there',
  TARGET_TIMEOUT: 'it does not take connections',
  TARGET_UNREACHABLE: 'this PC has no way to it',
  TARGET_RESET: 'it cut the connection before it was made',
  TARGET_FAILED: 'the connection failed',
  NAME_NOT_FOUND: 'its address cannot be found',
};
