/** Flags that are `HOST:PORT`. What the parts may be is the gateway's to say; here only their shape counts. */
import { InvalidArgumentError, Option } from 'commander';
import { hostAndPort, isLoopback } from '../../../shared/address.ts';
import { defaultControl } from '../../host/run-gateway.ts';

export interface HostPort {
  readonly address: string;
  readonly port: number;
}

/** `10.0.0.7:502`, `plc.local:502`, `[fe80::1]:502`. */
export function hostPortFlag(text: string): HostPort {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:[\]]+)):(\d+)$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined) throw new InvalidArgumentError('Use HOST:PORT, with an IPv6 address in brackets.');
  return { address, port: Number(port) };
}

/** A target, whose port may be left out where something else says it. */
export function targetFlag(text: string): Omit<HostPort, 'port'> & { readonly port?: number } {
  return /^[^:[\]\s]+$/.test(text) ? { address: text } : hostPortFlag(text);
}

/** A control address: the control port must not be reachable from other machines. */
export function controlFlag(text: string): HostPort {
  const { address, port } = hostPortFlag(text);
  const host = address === 'localhost' ? '127.0.0.1' : address;
  if (!isLoopback(host)) throw new InvalidArgumentError('Use an address of this PC only, such as 127.0.0.1.');
  if (port > 65535) throw new InvalidArgumentError('Use a port up to 65535, or 0 for any free one.');
  return { address: host, port };
}

export function controlOption(): Option {
  return new Option('--control <host:port>', 'control address; port 0 is any free port')
    .env('SLUICE_CONTROL')
    .argParser(controlFlag)
    .default(defaultControl, hostAndPort(defaultControl.address, defaultControl.port));
}
