/** Chooses the kind of target that a config leads to. */
import { deviceOf, type ProxyConfig, type ProxyTarget } from '../../shared/proxy.ts';
import type { TargetTlsWish } from '../../shared/tls.ts';
import { DeviceTarget } from './device-target.ts';
import { HostTarget } from './host-target.ts';
import { PluginTarget } from './plugin-target.ts';
import type { EngineParts } from './port-server.ts';
import type { Target } from './target.ts';
import { TargetTls } from './target-tls.ts';

/** Services of this PC are made for this name, whatever address they are reached at. */
const PLUGIN_NAME = 'localhost';

export function makeTarget(config: ProxyConfig, parts: EngineParts): Target {
  const { target } = config;
  const { port, secure = false } = target;
  const { connectTimeoutMs = 0, lingerMs = 0 } = config.limits;
  const ownNetwork = {
    port,
    connectTimeoutMs,
    names: parts.names,
    tls: secure ? new TargetTls(parts.tls, nameForPlugins(target)) : undefined,
    ownerOf: (ip: string, at: number) => parts.ownerOf({ transport: 'tcp', address: ip, port: at }),
  };
  if (target.type === 'plugin') return new PluginTarget({ ...ownNetwork, desk: parts.plugins, key: target });
  const { address } = target;
  const device = deviceOf(config);
  if (device) return new DeviceTarget(parts.devices, device, { address, port, secure, connectTimeoutMs, lingerMs });
  return new HostTarget({ ...ownNetwork, address });
}

function nameForPlugins(target: ProxyTarget): TargetTlsWish {
  return target.type === 'plugin' ? { ...target, serverName: target.serverName ?? PLUGIN_NAME } : target;
}
