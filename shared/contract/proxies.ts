/** Proxies: list, read, add, change, test, remove. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ladderEvent, ladderResult } from '../ladder.ts';
import { leaseInput } from '../lease.ts';
import { proxyChange, proxyConfigInput, proxyIdParam, proxyInput, proxyProfile } from '../proxy.ts';
import { proxyStatus, proxySummary } from '../status.ts';
import { canFail, forRole } from './procedure.ts';

/** A config that was sent is tried in place of the saved one; there may be none saved. */
const testInput = z.object({
  params: proxyIdParam,
  body: z.strictObject({ config: proxyConfigInput.optional() }).optional(),
});

export const proxies = {
  list: forRole('viewer')
    .route({ method: 'GET', path: '/v1/proxies', summary: 'List the proxies', tags: ['Proxies'] })
    .output(z.array(proxySummary)),
  get: forRole('viewer')
    .route({ method: 'GET', path: '/v1/proxies/{proxy}', summary: 'Read one proxy', tags: ['Proxies'] })
    .errors(canFail('PROXY_NOT_FOUND'))
    .input(proxyIdParam)
    .output(proxyProfile),
  create: forRole('administrator')
    .route({ method: 'POST', path: '/v1/proxies', summary: 'Add a proxy', tags: ['Proxies'] })
    .errors(canFail('PROXY_EXISTS', 'CONFIG_NOT_SAVED'))
    .input(proxyInput)
    .output(proxyProfile),
  update: forRole('administrator')
    .route({
      method: 'PUT',
      path: '/v1/proxies/{proxy}',
      summary: 'Change a proxy',
      tags: ['Proxies'],
      inputStructure: 'detailed',
    })
    .errors(
      canFail(
        'PROXY_NOT_FOUND',
        'CONFIG_NOT_SAVED',
        'PORT_IN_USE',
        'PORT_NOT_ALLOWED',
        'ADDRESS_GONE',
        'LISTEN_FAILED',
      ),
    )
    .input(z.object({ params: proxyIdParam, body: proxyChange }))
    .output(proxyProfile),
  /** Apart from changing it: whoever operates a gateway may do this. */
  switch: forRole('technician')
    .route({
      method: 'PUT',
      path: '/v1/proxies/{proxy}/enabled',
      summary: 'Enable or disable a proxy',
      tags: ['Proxies'],
      inputStructure: 'detailed',
    })
    .errors(
      canFail(
        'PROXY_NOT_FOUND',
        'CONFIG_NOT_SAVED',
        'PORT_IN_USE',
        'PORT_NOT_ALLOWED',
        'ADDRESS_GONE',
        'LISTEN_FAILED',
      ),
    )
    .input(z.object({ params: proxyIdParam, body: z.strictObject({ enabled: z.boolean() }) }))
    .output(proxyProfile),
  remove: forRole('administrator')
    .route({ method: 'DELETE', path: '/v1/proxies/{proxy}', summary: 'Remove a proxy', tags: ['Proxies'] })
    .errors(canFail('PROXY_NOT_FOUND', 'CONFIG_NOT_SAVED'))
    .input(proxyIdParam)
    .output(z.object({ proxy: z.string() })),
  status: forRole('viewer')
    .route({
      method: 'GET',
      path: '/v1/proxies/{proxy}/status',
      summary: 'Read the state and figures of a proxy',
      tags: ['Proxies'],
    })
    .errors(canFail('PROXY_NOT_FOUND'))
    .input(proxyIdParam)
    .output(proxyStatus),
  connect: forRole('technician')
    .route({
      method: 'POST',
      path: '/v1/proxies/{proxy}/connect',
      summary: 'Make a test connection through a proxy, which shows among its pipes',
      tags: ['Proxies'],
    })
    .errors(canFail('PROXY_NOT_FOUND', 'TARGET_FAILED'))
    .input(proxyIdParam)
    .output(proxyIdParam),
  retry: forRole('technician')
    .route({
      method: 'POST',
      path: '/v1/proxies/{proxy}/retry',
      summary: 'Try to open the port again now',
      tags: ['Proxies'],
    })
    .errors(canFail('PROXY_NOT_FOUND'))
    .input(proxyIdParam)
    .output(proxyStatus),
  openFor: forRole('technician')
    .route({
      method: 'POST',
      path: '/v1/proxies/{proxy}/lease',
      summary: 'Open a proxy for a time, or until its client leaves; then it is closed',
      tags: ['Proxies'],
      inputStructure: 'detailed',
    })
    .errors(canFail('PROXY_NOT_FOUND', 'LEASE_NOT_FOUND', 'CONFIG_NOT_SAVED'))
    .input(leaseInput)
    .output(proxyStatus),
  endLease: forRole('technician')
    .route({
      method: 'DELETE',
      path: '/v1/proxies/{proxy}/lease',
      summary: 'Close a proxy before its time is over',
      tags: ['Proxies'],
    })
    .errors(canFail('PROXY_NOT_FOUND', 'LEASE_NOT_FOUND', 'CONFIG_NOT_SAVED'))
    .input(proxyIdParam)
    .output(proxyStatus),
  keepOpen: forRole('technician')
    .route({
      method: 'POST',
      path: '/v1/proxies/{proxy}/lease/keep',
      summary: 'Leave a proxy open that is open for a time',
      tags: ['Proxies'],
    })
    .errors(canFail('PROXY_NOT_FOUND', 'LEASE_NOT_FOUND', 'CONFIG_NOT_SAVED'))
    .input(proxyIdParam)
    .output(proxyStatus),
  test: forRole('technician')
    .route({
      method: 'POST',
      path: '/v1/proxies/{proxy}/test',
      summary: 'Try each hop of a proxy, also of one that is not saved yet',
      tags: ['Proxies'],
      inputStructure: 'detailed',
    })
    .errors(canFail('PROXY_NOT_FOUND'))
    .input(testInput)
    .output(ladderResult),
  testLive: forRole('technician')
    .route({
      method: 'POST',
      path: '/v1/proxies/{proxy}/test/live',
      summary: 'The same, step by step as it happens',
      tags: ['Proxies'],
      inputStructure: 'detailed',
    })
    .errors(canFail('PROXY_NOT_FOUND'))
    .input(testInput)
    .output(eventIterator(ladderEvent)),
};
