/** Why a port of the hub could not be opened, and who holds it. */
import { SluiceError } from '../../shared/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { withPortOwner } from '../engine/port-owner.ts';
import { listenFault } from '../engine/socket-fault.ts';

export async function doorFault(
  error: unknown,
  at: { readonly address: string; readonly port: number },
  engine: Engine,
): Promise<SluiceError> {
  const fault = listenFault(error, at);
  const owner = engine.ownerOf({ transport: 'tcp', ...at });
  const named =
    fault.code === 'PORT_IN_USE' && owner !== undefined
      ? new SluiceError('PORT_IN_USE', { ...fault.details, owner }, { cause: fault })
      : await withPortOwner(fault, { port: at.port, transports: ['tcp'] });
  return named.code === 'PORT_IN_USE'
    ? new SluiceError('PORT_IN_USE', { ...named.details, isHub: true }, { cause: named })
    : named;
}
