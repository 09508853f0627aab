/** Small changes to a stored config, as the fault row offers them. */
import { isNetwork } from '../../../shared/address.ts';
import { type ProxyConfig, type ProxyConfigInput, proxyConfigInput } from '../../../shared/proxy.ts';

export function withSourcePort(config: ProxyConfig, port: number): ProxyConfigInput {
  return proxyConfigInput.parse({ ...config, source: { ...config.source, port } });
}

/** @param max  most connections at once */
export function withMaxPipes(config: ProxyConfig, max: number): ProxyConfigInput {
  return proxyConfigInput.parse({ ...config, limits: { ...config.limits, maxPipes: max } });
}

/** Not where everybody is allowed by now: an address in an empty list would shut out all others. */
export const canAllow = ({ source: { allow } }: ProxyConfig, address: string): boolean =>
  allow.length > 0 && !allow.includes(address) && isNetwork(address);

export function withClientAllowed(config: ProxyConfig, address: string): ProxyConfigInput {
  return proxyConfigInput.parse({ ...config, source: { ...config.source, allow: [...config.source.allow, address] } });
}

/** With other TLS to the target; null takes a field away. */
export function withTargetTls(
  config: ProxyConfig,
  change: {
    readonly secure?: boolean;
    readonly verify?: string | null;
    readonly serverName?: string | null;
    readonly oldTls?: boolean;
  },
): ProxyConfigInput {
  const { verify: _verify, serverName: _name, certificate: _certificate, oldTls: _old, ...plain } = config.target;
  const target = change.secure === false ? { ...plain, secure: false } : { ...config.target, ...change };
  return proxyConfigInput.parse({ ...config, target });
}
