/** What went wrong at the hub lately, for people: bounded, newest first, the same thing counted instead of repeated. */
import { type ErrorCode, type ErrorDetails, type ErrorInfo, SluiceError } from '../../shared/errors.ts';
import { withoutUnseen } from '../../shared/name.ts';

const MOST = 100;
/** Lines per window; a flood of names must not become a flood of log. */
const LOG_LINES = 20;
const LOG_WINDOW_MS = 10_000;
/** Devices and addresses name themselves; longer names are cut. */
const LONGEST_NAME = 80;

export interface IncidentLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export class Incidents {
  /** Oldest first. */
  readonly #byKind = new Map<string, ErrorInfo>();
  readonly #log: IncidentLog;
  readonly #onChanged: () => void;
  #windowEnd = 0;
  #lines = 0;

  constructor(options: { readonly log: IncidentLog; readonly onChanged: () => void }) {
    this.#log = options.log;
    this.#onChanged = options.onChanged;
  }

  get list(): ErrorInfo[] {
    return [...this.#byKind.values()].reverse();
  }

  /** @param details  words that came from outside may be of any kind; `address` is without its port, so that repeats are seen */
  note(code: ErrorCode, details: ErrorDetails): void {
    const now = Date.now();
    const shown = Object.fromEntries(
      Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? shownName(value) : value]),
    );
    const kind = JSON.stringify([code, shown]);
    const times = Number(this.#byKind.get(kind)?.details.times ?? 0) + 1;
    this.#byKind.delete(kind);
    const incident = new SluiceError(code, { ...shown, times }).info(now);
    this.#byKind.set(kind, incident);
    const [oldest] = this.#byKind.keys();
    if (this.#byKind.size > MOST && oldest !== undefined) this.#byKind.delete(oldest);
    if (times === 1) this.#write(incident, now);
    this.#onChanged();
  }

  #write({ code, message, details }: ErrorInfo, now: number): void {
    if (now >= this.#windowEnd) {
      this.#windowEnd = now + LOG_WINDOW_MS;
      this.#lines = 0;
    }
    this.#lines += 1;
    if (this.#lines <= LOG_LINES) this.#log.warn({ code, ...details }, message);
    else if (this.#lines === LOG_LINES + 1) this.#log.warn({}, 'More happens at the hub than is logged; see its list.');
  }
}

function shownName(text: string): string {
  const seen = withoutUnseen(text.slice(0, 4 * LONGEST_NAME));
  return seen.length > LONGEST_NAME ? `${seen.slice(0, LONGEST_NAME)}…` : seen;
}
