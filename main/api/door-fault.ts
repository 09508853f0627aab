/** Why a port of the hub could not be opened, and who holds it. */
import { SluiceError } from '../../shared/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { findPortOwner } from '../engine/port-owner.ts';
import { listenFault } from '../engine/socket-fault.ts';

export async function doorFault(
  error: unknown,
  at: { readonly address: string; readonly port: number },
  engine: Engine,
): Promise<SluiceError> {
  const fault = listenFault(error, at);
  if (fault.code !== 'PORT_IN_USE') return fault;
  const owner = engine.ownerOf({ transport: 'tcp', ...at });
  const holder = owner === undefined ? await findPortOwner('tcp', at.port).catch(() => undefined) : { owner };
  return new SluiceError('PORT_IN_USE', { ...fault.details, ...holder, isHub: true }, { cause: fault });
}
