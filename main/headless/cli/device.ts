/** `sluice device`: this machine as a device of a hub, in the foreground and without a data folder. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { hostAndPort } from '../../../shared/address.ts';
import { type AgentProfile, agentInput } from '../../../shared/agent.ts';
import { type DeviceTransport, deviceLabel, deviceTransports } from '../../../shared/device.ts';
import { createLog } from '../../host/log.ts';
import { version } from '../../host/place.ts';
import { whenEnded } from '../../host/when-ended.ts';
import { Agent } from '../../iotmp/agent.ts';
import { type HostPort, hostPortFlag } from './address-flag.ts';
import { fileReason } from './json-file.ts';
import { say } from './output.ts';

interface Flags {
  readonly hub: HostPort;
  readonly user: string;
  readonly device: string;
  readonly credentials?: string;
  readonly credentialsFile?: string;
  readonly transport: DeviceTransport;
  readonly verify: string;
  readonly allow: readonly string[];
  readonly verifyTargets: boolean;
  readonly json?: boolean;
}

export function addDeviceCommand(program: Command): void {
  program
    .command('device')
    .description('be a device of a hub until SIGTERM or Ctrl+C: lead its streams to targets near this machine')
    .addOption(new Option('--hub <host:port>', 'where the hub listens').argParser(hostPortFlag).makeOptionMandatory())
    .requiredOption('--user <user>', 'account of the device')
    .requiredOption('--device <device>', 'ID of the device')
    .addOption(
      new Option('--credentials <text>', 'what it logs in with, or - for stdin; others on this machine can see it here')
        .env('SLUICE_CREDENTIALS')
        .conflicts('credentialsFile'),
    )
    .option('--credentials-file <file>', 'a file with what it logs in with')
    .addOption(new Option('--transport <way>', 'way to the hub').choices(deviceTransports).default('tls'))
    .option(
      '--verify <rule>',
      'certificate of the hub: system (trusted here, made for this host) or pin:<sha256>',
      'system',
    )
    .option(
      '--allow <host:port...>',
      'a target that streams may lead to, as 127.0.0.1:80, 10.0.0.0/24:502, plc.local:*',
      [],
    )
    .option('--no-verify-targets', 'take any certificate of targets reached over TLS')
    .option('--json', 'print one JSON line when connected, and the log as JSON')
    .action(run);
}

async function run(flags: Flags, command: Command): Promise<void> {
  const { json = false, verifyTargets } = flags;
  const { profile, credentials } = await settingsOf(flags, command);
  const log = createLog({ json });
  const ended = whenEnded(log);
  if (profile.allow.length === 0) log.warn({}, 'No target is permitted, so every stream will be refused. Use --allow.');
  let isOnline = false;
  const agent = new Agent({
    profile,
    credentials: () => credentials,
    version,
    verifyTargets,
    // That it is connected is said on stdout.
    log: { info: () => {}, warn: (fields, message) => log.warn(fields, message) },
    ownerOf: () => undefined,
    onChanged: () => {
      const wasOnline = isOnline;
      isOnline = agent.view.state === 'online';
      if (isOnline && !wasOnline) say(onlineLine(profile, json));
    },
  });
  process.exitCode = await ended;
  await agent.stop();
}

async function settingsOf(
  flags: Flags,
  command: Command,
): Promise<{ readonly profile: AgentProfile; readonly credentials: string }> {
  const { hub, user, device, transport, verify, allow } = flags;
  const wish = { agent: 'device', host: hub.address, port: hub.port, transport, verify, user, device, allow };
  const parsed = agentInput.safeParse({ ...wish, credentials: await credentialsOf(flags, command) });
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `error: --${flagOf(String(path[0]))}: ${message}`);
    return command.error(lines.join('\n'));
  }
  const { credentials } = parsed.data;
  if (credentials === undefined)
    return command.error('error: --credentials or --credentials-file is needed, or SLUICE_CREDENTIALS');
  return { profile: { ...wish, enabled: true, allow: [...allow] }, credentials };
}

/** Files and pipes end with a line break that does not belong to it. */
async function credentialsOf(flags: Flags, command: Command): Promise<string | undefined> {
  const { credentials, credentialsFile } = flags;
  if (credentialsFile !== undefined) return withoutBreak(fileText(credentialsFile, command));
  return credentials === '-' ? withoutBreak(await text(process.stdin)) : credentials;
}

function fileText(file: string, command: Command): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    return command.error(`error: --credentials-file: ${file} could not be read: ${fileReason(cause)}`);
  }
}

const withoutBreak = (text: string): string => text.replace(/\r?\n$/, '');

const flagOf = (field: string): string => (field === 'host' || field === 'port' ? 'hub' : field);

function onlineLine(profile: AgentProfile, json: boolean): string {
  const { user, device } = profile;
  const hub = hostAndPort(profile.host, profile.port);
  if (json) return JSON.stringify({ event: 'online', hub, user, device });
  return `Connected to ${hub} as ${deviceLabel(profile)}.`;
}
