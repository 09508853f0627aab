/** `sluice doctor`: looks at everything that can keep Sluice from working, changes nothing, and says what to do. */
import type { Command } from 'commander';
import { asSluiceError } from '../../../shared/errors.ts';
import type { Finding } from '../../../shared/finding.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import { plain } from '../../../shared/text.ts';
import { examineFolder } from '../../doctor/examine.ts';
import { bad, findingText, unsure } from '../../doctor/finding.ts';
import { checkNode } from '../../doctor/machine.ts';
import { checkControlPort, checkStatus, tryHub, tryProxy } from '../../doctor/running.ts';
import { runningOn } from '../../host/running-gateway.ts';
import { dataFolderPath } from '../../store/data-folder.ts';
import type { Inspection } from '../../store/inspect.ts';
import { controlOption, type HostPort } from './address-flag.ts';
import { connectGateway } from './client.ts';
import { answer, type CommonFlags, commonFlags } from './command.ts';
import { faultLines } from './output.ts';

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

/** What this command sees, and what the gateway says of itself where one runs: that counts more, for it is the one to work. */
export async function examine(folder: string, control: HostPort): Promise<readonly Finding[]> {
  const told = await askGateway(folder);
  const seen = await examineFolder({
    folder,
    listeners: (found) => (told.length > 0 ? [] : tryPorts(control, found)),
  });
  return [checkNode(), ...seen.filter(({ check }) => !told.some((one) => one.check === check)), ...told];
}

/** Nothing where no gateway runs. */
async function askGateway(folder: string): Promise<readonly Finding[]> {
  try {
    const { url } = runningOn(folder);
    const { gateway } = connectGateway(folder);
    return [...checkStatus(await gateway.status(), url), ...(await gateway.examine())];
  } catch (error) {
    if (asSluiceError(error).code === 'GATEWAY_NOT_RUNNING') return [];
    return [bad('gateway', faultLines(error).join(' '), '')];
  }
}

async function tryPorts(control: HostPort, found: Inspection | undefined): Promise<readonly Finding[]> {
  const { proxies, settings } =
    found && 'document' in found ? found.document : { proxies: [], settings: defaultSettings };
  return [
    unsure('gateway', 'No Sluice is running on the data folder.', 'Start it with: sluice serve'),
    await checkControlPort(control),
    ...(await tryHub(settings.hub)),
    ...(await Promise.all(proxies.map(tryProxy))),
  ];
}
