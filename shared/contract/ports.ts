/** Source ports and addresses of this PC, for who fills in a form. */
import { z } from 'zod';
import { listenAddress, protocols } from '../proxy.ts';
import { canFail, forRole } from './procedure.ts';

const usePort = 'Use a port from 1 to 65535.';
const portChoice = z.object({
  address: listenAddress,
  protocol: z.enum(protocols, { error: `Use one of: ${protocols.join(', ')}.` }),
  /** The profile being edited; its own port counts as free. */
  proxy: z.string().optional(),
});

/** The verdict on one source port. `error` is there where it is not free, `suggestion` where a near one is. */
export const portVerdict = z.object({
  port: z.number(),
  free: z.boolean(),
  error: z.object({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
  suggestion: z.number().nullable(),
});
export type PortVerdict = z.infer<typeof portVerdict>;

/** An address of this PC and the network card that has it. */
export const networkAddress = z.object({
  name: z.string(),
  address: z.string(),
  family: z.enum(['ipv4', 'ipv6']),
  loopback: z.boolean(),
});
export type NetworkAddress = z.infer<typeof networkAddress>;

export const ports = {
  check: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/ports/{port}',
      summary: 'Tell whether a source port can be opened',
      tags: ['Ports'],
    })
    .input(
      portChoice.extend({
        port: z.coerce.number({ error: usePort }).int(usePort).min(1, usePort).max(65535, usePort),
      }),
    )
    .output(portVerdict),
  free: forRole('viewer')
    .route({ method: 'GET', path: '/v1/ports', summary: 'Find a free source port', tags: ['Ports'] })
    .errors(canFail('NO_FREE_PORT'))
    .input(portChoice)
    .output(portVerdict),
};

export const addresses = {
  list: forRole('viewer')
    .route({ method: 'GET', path: '/v1/addresses', summary: 'List the addresses of this PC', tags: ['Ports'] })
    .output(z.array(networkAddress)),
};
