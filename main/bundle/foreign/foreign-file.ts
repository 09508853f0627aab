/** What is read of a file of another program: proxies, and each line that has no place here, with why. */
import { isIpAddress } from '../../../shared/address.ts';
import type { SentItem } from '../content.ts';

export interface LeftOut {
  /** `line 12` */
  readonly where: string;
  readonly text: string;
  readonly reason: string;
}

export interface ForeignRead {
  readonly proxies: readonly SentItem[];
  readonly plugins: readonly SentItem[];
  readonly leftOut: readonly LeftOut[];
}

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** What all formats can say of a proxy. */
export interface ForeignProxy {
  readonly name: string;
  readonly protocol?: 'tcp' | 'udp';
  readonly source: Partial<Place> & {
    readonly port: number;
    readonly secure?: boolean;
    readonly allow?: readonly string[];
  };
  readonly target: Place & { readonly secure?: boolean; readonly serverName?: string };
  readonly limits?: Readonly<Record<string, number>>;
}

const MOST_LEFT_OUT = 500;
const MOST_PROXIES = 10_000;
const LONGEST = 160;

export class ForeignDraft {
  readonly #proxies: SentItem[] = [];
  readonly #leftOut: LeftOut[] = [];
  readonly #ids = new Set<string>();

  proxy({ name, protocol = 'tcp', source, target, limits }: ForeignProxy): void {
    if (this.#proxies.length >= MOST_PROXIES) return;
    const config = {
      protocol,
      source,
      target: { type: 'address', ...target },
      ...(limits && Object.keys(limits).length > 0 && { limits }),
    };
    this.#proxies.push({ value: { proxy: this.#id(name), name: name.slice(0, 255), config }, secrets: {} });
  }

  leaveOut(where: string | number, text: string, reason: string): void {
    if (this.#leftOut.length >= MOST_LEFT_OUT) return;
    const shown = text.trim().replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
    this.#leftOut.push({
      where: typeof where === 'number' ? `line ${where}` : where,
      text: shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown,
      reason,
    });
  }

  get read(): ForeignRead {
    return { proxies: this.#proxies, plugins: [], leftOut: this.#leftOut };
  }

  /** What an ID may hold of a name; the second of the same gets a number. */
  #id(name: string): string {
    const base =
      name
        .replace(/[^a-zA-Z0-9_-]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 28) || 'proxy';
    for (let copy = 1; ; copy++) {
      const id = copy === 1 ? base : `${base}-${copy}`;
      if (this.#ids.has(id)) continue;
      this.#ids.add(id);
      return id;
    }
  }
}

/** `10.0.0.7:80`, `[::1]:80`, `*:80`, `:80`, `80`; undefined where it is none of these. */
export function placeOf(text: string): { readonly address?: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port < 1 || port > 65_535) return undefined;
  const address = bracketed ?? plain;
  return address === undefined ? { port } : { address, port };
}

/** Where a program listens that was told no address, or all of them. */
export const listenAddressOf = (address: string | undefined): string | undefined => {
  if (address === undefined || address === '' || address === '*') return '0.0.0.0';
  if (address === 'localhost') return '127.0.0.1';
  return isIpAddress(address) ? address : undefined;
};

const units: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `10s`, `1h 30m`; @param bare  the unit of a number alone. Within what a limit may be, else undefined. */
export function durationMs(text: string, bare: 'ms' | 's'): number | undefined {
  if (!/^(\d{1,9}(us|ms|[smhd])?\s*)+$/.test(text)) return undefined;
  let total = 0;
  for (const [, digits, unit = bare] of text.matchAll(/(\d+)(us|ms|[smhd])?/g))
    total += Number(digits) * (units[unit] ?? 1);
  return Math.min(Math.max(Math.round(total), 100), 7 * 86_400_000);
}
