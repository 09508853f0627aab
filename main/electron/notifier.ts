/** Tells of proxies that need somebody, and of their recovery, by notifications of the system. */
import { Notification } from 'electron';
import type { ProxyView } from '../../shared/status.ts';
import type { Shown } from './gateway-watch.ts';
import { type Condition, LastingChanges } from './lasting-changes.ts';
import { notice } from './notice.ts';
import type { ShellActions } from './tray.ts';

/** Some systems never say that a notification is gone. */
const MOST_KEPT = 20;

export interface NotifierOptions {
  readonly actions: ShellActions;
  readonly isWanted: () => boolean;
  /** How long a change has to last. */
  readonly lastingMs?: number;
  /** How long a proxy is not spoken of again. */
  readonly quietMs?: number;
}

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #changes: LastingChanges;
  /** Electron drops the click of a notification that nobody holds. */
  readonly #shown = new Set<Notification>();
  #proxies: ReadonlyMap<string, ProxyView> = new Map();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
    const { lastingMs = 10_000, quietMs = 300_000 } = options;
    this.#changes = new LastingChanges({ lastingMs, quietMs });
  }

  follow({ state, presence }: Shown): void {
    if (presence !== 'answering') {
      this.#changes.forgetPending();
    } else {
      this.#proxies = state.proxies;
      this.#changes.follow(
        new Map([...state.proxies].map(([proxy, view]) => [proxy, condition(view)])),
        performance.now(),
      );
    }
    this.#tell();
  }

  /** May be called twice. */
  close(): void {
    clearTimeout(this.#timer);
    for (const shown of this.#shown) shown.close();
    this.#shown.clear();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    const changes = this.#changes.take(performance.now());
    // What nobody wanted to hear is not told later either.
    if (changes.length > 0 && this.#options.isWanted() && Notification.isSupported()) {
      const { path, ...words } = notice(changes, this.#proxies);
      this.#show(new Notification(words), path);
    }
    const { nextMs } = this.#changes;
    if (nextMs === undefined) return;
    this.#timer = setTimeout(() => this.#tell(), Math.max(0, Math.ceil(nextMs - performance.now()))).unref();
  }

  #show(notification: Notification, path: string): void {
    const [oldest] = this.#shown;
    if (oldest && this.#shown.size >= MOST_KEPT) this.#shown.delete(oldest);
    this.#shown.add(notification);
    notification.on('close', () => this.#shown.delete(notification));
    notification.on('click', () => {
      this.#shown.delete(notification);
      this.#options.actions.open(path);
    });
    notification.show();
  }
}

function condition({ status }: ProxyView): Condition | 'off' | undefined {
  switch (status.state) {
    case 'starting':
      return undefined;
    case 'listening':
      return 'well';
    case 'disabled':
      return 'off';
    default:
      return status.state;
  }
}
