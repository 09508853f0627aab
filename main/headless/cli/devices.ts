/** `sluice devices …`: list, show, add, set, enable, disable, remove. */
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import type { DeviceChange, DeviceInput, DeviceKey, DeviceView } from '../../../shared/device.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { deviceId, userId } from '../../../shared/name.ts';
import { bytesText, timeText } from '../../../shared/text.ts';
import type { GatewayClient } from './client.ts';
import { answer, type CommonFlags, commonFlags, forEach, gatewayOf } from './command.ts';
import { isGiven } from './proxy-flags.ts';
import { table } from './table.ts';

interface AccountFlags extends CommonFlags {
  readonly user?: string;
}

interface DeviceFlags extends AccountFlags {
  readonly name?: string;
  readonly description?: string;
  readonly disabled?: boolean;
  readonly credentials?: string;
  readonly random?: boolean;
}

export function addDeviceCommands(program: Command): void {
  const devices = program.command('devices').description('the devices that may connect to the hub');
  const command = (usage: string, description: string, account = 'account; else the one of the settings') =>
    commonFlags(devices.command(usage)).description(description).option('--user <user>', account);

  command('list', 'list the devices and how they do', 'only those of one account').action(list);
  command('show <device>', 'show one device').action(show);
  addDeviceFlags(command('add <device>', 'add a device; its credentials come from stdin, or from an option')).action(
    add,
  );
  addDeviceFlags(command('set <device>', 'change a device; what is not given stays')).action(set);
  command('enable <device...>', 'let devices log in').action((ids, flags) => turn(ids, flags, true));
  command('disable <device...>', 'turn devices away and keep their settings').action((ids, flags) =>
    turn(ids, flags, false),
  );
  command('remove <device...>', 'remove devices for good').action(remove);
}

function addDeviceFlags(command: Command): Command {
  return command
    .option('--name <text>', 'name')
    .option('--description <text>', 'description')
    .option('--disabled', 'turn it away')
    .addOption(
      new Option('--credentials <text>', 'what it logs in with, or - for stdin; others on this PC can see it here'),
    )
    .addOption(new Option('--random', 'make credentials and print them, this once').conflicts('credentials'));
}

async function list(flags: AccountFlags): Promise<void> {
  const { devices } = gatewayOf(flags);
  const views = flags.user === undefined ? await devices.listAll() : await devices.list({ user: account(flags.user) });
  answer(flags, views, () =>
    views.length === 0
      ? 'There are no devices yet. Add one with: sluice devices add <device> --random'
      : table(views.map(row), ['ACCOUNT', 'DEVICE', 'NAME', 'STATE', 'ADDRESS', 'FROM IT', 'TO IT', 'LAST SEEN']),
  );
}

async function show(device: string, flags: AccountFlags): Promise<void> {
  const gateway = gatewayOf(flags);
  answer(flags, await gateway.devices.get(await keyOf(gateway, device, flags)), (view) => table(facts(view)));
}

async function add(device: string, flags: DeviceFlags, command: Command): Promise<void> {
  const { credentials = flags.random ? undefined : '-' } = flags;
  if (credentials === '-' && process.stdin.isTTY) {
    command.error('error: --random or --credentials is needed, or the credentials on stdin');
  }
  const gateway = gatewayOf(flags);
  const body = { device, ...(await bodyOf({ ...flags, credentials })) };
  const user = await userOf(gateway, flags);
  const view = await gateway.devices.create({ params: { user }, body: body as DeviceInput });
  saySaved(flags, 'Added', view, body.credentials);
}

async function set(device: string, flags: DeviceFlags, command: Command): Promise<void> {
  const { data: _data, json: _json, user: _user, ...given } = flags;
  if (!Object.values(given).some(isGiven)) command.error('error: say what to change; --help lists the options');
  const gateway = gatewayOf(flags);
  const params = await keyOf(gateway, device, flags);
  const body = await bodyOf(flags);
  saySaved(flags, 'Saved', await gateway.devices.update({ params, body }), body.credentials);
}

async function turn(ids: readonly string[], flags: AccountFlags, enabled: boolean): Promise<void> {
  const gateway = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    async (id) => gateway.devices.update({ params: await keyOf(gateway, id, flags), body: { enabled } }),
    ({ user, device }) => `${enabled ? 'Enabled' : 'Disabled'} ${user}/${device}.`,
  );
}

async function remove(ids: readonly string[], flags: AccountFlags): Promise<void> {
  const gateway = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    async (id) => gateway.devices.remove(await keyOf(gateway, id, flags)),
    ({ user, device }) => `Removed ${user}/${device}.`,
  );
}

async function bodyOf({ name, description, disabled, credentials, random }: DeviceFlags): Promise<DeviceChange> {
  return {
    name,
    description,
    enabled: disabled ? false : undefined,
    credentials: random ? randomBytes(24).toString('base64url') : await typed(credentials),
  };
}

/** What was piped in ends with a line break that does not belong to it. */
async function typed(credentials: string | undefined): Promise<string | undefined> {
  return credentials === '-' ? (await text(process.stdin)).replace(/\r?\n$/, '') : credentials;
}

async function keyOf(gateway: GatewayClient, device: string, flags: AccountFlags): Promise<DeviceKey> {
  const user = await userOf(gateway, flags);
  // What cannot be an ID must not become part of an address: `..` would name another place.
  if (!deviceId.safeParse(device).success) throw new SluiceError('DEVICE_NOT_FOUND', { user, device });
  return { user, device };
}

export async function userOf(
  gateway: GatewayClient,
  { user }: { readonly user?: string | undefined },
): Promise<string> {
  return account(user ?? (await gateway.settings.get()).account);
}

export function account(user: string): string {
  const parsed = userId.safeParse(user);
  if (parsed.success) return user;
  throw new SluiceError('BAD_REQUEST', { reason: `--user: ${parsed.error.issues[0]?.message}` });
}

/** Credentials that were made here are shown now and never again. */
function saySaved(flags: DeviceFlags, what: string, view: DeviceView, credentials: string | undefined): void {
  const words = `${what} ${view.user}/${view.device}.`;
  if (!flags.random) answer(flags, view, () => words);
  else answer(flags, { ...view, credentials }, () => `${words}\nIts credentials, shown this once: ${credentials}`);
}

function row(view: DeviceView): string[] {
  const { user, device, name, connection } = view;
  const { address, bytes, lastSeen } = connection;
  return [
    user,
    device,
    name,
    stateText(view),
    (connection.active && address) || '',
    bytesText(bytes.received),
    bytesText(bytes.sent),
    lastSeen === null ? 'never' : timeText(lastSeen),
  ];
}

function stateText({ enabled, connection }: DeviceView): string {
  if (!enabled) return 'disabled';
  if (!connection.active) return 'offline';
  return connection.proxying === 'no' ? 'online, no proxying' : 'online';
}

function facts(view: DeviceView): string[][] {
  const { user, device, name, description, modified, connection } = view;
  const { active, address, transport, since, lastSeen, streams, bytes } = connection;
  const sinceText = view.enabled && since !== null ? ` (since ${timeText(since)})` : '';
  return [
    ['Device', `${user}/${device}`],
    ['Name', name],
    ...(description ? [['Description', description]] : []),
    ['State', `${stateText(view)}${sinceText}`],
    ...(active && address !== null ? [['Connected', `from ${address} over ${transport}`]] : []),
    ['Streams', String(streams)],
    ['Bytes', `${bytesText(bytes.received)} from it, ${bytesText(bytes.sent)} to it`],
    ['Last seen', lastSeen === null ? 'never' : timeText(lastSeen)],
    ['Changed', timeText(modified)],
  ];
}
