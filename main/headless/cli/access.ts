/** `sluice users …`, `sluice tokens …` and `sluice token new`: who may operate this gateway. */
import { readFileSync } from 'node:fs';
import { text as textOf } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { type Right, type Role, roles } from '../../../shared/contract/procedure.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { timeText } from '../../../shared/text.ts';
import type { ApiToken, User } from '../../../shared/user.ts';
import { answer, type CommonFlags, commonFlags, forEach, gatewayOf } from './command.ts';
import { fileReason } from './json-file.ts';
import { numberFlag } from './proxy-flags.ts';
import { table } from './table.ts';

interface GrantFlags extends CommonFlags {
  readonly role?: Role;
  readonly capture?: boolean;
}
interface UserFlags extends GrantFlags {
  readonly passwordFile?: string;
}
interface TokenFlags extends GrantFlags {
  readonly days?: number;
}

export function addAccessCommands(program: Command): void {
  const users = program.command('users').description('who may unlock the pages of this gateway');
  commonFlags(users.command('list')).description('list the users').action(listUsers);
  grantFlags(users.command('add <name>'))
    .description('add a user; the first is an administrator')
    .requiredOption('--password-file <file>', 'a file with the password, or - for stdin')
    .action(addUser);
  grantFlags(users.command('set <name>'))
    .description('change role, right or password of a user')
    .option('--password-file <file>', 'a file with the new password, or - for stdin')
    .action(setUser);
  commonFlags(users.command('remove <name...>')).description('remove users').action(removeUsers);

  const tokens = program.command('tokens').description('tokens of programs that use the REST face');
  commonFlags(tokens.command('list')).description('list the tokens').action(listTokens);
  grantFlags(tokens.command('create <name>'))
    .description('make a token, which is printed this once')
    .option('--days <count>', 'after which it ends; else it does not', numberFlag)
    .action(createToken);
  commonFlags(tokens.command('revoke <name...>')).description('revoke tokens').action(revokeTokens);

  const token = program.command('token').description('the control token of the data folder');
  commonFlags(token.command('new')).description('renew it; pages that were opened with the old one end').action(renew);
}

const grantFlags = (command: Command): Command =>
  commonFlags(command)
    .addOption(new Option('--role <role>', 'what it may do').choices(roles))
    .option('--capture', 'with the right to see payload')
    .option('--no-capture', 'without it');

const rightsOf = (capture: boolean | undefined): Right[] => (capture ? ['capture'] : []);

async function listUsers(flags: CommonFlags): Promise<void> {
  const users = await gatewayOf(flags).users.list();
  answer(flags, users, () => table(users.map(row), ['NAME', 'ROLE', 'PAYLOAD', 'SINCE']));
}

async function addUser(name: string, { passwordFile = '-', role, capture, ...flags }: UserFlags): Promise<void> {
  const { users } = gatewayOf(flags);
  const password = await passwordIn(passwordFile);
  const known = role ?? ((await users.list()).length === 0 ? 'administrator' : 'viewer');
  const made = await users.create({ name, role: known, rights: rightsOf(capture), password });
  answer(flags, made, () => `Added ${name} as ${made.role}.`);
}

async function setUser(name: string, { passwordFile, role, capture, ...flags }: UserFlags): Promise<void> {
  const body = {
    ...(role && { role }),
    ...(capture !== undefined && { rights: rightsOf(capture) }),
    ...(passwordFile !== undefined && { password: await passwordIn(passwordFile) }),
  };
  const user = await gatewayOf(flags).users.update({ params: { name }, body });
  answer(flags, user, () => `Changed ${name}: ${user.role}.`);
}

async function removeUsers(names: readonly string[], flags: CommonFlags): Promise<void> {
  const { users } = gatewayOf(flags);
  await forEach(
    flags,
    names,
    (name) => users.remove({ name }),
    ({ name }) => `Removed ${name}.`,
  );
}

async function listTokens(flags: CommonFlags): Promise<void> {
  const tokens = await gatewayOf(flags).tokens.list();
  const ends = ({ expires }: ApiToken) => (expires === null ? 'never' : timeText(expires));
  answer(flags, tokens, () =>
    table(
      tokens.map((token) => [...row(token), ends(token)]),
      ['NAME', 'ROLE', 'PAYLOAD', 'SINCE', 'ENDS'],
    ),
  );
}

async function createToken(name: string, { role = 'viewer', capture, days, ...flags }: TokenFlags): Promise<void> {
  const { tokens } = gatewayOf(flags);
  const made = await tokens.create({ name, role, rights: rightsOf(capture), days: days ?? null });
  answer(flags, made, ({ token }) => token);
}

async function revokeTokens(names: readonly string[], flags: CommonFlags): Promise<void> {
  const { tokens } = gatewayOf(flags);
  await forEach(
    flags,
    names,
    (name) => tokens.revoke({ name }),
    ({ name }) => `Revoked ${name}.`,
  );
}

async function renew(flags: CommonFlags): Promise<void> {
  const done = await gatewayOf(flags).tokens.renewControl();
  answer(flags, done, ({ tokenFile }) => `The new token is in ${tokenFile}.`);
}

const row = ({ name, role, rights, created }: User): string[] => [
  name,
  role,
  rights.includes('capture') ? 'yes' : 'no',
  timeText(created),
];

/** The first line, without its end. Throws BAD_REQUEST. */
async function passwordIn(path: string): Promise<string> {
  try {
    const whole = path === '-' ? await textOf(process.stdin) : readFileSync(path, 'utf8');
    return whole.split(/\r?\n/, 1)[0] ?? '';
  } catch (cause) {
    throw new SluiceError('BAD_REQUEST', { reason: `${path} cannot be read: ${fileReason(cause)}.` }, { cause });
  }
}
