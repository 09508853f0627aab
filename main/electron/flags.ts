/** The command line of the desktop application. Electron and Chromium have switches of their own in it, so unknown ones pass. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { isLoopback } from '../../shared/address.ts';
import type { ControlPlace } from '../host/run-gateway.ts';

/** What a person wants to see who starts Sluice, or starts it once more. Goes from the second start to the first as JSON. */
export const wishSchema = z
  .object({
    /** Start in the tray, without a window. */
    isHidden: z.boolean(),
    /** A site bundle that a person opened. */
    bundle: z.string().optional(),
  })
  .catch({ isHidden: false });
export type Wish = Readonly<z.infer<typeof wishSchema>>;

export interface Flags extends Wish {
  /** The data folder that was asked for. */
  readonly data: string | undefined;
  readonly control: ControlPlace | undefined;
  /** Print one JSON line when ready, and the log as JSON. */
  readonly isForPrograms: boolean;
}

/** @param args  without the program and, in a clone, the path of the application */
export function readFlags(args: readonly string[]): Flags {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      data: { type: 'string' },
      control: { type: 'string' },
      json: { type: 'boolean' },
      hidden: { type: 'boolean' },
    },
  });
  return {
    data: text(values.data),
    control: controlPlace(text(values.control)),
    isForPrograms: values.json === true,
    isHidden: values.hidden === true,
    bundle: positionals.find((path) => path.toLowerCase().endsWith('.sluice')),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Undefined for what is no address of this PC: the control port must not be reachable from other machines. */
function controlPlace(given: string | undefined): ControlPlace | undefined {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:[\]]+)):(\d{1,5})$/.exec(given ?? '') ?? [];
  const address = bracketed ?? (plain === 'localhost' ? '127.0.0.1' : plain);
  if (address === undefined || !isLoopback(address) || Number(port) > 65_535) return undefined;
  return { address, port: Number(port) };
}
