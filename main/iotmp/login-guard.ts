/** Slows down guessing: who misses too often has to wait, per address and name, so that the real device elsewhere gets in (I4). */
import ipaddr from 'ipaddr.js';
import type { HubLimits } from './hub-limits.ts';

/** Names that are remembered; the one that missed longest ago goes first. */
const MOST = 4096;

interface Misses {
  readonly count: number;
  readonly delayMs: number;
  readonly heldUntil: number;
}

export type GuardLimits = Pick<HubLimits, 'freeMisses' | 'firstDelayMs' | 'longestDelayMs'>;

export class LoginGuard {
  readonly #limits: GuardLimits;
  readonly #misses = new Map<string, Misses>();

  constructor(limits: GuardLimits) {
    this.#limits = limits;
  }

  /** Whether a try must not even be looked at now. @param nowMs monotonic milliseconds, as in the other calls */
  isHeld(address: string, name: string, nowMs: number): boolean {
    return nowMs < (this.#misses.get(keyOf(address, name))?.heldUntil ?? 0);
  }

  missed(address: string, name: string, nowMs: number): void {
    const key = keyOf(address, name);
    const { freeMisses, firstDelayMs, longestDelayMs } = this.#limits;
    const before = this.#misses.get(key);
    const count = (before?.count ?? 0) + 1;
    const delayMs =
      count < freeMisses ? 0 : before?.delayMs ? Math.min(2 * before.delayMs, longestDelayMs) : firstDelayMs;
    this.#misses.delete(key);
    this.#misses.set(key, { count, delayMs, heldUntil: nowMs + delayMs });
    const [oldest] = this.#misses.keys();
    if (this.#misses.size > MOST && oldest !== undefined) this.#misses.delete(oldest);
  }

  passed(address: string, name: string): void {
    this.#misses.delete(keyOf(address, name));
  }
}

const keyOf = (address: string, name: string): string => `${networkOf(address)} ${name}`;

/** A household or an attacker has a whole /64 of IPv6 addresses at hand: they count as one. */
function networkOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  return ipaddr.IPv6.parse(address).parts.slice(0, 4).join(':');
}
