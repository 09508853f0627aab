/** One logged in device: its streams, what it can do, and what it asks of us. Lives as long as its connection. */
import { randomBytes } from 'node:crypto';
import { type DeviceKey, deviceLabel } from '../../shared/device.ts';
import type { HubLimits } from './hub-limits.ts';
import type { Link } from './link.ts';
import { type Message, messageTypes } from './message.ts';
import { isMap } from './pson.ts';
import { answerOf } from './server-resources.ts';
import type { Stream } from './stream.ts';

const PROXY_RESOURCE = '$proxy/';
const DESCRIBE_TRIES = 2;

export type Proxying = 'unknown' | 'yes' | 'no';

/** Where a stream leads, seen from the device. */
export interface StreamTarget {
  readonly address: string;
  readonly port: number;
  /** TLS to the target, made by the device. */
  readonly secure: boolean;
  /** How long a device without half-close may stay silent after our FIN. */
  readonly lingerMs?: number;
  readonly connectTimeoutMs?: number;
}

export interface OnlineDeviceOptions {
  readonly key: DeviceKey;
  readonly link: Link;
  readonly limits: HubLimits;
  readonly onDescribed: () => void;
  /** It does what nobody should; the reason is the middle of a sentence. */
  readonly onAbuse: (reason: string) => void;
}

export class OnlineDevice {
  readonly label: string;
  readonly link: Link;
  #proxying: Proxying = 'unknown';
  readonly #options: OnlineDeviceOptions;
  #requests = 0;
  #requestsSince = 0;

  constructor(options: OnlineDeviceOptions) {
    this.#options = options;
    this.label = deviceLabel(options.key);
    this.link = options.link;
  }

  /** `unknown` until the device has described itself, and where it does not. */
  get proxying(): Proxying {
    return this.#proxying;
  }

  /** Emits `connect` when the device has reached the target, or `error` with a StreamError. */
  openStream({ address, port, secure, lingerMs, connectTimeoutMs }: StreamTarget): Stream {
    return this.link.openStream({
      resource: `${PROXY_RESOURCE}${randomBytes(12).toString('base64url')}`,
      parameters: { protocol: 'tcp', address, port, secure },
      lingerMs,
      startTimeoutMs: connectTimeoutMs,
    });
  }

  /** Asks what it offers. A client that does not say may proxy all the same, so it stays `unknown`. */
  async describe(): Promise<void> {
    const { limits, onDescribed } = this.#options;
    for (let tries = 0; tries < DESCRIBE_TRIES; tries++) {
      // ERROR or no answer is asked about once more; where the link is gone, that fails at once.
      const answer = await this.link.request({ type: messageTypes.describe }, limits.describeMs).catch(() => undefined);
      if (!answer) continue;
      if (!isMap(answer.payload)) return;
      this.#proxying = Object.keys(answer.payload).some((path) => path.startsWith(PROXY_RESOURCE)) ? 'yes' : 'no';
      onDescribed();
      return;
    }
  }

  /** What the link does not deal with itself. */
  handle(message: Message): void {
    if (message.type === messageTypes.disconnect) {
      this.link.close();
      return;
    }
    const answer = answerOf(message);
    if (!answer) return;
    const now = performance.now();
    if (now - this.#requestsSince >= 1000) {
      this.#requestsSince = now;
      this.#requests = 0;
    }
    this.#requests += 1;
    if (this.#requests > this.#options.limits.requestsPerSecond) {
      this.#options.onAbuse(`it asked for more than ${this.#options.limits.requestsPerSecond} things in a second`);
    } else this.link.send(answer);
  }
}
