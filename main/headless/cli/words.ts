/** Parts of a proxy as they are shown in a terminal. */
import type { LimitName, ProxyConfig } from '../../../shared/proxy.ts';

const limitNames: readonly (readonly [LimitName, string])[] = [
  ['idleTimeoutMs', 'idle'],
  ['udpIdleTimeoutMs', 'UDP idle'],
  ['halfClosedTimeoutMs', 'half-closed'],
  ['connectTimeoutMs', 'connect'],
  ['lingerMs', 'linger'],
];

/** `idle 3600 s, half-closed 300 s, connect 10 s, at most 4 pipes`, in the unit of the flags. */
export function limitsText(limits: ProxyConfig['limits']): string {
  const times = limitNames.flatMap(([name, word]) => {
    const ms = limits[name];
    return ms === undefined ? [] : [`${word} ${ms / 1000} s`];
  });
  return [...times, limits.maxPipes ? `at most ${limits.maxPipes} pipes` : 'any number of pipes'].join(', ');
}

/** `10.0.0.7:502 via alice/raspi` */
export const viaText = (target: string, via: string | undefined): string => (via ? `${target} via ${via}` : target);
