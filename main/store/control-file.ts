/** How the command line finds a running gateway: `control.json` says where it is, `control-token` opens it. */
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isLoopback } from '../../shared/address.ts';
import { SluiceError } from '../../shared/errors.ts';
import { diskReason, writeDurably } from './durable-file.ts';

/** Whoever could write the file must not lead the token away from this PC. */
const isOfThisPc = (url: string): boolean => {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
};

const control = z.object({ url: z.url().refine(isOfThisPc), pid: z.int().positive() });

/** Where the gateway on a data folder answers, and its process. It may have died since it wrote this. */
export type Control = z.infer<typeof control>;

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export function tokenFile(folder: string): string {
  return join(folder, 'control-token');
}

function controlFile(folder: string): string {
  return join(folder, 'control.json');
}

/** Undefined where no gateway has said that it runs. */
export function readControl(folder: string): Control | undefined {
  const text = read(controlFile(folder));
  if (text === undefined) return undefined;
  try {
    return control.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function writeControl(folder: string, running: Control): void {
  writeDurably(controlFile(folder), `${JSON.stringify(running)}\n`);
}

export function removeControl(folder: string): void {
  rmSync(controlFile(folder), { force: true });
}

/** Undefined if there is none, if it is not whole, or if this user may not read it. */
export function readToken(folder: string): string | undefined {
  const token = read(tokenFile(folder))?.trim();
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** The token of this folder: 32 random bytes in base64url, made the first time and kept from then on. */
export function ensureToken(folder: string): string {
  const present = readToken(folder);
  if (present !== undefined) {
    chmodSync(tokenFile(folder), 0o600);
    return present;
  }
  const token = randomBytes(32).toString('base64url');
  writeDurably(tokenFile(folder), token);
  return token;
}

/** Another token in its place. Throws CONFIG_NOT_SAVED. */
export function renewToken(folder: string): string {
  const token = randomBytes(32).toString('base64url');
  try {
    writeDurably(tokenFile(folder), token);
  } catch (cause) {
    throw new SluiceError('CONFIG_NOT_SAVED', { reason: diskReason(cause) }, { cause });
  }
  return token;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
