/** The command line as a whole: its commands, and what becomes of what they throw. */
import { Command, CommanderError } from 'commander';
import { version } from '../../host/place.ts';
import { dataFolderPath } from '../../store/data-folder.ts';
import { serve } from '../serve.ts';
import { addAccessCommands } from './access.ts';
import { controlOption, type HostPort } from './address-flag.ts';
import { addAuditCommands } from './audit.ts';
import { addBackupCommands } from './backups.ts';
import { addCertificateCommands } from './certificates.ts';
import { addDeviceCommand } from './device.ts';
import { addDeviceCommands } from './devices.ts';
import { addDoctorCommand } from './doctor.ts';
import { commandExitCode, sayFault } from './output.ts';
import { addPipeCommands } from './pipes.ts';
import { addPluginCommands } from './plugins.ts';
import { addProxyCommands } from './proxies.ts';
import { addRecordCommands } from './records.ts';
import { addSiteCommands } from './site.ts';
import { addStatusCommand } from './status.ts';
import { addTemplateCommands } from './templates.ts';

/** Runs one command line, without the name of the program, and resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    // Commander has said it already.
    if (!(thrown instanceof CommanderError)) sayFault(thrown);
    return commandExitCode(thrown);
  }
}

/** The commands, not yet told what to do. */
export function createProgram(): Command {
  const program = new Command('sluice')
    .description('Opens ports on this PC and pipes them to targets.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print how to use it')
    .exitOverride();
  addServeCommand(program);
  addProxyCommands(program);
  addTemplateCommands(program);
  addDeviceCommands(program);
  addDeviceCommand(program);
  addPluginCommands(program);
  addCertificateCommands(program);
  addPipeCommands(program);
  addRecordCommands(program);
  addAuditCommands(program);
  addBackupCommands(program);
  addSiteCommands(program);
  addAccessCommands(program);
  addStatusCommand(program);
  addDoctorCommand(program);
  return program;
}

interface ServeFlags {
  readonly data?: string;
  readonly control: HostPort;
  readonly json?: boolean;
  readonly keepLog?: boolean;
}

function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the gateway until SIGTERM or Ctrl+C')
    .option('--data <folder>', 'data folder; else SLUICE_DATA, else the one of this user')
    .addOption(controlOption())
    .option('--json', 'print one JSON line when ready, and the log as JSON')
    .option('--keep-log', 'keep the log in the folder logs of the data folder as well, 10 MB at most')
    .action(async ({ data, control, json = false, keepLog = false }: ServeFlags) => {
      process.exitCode = await serve({ data: dataFolderPath(data), control, json, keepLog });
    });
}
