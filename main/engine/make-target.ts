/** Chooses the kind of target that a config leads to. */
import { deviceOf, type ProxyConfig } from '../../shared/proxy.ts';
import { DeviceTarget } from './device-target.ts';
import { HostTarget } from './host-target.ts';
import { PluginTarget } from './plugin-target.ts';
import type { EngineParts } from './port-server.ts';
import type { Target } from './target.ts';

export function makeTarget(config: ProxyConfig, parts: EngineParts): Target {
  const { target } = config;
  const { port, secure = false } = target;
  const { connectTimeoutMs = 0, lingerMs = 0 } = config.limits;
  const ownNetwork = {
    port,
    connectTimeoutMs,
    names: parts.names,
    ownerOf: (ip: string, at: number) => parts.ownerOf({ transport: 'tcp', address: ip, port: at }),
  };
  if (target.type === 'plugin') return new PluginTarget({ ...ownNetwork, desk: parts.plugins, key: target });
  const { address } = target;
  const device = deviceOf(config);
  if (device) return new DeviceTarget(parts.devices, device, { address, port, secure, connectTimeoutMs, lingerMs });
  return new HostTarget({ ...ownNetwork, address });
}
