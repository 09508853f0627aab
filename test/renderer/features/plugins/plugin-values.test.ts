import { describe, expect, it } from 'vitest';
import { offersOf, readFile } from '../../../../renderer/features/plugins/file-values.ts';
import {
  checkNewPlugin,
  checkPluginChange,
  newPlugin,
  refusedPlugin,
  toPluginValues,
  variableOf,
} from '../../../../renderer/features/plugins/plugin-values.ts';
import { samplePlugin } from '../../../support/sample-plugin.ts';

const filled = newPlugin('plant', { plugin: 'broker', port: ' 1883 ' });
const program = { ...filled, kind: 'process' as const, command: '/bin/x', args: 'a b\n\n--c' };
const view = samplePlugin({
  kind: 'process',
  process: {
    command: '/bin/x',
    args: ['two\nlines'],
    env: { A: '1' },
    secrets: { KEY: true },
    restart: true,
    enabled: true,
  },
});
const stored = toPluginValues(view);

describe('a new plugin', () => {
  it('is called by its ID where no name was typed', () => {
    const own = {
      plugin: 'broker',
      kind: 'manual',
      description: '',
      address: '127.0.0.1',
      port: 1883,
      transport: 'tcp',
    };
    expect(checkNewPlugin(filled)).toEqual({ body: own });
  });

  it('sends only what its kind has', () => {
    const variables = [
      variableOf('A', { value: '1' }),
      variableOf('KEY', { value: 's', isSecret: true }),
      variableOf(''),
    ];
    const checked = checkNewPlugin({ ...program, variables, container: 'left from before' });
    expect(checked).toMatchObject({
      body: {
        kind: 'process',
        process: { command: '/bin/x', args: ['a b', '--c'], env: { A: '1' }, secrets: { KEY: 's' } },
      },
    });
    expect('body' in checked && checked.body).not.toHaveProperty('container');
    const docker = checkNewPlugin({ ...program, kind: 'docker', container: ' grafana ' });
    expect(docker).toMatchObject({ body: { kind: 'docker', container: { name: 'grafana' } } });
    expect('body' in docker && docker.body).not.toHaveProperty('process');
  });

  it.each([
    ['user', 'a/b'],
    ['plugin', ''],
    ['name', 'a\u202eb'],
    ['port', ''],
    ['port', '70000'],
    ['address', 'http://x'],
    ['command', ''],
    ['command', ' '],
    ['cwd', 'relative'],
  ] as const)('shows at %s that “%s” cannot be used', (field, text) => {
    expect(checkNewPlugin({ ...program, [field]: text })).toEqual({
      errors: { [field]: expect.stringMatching(/\.$/) },
    });
  });

  it('shows at its container that the name cannot be used', () => {
    const checked = checkNewPlugin({ ...filled, kind: 'docker', container: '' });
    expect(checked).toEqual({ errors: { container: expect.stringMatching(/\.$/) } });
  });

  it('names the variable that cannot be used, or stands there twice', () => {
    const withNames = (...names: string[]) =>
      checkNewPlugin({ ...program, variables: names.map((name) => variableOf(name, { value: 'x' })) });
    expect(withNames('A B')).toEqual({ errors: { variables: 'A B: Use letters, digits and underscores.' } });
    expect(withNames('A', 'B', ' A')).toEqual({ errors: { variables: 'A stands here twice.' } });
    const empty = checkNewPlugin({ ...program, variables: [variableOf('KEY', { isSecret: true })] });
    expect(empty).toEqual({ errors: { variables: expect.stringMatching(/^KEY: .*needed/) } });
  });

  it('shows at its ID that there is one already', () => {
    const refusal = { code: 'PLUGIN_EXISTS', message: 'There is.', issues: [] };
    expect(refusedPlugin(refusal)).toEqual({ plugin: 'There is.' });
    const issues = [
      { path: 'process', message: 'A command is needed.' },
      { path: 'process.secrets.KEY', message: 'A value is needed.' },
    ];
    expect(refusedPlugin({ code: 'BAD_REQUEST', message: '', issues })).toEqual({
      ...{ command: 'A command is needed.', variables: 'KEY: A value is needed.' },
    });
  });
});

describe('a stored plugin', () => {
  it('is sent only what was changed', () => {
    expect(checkPluginChange({ ...stored, name: 'New' }, { name: true }, view)).toEqual({ body: { name: 'New' } });
    expect(checkPluginChange({ ...stored, name: ' ' }, { name: true }, view)).toEqual({ body: { name: 'broker' } });
    expect(checkPluginChange({ ...stored, port: '9' }, { port: true }, view)).toEqual({ body: { port: 9 } });
  });

  it('keeps its secrets, and arguments that no line can show, when another part of its program changes', () => {
    const checked = checkPluginChange({ ...stored, cwd: '/srv' }, { cwd: true }, view);
    expect(checked).toEqual({
      body: {
        process: {
          ...{ command: '/bin/x', args: ['two\nlines'], env: { A: '1' }, secrets: { KEY: true } },
          ...{ cwd: '/srv', restart: true, enabled: true },
        },
      },
    });
    const edited = checkPluginChange({ ...stored, args: 'one' }, { args: true }, view);
    expect(edited).toMatchObject({ body: { process: { args: ['one'] } } });
  });

  it('gets another kind with what that kind needs', () => {
    expect(checkPluginChange({ ...stored, kind: 'manual' }, { kind: true }, view)).toEqual({
      body: { kind: 'manual' },
    });
    const docker = { ...stored, kind: 'docker' as const, container: 'x' };
    expect(checkPluginChange(docker, { kind: true, container: true }, view)).toEqual({
      body: { kind: 'docker', container: { name: 'x' } },
    });
  });
});

describe('a plugin.json', () => {
  const json = {
    ...{ name: 'flows', version: '1', metadata: { name: 'Flows' }, task: { type: 'docker', port: 1880 } },
    resources: {
      proxies: [
        {
          ...{ proxy: '{{THINGER_PLUGIN}}', name: 'P' },
          config: {
            ...{ protocol: 'tcp', source: { port: 1 } },
            target: { type: 'plugin', plugin: '{{THINGER_PLUGIN}}', user: '{{THINGER_USER}}', port: 1880 },
          },
        },
      ],
    },
  };

  it('fills the form in', () => {
    const read = readFile(JSON.stringify(json), 'plant');
    expect(read).toMatchObject({
      file: {
        isContainer: true,
        values: { ...{ kind: 'manual', plugin: 'flows', name: 'Flows', port: '1880', user: 'plant' } },
      },
    });
  });

  it('offers its proxies under the ID and account that were chosen', () => {
    const read = readFile(JSON.stringify(json), 'plant');
    if (!('file' in read)) throw new Error(read.error);
    const [offer] = offersOf(read.file, { ...read.file.values, plugin: 'flows-2', user: 'alice' });
    expect(offer?.proxy).toMatchObject({ proxy: 'flows-2', config: { target: { plugin: 'flows-2', user: 'alice' } } });
  });

  it.each([
    ['{', 'not JSON'],
    ['[]', '.'],
    ['{"version":"1"}', 'needs a name'],
    [`"${'x'.repeat(1_000_001)}"`, 'too long'],
  ])('says of %.20s why it cannot be read', (text, reason) => {
    expect(readFile(text, 'plant')).toEqual({ error: expect.stringContaining(reason) });
  });

  it('leaves the port open where the file names none', () => {
    expect(readFile('{"name":"x","version":"1"}', 'plant')).toMatchObject({ file: { values: { port: '' } } });
  });
});
