/** Translates what the system says about sockets into the catalogue, where it happens; the cause is kept for the log. */
import { SluiceError } from '../../shared/errors.ts';
import { systemCode } from '../sockets/system-code.ts';

/** Why a port could not be opened. */
export function listenFault(error: unknown, at: { readonly port: number; readonly address: string }): SluiceError {
  if (error instanceof SluiceError) return error;
  const options = { cause: error };
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new SluiceError('PORT_IN_USE', at, options);
    case 'EACCES':
    case 'EPERM':
      return new SluiceError('PORT_NOT_ALLOWED', at, options);
    case 'EADDRNOTAVAIL':
      return new SluiceError('ADDRESS_GONE', at, options);
    case 'EMFILE':
    case 'ENFILE':
      return new SluiceError('OUT_OF_SOCKETS', at, options);
    default:
      return new SluiceError('LISTEN_FAILED', { ...at, reason: reasonOf(error) }, options);
  }
}

/** Why a target could not be reached. */
export function targetFault(error: unknown, at: { readonly port: number; readonly address: string }): SluiceError {
  if (error instanceof SluiceError) return error;
  const options = { cause: error };
  switch (systemCode(error)) {
    case 'ECONNREFUSED':
      return new SluiceError('TARGET_REFUSED', at, options);
    case 'ETIMEDOUT':
      return new SluiceError('TARGET_TIMEOUT', at, options);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
      return new SluiceError('TARGET_UNREACHABLE', at, options);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SluiceError('NAME_NOT_FOUND', at, options);
    case 'ECONNRESET':
    case 'EPIPE':
      return new SluiceError('TARGET_RESET', at, options);
    case 'EMSGSIZE':
      return new SluiceError('DATAGRAM_TOO_LARGE', at, options);
    case 'EMFILE':
    case 'ENFILE':
      return new SluiceError('OUT_OF_SOCKETS', at, options);
    default:
      return new SluiceError('TARGET_FAILED', { ...at, reason: reasonOf(error) }, options);
  }
}

function reasonOf(error: unknown): string {
  return systemCode(error) || (error instanceof Error ? error.message : String(error));
}
