/** Answers of the control port: faults in the one shape of contract.md §4, and plain texts. */
import type { ServerResponse } from 'node:http';
import type { SluiceError } from '../../shared/errors.ts';

export interface FaultBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly next: string;
    readonly details: unknown;
  };
}

export function faultBody({ code, message, next, details }: SluiceError): FaultBody {
  return { error: { code, message, next, details } };
}

export function sendFault(response: ServerResponse, fault: SluiceError): void {
  if (fault.status === 401) response.setHeader('www-authenticate', 'Bearer');
  send(response, fault.status, 'application/json', JSON.stringify(faultBody(fault)));
}

/** Ends the answer. What the client has not sent yet is not read any more. */
export function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  if (!response.req.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
