/** `sluice pipes capture|follow|export|replay`: what goes through a pipe, for those who work in a terminal. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { type CaptureView, type ExportFormat, exportFormats, type ReplayAnswer } from '../../../shared/capture.ts';
import { type DecodedMessage, type Protocol, protocols } from '../../../shared/decoded.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { bytesText, plain } from '../../../shared/text.ts';
import { hostPortFlag } from './address-flag.ts';
import { answer, type CommonFlags, commonFlags, gatewayOf } from './command.ts';
import { say, sayJson } from './output.ts';
import { numberFlag } from './proxy-flags.ts';

const FOREVER = Number.POSITIVE_INFINITY;

interface CaptureFlags extends CommonFlags {
  readonly proxy?: string;
  readonly bytes?: number;
  readonly seconds?: number;
  readonly stop?: boolean;
}

interface ExportFlags extends CommonFlags {
  readonly format: ExportFormat;
  readonly out?: string;
}

export function addCaptureCommands(pipes: Command): void {
  commonFlags(pipes.command('capture [pipe]'))
    .description('capture the payload of a pipe, or of all new ones of a proxy')
    .option('--proxy <id>', 'the pipes of this proxy that are opened from now on')
    .option('--bytes <count>', 'how much is kept, the newest; else 64 MB', numberFlag)
    .option('--seconds <count>', 'for how long; else 600', numberFlag)
    .option('--stop', 'stop it; what was captured stays')
    .action(capture);
  commonFlags(pipes.command('follow <pipe>'))
    .description('show what is captured of a pipe, message by message, until the capture is over')
    .addOption(new Option('--protocol <name>', 'how it is read').choices(['auto', ...protocols]).default('auto'))
    .action(follow);
  commonFlags(pipes.command('find <what>'))
    .description('name the pipes whose captured payload holds a text, or bytes as "0x00 2a"')
    .option('--proxy <id>', 'only those of one proxy')
    .action(findPipes);
  commonFlags(pipes.command('export <pipe>'))
    .description('write what was captured of a pipe to a file')
    .addOption(new Option('--format <name>', 'of the file').choices(exportFormats).default('pcapng'))
    .option('--out <file>', 'where to; - is stdout; else a name of its own in this folder')
    .action(exportPipe);
  commonFlags(pipes.command('replay <pipe>'))
    .description('send what the client of a captured pipe said again, and compare the answers byte by byte')
    .option('--to <host:port>', 'to this place, in place of the target of its proxy', hostPortFlag)
    .option('--tls', 'with TLS, where --to names a place')
    .addOption(new Option('--pace <name>', 'how fast').choices(['answers', 'recorded']).default('answers'))
    .action(replay);
}

async function capture(pipe: string | undefined, flags: CaptureFlags): Promise<void> {
  const { proxy, bytes, seconds, stop } = flags;
  const { captures } = gatewayOf(flags);
  const body = { ...(bytes !== undefined && { bytes }), ...(seconds !== undefined && { seconds }) };
  if (pipe !== undefined)
    answer(
      flags,
      await (stop ? captures.stopPipe({ pipe }) : captures.armPipe({ params: { pipe }, body })),
      captureText,
    );
  else if (proxy !== undefined)
    answer(
      flags,
      await (stop ? captures.stopProxy({ proxy }) : captures.armProxy({ params: { proxy }, body })),
      captureText,
    );
  else throw new SluiceError('BAD_REQUEST', { reason: 'Name a pipe, or a proxy with --proxy.' });
}

function captureText({ pipe, proxy, armed, since, ends, kept, missed }: CaptureView): string {
  const what = pipe ?? `new pipes of ${proxy}`;
  if (armed) return `Captures ${what} for ${Math.round((ends - since) / 1000)} s.`;
  return `Stopped the capture of ${what}: ${bytesText(kept)} are kept, ${bytesText(missed)} were missed.`;
}

async function follow(pipe: string, flags: CommonFlags & { readonly protocol: Protocol | 'auto' }): Promise<void> {
  const parts = await gatewayOf(flags, FOREVER).captures.decode({ pipe, protocol: flags.protocol });
  for await (const { messages } of parts)
    for (const message of messages) flags.json ? sayJson(message) : say(messageText(message));
}

const messageText = ({ at, way, length, title }: DecodedMessage): string =>
  `${new Date(at).toISOString().slice(11, 23)} ${way === 'received' ? '→' : '←'} ${bytesText(length)}  ${plain(title)}`;

async function findPipes(what: string, flags: CommonFlags & { readonly proxy?: string }): Promise<void> {
  const { proxy } = flags;
  const query = { what, ...(proxy !== undefined && { proxy }) };
  answer(flags, await gatewayOf(flags, FOREVER).captures.find(query), ({ pipes, complete }) => {
    const left = complete ? [] : ['Not all that is captured was looked through.'];
    return [...(pipes.length > 0 ? pipes : ['It is in no captured payload.']), ...left].join('\n');
  });
}

async function exportPipe(pipe: string, flags: ExportFlags): Promise<void> {
  const { format, out } = flags;
  const file = await gatewayOf(flags, FOREVER).captures.export({ pipe, format });
  const bytes = Readable.from(file.stream());
  if (out === '-') return await pipeline(bytes, process.stdout, { end: false });
  const path = out ?? file.name;
  await pipeline(bytes, createWriteStream(path, { mode: 0o600 }));
  answer(flags, { file: path, bytes: file.size }, () => `Wrote ${bytesText(file.size)} to ${plain(path)}.`);
}

interface ReplayFlags extends CommonFlags {
  readonly to?: { readonly address: string; readonly port: number };
  readonly tls?: boolean;
  readonly pace: 'answers' | 'recorded';
}

async function replay(pipe: string, flags: ReplayFlags): Promise<void> {
  const { to, tls = false, pace } = flags;
  const place = to ? { host: to.address, port: to.port, secure: tls } : {};
  const result = await gatewayOf(flags, FOREVER).captures.replay({ params: { pipe }, body: { ...place, pace } });
  answer(flags, result, replayText);
  if (!result.equal) process.exitCode = 1;
}

function replayText({ sent, answered, equal, firstDifference, missing, surplus }: ReplayAnswer): string {
  const amounts = `Sent ${bytesText(sent)}, got ${bytesText(answered)} back: `;
  if (equal) return `${amounts}the same answers as in the record.`;
  if (firstDifference) {
    const { offset, expected, got } = firstDifference;
    return `${amounts}they differ from byte ${offset} on: ${expected} in the record, ${got} now.`;
  }
  return `${amounts}${missing > 0 ? `${missing} bytes fewer` : `${surplus} bytes more`} than in the record.`;
}
