/**
 * The catalogue of everything that can go wrong: code → status, hop and human words, by area in `faults/`.
 * Each text says what happened; `next` says what to do about it. `docs/errors.md` is checked against it.
 */

import { accessFaults } from './faults/access.ts';
import { auditFaults } from './faults/audit.ts';
import { certificatesFaults } from './faults/certificates.ts';
import { devicesFaults } from './faults/devices.ts';
import type { ErrorDetails, Hop } from './faults/fault.ts';
import { gatewayFaults } from './faults/gateway.ts';
import { pluginsFaults } from './faults/plugins.ts';
import { portalsFaults } from './faults/portals.ts';
import { proxiesFaults } from './faults/proxies.ts';
import { requestsFaults } from './faults/requests.ts';
import { siteFaults } from './faults/site.ts';
import { templatesFaults } from './faults/templates.ts';
import { tlsFaults } from './faults/tls.ts';
import { trafficFaults } from './faults/traffic.ts';

export { dateText, type ErrorDetails, type Hop, hops } from './faults/fault.ts';

export const faults = {
  ...requestsFaults,
  ...accessFaults,
  ...proxiesFaults,
  ...templatesFaults,
  ...tlsFaults,
  ...trafficFaults,
  ...devicesFaults,
  ...portalsFaults,
  ...pluginsFaults,
  ...certificatesFaults,
  ...auditFaults,
  ...siteFaults,
  ...gatewayFaults,
} as const;

export type ErrorCode = keyof typeof faults;

/** A fault as it is shown and stored: code, words, next step. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
  readonly hop: Hop;
  /** Wall clock, milliseconds. */
  readonly at: number;
  readonly details: ErrorDetails;
}

/** The one error that parts of Sluice throw at each other. The cause stays for the log and never leaves the gateway. */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(faults[code].what(details), options);
    this.name = 'SluiceError';
    this.code = code;
    this.details = details;
  }

  get next(): string {
    return faults[this.code].next(this.details);
  }

  get status(): number {
    return faults[this.code].status;
  }

  /** @param at wall clock in milliseconds at which it happened */
  info(at: number): ErrorInfo {
    return {
      code: this.code,
      message: this.message,
      next: this.next,
      hop: faults[this.code].hop,
      at,
      details: this.details,
    };
  }
}

/** Anything thrown, as a SluiceError; what is not one of ours is a mistake of Sluice and stays the cause. */
export function asSluiceError(thrown: unknown): SluiceError {
  return thrown instanceof SluiceError ? thrown : new SluiceError('INTERNAL', {}, { cause: thrown });
}
