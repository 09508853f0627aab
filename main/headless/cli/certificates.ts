/** `sluice certificates …`: list, show, issue, import, export, request, sign, trust, renew, remove. */
import { readFileSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { CertificateImport, CertificateIssue, CertificateView, KeyExport } from '../../../shared/certificate.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { plain, timeText } from '../../../shared/text.ts';
import { answer, type CommonFlags, commonFlags, forEach, gatewayOf } from './command.ts';
import { fileReason } from './json-file.ts';
import { say } from './output.ts';
import { numberFlag } from './proxy-flags.ts';
import { table } from './table.ts';

interface IssueFlags extends CommonFlags {
  readonly name?: string;
  readonly client?: boolean;
  readonly for?: string[];
  readonly days?: number;
}

interface ImportFlags extends CommonFlags {
  readonly name?: string;
  readonly kind: CertificateImport['kind'];
  readonly key?: string;
  readonly passphraseFile?: string;
  readonly replace?: boolean;
}

interface ExportFlags extends CommonFlags {
  readonly out?: string;
  readonly withKey?: KeyExport['format'];
  readonly passphraseFile?: string;
}

export function addCertificateCommands(program: Command): void {
  const certificates = program.command('certificates').description('the certificates of this gateway');
  const command = (usage: string, description: string) =>
    commonFlags(certificates.command(usage)).description(description);

  command('list', 'list the certificates, when they end and who uses them').action(list);
  command('show <certificate>', 'show one certificate').action(show);
  wishFlags(command('issue <certificate>', 'issue a certificate by the local CA'))
    .option('--days <days>', 'how long it is good for; else 397', numberFlag)
    .action(issue);
  wishFlags(command('request <certificate>', 'make a key and a request for another CA; prints the request')).action(
    request,
  );
  command('sign <certificate> <file>', 'take in what another CA made of a request, or - for stdin').action(sign);
  command('import <certificate> <file>', 'take in a certificate from a PEM, DER or PKCS#12 file')
    .option('--name <text>', 'name; else the ID')
    .option('--kind <kind>', 'server, client, or trusted for a CA', 'server')
    .option('--key <file>', 'the private key, where it is in a file of its own')
    .option('--passphrase-file <file>', 'a file with the passphrase, or - for stdin')
    .option('--replace', 'in the place of an imported one, which its users go on with')
    .action(importFile);
  command('export <certificate>', 'print the public part, or write it to a file')
    .option('--out <file>', 'where to; else stdout')
    .option('--with-key <format>', 'with its private key: p12 or pem; needs --out and --passphrase-file')
    .option('--passphrase-file <file>', 'a file with the passphrase, or - for stdin')
    .action(exportFile);
  command('trust <certificate...>', 'let targets show certificates of these CAs').action((ids, flags) =>
    trust(ids, flags, true),
  );
  command('distrust <certificate...>', 'no longer').action((ids, flags) => trust(ids, flags, false));
  command('renew <certificate...>', 'make certificates of the local CA anew, with the same keys').action(renew);
  command('remove <certificate...>', 'remove certificates that nothing uses').action(remove);
}

const wishFlags = (command: Command): Command =>
  command
    .option('--name <text>', 'name; else the ID')
    .option('--for <names...>', 'host names and addresses that it is for')
    .option('--client', 'a client certificate, not one of a server');

async function list(flags: CommonFlags): Promise<void> {
  const views = await gatewayOf(flags).certificates.list();
  answer(flags, views, () => table(views.map(row), ['CERTIFICATE', 'NAME', 'KIND', 'FOR', 'ENDS', 'STATE', 'USED BY']));
}

async function show(certificate: string, flags: CommonFlags): Promise<void> {
  answer(flags, await gatewayOf(flags).certificates.get({ certificate }), (view) => table(facts(view)));
}

const wished = (certificate: string, { name, client, for: names }: IssueFlags): CertificateIssue => ({
  certificate,
  name: name ?? certificate,
  kind: client ? 'client' : 'server',
  ...(names && { names }),
});

async function issue(certificate: string, flags: IssueFlags): Promise<void> {
  const { days } = flags;
  const view = await gatewayOf(flags).certificates.issue({
    ...wished(certificate, flags),
    ...(days !== undefined && { days }),
  });
  answer(flags, view, () => plain(`Issued ${view.certificate}, good until ${timeText(view.notAfter ?? 0)}.`));
}

async function request(certificate: string, flags: IssueFlags): Promise<void> {
  const gateway = gatewayOf(flags);
  await gateway.certificates.request(wished(certificate, flags));
  const exported = await gateway.certificates.export({ certificate });
  answer(flags, exported, ({ pem }) => pem.trimEnd());
}

async function sign(certificate: string, file: string, flags: CommonFlags): Promise<void> {
  const content = contentOf(await bytesOf(file));
  const view = await gatewayOf(flags).certificates.sign({ params: { certificate }, body: { content } });
  answer(flags, view, () => plain(`${view.certificate} is signed by ${view.issuer}.`));
}

async function importFile(certificate: string, file: string, flags: ImportFlags): Promise<void> {
  const { kind, key, passphraseFile, replace } = flags;
  const { certificates } = gatewayOf(flags);
  const name = flags.name ?? (replace ? (await certificates.get({ certificate })).name : certificate);
  const view = await certificates.import({
    ...{ certificate, kind, name, content: contentOf(await bytesOf(file)) },
    ...(replace && { replace }),
    ...(key !== undefined && { key: (await bytesOf(key)).toString() }),
    ...(passphraseFile !== undefined && { passphrase: await passphraseOf(passphraseFile) }),
  });
  answer(flags, view, () =>
    plain(`Imported ${view.certificate} (${view.subject}), good until ${timeText(view.notAfter ?? 0)}.`),
  );
}

async function exportFile(certificate: string, flags: ExportFlags, command: Command): Promise<void> {
  const gateway = gatewayOf(flags);
  const { out, withKey: format, passphraseFile } = flags;
  if (format === undefined) {
    const exported = await gateway.certificates.export({ certificate });
    if (out === undefined) return answer(flags, exported, ({ pem }) => pem.trimEnd());
    return written(out, exported.pem);
  }
  if (out === undefined || passphraseFile === undefined) {
    command.error('error: a key leaves only to a file (--out) and under a passphrase (--passphrase-file)');
    return;
  }
  const passphrase = await passphraseOf(passphraseFile);
  const { content } = await gateway.certificates.exportKey({ params: { certificate }, body: { format, passphrase } });
  written(out, Buffer.from(content, 'base64'));
}

async function trust(ids: readonly string[], flags: CommonFlags, isTrusted: boolean): Promise<void> {
  const { certificates } = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    (certificate) => certificates.update({ params: { certificate }, body: { isTrusted } }),
    (view) => `${view.certificate} is ${view.isTrusted ? 'trusted' : 'no longer trusted'}.`,
  );
}

async function renew(ids: readonly string[], flags: CommonFlags): Promise<void> {
  const { certificates } = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    (certificate) => certificates.renew({ certificate }),
    (view) => `Renewed ${view.certificate}, good until ${timeText(view.notAfter ?? 0)}.`,
  );
}

async function remove(ids: readonly string[], flags: CommonFlags): Promise<void> {
  const { certificates } = gatewayOf(flags);
  await forEach(
    flags,
    ids,
    (certificate) => certificates.remove({ certificate }),
    ({ certificate }) => `Removed ${certificate}.`,
  );
}

const ends = ({ notAfter }: CertificateView): string => (notAfter === null ? '' : timeText(notAfter));
const users = ({ usedBy }: CertificateView): string => plain([...new Set(usedBy.map(({ name }) => name))].join(', '));

const row = (view: CertificateView): string[] => [
  view.certificate,
  plain(view.name),
  view.kind,
  plain(view.names.slice(0, 3).join(', ')),
  ends(view),
  view.state.replace('_', ' '),
  users(view),
];

const facts = (view: CertificateView): string[][] => [
  ['certificate', view.certificate],
  ['name', plain(view.name)],
  ['kind', `${view.kind}, ${view.origin.replace('_', ' ')}`],
  ['subject', plain(view.subject)],
  ['issuer', plain(view.issuer ?? '')],
  ['for', plain(view.names.join(', '))],
  ['fingerprint', view.fingerprint ?? ''],
  ['begins', view.notBefore === null ? '' : timeText(view.notBefore)],
  ['ends', ends(view)],
  ['state', view.state.replace('_', ' ')],
  ['key', view.hasKey ? 'here, sealed' : 'not here'],
  ['renews itself', view.renewsItself ? 'yes' : 'no'],
  ['used by', users(view)],
];

/** PEM as it is, other files in base64. */
const contentOf = (bytes: Buffer): string =>
  bytes.includes('-----BEGIN') ? bytes.toString() : bytes.toString('base64');

const passphraseOf = async (file: string): Promise<string> => (await bytesOf(file)).toString().replace(/\r?\n$/, '');

/** @param file `-` is stdin. Throws FILE_UNREADABLE. */
async function bytesOf(file: string): Promise<Buffer> {
  try {
    return file === '-' ? await buffer(process.stdin) : readFileSync(file);
  } catch (cause) {
    throw new SluiceError('FILE_UNREADABLE', { file, reason: fileReason(cause) }, { cause });
  }
}

/** For its owner alone; what is there is left alone. Throws FILE_NOT_WRITTEN. */
function written(file: string, content: string | Buffer): void {
  try {
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    const reason = isThere ? 'there is such a file already' : fileReason(cause);
    throw new SluiceError('FILE_NOT_WRITTEN', { file, reason }, { cause });
  }
  say(`Written to ${file}.`);
}
