import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Secrets } from '../../../main/store/secrets.ts';
import { contentsOf, faultOf, temporaryFolder } from '../../support/store.ts';

const CANARY = 'canary-7f3a9c';
const alone = { isKeyNeeded: false };

function opened(folder: string, options = alone): Secrets {
  const secrets = new Secrets(folder);
  expect(secrets.open(options)).toEqual([]);
  return secrets;
}

function folderWith(...names: string[]): string {
  const folder = temporaryFolder();
  opened(folder).change(new Map(names.map((name) => [name, `${CANARY} of ${name}`])));
  return folder;
}

const keyFile = (folder: string) => join(folder, 'secret.key');
const file = (folder: string) => join(folder, 'secrets.json');

test('nothing is written before something needs to be kept', () => {
  const folder = temporaryFolder();
  const secrets = opened(folder);
  expect(secrets.key('purpose')).toBeUndefined();
  expect(secrets.get('agent:a')).toBeUndefined();
  secrets.change(new Map());
  expect(readdirSync(folder)).toEqual([]);
});

test('values outlive the process, and no file shows them', () => {
  const folder = folderWith('agent:a', 'agent:b');
  const secrets = opened(folder);
  expect(secrets.get('agent:a')).toBe(`${CANARY} of agent:a`);
  expect(secrets.get('agent:b')).toBe(`${CANARY} of agent:b`);
  expect(Object.values(contentsOf(folder)).join()).not.toContain(CANARY);
  for (const path of [keyFile(folder), file(folder)]) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(keyFile(folder)).size).toBe(32);
});

test('keys are stable and differ by purpose', () => {
  const folder = temporaryFolder();
  const made = opened(folder).ensureKey('devices');
  expect(made).toHaveLength(32);
  expect(opened(folder, { isKeyNeeded: true }).key('devices')).toEqual(made);
  expect(opened(folder).key('other')).not.toEqual(made);
});

test('a change can be undone, and values can be taken away', () => {
  const folder = folderWith('agent:a');
  const secrets = opened(folder);
  const undo = secrets.change(
    new Map([
      ['agent:a', undefined],
      ['agent:b', 'new'],
    ]),
  );
  expect(opened(folder).names).toEqual(['agent:b']);
  undo();
  expect(opened(folder).names).toEqual(['agent:a']);
  expect(secrets.get('agent:a')).toBe(`${CANARY} of agent:a`);
});

test('a value under the name of another is not opened', () => {
  const folder = folderWith('agent:a', 'agent:b');
  const { schema, values } = JSON.parse(readFileSync(file(folder), 'utf8'));
  writeFileSync(file(folder), JSON.stringify({ schema, values: { ...values, 'agent:a': values['agent:b'] } }));
  const secrets = new Secrets(folder);
  expect(secrets.open(alone).map(({ message }) => message)).toEqual([
    'The stored value of agent:a cannot be used: it is damaged, or was sealed with another key.',
  ]);
  expect(faultOf(() => secrets.get('agent:a')).code).toBe('SECRETS_UNREADABLE');
  expect(secrets.get('agent:b')).toBe(`${CANARY} of agent:b`);
});

test('every damaged byte of a value is noticed', () => {
  const folder = folderWith('agent:a');
  const { schema, values } = JSON.parse(readFileSync(file(folder), 'utf8'));
  const sealed = Buffer.from(values['agent:a'], 'base64url');
  for (let at = 0; at < sealed.length; at++) {
    const damaged = Buffer.from(sealed.map((byte, index) => (index === at ? byte ^ 1 : byte)));
    writeFileSync(file(folder), JSON.stringify({ schema, values: { 'agent:a': damaged.toString('base64url') } }));
    expect(new Secrets(folder).open(alone)).toHaveLength(1);
  }
  for (const short of ['', 'AAAA', sealed.subarray(0, 28).toString('base64url')]) {
    writeFileSync(file(folder), JSON.stringify({ schema, values: { 'agent:a': short } }));
    expect(new Secrets(folder).open(alone)).toHaveLength(1);
  }
});

test('values of another key are told, kept, and can be replaced', () => {
  const folder = folderWith('agent:a', 'agent:b');
  writeFileSync(keyFile(folder), randomBytes(32));
  const secrets = new Secrets(folder);
  expect(secrets.open(alone)).toHaveLength(2);
  secrets.change(new Map([['agent:a', 'new']]));
  expect(secrets.get('agent:a')).toBe('new');
  expect(faultOf(() => secrets.get('agent:b')).message).toContain('agent:b');
});

test('a key that is gone is told, and a new one is made only when something new is kept', () => {
  const folder = folderWith('agent:a');
  rmSync(keyFile(folder));
  const secrets = new Secrets(folder);
  expect(secrets.open(alone).map(({ message }) => message)).toEqual([
    'Stored credentials cannot be used: the file secret.key is gone.',
  ]);
  expect(readdirSync(folder)).toEqual(['secrets.json']);
  expect(new Secrets(temporaryFolder()).open({ isKeyNeeded: true })).toHaveLength(1);
});

test('a damaged key is told and never overwritten', () => {
  const folder = folderWith('agent:a');
  writeFileSync(keyFile(folder), 'short');
  const secrets = new Secrets(folder);
  expect(secrets.open(alone).map(({ message }) => message)).toEqual([
    'The file secret.key cannot be used: it is damaged.',
  ]);
  expect(faultOf(() => secrets.ensureKey('devices')).code).toBe('SECRETS_UNREADABLE');
  expect(faultOf(() => secrets.change(new Map([['agent:b', 'x']]))).code).toBe('SECRETS_UNREADABLE');
  expect(readFileSync(keyFile(folder), 'utf8')).toBe('short');
});

test.each(['', '{', '[]', '{"schema":2,"values":{}}', '{"schema":1,"values":{"a":1}}'])(
  'secrets.json that holds %j is told and kept aside',
  (text) => {
    const folder = folderWith('agent:a');
    writeFileSync(file(folder), text);
    const secrets = new Secrets(folder);
    expect(secrets.open(alone).map(({ message }) => message)).toEqual([
      'The file secrets.json cannot be used: it is damaged.',
    ]);
    expect(readFileSync(file(folder), 'utf8')).toBe(text);
    secrets.change(new Map([['agent:b', 'new']]));
    expect(opened(folder).get('agent:b')).toBe('new');
    const [aside = ''] = readdirSync(folder).filter((name) => name.startsWith('secrets.json.damaged-'));
    expect(readFileSync(join(folder, aside), 'utf8')).toBe(text);
  },
);

test('what cannot be saved is refused with its cause, and the old value stays', () => {
  const folder = folderWith('agent:a');
  const secrets = opened(folder);
  rmSync(file(folder));
  // Renaming a file over a folder fails on every system and for every user.
  mkdirSync(file(folder));
  expect(faultOf(() => secrets.change(new Map([['agent:a', 'new']]))).code).toBe('CONFIG_NOT_SAVED');
  expect(secrets.get('agent:a')).toBe(`${CANARY} of agent:a`);
});
