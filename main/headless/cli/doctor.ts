/** `sluice doctor`: looks at everything that can keep Sluice from working, changes nothing, and says what to do. */
import type { Command } from 'commander';
import { asSluiceError } from '../../../shared/errors.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import { plain } from '../../../shared/text.ts';
import { type Finding, fault, findingText, unsure } from '../../doctor/finding.ts';
import { checkConfig, checkFolder, checkHolder, checkKey, checkRights } from '../../doctor/folder.ts';
import { checkClock, checkLowPorts, checkNode, checkOpenFiles, checkSpace } from '../../doctor/machine.ts';
import { checkControlPort, checkHub, checkProxy, checkStatus, tryHub, tryProxy } from '../../doctor/running.ts';
import { runningOn } from '../../host/running-gateway.ts';
import { dataFolderPath } from '../../store/data-folder.ts';
import { diskReason } from '../../store/durable-file.ts';
import { type Inspection, inspectConfig } from '../../store/inspect.ts';
import { controlOption, type HostPort } from './address-flag.ts';
import { connectGateway } from './client.ts';
import { answer, type CommonFlags, commonFlags } from './command.ts';
import { faultLines } from './output.ts';
import { viewsOf } from './proxies.ts';

export function addDoctorCommand(program: Command): void {
  commonFlags(program.command('doctor'))
    .description('check ports, rights, files and clock, and say what to do')
    .addOption(controlOption())
    .action(async (flags: CommonFlags & { readonly control: HostPort }) => {
      const checks = await examine(dataFolderPath(flags.data), flags.control);
      const ok = checks.every((finding) => finding.ok !== false);
      answer(flags, { ok, checks }, () => checks.map((finding) => plain(findingText(finding))).join('\n'));
      if (!ok) process.exitCode = 1;
    });
}

/** All findings, the most basic first. Never rejects: what cannot be looked at is a finding too. */
export async function examine(folder: string, control: HostPort): Promise<readonly Finding[]> {
  const found = await attempt('configuration', () => inspectConfig(folder));
  const document = 'state' in found && 'document' in found ? found.document : undefined;
  const looks: readonly [string, () => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>][] = [
    ['node', () => checkNode()],
    ['clock', () => checkClock(document?.savedAt)],
    ['space', () => checkSpace(folder)],
    ['open files', () => checkOpenFiles(document?.settings.limits.maxPipes)],
    ['low ports', () => checkLowPorts()],
    ['folder', () => checkFolder(folder)],
    ['rights', () => checkRights(folder)],
    ['key', () => checkKey(folder)],
    ['holder', () => checkHolder(folder)],
    ['configuration', () => ('state' in found ? checkConfig(found) : found)],
    ['gateway', () => checkGateway(folder, control, 'state' in found ? found : undefined)],
  ];
  const findings: Finding[] = [];
  for (const [check, look] of looks) findings.push(...[await attempt(check, look)].flat());
  return findings;
}

async function checkGateway(folder: string, control: HostPort, found?: Inspection): Promise<readonly Finding[]> {
  try {
    const { url } = runningOn(folder);
    const gateway = connectGateway(folder);
    const status = await gateway.gateway.status();
    const hub = await gateway.hub.status();
    return [...checkStatus(status, url), ...checkHub(hub), ...(await viewsOf(gateway)).map(checkProxy)];
  } catch (error) {
    if (asSluiceError(error).code !== 'GATEWAY_NOT_RUNNING') throw error;
  }
  const { proxies, settings } =
    found && 'document' in found ? found.document : { proxies: [], settings: defaultSettings };
  return [
    unsure('gateway', 'No Sluice is running on the data folder.', 'Start it with: sluice serve'),
    await checkControlPort(control),
    ...(await tryHub(settings.hub)),
    ...(await Promise.all(proxies.map(tryProxy))),
  ];
}

async function attempt<T>(check: string, look: () => T | Promise<T>): Promise<T | Finding> {
  try {
    return await look();
  } catch (error) {
    const isSystem = error instanceof Error && 'syscall' in error;
    const message = isSystem ? `The ${check} could not be checked: ${diskReason(error)}.` : faultLines(error).join(' ');
    return fault(check, { message, next: '' });
  }
}
