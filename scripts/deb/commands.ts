/** The commands of the command line as data, so that what is written about them cannot differ from what they do. */
import type { Argument, Command } from 'commander';

export interface CommandFacts {
  /** `proxies add`; empty for the program itself. */
  readonly path: string;
  /** `<proxy...>` and the like, as it is typed. */
  readonly usage: string;
  readonly description: string;
  readonly options: readonly OptionFacts[];
  /** Names of the commands below it. */
  readonly below: readonly string[];
}

export interface OptionFacts {
  /** `-V, --version` */
  readonly flags: string;
  /** `--version` */
  readonly long: string;
  readonly description: string;
}

/** The program first, then its commands in their order, each before those below it. */
export function commandsOf(command: Command, path: readonly string[] = []): CommandFacts[] {
  const facts = {
    path: path.join(' '),
    usage: command.registeredArguments.map(argumentText).join(' '),
    description: command.description(),
    options: command.options.map(({ flags, long, description }) => ({ flags, long: long ?? flags, description })),
    below: command.commands.map((below) => below.name()),
  };
  return [facts, ...command.commands.flatMap((below) => commandsOf(below, [...path, below.name()]))];
}

function argumentText(argument: Argument): string {
  const text = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${text}>` : `[${text}]`;
}
