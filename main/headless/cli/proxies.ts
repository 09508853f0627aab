/** `sluice proxies …`: list, show, add, set, enable, disable, test, remove. */
import type { Command } from 'commander';
import { GATEWAY_CERTIFICATE } from '../../../shared/certificate.ts';
import { deviceLabel } from '../../../shared/device.ts';
import { ladderText } from '../../../shared/ladder.ts';
import type { LeaseView } from '../../../shared/lease.ts';
import {
  deviceOf,
  type ProxyChange,
  type ProxyConfig,
  type ProxyInput,
  type ProxyProfile,
  targetLabel,
} from '../../../shared/proxy.ts';
import { type Schedule, scheduleText } from '../../../shared/schedule.ts';
import { describeProxy, plainLegs, protocolText, sourceLabel, whoMayConnect } from '../../../shared/sentence.ts';
import type { ProxyStatus, ProxyView } from '../../../shared/status.ts';
import { bytesText, plain, timeText } from '../../../shared/text.ts';
import type { GatewayClient } from './client.ts';
import { answer, type CommonFlags, commonFlags, forEach, gatewayOf } from './command.ts';
import { readJson } from './json-file.ts';
import { knownProxy as known } from './known.ts';
import { addLeaseCommands, leaseText } from './leases.ts';
import { say, sayJson } from './output.ts';
import { pluginKeyOf } from './plugins.ts';
import {
  addProxyFlags,
  changesConfig,
  isGiven,
  misfit,
  newProxy,
  type ProxyFlags,
  proxyChangeOf,
} from './proxy-flags.ts';
import { table } from './table.ts';
import { withTemplate } from './templates.ts';
import { limitsText, viaText } from './words.ts';

export function addProxyCommands(program: Command): void {
  const proxies = program.command('proxies').description('the proxies of the gateway');
  const command = (usage: string, description: string) => commonFlags(proxies.command(usage)).description(description);

  command('list', 'list the proxies and how they do').option('--tag <word>', 'only those with this tag').action(list);
  command('show <id>', 'show one proxy').action(show);
  addProxyFlags(
    command('add', 'add a proxy')
      .option('--id <id>', 'ID, fixed from then on')
      .option('--template <id>', 'begin with a template; sluice templates list names them'),
  ).action(add);
  addProxyFlags(command('set <id>', 'change a proxy; what is not given stays')).action(set);
  command('enable <id...>', 'open the ports of proxies').action((ids, flags) => turn(ids, flags, true));
  command('disable <id...>', 'close the ports of proxies and keep their settings').action((ids, flags) =>
    turn(ids, flags, false),
  );
  addLeaseCommands(proxies);
  command('test <id...>', 'try each hop of proxies; ends with 1 where one does not work').action(test);
  command('remove <id...>', 'remove proxies for good').action(remove);
}

async function list(flags: CommonFlags & { readonly tag?: string }): Promise<void> {
  const gateway = gatewayOf(flags);
  const { tag } = flags;
  const isWanted = ({ tags }: Pick<ProxyProfile, 'tags'>): boolean => tag === undefined || (tags ?? []).includes(tag);
  if (flags.json) return sayJson((await gateway.proxies.list()).filter(isWanted));
  const views = (await viewsOf(gateway)).filter(isWanted);
  if (views.length === 0 && tag !== undefined) return say(plain(`No proxy has the tag ${tag}.`));
  if (views.length === 0) return say('There are no proxies yet. Add one with: sluice proxies add');
  say(table(views.map(row), ['ID', 'NAME', 'PROTOCOL', 'SOURCE', 'TARGET', 'STATE']));
}

async function show(id: string, flags: CommonFlags): Promise<void> {
  const gateway = gatewayOf(flags);
  const profile = await gateway.proxies.get({ proxy: known(id) });
  if (flags.json) return sayJson(profile);
  const status = await gateway.proxies.status({ proxy: id });
  say(plain(describeProxy(profile.config)));
  say(table(facts(profile, status)));
}

async function add(flags: ProxyFlags & CommonFlags, command: Command): Promise<void> {
  if (flags.file !== undefined && flags.id !== undefined) command.error('error: --id is part of what --file holds');
  if (flags.file !== undefined && flags.template !== undefined) command.error('error: --template is not for --file');
  const hasAll = [flags.id, flags.port ?? flags.template, flags.target ?? flags.targetPlugin].every(isGiven);
  if (flags.file === undefined && !hasAll) {
    command.error('error: --id, --port and --target or --target-plugin are needed, or --file');
  }
  const gateway = gatewayOf(flags);
  const wanted = await withTemplate(gateway, flags);
  const odd = misfit(wanted);
  if (odd) command.error(`error: ${odd}`);
  const body = flags.file === undefined ? newProxy(await withPlugin(gateway, wanted)) : await readJson(flags.file);
  await saved(gateway, flags, 'Added', await gateway.proxies.create(body as ProxyInput));
}

async function set(id: string, flags: ProxyFlags & CommonFlags, command: Command): Promise<void> {
  const { data: _data, json: _json, ...given } = flags;
  if (!Object.values(given).some(isGiven)) command.error('error: say what to change; --help lists the options');
  const gateway = gatewayOf(flags);
  const present = changesConfig(flags) ? (await gateway.proxies.get({ proxy: known(id) })).config : undefined;
  const odd = misfit(flags, present);
  if (odd) command.error(`error: ${odd}`);
  const body =
    flags.file === undefined ? proxyChangeOf(await withPlugin(gateway, flags), present) : await readJson(flags.file);
  await saved(gateway, flags, 'Saved', await update(gateway, id, body as ProxyChange));
}

/** The plugin that was named, with its account and port where these were not. */
async function withPlugin(gateway: GatewayClient, flags: ProxyFlags): Promise<ProxyFlags> {
  const { targetPlugin, targetUser, targetPort } = flags;
  if (targetPlugin === undefined) return flags;
  const key = await pluginKeyOf(gateway, targetPlugin, targetUser);
  return { ...flags, targetUser: key.user, targetPort: targetPort ?? (await gateway.plugins.get(key)).port };
}

async function turn(ids: readonly string[], flags: CommonFlags, enabled: boolean): Promise<void> {
  const gateway = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    async (id) => {
      const profile = await gateway.proxies.switch({ params: { proxy: known(id) }, body: { enabled } });
      const { lease } = await gateway.proxies.status({ proxy: id });
      return { ...profile, ...(lease && { lease }) };
    },
    turnedText(enabled),
  );
}

/** A proxy that is open for a time stays so: what is open cannot be opened. */
const turnedText =
  (enabled: boolean) =>
  ({ proxy, schedule, lease }: ProxyProfile & { readonly lease?: LeaseView }): string => {
    if (lease) return `${proxy} is open already, ${leaseText(lease)}. For good: sluice proxies open ${proxy} --keep`;
    return `${enabled ? 'Enabled' : 'Disabled'} ${proxy}${schedule ? ', until its schedule changes next' : ''}.`;
  };

async function test(ids: readonly string[], flags: CommonFlags): Promise<void> {
  const { proxies } = gatewayOf(flags);
  const results: object[] = [];
  for (const id of ids) {
    const result = await proxies.test({ params: { proxy: known(id) } });
    if (!result.ok) process.exitCode = 1;
    if (!flags.json) say(ladderText(id, result).split('\n').map(plain).join('\n'));
    results.push({ proxy: id, ...result });
  }
  if (flags.json) sayJson(results.length === 1 ? results[0] : results);
}

async function remove(ids: readonly string[], flags: CommonFlags): Promise<void> {
  const gateway = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    async (id) => gateway.proxies.remove({ proxy: known(id) }),
    ({ proxy }) => `Removed ${proxy}.`,
  );
}

async function update(gateway: GatewayClient, id: string, body: ProxyChange): Promise<ProxyProfile> {
  return gateway.proxies.update({ params: { proxy: known(id) }, body });
}

/** A port that cannot be opened is no failure of the change, but the person must hear of it. */
async function saved(gateway: GatewayClient, flags: CommonFlags, what: string, profile: ProxyProfile): Promise<void> {
  answer(flags, profile, ({ proxy, config }) => plain(`${what} ${proxy}: ${describeProxy(config)}`));
  const { error } = await gateway.proxies.status({ proxy: profile.proxy });
  if (error) process.stderr.write(`${plain(`${error.message} ${error.next}`)}\n`);
}

/** The first live event holds everything that a table needs, of one moment. */
async function viewsOf(gateway: GatewayClient): Promise<readonly ProxyView[]> {
  for await (const event of await gateway.gateway.events()) {
    if (event.type === 'snapshot') return event.proxies;
  }
  return [];
}

function row({ proxy, name, config, status }: ProxyView): string[] {
  const { protocol, source, target } = config;
  const device = deviceOf(config);
  return [
    proxy,
    name,
    protocolText[protocol],
    sourceLabel(source),
    viaText(targetLabel(target), device && deviceLabel(device)),
    stateText(status),
  ];
}

function stateText({ state, error, lease }: ProxyStatus): string {
  const said = lease ? `${state}, open ${leaseText(lease)}` : state;
  return error ? `${said}: ${error.message}` : said;
}

function facts(profile: ProxyProfile, status: ProxyStatus): string[][] {
  const { proxy, name, description, config, modified, tags, schedule } = profile;
  const { pipes, bytes, lastActivity } = status;
  const device = deviceOf(config);
  return [
    ['ID', proxy],
    ['Name', name],
    ...(description ? [['Description', description]] : []),
    ['State', `${stateText(status)} (since ${timeText(status.since)})`],
    ...(status.lease ? [['Opened by', status.lease.by]] : []),
    ...(schedule ? [['Schedule', scheduleFact(schedule, status)]] : []),
    ...(tags ? [['Tags', tags.join(', ')]] : []),
    ...(device ? [['Device', deviceLabel(device)]] : []),
    ...tlsFacts(config),
    ...plainFacts(config),
    ['Allowed', config.source.allow.join(', ') || whoMayConnect(config.source)],
    ['Limits', limitsText(config.limits)],
    ['Pipes', `${pipes.open} open, ${pipes.total} in all, ${pipes.failed} failed`],
    [
      'Turned away',
      `${pipes.refused.limit} by the limit, ${pipes.refused.allow} by the allow list, ${pipes.refused.tls} by TLS`,
    ],
    ['Bytes', `${bytesText(bytes.received)} to the target, ${bytesText(bytes.sent)} back`],
    ['Last activity', lastActivity === null ? 'none yet' : timeText(lastActivity)],
    ['Changed', timeText(modified)],
  ];
}

/** `Mon–Fri 09:00–17:00 (overruled by the switch until 2026-11-24 09:00:00)`. */
function scheduleFact(schedule: Schedule, { schedule: view }: ProxyStatus): string {
  const end = view && view.until !== null ? ` until ${timeText(view.until)}` : '';
  return view?.overruled ? `${scheduleText(schedule)} (overruled by the switch${end})` : scheduleText(schedule);
}

/** What the sentence about a proxy leaves out of TLS. */
function tlsFacts({ source, target }: ProxyConfig): string[][] {
  const { certificate = GATEWAY_CERTIFICATE, clientCa } = source;
  const { verify = 'system', serverName, certificate: shown, oldTls } = target;
  const judged = [verify, serverName && `as ${serverName}`, oldTls && 'old TLS allowed'].filter(Boolean).join(', ');
  return [
    ...(source.secure ? [['Certificate', certificate]] : []),
    ...(source.secure && clientCa ? [['Client certificates', `of ${clientCa}`]] : []),
    ...(target.secure && !deviceOf({ target }) ? [['Target verified', judged]] : []),
    ...(shown ? [['Shown to the target', shown]] : []),
  ];
}

function plainFacts(config: ProxyConfig): string[][] {
  const { source, target } = plainLegs(config);
  const legs = [source && 'what clients send over their network', target && 'the way to the target'].filter(Boolean);
  return legs.length > 0 ? [['Not encrypted', `${legs.join(', ')}: others there can read along`]] : [];
}
