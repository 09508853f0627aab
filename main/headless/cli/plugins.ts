/** `sluice plugins …`: list, show, add, set, remove, start, stop, log, presets, containers. */
import { type Command, InvalidArgumentError } from 'commander';
import { hostAndPort } from '../../../shared/address.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { type PluginKey, pluginId } from '../../../shared/name.ts';
import type { PluginInput, PluginView } from '../../../shared/plugin.ts';
import { pluginPresets } from '../../../shared/plugin-presets.ts';
import { jsonText, plain, timeText } from '../../../shared/text.ts';
import type { GatewayClient } from './client.ts';
import { answer, type CommonFlags, commonFlags, forEach, gatewayOf } from './command.ts';
import { account, userOf } from './devices.ts';
import { readJson } from './json-file.ts';
import { isGiven, numberFlag } from './proxy-flags.ts';
import { table } from './table.ts';

interface AccountFlags extends CommonFlags {
  readonly user?: string;
}

interface PluginFlags extends AccountFlags {
  readonly name?: string;
  readonly description?: string;
  readonly category?: string;
  readonly address?: string;
  readonly port?: number;
  readonly transport?: string;
  readonly preset?: string;
  readonly container?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly secret?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly restart?: boolean;
  readonly disabled?: boolean;
  readonly file?: string;
}

export function addPluginCommands(program: Command): void {
  const plugins = program.command('plugins').description('the services of this PC that proxies may lead to');
  const command = (usage: string, description: string, of = 'account; else the one of the settings') =>
    commonFlags(plugins.command(usage)).description(description).option('--user <user>', of);

  command('list', 'list the plugins and how they do', 'only those of one account').action(list);
  command('show <plugin>', 'show one plugin').action(show);
  addPluginFlags(command('add [plugin] [command...]', 'add a plugin; after -- the program that Sluice is to run'))
    .option('--preset <id>', 'a well-known service; see: sluice plugins presets')
    .option('--file <path>', 'read the plugin, or a plugin.json of Thinger.io, from a file, or from stdin with -')
    .action(add);
  addPluginFlags(command('set <plugin> [command...]', 'change a plugin; what is not given stays')).action(set);
  command('start <plugin...>', 'start the programs of plugins').action((ids, flags) => turn(ids, flags, 'start'));
  command('stop <plugin...>', 'stop the programs of plugins').action((ids, flags) => turn(ids, flags, 'stop'));
  command('log <plugin>', 'print what the program of a plugin wrote last').action(log);
  command('remove <plugin...>', 'remove plugins for good').action(remove);
  commonFlags(plugins.command('presets')).description('list well-known services and their ports').action(presets);
  commonFlags(plugins.command('containers'))
    .description('list the containers of this PC that have ports on it')
    .action(containers);
}

function addPluginFlags(command: Command): Command {
  return command
    .option('--name <text>', 'name')
    .option('--description <text>', 'description')
    .option('--category <text>', 'category')
    .option('--address <address>', 'where it listens; else 127.0.0.1')
    .option('--port <port>', 'its port', numberFlag)
    .option('--transport <transport>', 'tcp, or udp for what does not listen on TCP')
    .option('--container <name>', 'the container of Docker that it is')
    .option('--env <name=value>', 'a variable for its program; may be repeated', variableFlag)
    .option('--secret <name>', 'a sealed variable, with the value that it has in this environment', secretFlag)
    .option('--cwd <folder>', 'where its program runs; else a folder of its own')
    .option('--restart', 'start its program again when it ends by itself')
    .option('--no-restart', 'leave it ended')
    .option('--disabled', 'do not run its program yet');
}

async function list(flags: AccountFlags): Promise<void> {
  const { plugins } = gatewayOf(flags);
  const views = flags.user === undefined ? await plugins.listAll() : await plugins.list({ user: account(flags.user) });
  answer(flags, views, () =>
    views.length === 0
      ? 'There are no plugins yet. Add one with: sluice plugins add <plugin> --port <port>'
      : table(views.map(row), ['ACCOUNT', 'PLUGIN', 'NAME', 'KIND', 'WHERE', 'STATE']),
  );
}

async function show(plugin: string, flags: AccountFlags): Promise<void> {
  const gateway = gatewayOf(flags);
  answer(flags, await gateway.plugins.get(await keyOf(gateway, plugin, flags)), (view) => table(facts(view)));
}

async function add(
  plugin: string | undefined,
  words: readonly string[],
  flags: PluginFlags,
  command: Command,
): Promise<void> {
  const gateway = gatewayOf(flags);
  const body = flags.file === undefined ? newPlugin(plugin, words, flags, command) : await readJson(flags.file);
  const user = await userOf(gateway, flags);
  const view = await gateway.plugins.create({ params: { user }, body: body as PluginInput });
  answer(flags, view, () => plain(`Added ${view.user}/${view.plugin}.${offersText(view)}`));
}

function newPlugin(plugin: string | undefined, words: readonly string[], flags: PluginFlags, command: Command): object {
  const preset = pluginPresets.find((one) => one.plugin === flags.preset);
  if (flags.preset !== undefined && !preset) command.error('error: no such preset; see: sluice plugins presets');
  const id = plugin ?? preset?.plugin;
  if (id === undefined) command.error('error: the ID of the plugin is needed, or --preset, or --file');
  const port = flags.port ?? preset?.port;
  if (port === undefined) command.error('error: --port is needed');
  const { name = preset?.name, category = preset?.category } = flags;
  return { plugin: id, ...placed(flags), name, category, port, process: program(words, flags) };
}

async function set(plugin: string, words: readonly string[], flags: PluginFlags, command: Command): Promise<void> {
  const { data: _data, json: _json, user: _user, ...given } = flags;
  const isChange = words.length > 0 || Object.values(given).some(isGiven);
  if (!isChange) command.error('error: say what to change; --help lists the options');
  const gateway = gatewayOf(flags);
  const params = await keyOf(gateway, plugin, flags);
  const present = (await gateway.plugins.get(params)).process;
  const process = program(words, flags, present);
  const body = { ...placed(flags), process };
  const view = await gateway.plugins.update({ params, body: body as Partial<PluginInput> });
  answer(flags, view, () => `Saved ${view.user}/${view.plugin}.`);
}

async function turn(ids: readonly string[], flags: AccountFlags, what: 'start' | 'stop'): Promise<void> {
  const gateway = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    async (id) => gateway.plugins[what](await keyOf(gateway, id, flags)),
    (view) => `${what === 'start' ? 'Started' : 'Stopped'} ${view.user}/${view.plugin}: ${stateText(view)}.`,
  );
}

async function log(plugin: string, flags: AccountFlags): Promise<void> {
  const gateway = gatewayOf(flags);
  const lines = await gateway.plugins.log(await keyOf(gateway, plugin, flags));
  const marks = { out: ' ', err: '!', gateway: '*' };
  answer(flags, lines, () =>
    lines.map(({ at, from, text }) => `${timeText(at)} ${marks[from]} ${plain(text)}`).join('\n'),
  );
}

async function remove(ids: readonly string[], flags: AccountFlags): Promise<void> {
  const gateway = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    async (id) => gateway.plugins.remove(await keyOf(gateway, id, flags)),
    ({ user, plugin }) => `Removed ${user}/${plugin}.`,
  );
}

async function presets(flags: CommonFlags): Promise<void> {
  answer(flags, pluginPresets, () =>
    table(
      pluginPresets.map(({ plugin, name, category, port }) => [plugin, name, category, String(port)]),
      ['ID', 'NAME', 'CATEGORY', 'PORT'],
    ),
  );
}

async function containers(flags: CommonFlags): Promise<void> {
  const found = await gatewayOf(flags).plugins.containers();
  const rows = found.flatMap(({ name, image, state, ports }) =>
    ports.map(({ address, port, transport }) => [name, image, `${hostAndPort(address, port)} ${transport}`, state]),
  );
  answer(flags, found, () => table(rows, ['NAME', 'IMAGE', 'WHERE', 'STATE']));
}

function placed({ name, description, category, address, port, transport, container }: PluginFlags): object {
  const where = { name, description, category, address, port, transport };
  return { ...where, container: container === undefined ? undefined : { name: container } };
}

/** The gateway takes a program as a whole; undefined where nothing is said about it. */
function program(words: readonly string[], flags: PluginFlags, present?: PluginView['process']): object | undefined {
  const { env, secret, cwd, restart, disabled } = flags;
  if (words.length === 0 && ![env, secret, cwd, restart, disabled].some(isGiven)) return undefined;
  const [command = present?.command, ...args] = words;
  return {
    command,
    args: words.length > 0 ? args : present?.args,
    env: { ...present?.env, ...env },
    secrets: { ...present?.secrets, ...secret },
    cwd: cwd ?? present?.cwd,
    restart: restart ?? present?.restart,
    enabled: disabled ? false : present?.enabled,
  };
}

function variableFlag(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Use NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** From the environment, because others on this PC can see the arguments of a program. */
function secretFlag(name: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const value = process.env[name];
  if (!value) throw new InvalidArgumentError('Name a variable of this environment that has a value.');
  return { ...before, [name]: value };
}

async function keyOf(gateway: GatewayClient, plugin: string, { user }: AccountFlags): Promise<PluginKey> {
  return pluginKeyOf(gateway, plugin, user);
}

/** What cannot be an ID must not become part of an address: `..` would name another place. Throws PLUGIN_NOT_FOUND. */
export async function pluginKeyOf(gateway: GatewayClient, plugin: string, of: string | undefined): Promise<PluginKey> {
  const user = await userOf(gateway, { user: of });
  if (!pluginId.safeParse(plugin).success) throw new SluiceError('PLUGIN_NOT_FOUND', { user, plugin });
  return { user, plugin };
}

function row(view: PluginView): string[] {
  const { user, plugin, name, kind, address, port } = view;
  return [user, plugin, name, kind, hostAndPort(address, port), stateText(view)];
}

function stateText({ status }: PluginView): string {
  const { state, error } = status;
  const word = state.replace('_', ' ');
  return error ? `${word}: ${error.message}` : word;
}

function facts(view: PluginView): string[][] {
  const { user, plugin, name, description, category, address, port, transport, process, container, status } = view;
  const { since, pid, restarts, retryAt } = status;
  return [
    ['Plugin', `${user}/${plugin}`],
    ['Name', name],
    ...(description ? [['Description', description]] : []),
    ...(category ? [['Category', category]] : []),
    ['Where', `${hostAndPort(address, port)} ${transport}`],
    ['State', `${stateText(view)}${since > 0 ? ` (since ${timeText(since)})` : ''}`],
    ...(retryAt === null ? [] : [['Started again', timeText(retryAt)]]),
    ...(pid === null ? [] : [['Process', String(pid)]]),
    ...(container ? [['Container', container.name]] : []),
    ...(process
      ? [
          ['Command', [process.command, ...process.args].map(quoted).join(' ')],
          ['Variables', [...Object.keys(process.env), ...Object.keys(process.secrets)].join(', ') || 'none of its own'],
          ['Folder', process.cwd ?? 'a folder of its own'],
          ['Starts', `${process.enabled ? 'with the gateway' : 'when told to'}, ${restarts} times again so far`],
        ]
      : []),
    ['Changed', timeText(view.modified)],
  ];
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : jsonText(word));

function offersText({ offers }: PluginView): string {
  if (offers.length === 0) return '';
  return ` It offers: ${offers.map(({ id, note }) => (note ? `${id} (${note})` : id)).join(', ')}`;
}
