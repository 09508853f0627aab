/** An engine with quiet log for tests, and profiles for it. Source port 0 is taken by the engine, not by the API. */
import { Engine, type EngineOptions } from '../../main/engine/engine.ts';
import type { DeviceKey } from '../../shared/device.ts';
import {
  completeConfig,
  type LimitName,
  type ProxyConfig,
  type ProxyConfigInput,
  type ProxyProfile,
} from '../../shared/proxy.ts';

export const silentLog = { info: () => {}, warn: () => {}, error: () => {} };

export function makeEngine(options: Partial<EngineOptions> = {}): Engine {
  return new Engine({ limits: { maxPipes: 0, maxUdpFlows: 1024 }, onChanged: () => {}, log: silentLog, ...options });
}

export interface Wish {
  readonly protocol?: ProxyConfig['protocol'];
  readonly target: number;
  readonly targetAddress?: string;
  /** The device that dials the target; makes the profile one over IoTMP. */
  readonly through?: DeviceKey;
  readonly secure?: boolean;
  /** Fields of the source, such as `secure`. */
  readonly source?: object;
  /** Fields of the target, such as `verify`. */
  readonly targetTls?: object;
  readonly port?: number;
  readonly address?: string;
  readonly allow?: string[];
  readonly limits?: Partial<Record<LimitName, number>>;
  readonly enabled?: boolean;
  readonly name?: string;
}

export function profile(proxy: string, wish: Wish): ProxyProfile {
  const sent = {
    protocol: wish.protocol ?? (wish.through ? 'tcp_iotmp' : 'tcp'),
    source: { port: wish.port ?? 0, address: wish.address ?? '127.0.0.1', allow: wish.allow ?? [], ...wish.source },
    target: {
      type: 'address',
      ...wish.through,
      address: wish.targetAddress ?? '127.0.0.1',
      port: wish.target,
      secure: wish.secure,
      ...wish.targetTls,
    },
    limits: wish.limits,
  } as ProxyConfigInput;
  return {
    proxy,
    name: wish.name ?? proxy,
    description: '',
    enabled: wish.enabled ?? true,
    config: completeConfig(sent, { defaultAddress: '127.0.0.1' }),
    created: 0,
    modified: 0,
  };
}

/** Starts one proxy and tells the port it listens on. */
export async function openPort(engine: Engine, proxy: ProxyProfile): Promise<number> {
  await engine.add(proxy);
  const { source, error } = engine.status(proxy.proxy);
  if (!source) throw new Error(`${proxy.proxy} does not listen: ${error?.message}`);
  return source.port;
}
