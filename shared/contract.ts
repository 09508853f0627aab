/**
 * Everything the outside may ask of a gateway: route, schemas, faults, role. Handlers, clients, REST paths and the
 * OpenAPI page are derived from it; the three transports only expose it.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { agentView } from './agent.ts';
import {
  armPipeInput,
  armProxyInput,
  captureParam,
  captureView,
  decodedPart,
  decodeQuery,
  exportQuery,
  payloadPage,
  payloadQuery,
  pipeParam,
  replayInput,
  replayResult,
} from './capture.ts';
import {
  certificateChange,
  certificateExport,
  certificateImport,
  certificateIssue,
  certificateParams,
  certificateRequest,
  certificateView,
  exportedKey,
  keyExport,
  signedCertificate,
} from './certificate.ts';
import { deviceChange, deviceInput, deviceParams, deviceView, hubStatus, userParam } from './device.ts';
import { type ErrorCode, faults } from './errors.ts';
import { finding } from './finding.ts';
import { ladderEvent, ladderResult } from './ladder.ts';
import { pipe, pipeQuery } from './pipe.ts';
import { pipeWatchEvent, pipeWatchQuery } from './pipe-watch.ts';
import { containerView, logLine, pluginChange, pluginParams, pluginView } from './plugin.ts';
import { pluginBody } from './plugin-json.ts';
import { pluginPreset } from './plugin-presets.ts';
import { portalService } from './portal.ts';
import {
  listenAddress,
  protocols,
  proxyChange,
  proxyConfigInput,
  proxyIdParam,
  proxyInput,
  proxyProfile,
} from './proxy.ts';
import { settingsChange, settingsView } from './settings.ts';
import { gatewayEvent, gatewayStatus, proxyStatus, proxySummary } from './status.ts';
import { historyQuery, trafficHistory } from './traffic.ts';

export const roles = ['viewer', 'technician', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** What the one middleware needs to know of a procedure. */
export interface ProcedureMeta {
  /** The least role that may call it. `nobody` marks a forgotten declaration and is always refused. */
  readonly role: Role | 'nobody';
  /** What the caller has to be allowed on top. */
  readonly right?: Right;
}

/** What is allowed apart from the role: to see the payload of pipes. */
export const rights = ['capture'] as const;
export type Right = (typeof rights)[number];

/** What travels with a fault besides code and message. `issues` names refused fields. */
export const faultData = z.object({ next: z.string(), details: z.record(z.string(), z.unknown()) });

type FaultMap<Code extends ErrorCode> = { [C in Code]: { status: number; data: typeof faultData } };

function canFail<Code extends ErrorCode>(...codes: Code[]): FaultMap<Code> {
  return Object.fromEntries(
    codes.map((code) => [code, { status: faults[code].status, data: faultData }]),
  ) as FaultMap<Code>;
}

const base = oc
  .$meta<ProcedureMeta>({ role: 'nobody' })
  .errors(canFail('BAD_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'INTERNAL'));
const forRole = (role: Role) => base.meta({ role });
const forCapture = base.meta({ role: 'technician', right: 'capture' });
/** It may dial any place. */
const forReplay = base.meta({ role: 'administrator', right: 'capture' });

/** A config that was sent is tried in place of the saved one; there may be none saved. */
const testInput = z.object({
  params: proxyIdParam,
  body: z.strictObject({ config: proxyConfigInput.optional() }).optional(),
});

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

export const contract = {
  proxies: {
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
  },
  ports: {
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
  },
  addresses: {
    list: forRole('viewer')
      .route({ method: 'GET', path: '/v1/addresses', summary: 'List the addresses of this PC', tags: ['Ports'] })
      .output(z.array(networkAddress)),
  },
  pipes: {
    list: forRole('viewer')
      .route({
        method: 'GET',
        path: '/v1/pipes',
        summary: 'List open and recently ended pipes, newest first',
        tags: ['Pipes'],
      })
      .input(pipeQuery)
      .output(z.array(pipe)),
    get: forRole('viewer')
      .route({ method: 'GET', path: '/v1/pipes/{pipe}', summary: 'Read one pipe', tags: ['Pipes'] })
      .errors(canFail('PIPE_NOT_FOUND'))
      .input(z.object({ pipe: z.string() }))
      .output(pipe),
    kill: forRole('technician')
      .route({ method: 'DELETE', path: '/v1/pipes/{pipe}', summary: 'Kill an open pipe', tags: ['Pipes'] })
      .errors(canFail('PIPE_NOT_FOUND'))
      .input(z.object({ pipe: z.string() }))
      .output(pipe),
    watch: forRole('viewer')
      .route({ method: 'GET', path: '/v1/pipes/live', summary: 'Follow the list of pipes', tags: ['Pipes'] })
      .input(pipeWatchQuery)
      .output(eventIterator(pipeWatchEvent)),
  },
  traffic: {
    history: forRole('viewer')
      .route({
        method: 'GET',
        path: '/v1/traffic',
        summary: 'Read what has passed lately, in columns',
        tags: ['Traffic'],
      })
      .input(historyQuery)
      .output(trafficHistory),
  },
  captures: {
    list: forRole('viewer')
      .route({ method: 'GET', path: '/v1/captures', summary: 'List the captures of payload', tags: ['Traffic'] })
      .output(z.array(captureView)),
    armPipe: forCapture
      .route({
        method: 'POST',
        path: '/v1/pipes/{pipe}/capture',
        summary: 'Capture the payload of a pipe',
        tags: ['Traffic'],
        inputStructure: 'detailed',
      })
      .errors(canFail('PIPE_NOT_FOUND', 'CAPTURE_RUNNING', 'CAPTURES_FULL'))
      .input(armPipeInput)
      .output(captureView),
    stopPipe: forCapture
      .route({
        method: 'DELETE',
        path: '/v1/pipes/{pipe}/capture',
        summary: 'Stop the capture of a pipe; what was captured stays',
        tags: ['Traffic'],
      })
      .errors(canFail('CAPTURE_NOT_FOUND'))
      .input(pipeParam)
      .output(captureView),
    armProxy: forCapture
      .route({
        method: 'POST',
        path: '/v1/proxies/{proxy}/capture',
        summary: 'Capture the payload of all pipes of a proxy that are opened from now on',
        tags: ['Traffic'],
        inputStructure: 'detailed',
      })
      .errors(canFail('PROXY_NOT_FOUND', 'CAPTURE_RUNNING', 'CAPTURES_FULL'))
      .input(armProxyInput)
      .output(captureView),
    stopProxy: forCapture
      .route({
        method: 'DELETE',
        path: '/v1/proxies/{proxy}/capture',
        summary: 'Stop the capture of a proxy; what was captured stays',
        tags: ['Traffic'],
      })
      .errors(canFail('CAPTURE_NOT_FOUND'))
      .input(proxyIdParam)
      .output(captureView),
    remove: forCapture
      .route({
        method: 'DELETE',
        path: '/v1/captures/{capture}',
        summary: 'Stop a capture and throw away what was captured',
        tags: ['Traffic'],
      })
      .errors(canFail('CAPTURE_NOT_FOUND'))
      .input(captureParam)
      .output(captureParam),
    payload: forCapture
      .route({
        method: 'GET',
        path: '/v1/pipes/{pipe}/payload',
        summary: 'Read what was captured of a pipe, part by part',
        tags: ['Traffic'],
      })
      .errors(canFail('CAPTURE_NOT_FOUND'))
      .input(payloadQuery)
      .output(payloadPage),
    decode: forCapture
      .route({
        method: 'GET',
        path: '/v1/pipes/{pipe}/messages',
        summary: 'Follow what was captured of a pipe as messages of a protocol',
        tags: ['Traffic'],
      })
      .errors(canFail('CAPTURE_NOT_FOUND', 'DECODER_FAILED'))
      .input(decodeQuery)
      .output(eventIterator(decodedPart)),
    export: forCapture
      .route({
        method: 'GET',
        path: '/v1/pipes/{pipe}/export',
        summary: 'Export what was captured of a pipe as PCAPNG, HAR, JSON lines or bytes',
        tags: ['Traffic'],
      })
      .errors(canFail('CAPTURE_NOT_FOUND'))
      .input(exportQuery)
      .output(z.file()),
    replay: forReplay
      .route({
        method: 'POST',
        path: '/v1/pipes/{pipe}/replay',
        summary: 'Send what the client said again, and compare the answers',
        tags: ['Traffic'],
        inputStructure: 'detailed',
      })
      .errors(canFail('CAPTURE_NOT_FOUND', 'RECORD_INCOMPLETE', 'TARGET_IS_SOURCE', 'TARGET_FAILED'))
      .input(replayInput)
      .output(replayResult),
  },
  devices: {
    listAll: forRole('viewer')
      .route({ method: 'GET', path: '/v1/devices', summary: 'List the devices of all accounts', tags: ['Devices'] })
      .output(z.array(deviceView)),
    list: forRole('viewer')
      .route({
        method: 'GET',
        path: '/v1/users/{user}/devices',
        summary: 'List the devices of an account',
        tags: ['Devices'],
      })
      .input(userParam)
      .output(z.array(deviceView)),
    get: forRole('viewer')
      .route({
        method: 'GET',
        path: '/v1/users/{user}/devices/{device}',
        summary: 'Read one device',
        tags: ['Devices'],
      })
      .errors(canFail('DEVICE_NOT_FOUND'))
      .input(deviceParams)
      .output(deviceView),
    create: forRole('administrator')
      .route({
        method: 'POST',
        path: '/v1/users/{user}/devices',
        summary: 'Add a device',
        tags: ['Devices'],
        inputStructure: 'detailed',
      })
      .errors(canFail('DEVICE_EXISTS', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
      .input(z.object({ params: userParam, body: deviceInput }))
      .output(deviceView),
    update: forRole('administrator')
      .route({
        method: 'PUT',
        path: '/v1/users/{user}/devices/{device}',
        summary: 'Change a device',
        tags: ['Devices'],
        inputStructure: 'detailed',
      })
      .errors(canFail('DEVICE_NOT_FOUND', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
      .input(z.object({ params: deviceParams, body: deviceChange }))
      .output(deviceView),
    services: forRole('technician')
      .route({
        method: 'GET',
        path: '/v1/users/{user}/devices/{device}/services',
        summary: 'List the web portals of a device, each with an address that opens it once',
        tags: ['Devices'],
      })
      .errors(canFail('DEVICE_NOT_FOUND', 'PORT_IN_USE', 'PORT_NOT_ALLOWED', 'ADDRESS_GONE', 'LISTEN_FAILED'))
      .input(deviceParams)
      .output(z.array(portalService)),
    remove: forRole('administrator')
      .route({
        method: 'DELETE',
        path: '/v1/users/{user}/devices/{device}',
        summary: 'Remove a device',
        tags: ['Devices'],
      })
      .errors(canFail('DEVICE_NOT_FOUND', 'CONFIG_NOT_SAVED'))
      .input(deviceParams)
      .output(deviceParams),
  },
  plugins: {
    listAll: forRole('viewer')
      .route({ method: 'GET', path: '/v1/plugins', summary: 'List the plugins of all accounts', tags: ['Plugins'] })
      .output(z.array(pluginView)),
    list: forRole('viewer')
      .route({
        method: 'GET',
        path: '/v1/users/{user}/plugins',
        summary: 'List the plugins of an account',
        tags: ['Plugins'],
      })
      .input(userParam)
      .output(z.array(pluginView)),
    get: forRole('viewer')
      .route({
        method: 'GET',
        path: '/v1/users/{user}/plugins/{plugin}',
        summary: 'Read one plugin',
        tags: ['Plugins'],
      })
      .errors(canFail('PLUGIN_NOT_FOUND'))
      .input(pluginParams)
      .output(pluginView),
    create: forRole('administrator')
      .route({
        method: 'POST',
        path: '/v1/users/{user}/plugins',
        summary: 'Add a plugin, also from a plugin.json of Thinger.io',
        tags: ['Plugins'],
        inputStructure: 'detailed',
      })
      .errors(canFail('PLUGIN_EXISTS', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
      .input(z.object({ params: userParam, body: pluginBody }))
      .output(pluginView),
    update: forRole('administrator')
      .route({
        method: 'PUT',
        path: '/v1/users/{user}/plugins/{plugin}',
        summary: 'Change a plugin',
        tags: ['Plugins'],
        inputStructure: 'detailed',
      })
      .errors(canFail('PLUGIN_NOT_FOUND', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
      .input(z.object({ params: pluginParams, body: pluginChange }))
      .output(pluginView),
    remove: forRole('administrator')
      .route({
        method: 'DELETE',
        path: '/v1/users/{user}/plugins/{plugin}',
        summary: 'Remove a plugin that no proxy leads to',
        tags: ['Plugins'],
      })
      .errors(canFail('PLUGIN_NOT_FOUND', 'PLUGIN_IN_USE', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
      .input(pluginParams)
      .output(pluginParams),
    start: forRole('technician')
      .route({
        method: 'POST',
        path: '/v1/users/{user}/plugins/{plugin}/start',
        summary: 'Start the program of a plugin, also after the next start of the gateway',
        tags: ['Plugins'],
      })
      .errors(canFail('PLUGIN_NOT_FOUND', 'PLUGIN_NOT_RUN_HERE', 'CONFIG_NOT_SAVED'))
      .input(pluginParams)
      .output(pluginView),
    stop: forRole('technician')
      .route({
        method: 'POST',
        path: '/v1/users/{user}/plugins/{plugin}/stop',
        summary: 'Stop the program of a plugin; answers when it has ended',
        tags: ['Plugins'],
      })
      .errors(canFail('PLUGIN_NOT_FOUND', 'PLUGIN_NOT_RUN_HERE', 'CONFIG_NOT_SAVED'))
      .input(pluginParams)
      .output(pluginView),
    log: forRole('technician')
      .route({
        method: 'GET',
        path: '/v1/users/{user}/plugins/{plugin}/log',
        summary: 'Read what the program of a plugin wrote last',
        tags: ['Plugins'],
      })
      .errors(canFail('PLUGIN_NOT_FOUND', 'PLUGIN_NOT_RUN_HERE'))
      .input(pluginParams)
      .output(z.array(logLine)),
    presets: forRole('viewer')
      .route({ method: 'GET', path: '/v1/plugin-presets', summary: 'List well-known services', tags: ['Plugins'] })
      .output(z.array(pluginPreset)),
    containers: forRole('technician')
      .route({
        method: 'GET',
        path: '/v1/containers',
        summary: 'List the containers of this PC that have ports on it',
        tags: ['Plugins'],
      })
      .errors(canFail('DOCKER_UNREACHABLE'))
      .output(z.array(containerView)),
  },
  certificates: {
    list: forRole('viewer')
      .route({ method: 'GET', path: '/v1/certificates', summary: 'List the certificates', tags: ['Certificates'] })
      .output(z.array(certificateView)),
    get: forRole('viewer')
      .route({
        method: 'GET',
        path: '/v1/certificates/{certificate}',
        summary: 'Read one certificate',
        tags: ['Certificates'],
      })
      .errors(canFail('CERTIFICATE_NOT_FOUND'))
      .input(certificateParams)
      .output(certificateView),
    issue: forRole('administrator')
      .route({
        method: 'POST',
        path: '/v1/certificates',
        summary: 'Issue a certificate by the local CA, which is made on first need',
        tags: ['Certificates'],
      })
      .errors(canFail('CERTIFICATE_EXISTS', 'CERTIFICATE_UNUSABLE', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
      .input(certificateIssue)
      .output(certificateView),
    import: forRole('administrator')
      .route({
        method: 'POST',
        path: '/v1/certificates/import',
        summary: 'Take in a certificate with its key, or a CA to trust, from PEM, DER or PKCS#12',
        tags: ['Certificates'],
      })
      .errors(
        canFail(
          'CERTIFICATE_EXISTS',
          'CERTIFICATE_NOT_FOUND',
          'CERTIFICATE_FIXED',
          'CONFIG_NOT_SAVED',
          'SECRETS_UNREADABLE',
        ),
      )
      .input(certificateImport)
      .output(certificateView),
    request: forRole('administrator')
      .route({
        method: 'POST',
        path: '/v1/certificates/requests',
        summary: 'Make a key and a request for another CA',
        tags: ['Certificates'],
      })
      .errors(canFail('CERTIFICATE_EXISTS', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
      .input(certificateRequest)
      .output(certificateView),
    sign: forRole('administrator')
      .route({
        method: 'PUT',
        path: '/v1/certificates/{certificate}/signed',
        summary: 'Take in what another CA made of a request',
        tags: ['Certificates'],
        inputStructure: 'detailed',
      })
      .errors(canFail('CERTIFICATE_NOT_FOUND', 'CERTIFICATE_FIXED', 'CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
      .input(z.object({ params: certificateParams, body: signedCertificate }))
      .output(certificateView),
    update: forRole('administrator')
      .route({
        method: 'PUT',
        path: '/v1/certificates/{certificate}',
        summary: 'Rename a certificate, or trust a CA or no longer',
        tags: ['Certificates'],
        inputStructure: 'detailed',
      })
      .errors(canFail('CERTIFICATE_NOT_FOUND', 'CERTIFICATE_FIXED', 'CONFIG_NOT_SAVED'))
      .input(z.object({ params: certificateParams, body: certificateChange }))
      .output(certificateView),
    renew: forRole('administrator')
      .route({
        method: 'POST',
        path: '/v1/certificates/{certificate}/renew',
        summary: 'Make a certificate of the local CA anew, with the same key',
        tags: ['Certificates'],
      })
      .errors(
        canFail(
          'CERTIFICATE_NOT_FOUND',
          'CERTIFICATE_FIXED',
          'CERTIFICATE_UNUSABLE',
          'CONFIG_NOT_SAVED',
          'SECRETS_UNREADABLE',
        ),
      )
      .input(certificateParams)
      .output(certificateView),
    export: forRole('viewer')
      .route({
        method: 'GET',
        path: '/v1/certificates/{certificate}/export',
        summary: 'The public part of a certificate, or a request, in PEM',
        tags: ['Certificates'],
      })
      .errors(canFail('CERTIFICATE_NOT_FOUND'))
      .input(certificateParams)
      .output(certificateExport),
    exportKey: forRole('administrator')
      .route({
        method: 'POST',
        path: '/v1/certificates/{certificate}/export',
        summary: 'A certificate with its private key, sealed with a passphrase',
        tags: ['Certificates'],
        inputStructure: 'detailed',
      })
      .errors(canFail('CERTIFICATE_NOT_FOUND', 'CERTIFICATE_FIXED', 'SECRETS_UNREADABLE'))
      .input(z.object({ params: certificateParams, body: keyExport }))
      .output(exportedKey),
    remove: forRole('administrator')
      .route({
        method: 'DELETE',
        path: '/v1/certificates/{certificate}',
        summary: 'Remove a certificate that nothing uses',
        tags: ['Certificates'],
      })
      .errors(canFail('CERTIFICATE_NOT_FOUND', 'CERTIFICATE_FIXED', 'CERTIFICATE_IN_USE', 'CONFIG_NOT_SAVED'))
      .input(certificateParams)
      .output(certificateParams),
  },
  hub: {
    status: forRole('viewer')
      .route({ method: 'GET', path: '/v1/hub', summary: 'Read how the IoTMP hub does', tags: ['Devices'] })
      .output(hubStatus),
  },
  agents: {
    list: forRole('viewer')
      .route({ method: 'GET', path: '/v1/agents', summary: 'List the upstream connections', tags: ['Devices'] })
      .output(z.array(agentView)),
  },
  settings: {
    get: forRole('viewer')
      .route({ method: 'GET', path: '/v1/settings', summary: 'Read the settings', tags: ['Gateway'] })
      .output(settingsView),
    update: forRole('administrator')
      .route({ method: 'PUT', path: '/v1/settings', summary: 'Change settings', tags: ['Gateway'] })
      .errors(canFail('CONFIG_NOT_SAVED', 'SECRETS_UNREADABLE'))
      .input(settingsChange)
      .output(settingsView),
  },
  gateway: {
    status: forRole('viewer')
      .route({ method: 'GET', path: '/v1/status', summary: 'Read the state of the gateway', tags: ['Gateway'] })
      .output(gatewayStatus),
    events: forRole('viewer')
      .route({
        method: 'GET',
        path: '/v1/events',
        summary: 'Follow states and traffic as they change',
        tags: ['Gateway'],
      })
      .output(eventIterator(gatewayEvent)),
    // Findings name paths and programs of this PC, which a viewer need not know.
    examine: forRole('technician')
      .route({
        method: 'GET',
        path: '/v1/doctor',
        summary: 'Look at everything that can keep Sluice from working',
        tags: ['Gateway'],
      })
      .output(z.array(finding)),
    dismissNotices: forRole('technician')
      .route({ method: 'DELETE', path: '/v1/notices', summary: 'Put the notices away', tags: ['Gateway'] })
      .output(z.object({ dismissed: z.number() })),
  },
};
export type Contract = typeof contract;
