/** `sluice templates …`: list, save, rename, remove; and what `proxies add --template` takes from one. */
import type { Command } from 'commander';
import { SluiceError } from '../../../shared/errors.ts';
import type { Protocol } from '../../../shared/proxy.ts';
import { settingsOf, type TemplateView, templateId, templateText } from '../../../shared/template.ts';
import { plain } from '../../../shared/text.ts';
import type { GatewayClient } from './client.ts';
import { answer, type CommonFlags, commonFlags, forEach, gatewayOf } from './command.ts';
import { knownProxy } from './known.ts';
import { say, sayJson } from './output.ts';
import type { ProxyFlags } from './proxy-flags.ts';
import { table } from './table.ts';

interface TextFlags extends CommonFlags {
  readonly name?: string;
  readonly advice?: string;
}

export function addTemplateCommands(program: Command): void {
  const templates = program.command('templates').description('what new proxies can begin with');
  const command = (usage: string, description: string) =>
    commonFlags(templates.command(usage)).description(description);
  const texts = (one: Command) =>
    one.option('--name <text>', 'name').option('--advice <text>', 'one sentence for who uses it');
  command('list', 'list the templates').action(list);
  texts(command('save <id>', 'save what a proxy has as a template'))
    .requiredOption('--proxy <id>', 'the proxy')
    .action(save);
  texts(command('set <id>', 'change name or advice of a template of the site')).action(set);
  command('remove <id...>', 'remove templates of the site').action(remove);
}

async function list(flags: CommonFlags): Promise<void> {
  const all = await gatewayOf(flags).templates.list();
  if (flags.json) return sayJson(all);
  const rows = all.map(({ template, name, settings, own }) => [
    template,
    name,
    templateText(settings),
    own ? 'own' : '',
  ]);
  say(table(rows, ['ID', 'NAME', 'TARGET', '']));
}

async function save(template: string, flags: TextFlags & { readonly proxy: string }): Promise<void> {
  const gateway = gatewayOf(flags);
  const profile = await gateway.proxies.get({ proxy: knownProxy(flags.proxy) });
  const { name = profile.name, advice } = flags;
  const body = { template, name, ...(advice !== undefined && { advice }), settings: settingsOf(profile) };
  answer(flags, await gateway.templates.create(body), (made) => plain(`Saved the template ${made.template}.`));
}

async function set(template: string, flags: TextFlags, command: Command): Promise<void> {
  const { name, advice } = flags;
  if (name === undefined && advice === undefined) command.error('error: say what to change: --name or --advice');
  const body = { ...(name !== undefined && { name }), ...(advice !== undefined && { advice }) };
  const changed = await gatewayOf(flags).templates.update({ params: { template: known(template) }, body });
  answer(flags, changed, (one) => plain(`Saved the template ${one.template}.`));
}

async function remove(ids: readonly string[], flags: CommonFlags): Promise<void> {
  const { templates } = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    async (id) => templates.remove({ template: known(id) }),
    ({ template }) => `Removed the template ${template}.`,
  );
}

function known(template: string): string {
  if (!templateId.safeParse(template).success) throw new SluiceError('TEMPLATE_NOT_FOUND', { template });
  return template;
}

/** The flags with what the template says where nothing was typed. Its port gives way to a free one near it. */
export async function withTemplate(gateway: GatewayClient, flags: ProxyFlags): Promise<ProxyFlags> {
  const { template: id, target, ...typed } = flags;
  if (id === undefined) return flags;
  const template = (await gateway.templates.list()).find((one) => one.template === id);
  if (!template) throw new SluiceError('TEMPLATE_NOT_FOUND', { template: id });
  const { settings } = template;
  const protocol = (typed.protocol ?? settings.protocol) as Protocol;
  return {
    ...typed,
    protocol,
    port: typed.port ?? (await freePort(gateway, template, flags)),
    limits: { ...(protocol === settings.protocol && settings.limits) },
    ...(target && { target: { ...target, port: target.port ?? settings.targetPort } }),
    ...(typed.targetPlugin !== undefined && { targetPort: typed.targetPort ?? settings.targetPort }),
    ...(settings.targetSecure && { targetSecure: typed.targetSecure ?? true }),
    ...(settings.tags && { tag: typed.tag ?? settings.tags }),
  };
}

async function freePort(
  gateway: GatewayClient,
  { settings }: TemplateView,
  flags: ProxyFlags,
): Promise<number | undefined> {
  const { sourcePort: port, protocol } = settings;
  const address = flags.address ?? (await gateway.settings.get()).listen.defaultAddress;
  if (port === undefined) return (await gateway.ports.free({ address, protocol })).port;
  const verdict = await gateway.ports.check({ address, protocol, port });
  return verdict.free ? port : (verdict.suggestion ?? undefined);
}
