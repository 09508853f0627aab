/** The manual page sluice(1), in roff, made from the command line itself. */
import type { CommandFacts } from './commands.ts';

/** What the command line does not say about itself. */
const exitCodes = [
  ['0', 'done'],
  ['1', 'failed, with the reason in one line'],
  ['2', 'bad usage'],
  ['3', 'the data folder is used by another Sluice'],
  ['4', 'the configuration cannot be read, and there is no good backup'],
] as const;

const environment = [
  ['SLUICE_DATA', 'the data folder, where --data is not given'],
  ['SLUICE_CONTROL', 'the control address, where --control is not given'],
] as const;

const files = [
  ['/var/lib/sluice', 'the data folder of the service; only root and the user sluice may look into it'],
  ['/var/lib/sluice/control-token', 'opens the page and the REST face; whoever can read it is administrator'],
  ['/etc/default/sluice', 'settings of the service'],
] as const;

/** @param date  such as `2026-11-23` */
export function manPage(commands: readonly CommandFacts[], version: string, date: string): string {
  const [program, ...others] = commands;
  return [
    `.TH SLUICE 1 "${date}" "Sluice ${version}" "User Commands"`,
    '.SH NAME',
    `sluice \\- ${lower(program?.description ?? '')}`,
    '.SH SYNOPSIS',
    '.B sluice',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    'Sluice opens ports on a gateway PC and pipes what arrives to a target: a host, or a service behind a device.',
    '.B sluice serve',
    'is the gateway itself; the service runs it. The other commands talk to the gateway that runs on the data folder.',
    'In the package, that is the folder of the service, so most of them need to be run as root.',
    '.SH COMMANDS',
    ...others.filter(({ below }) => below.length === 0).flatMap(section),
    '.SH OPTIONS',
    ...(program?.options ?? []).flatMap(({ flags, description }) => tagged(flags, description)),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(([code, meaning]) => tagged(code, meaning)),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([name, meaning]) => tagged(name, meaning)),
    '.SH FILES',
    ...files.flatMap(([path, meaning]) => tagged(path, meaning)),
    '',
  ].join('\n');
}

function section({ path, usage, description, options }: CommandFacts): string[] {
  const title = ['sluice', path, usage].filter(Boolean).join(' ');
  return [
    `.SS ${roff(title)}`,
    `${roff(sentence(description))}`,
    ...options.flatMap((option) => tagged(option.flags, option.description)),
  ];
}

const tagged = (tag: string, text: string): string[] => ['.TP', `.B ${roff(tag)}`, roff(text)];

const lower = (text: string): string => roff(text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, ''));
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** A backslash, a hyphen and a line that begins with a dot or an apostrophe mean something else in roff. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}
