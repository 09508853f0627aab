/** `/openapi.json`: the description of the REST face, derived from the contract once and kept. */
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { agentInput, agentSetting, agentView } from '../../shared/agent.ts';
import { contract } from '../../shared/contract.ts';
import {
  deviceChange,
  deviceConnection,
  deviceInput,
  deviceView,
  hubListener,
  hubStatus,
} from '../../shared/device.ts';
import { errorInfo } from '../../shared/error-info.ts';
import { pipe } from '../../shared/pipe.ts';
import { proxyChange, proxyConfig, proxyConfigInput, proxyInput, proxyProfile } from '../../shared/proxy.ts';
import { settingsChange, settingsView } from '../../shared/settings.ts';
import { gatewayEvent, gatewayStatus, proxyStatus, proxySummary, proxyView } from '../../shared/status.ts';

type Document = Awaited<ReturnType<OpenAPIGenerator['generate']>>;

const input = { strategy: 'input' } as const;
const output = { strategy: 'output' } as const;

const schemas = {
  ProxyInput: { schema: proxyInput, ...input },
  ProxyChange: { schema: proxyChange, ...input },
  ProxyConfigInput: { schema: proxyConfigInput, ...input },
  Proxy: { schema: proxyProfile, ...output },
  ProxyConfig: { schema: proxyConfig, ...output },
  ProxySummary: { schema: proxySummary, ...output },
  ProxyView: { schema: proxyView, ...output },
  ProxyStatus: { schema: proxyStatus, ...output },
  Pipe: { schema: pipe, ...output },
  DeviceInput: { schema: deviceInput, ...input },
  DeviceChange: { schema: deviceChange, ...input },
  Device: { schema: deviceView, ...output },
  DeviceConnection: { schema: deviceConnection, ...output },
  HubStatus: { schema: hubStatus, ...output },
  HubListener: { schema: hubListener, ...output },
  AgentInput: { schema: agentInput, ...input },
  AgentSetting: { schema: agentSetting, ...output },
  AgentView: { schema: agentView, ...output },
  Settings: { schema: settingsView, ...output },
  SettingsChange: { schema: settingsChange, ...input },
  GatewayStatus: { schema: gatewayStatus, ...output },
  GatewayEvent: { schema: gatewayEvent, ...output },
  ErrorInfo: { schema: errorInfo, ...output },
};

/** The body of every fault with one of these codes. */
function faultSchema(codes: readonly string[]) {
  const text = { type: 'string' };
  return {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'next', 'details'],
        properties: {
          code: { type: 'string', enum: codes },
          message: { ...text, description: 'What happened.' },
          next: { ...text, description: 'What to do about it.' },
          details: { type: 'object', description: 'Facts; `issues` lists refused fields by `path` and `message`.' },
        },
      },
    },
  };
}

const ok = (type: string, schema: object) => ({ 200: { description: 'OK', content: { [type]: { schema } } } });
/** What the control port answers besides the contract. */
const otherPaths = {
  '/healthz': {
    get: {
      operationId: 'healthz',
      summary: 'Tell whether the gateway answers; needs no token',
      tags: ['Gateway'],
      security: [],
      responses: ok('application/json', { type: 'object', properties: { ok: { const: true } } }),
    },
  },
  '/metrics': {
    get: {
      operationId: 'metrics',
      summary: 'Read the figures as Prometheus text',
      tags: ['Gateway'],
      responses: ok('text/plain', { type: 'string' }),
    },
  },
};

let made: Promise<Document> | undefined;

export function openApiDocument(version: string): Promise<Document> {
  made ??= make(version);
  return made;
}

async function make(version: string): Promise<Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: {
      title: 'Sluice',
      version,
      description:
        'The REST face of a Sluice gateway. Every request carries the token of the data folder: `Authorization: Bearer …`.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    commonSchemas: schemas,
    customErrorResponseBodySchema: (definitions) => faultSchema(definitions.map(([code]) => code)) as never,
  });
  return { ...document, paths: { ...document.paths, ...otherPaths } } as Document;
}
