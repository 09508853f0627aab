import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toIssues } from '../../shared/issue.ts';
import { looksSecret, pluginInput } from '../../shared/plugin.ts';
import { isPluginJson, pluginBody, readPluginJson } from '../../shared/plugin-json.ts';

const read = (json: unknown, user = 'alice') => {
  const body = pluginBody.parse(json);
  if (!isPluginJson(body)) throw new Error('It is no plugin.json.');
  return readPluginJson(body, user);
};
const fixture = (name: string) => JSON.parse(readFileSync(`test/fixtures/plugins/${name}.plugin.json`, 'utf8'));

describe('a plugin.json', () => {
  it('becomes a service on the port of its interface, with proxies whose placeholders are filled in both styles', () => {
    const { offers, ...plugin } = pluginInput.parse(read(fixture('files')));
    expect(plugin).toEqual({
      plugin: 'file-server',
      name: 'File server',
      description: 'SFTP and FTP',
      category: 'infrastructure',
      kind: 'manual',
      port: 8080,
    });
    expect(offers).toEqual([
      {
        id: 'file_server_sftp',
        name: 'SFTP',
        note: 'The service itself has port 2022: choose another source port.',
        proxy: {
          proxy: 'file_server_sftp',
          name: 'SFTP',
          description: 'Made by file-server 2.5.4-1',
          enabled: true,
          config: {
            protocol: 'tcp',
            source: { port: 2022 },
            target: { type: 'plugin', plugin: { name: 'file-server', user: 'alice' }, port: 2022 },
          },
        },
      },
      expect.objectContaining({
        id: 'file_server_ftp',
        note: '',
        proxy: expect.objectContaining({
          config: expect.objectContaining({
            target: { type: 'plugin', plugin: 'file-server', user: 'alice', port: 8080 },
          }),
        }),
      }),
    ]);
  });

  it('whose interface is a proxy of its own is the service behind that proxy', () => {
    const { port, offers = [] } = read(fixture('database'));
    expect(port).toBe(8086);
    expect(offers[0]).toMatchObject({ id: 'series_plugin', note: 'Its SSL/TLS is left out.' });
    expect(offers[0]?.proxy?.config.source).toEqual({ port: 8087, secure: false });
  });

  it('keeps offers that cannot be used, with the reason', () => {
    const [, token, odd] = read(fixture('database')).offers ?? [];
    expect(token).toMatchObject({
      proxy: null,
      note: 'It needs a value for {{THINGER_SERIES_TOKEN}} that Sluice has not.',
    });
    expect(odd).toMatchObject({ id: 'series odd', name: 'series odd', proxy: null });
    expect(odd?.note).toMatch(/^proxy: Use 1 to 32 letters/);
  });

  it('takes the port of its task where it has no interface, and none where it has neither', () => {
    expect(read({ name: 'a', version: '1', task: { type: 'docker', port: '9000' } }).port).toBe(9000);
    expect(read({ name: 'a', version: '1', interface: { main: { file: 'index.html' } } }).port).toBeUndefined();
    expect(read({ name: 'a', version: '1', task: { port: 0 } }).port).toBeUndefined();
  });

  it('cannot bring signs that cannot be seen, nor lines without end, nor depths', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    const metadata = { name: 'A\u202eB\n', description: 'x'.repeat(900) };
    const plugin = read({ name: 'a', version: '1', metadata, task: { port: 1 }, resources: { proxies: [deep] } });
    expect(plugin.name).toBe('AB');
    expect(plugin.description).toHaveLength(255);
    expect(pluginInput.safeParse(plugin).success).toBe(true);
  });
});

describe('the body of a new plugin', () => {
  const issuesOf = (body: unknown) => toIssues(pluginBody.safeParse(body).error?.issues ?? []);

  it('is refused in the words of our own form', () => {
    expect(issuesOf({ plugin: 'a b', port: 0, colour: 1 })).toEqual([
      { path: 'plugin', message: 'Use 1 to 32 letters, digits, hyphens or underscores.' },
      { path: 'port', message: 'Use a port from 1 to 65535.' },
      { path: 'colour', message: 'The field "colour" is not known here.' },
    ]);
    expect(issuesOf({ name: 'no ID' })).toContainEqual({ path: 'plugin', message: 'A plugin ID is needed.' });
    expect(issuesOf(3)).toEqual([{ path: '', message: 'The request needs a JSON object.' }]);
  });

  it.each([
    [{ command: '' }, 'process.command', 'A command is needed.'],
    [{ command: ' ls' }, 'process.command', 'Leave out the spaces.'],
    [{ command: 'a\0b' }, 'process.command', 'Use letters and signs that can be seen.'],
    [{ command: 'a', args: ['\0'] }, 'process.args.0', 'Use letters and signs that can be seen.'],
    [{ command: 'a', args: Array(257).fill('') }, 'process.args', 'Use at most 256 arguments.'],
    [{ command: 'a', cwd: 'relative' }, 'process.cwd', 'Use a whole path.'],
    [{ command: 'a', env: { A: 1 } }, 'process.env.A', 'Use text.'],
    [{ command: 'a', shell: true }, 'process.shell', 'The field "shell" is not known here.'],
  ])('is refused for the program %j', (process, path, message) => {
    expect(issuesOf({ plugin: 'a', port: 1, process })).toContainEqual({ path, message });
  });

  it.each([{ 'A=B': '1' }, { '': '1' }, { '1A': '1' }, { 'a b': '1' }])('is refused for the variable %j', (env) => {
    expect(issuesOf({ plugin: 'a', port: 1, process: { command: 'a', env } })).toHaveLength(1);
  });
});

it.each([
  ['MYSQL_PASSWORD', true],
  ['GF_SECURITY_ADMIN_PASSWORD', true],
  ['INFLUX_TOKEN', true],
  ['API_KEY', true],
  ['KEYBOARD', false],
  ['PATH', false],
  ['MONKEY', false],
])('a variable called %s looks secret: %s', (name, isSecret) => {
  expect(looksSecret(name)).toBe(isSecret);
});
