/** Where in Sluice the web page of a device is shown. */
import { deviceOf, type ProxyProfile } from '../../shared/proxy.ts';

/** `/devices/alice/raspi/portal/hmi-web`; undefined for a proxy that is no portal. */
export function portalPlace({ proxy, config }: Pick<ProxyProfile, 'proxy' | 'config'>): string | undefined {
  const device = deviceOf(config);
  if (config.protocol !== 'http_iotmp' || !device) return undefined;
  return `/devices/${device.user}/${device.device}/portal/${proxy}`;
}
