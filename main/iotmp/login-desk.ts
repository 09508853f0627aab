/** Reads the first message of a connection and says whether a device comes in; refuses alike whatever was wrong (I3, I4). */
import { deviceLabel } from '../../shared/device.ts';
import type { HubLimits } from './hub-limits.ts';
import type { Incidents } from './incidents.ts';
import type { Link } from './link.ts';
import { LoginGuard } from './login-guard.ts';
import { type Login, type Refusal, readLogin, refuse } from './login-message.ts';
import { type Message, messageTypes } from './message.ts';

export type LoginVerdict = 'ok' | 'unknown' | 'wrong' | 'disabled';

export interface LoginDeskOptions {
  readonly limits: HubLimits;
  readonly incidents: Incidents;
  /** Takes the same time whether there is such a device or not. */
  readonly verify: (login: {
    readonly user: string;
    readonly device: string;
    readonly credentials: string;
  }) => LoginVerdict;
}

export class LoginDesk {
  readonly #options: LoginDeskOptions;
  readonly #guard: LoginGuard;
  readonly #refused = new Map<Link, NodeJS.Timeout>();

  constructor(options: LoginDeskOptions) {
    this.#options = options;
    this.#guard = new LoginGuard(options.limits);
  }

  /**
   * Undefined where it was refused, in words, and will be closed.
   * @param address  where it comes from, without port
   */
  receive(link: Link, address: string, connect: Message): (Login & { readonly keepAliveMs: number }) | undefined {
    const { limits, incidents } = this.#options;
    if (connect.type !== messageTypes.connect) {
      incidents.note('DEVICE_BROKE_RULES', { address, reason: 'its first message is not a login' });
      link.close();
      return undefined;
    }
    const login = readLogin(connect);
    if (!login) {
      incidents.note('DEVICE_BROKE_RULES', { address, reason: 'its login is not three texts' });
      return this.#refuse(link, connect.id, 'encoding');
    }
    const { keepAliveMs = limits.keepAliveMs } = login;
    const isKeepAlivePossible = keepAliveMs >= limits.leastKeepAliveMs && keepAliveMs <= limits.longestKeepAliveMs;
    const verdict = this.#judge(address, login);
    if (verdict === 'ok' && isKeepAlivePossible) return { ...login, keepAliveMs };
    const why = verdict === 'ok' ? 'keepAlive' : verdict;
    incidents.note('DEVICE_TURNED_AWAY', { device: deviceLabel(login), address, ...turnedAway[why] });
    return this.#refuse(link, connect.id, why === 'keepAlive' ? why : 'credentials');
  }

  /** The connection is gone, or nobody waits for it any more. */
  forget(link: Link): void {
    clearTimeout(this.#refused.get(link));
    this.#refused.delete(link);
  }

  #judge(address: string, login: Login): LoginVerdict | 'held' {
    const now = performance.now();
    // Names that no device can have share one entry, so that they cannot fill the table.
    const label = login.isPossible ? deviceLabel(login) : '?';
    if (this.#guard.isHeld(address, label, now)) return 'held';
    const verdict = this.#options.verify(login);
    if (verdict === 'unknown' || verdict === 'wrong') this.#guard.missed(address, label, now);
    else this.#guard.passed(address, label);
    return verdict;
  }

  /** Answers, and closes a little later. */
  #refuse(link: Link, id: number | undefined, why: Refusal): undefined {
    link.send(refuse(id, why));
    const [from, to] = this.#options.limits.refusalMs;
    this.#refused.set(
      link,
      setTimeout(() => link.close(), from + Math.random() * (to - from)),
    );
  }
}

/** Why a login failed, as people read it; the device only ever hears of credentials or keep-alive. */
const turnedAway = {
  unknown: {
    reason: 'no such device is registered',
    advice: 'Add it to the list of devices, or correct the username and the ID in the device.',
  },
  wrong: { reason: 'wrong credentials' },
  disabled: { reason: 'it is disabled here', advice: 'Enable it in the list of devices.' },
  held: { reason: 'too many wrong tries; the next one has to wait' },
  keepAlive: { reason: 'the keep-alive it asks for is not possible', advice: 'Use 5 to 1800 seconds.' },
} as const;
