/**
 * Owns leases.json: the proxies that are open for a time, so that a restart neither ends nor prolongs them. What is
 * damaged is forgotten: the proxies in it stay closed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Lease, lease } from '../../shared/lease.ts';
import { writeDurably } from './durable-file.ts';

const content = z.record(z.string(), lease);

export class LeaseFile {
  readonly #path: string;
  #written = '';

  constructor(folder: string) {
    this.#path = join(folder, 'leases.json');
  }

  /** Throws where it is damaged. */
  read(): Map<string, Lease> {
    if (!existsSync(this.#path)) return new Map();
    const text = readFileSync(this.#path, 'utf8');
    const leases = new Map(Object.entries(content.parse(JSON.parse(text))));
    this.#written = text;
    return leases;
  }

  /** It is durable when this returns. Throws what the disk says. */
  write(leases: Iterable<readonly [string, Lease]>): void {
    const text = `${JSON.stringify(Object.fromEntries(leases))}\n`;
    if (text === this.#written || (text === '{}\n' && this.#written === '' && !existsSync(this.#path))) return;
    writeDurably(this.#path, text);
    this.#written = text;
  }
}
