/** Small changes to a stored config, as the fault row offers them. */
import { clientRules, isNetwork } from '../../shared/address.ts';
import { type ProxyConfig, type ProxyConfigInput, proxyConfigInput } from '../../shared/proxy.ts';

export function withSourcePort(config: ProxyConfig, port: number): ProxyConfigInput {
  return proxyConfigInput.parse({ ...config, source: { ...config.source, port } });
}

/** @param max  most connections at once */
export function withMaxPipes(config: ProxyConfig, max: number): ProxyConfigInput {
  return proxyConfigInput.parse({ ...config, limits: { ...config.limits, maxPipes: max } });
}

/** Not where everybody is allowed by now: an address in a list without others would shut out all others. */
export function canAllow({ source: { allow } }: ProxyConfig, address: string): boolean {
  if (allow.includes(`!${address}`)) return true;
  return clientRules(allow).permitted.length > 0 && !allow.includes(address) && isNetwork(address);
}

export function withClientAllowed(config: ProxyConfig, address: string): ProxyConfigInput {
  const isBlocked = config.source.allow.includes(`!${address}`);
  const allow = isBlocked
    ? config.source.allow.filter((rule) => rule !== `!${address}`)
    : [...config.source.allow, address];
  return proxyConfigInput.parse({ ...config, source: { ...config.source, allow } });
}

/** Keeps one client out, whatever lets it in. */
export function withClientBlocked(config: ProxyConfig, address: string): ProxyConfigInput {
  const others = config.source.allow.filter((rule) => rule !== `!${address}`);
  return proxyConfigInput.parse({ ...config, source: { ...config.source, allow: [...others, `!${address}`] } });
}

/** Keeps everybody out but one client. */
export function withOnlyClient(config: ProxyConfig, address: string): ProxyConfigInput {
  return proxyConfigInput.parse({ ...config, source: { ...config.source, allow: [address] } });
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
