/** Chooses the kind of target that a config leads to. */
import { deviceOf, type ProxyConfig } from '../../shared/proxy.ts';
import { DeviceTarget } from './device-target.ts';
import { HostTarget } from './host-target.ts';
import type { EngineParts } from './port-server.ts';
import type { Target } from './target.ts';

export function makeTarget(config: ProxyConfig, parts: EngineParts): Target {
  const { address, port, secure = false } = config.target;
  const { connectTimeoutMs = 0, lingerMs = 0 } = config.limits;
  const device = deviceOf(config);
  if (device) return new DeviceTarget(parts.devices, device, { address, port, secure, connectTimeoutMs, lingerMs });
  return new HostTarget({
    address,
    port,
    connectTimeoutMs,
    names: parts.names,
    ownerOf: (ip, at) => parts.ownerOf({ transport: 'tcp', address: ip, port: at }),
  });
}
