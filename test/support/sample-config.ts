/** Configurations that carry a number, so that a test can tell which one it finds. */
import type { StoredConfig } from '../../main/store/config-document.ts';
import { completeConfig, type ProxyProfile } from '../../shared/proxy.ts';
import { defaultSettings } from '../../shared/settings.ts';

export function sampleProfile(proxy: string, description = ''): ProxyProfile {
  const config = completeConfig(
    {
      protocol: 'tcp',
      source: { port: 8090 },
      target: { type: 'address', address: '10.0.0.7', port: 80 },
    },
    { defaultAddress: '127.0.0.1' },
  );
  return { proxy, name: `Proxy ${proxy}`, description, enabled: true, config, created: 1, modified: 2 };
}

/** @param bulk how many profiles of about 800 bytes it has */
export function configOfRevision(revision: number, bulk = 1): StoredConfig {
  return {
    settings: { ...defaultSettings, siteName: `revision ${revision}` },
    devices: [],
    plugins: [],
    proxies: Array.from({ length: bulk }, (_, index) => sampleProfile(`plc-${index}`, 'x'.repeat(200))),
  };
}

/** 0 for a configuration that was never saved. */
export function revisionOf({ settings }: StoredConfig): number {
  return Number(/^revision (\d+)$/.exec(settings.siteName)?.[1] ?? 0);
}
