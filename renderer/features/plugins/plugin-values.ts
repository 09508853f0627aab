/**
 * What the plugin form holds, and how it becomes a body and back; checked by the schema of the contract. Values of secret
 * variables go in and never come out: an empty one keeps what is stored.
 */
import { type Issue, toIssues } from '../../../shared/issue.ts';
import { userId } from '../../../shared/name.ts';
import {
  type PluginChange,
  type PluginInput,
  type PluginKind,
  type PluginOffer,
  type PluginView,
  pluginChange,
  pluginInput,
} from '../../../shared/plugin.ts';

export interface VariableValue {
  name: string;
  value: string;
  isSecret: boolean;
  /** Its secret value is with the gateway. */
  isStored: boolean;
}

export interface PluginValues {
  kind: PluginKind;
  name: string;
  plugin: string;
  user: string;
  description: string;
  container: string;
  command: string;
  /** One a line. */
  args: string;
  variables: VariableValue[];
  cwd: string;
  restart: boolean;
  enabled: boolean;
  address: string;
  port: string;
  transport: 'tcp' | 'udp';
  /** Of the preset or file that it was made from; not shown. */
  category: string;
}
export type PluginField = keyof PluginValues;

/** Where each field lives in the body. Variables are two records there. */
const paths: Record<PluginField, readonly string[]> = {
  kind: ['kind'],
  name: ['name'],
  plugin: ['plugin'],
  user: ['user'],
  description: ['description'],
  container: ['container'],
  command: ['process.command'],
  args: ['process.args'],
  variables: ['process.env', 'process.secrets'],
  cwd: ['process.cwd'],
  restart: ['process.restart'],
  enabled: ['process.enabled'],
  address: ['address'],
  port: ['port'],
  transport: ['transport'],
  category: ['category'],
};

/** In the order of the form. */
export const pluginFields = Object.keys(paths) as PluginField[];

const processFields: readonly PluginField[] = ['command', 'args', 'variables', 'cwd', 'restart', 'enabled'];

export function newPlugin(user: string, change: Partial<PluginValues> = {}): PluginValues {
  return {
    kind: 'manual',
    name: '',
    plugin: '',
    user,
    description: '',
    container: '',
    command: '',
    args: '',
    variables: [],
    cwd: '',
    restart: true,
    enabled: true,
    address: '127.0.0.1',
    port: '',
    transport: 'tcp',
    category: '',
    ...change,
  };
}

export function toPluginValues(view: PluginView): PluginValues {
  const { kind, name, plugin, user, description, address, port, transport, category, process, container } = view;
  return {
    ...{ kind, name, plugin, user, description, address, transport, category },
    port: String(port),
    container: container?.name ?? '',
    command: process?.command ?? '',
    args: (process?.args ?? []).join('\n'),
    variables: [
      ...Object.entries(process?.env ?? {}).map(([variable, value]) => variableOf(variable, { value })),
      ...Object.keys(process?.secrets ?? {}).map((variable) =>
        variableOf(variable, { isSecret: true, isStored: true }),
      ),
    ],
    cwd: process?.cwd ?? '',
    restart: process?.restart ?? true,
    enabled: process?.enabled ?? true,
  };
}

export const variableOf = (name: string, rest: Partial<VariableValue> = {}): VariableValue => ({
  name,
  value: '',
  isSecret: false,
  isStored: false,
  ...rest,
});

export type PluginErrors = Partial<Record<PluginField, string>>;
export type Checked<Body> = { body: Body } | { errors: PluginErrors };

/** The body of a new plugin, or why each field is refused. */
export function checkNewPlugin(values: PluginValues, offers: readonly PluginOffer[] = []): Checked<PluginInput> {
  const account = userId.safeParse(values.user.trim());
  const result = pluginInput.safeParse({
    ...ownPart(values),
    plugin: values.plugin.trim(),
    // Without a name it is called by its ID.
    ...(values.name.trim() === '' ? {} : { name: values.name }),
    ...(values.category === '' ? {} : { category: values.category }),
    ...partOfKind(values),
    ...(offers.length > 0 && { offers }),
  });
  const errors: PluginErrors = {
    ...(result.success ? {} : errorsAt(toIssues(result.error.issues))),
    ...variableErrors(values),
    ...(account.success ? {} : { user: account.error.issues[0]?.message ?? '' }),
  };
  return result.success && Object.keys(errors).length === 0 ? { body: result.data } : { errors };
}

/** The change of a stored plugin: only what was changed in the form, so that what others change meanwhile stays. */
export function checkPluginChange(
  values: PluginValues,
  dirty: Partial<Record<PluginField, unknown>>,
  before: PluginView,
): Checked<PluginChange> {
  const own = ownPart(values);
  const isOther = Boolean(dirty.kind);
  const hasProcess = isOther || processFields.some((field) => dirty[field]);
  // Arguments that no line can show, such as one with a line break, stay as they are while nobody edits them.
  const args = dirty.args || !before.process ? undefined : before.process.args;
  const part = partOfKind(values, args);
  const result = pluginChange.safeParse({
    ...(dirty.name ? { name: values.name.trim() === '' ? values.plugin : values.name } : {}),
    ...(dirty.description ? { description: own.description } : {}),
    ...(isOther ? { kind: values.kind } : {}),
    ...(dirty.address ? { address: own.address } : {}),
    ...(dirty.port ? { port: own.port } : {}),
    ...(dirty.transport ? { transport: own.transport } : {}),
    ...((values.kind === 'process' ? hasProcess : isOther || dirty.container) ? part : {}),
  });
  const errors: PluginErrors = {
    ...(result.success ? {} : errorsAt(toIssues(result.error.issues))),
    ...variableErrors(values),
  };
  return result.success && Object.keys(errors).length === 0 ? { body: result.data } : { errors };
}

function ownPart({ kind, description, address, port, transport }: PluginValues) {
  return {
    kind,
    description,
    address: address.trim(),
    port: /^\s*\d+\s*$/.test(port) ? Number(port) : Number.NaN,
    transport,
  };
}

/** What only a program or a container has. */
function partOfKind(values: PluginValues, args = values.args.split('\n').filter(Boolean)) {
  const { kind, command, cwd, restart, enabled, container } = values;
  if (kind === 'docker') return { container: { name: container.trim() } };
  if (kind === 'manual') return {};
  const variables = values.variables.filter(({ name, value }) => name.trim() !== '' || value !== '');
  const plain = variables.filter(({ isSecret }) => !isSecret);
  const secret = variables.filter(({ isSecret }) => isSecret);
  return {
    process: {
      command: command.trim(),
      args,
      env: Object.fromEntries(plain.map(({ name, value }) => [name.trim(), value])),
      secrets: Object.fromEntries(
        secret.map(({ name, value, isStored }) => [name.trim(), isStored && value === '' ? true : value]),
      ),
      ...(cwd.trim() !== '' && { cwd: cwd.trim() }),
      restart,
      enabled,
    },
  };
}

/** What a record cannot say of itself: a name that stands twice. */
function variableErrors({ kind, variables }: PluginValues): PluginErrors {
  if (kind !== 'process') return {};
  const names = variables.map(({ name }) => name.trim()).filter(Boolean);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? {} : { variables: `${twice} stands here twice.` };
}

/** What the gateway refused, at the fields where it shows; empty where no field is to blame. */
export function refusedPlugin({
  code,
  message,
  issues,
}: {
  code: string;
  message: string;
  issues: readonly Issue[];
}): PluginErrors {
  return code === 'PLUGIN_EXISTS' ? { plugin: message } : errorsAt(issues);
}

function errorsAt(issues: readonly Issue[]): PluginErrors {
  const errors: PluginErrors = {};
  for (const { path: said, message } of issues) {
    const path = said === 'process' ? 'process.command' : said;
    for (const field of pluginFields) {
      const start = paths[field].find((one) => path === one || path.startsWith(`${one}.`));
      if (start === undefined) continue;
      const variable = field === 'variables' ? path.slice(start.length + 1) : '';
      errors[field] ??= variable === '' ? message : `${variable}: ${message}`;
      break;
    }
  }
  return errors;
}
