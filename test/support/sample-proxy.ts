/** A proxy as the gateway shows it, for tests of the page's logic. */
import { completeConfig, type ProxyConfigInput } from '../../shared/proxy.ts';
import type { ProxyStatus, ProxyView } from '../../shared/status.ts';
import { historyColumns } from '../../shared/traffic.ts';

export const NOW = new Date(2026, 10, 22, 14, 0, 0).getTime();

export function sampleStatus(change: Partial<ProxyStatus> = {}): ProxyStatus {
  return {
    state: 'listening',
    since: NOW - 60_000,
    error: null,
    retryAt: null,
    source: { address: '127.0.0.1', port: 5020 },
    pipes: { open: 0, total: 0, failed: 0, failedInARow: 0, refused: { limit: 0, allow: 0, tls: 0 } },
    rejected: null,
    dropped: 0,
    bytes: { received: 0, sent: 0 },
    rate: { received: 0, sent: 0 },
    history: { received: Array<number>(historyColumns).fill(0), sent: Array<number>(historyColumns).fill(0) },
    lastActivity: null,
    ...change,
  };
}

interface Sample extends Partial<Omit<ProxyView, 'status' | 'config'>> {
  readonly config?: ProxyConfigInput;
  readonly status?: Partial<ProxyStatus>;
}

export function sampleProxy({ config, status, ...change }: Sample = {}): ProxyView {
  return {
    proxy: 'plc-pump',
    name: 'Pump PLC',
    description: '',
    enabled: true,
    created: NOW - 86_400_000,
    modified: NOW - 86_400_000,
    config: completeConfig(
      config ?? {
        protocol: 'tcp',
        source: { port: 5020 },
        target: { type: 'address', address: '10.0.0.7', port: 502 },
      },
      { defaultAddress: '127.0.0.1' },
    ),
    status: sampleStatus(status),
    ...change,
  };
}
