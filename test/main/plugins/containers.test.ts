import http from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { DockerApi } from '../../../main/plugins/docker-api.ts';
import { SluiceError } from '../../../shared/errors.ts';
import { standInDocker } from '../../support/docker.ts';
import { startHost } from '../../support/plugin-host.ts';
import { samplePluginProfile } from '../../support/sample-plugin.ts';
import { closeAll, echoTarget, unusedPort } from '../../support/sockets.ts';
import { temporaryFolder } from '../../support/store.ts';
import { waitFor } from '../../support/wait.ts';

afterEach(closeAll);

const inDocker = (port: number) => samplePluginProfile({ kind: 'docker', container: { name: 'grafana' }, port });
const published = (port: number) => [{ IP: '0.0.0.0', PrivatePort: 3000, PublicPort: port, Type: 'tcp' }];

describe('the containers of this PC', () => {
  it('are listed with the ports that they have on it, each once', async () => {
    const docker = await standInDocker(
      temporaryFolder(),
      {
        name: 'grafana',
        state: 'running',
        ports: [...published(3000), { IP: '::', PrivatePort: 3000, PublicPort: 3000, Type: 'tcp' }],
      },
      { name: 'dns', state: 'running', ports: [{ IP: '10.0.0.5', PrivatePort: 53, PublicPort: 53, Type: 'udp' }] },
      { name: 'inner', state: 'running', ports: [{ PrivatePort: 5432, Type: 'tcp' }] },
      { name: 'old', state: 'exited' },
    );
    const { host } = await startHost([], { dockerSocket: docker.socketPath });
    expect(await host.containers()).toMatchObject([
      {
        name: 'grafana',
        image: 'example/grafana:1',
        state: 'running',
        ports: [{ address: '127.0.0.1', port: 3000, containerPort: 3000, transport: 'tcp' }],
      },
      { name: 'dns', ports: [{ address: '10.0.0.5', port: 53, containerPort: 53, transport: 'udp' }] },
    ]);
  });

  it('are only asked about, never changed, and not asked while no plugin needs it', async () => {
    const docker = await standInDocker(temporaryFolder());
    const { host, reaches } = await startHost([samplePluginProfile({ port: await unusedPort() })], {
      dockerSocket: docker.socketPath,
    });
    await reaches('stopped');
    expect(docker.asked).toEqual([]);
    await host.replace(inDocker(await unusedPort()));
    await waitFor(() => docker.asked.includes('GET /containers/json'), 'Docker to be asked');
    expect(docker.asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
  });

  it.each([
    ['no Docker', undefined, 'it does not run on this PC'],
    ['a Docker that fails', 500, 'it answers with status 500'],
    ['something else', 200, 'its answer is not understood'],
  ])('cannot be listed with %s', async (_, status, reason) => {
    const socketPath = join(temporaryFolder(), 'docker.sock');
    if (status !== undefined) {
      const server = http.createServer((_request, response) => response.writeHead(status).end('{"some":"thing"}'));
      server.listen(socketPath);
      onTestFinished(() => {
        server.close();
      });
    }
    const fault = await new DockerApi(socketPath).containers().catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(SluiceError);
    expect(fault).toMatchObject({ code: 'DOCKER_UNREACHABLE', details: { reason } });
  });
});

describe('a plugin in a container', () => {
  it('of a Docker that takes the question and is silent is unknown, and says why', async () => {
    const socketPath = join(temporaryFolder(), 'docker.sock');
    const server = http.createServer(() => {}).listen(socketPath);
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { status } = await startHost([inDocker(await unusedPort())], { dockerSocket: socketPath });
    const error = await waitFor(() => status().error, 'the fault', 10_000);
    expect(error).toMatchObject({ code: 'DOCKER_UNREACHABLE', details: { reason: 'it does not answer' } });
  });

  it('follows what becomes of the container', async () => {
    const port = await echoTarget();
    const docker = await standInDocker(temporaryFolder(), { name: 'grafana', state: 'exited' });
    const { reaches } = await startHost([inDocker(port)], { dockerSocket: docker.socketPath });
    await reaches('stopped');
    docker.set({ name: 'grafana', state: 'running', ports: published(port) });
    await reaches('running');
    docker.set({ name: 'grafana', state: 'paused', ports: published(port) });
    expect((await reaches('stopped')).error).toBeNull();
    docker.set();
    const { error } = await waitForError();
    expect(error?.message).toBe('Docker has no container grafana.');

    async function waitForError() {
      let status = await reaches('stopped');
      await waitFor(async () => {
        status = await reaches('stopped');
        return status.error;
      }, 'the container to be missed');
      return status;
    }
  });

  it('that runs but does not answer is starting for a while, then not answering', async () => {
    const port = await unusedPort();
    const docker = await standInDocker(temporaryFolder(), {
      name: 'grafana',
      state: 'running',
      ports: published(port),
    });
    const options = { dockerSocket: docker.socketPath, times: { graceMs: 100 } };
    const { reaches, states } = await startHost([inDocker(port)], options);
    expect((await reaches('not_answering')).error?.code).toBe('PLUGIN_NOT_ANSWERING');
    expect(states).toEqual(['starting', 'not_answering']);
  });

  it('is found again when Docker comes back, and is running while it answers, whatever Docker does', async () => {
    const port = await echoTarget();
    const docker = await standInDocker(temporaryFolder(), {
      name: 'grafana',
      state: 'running',
      ports: published(port),
    });
    const { reaches, host, status } = await startHost([inDocker(port)], { dockerSocket: docker.socketPath });
    await reaches('running');
    await docker.close();
    await host.replace(inDocker(await unusedPort()));
    expect((await reaches('unknown')).error).toMatchObject({ code: 'DOCKER_UNREACHABLE' });
    await host.replace(inDocker(port));
    await reaches('running');
    await docker.open();
    docker.set({ name: 'grafana', state: 'exited' });
    await reaches('stopped');
    expect(status().error).toBeNull();
  });
});

describe('a plugin that somebody else runs', () => {
  it('is running while something answers on its port, else stopped', async () => {
    const port = await unusedPort();
    const { reaches } = await startHost([samplePluginProfile({ port })]);
    expect((await reaches('stopped')).error).toBeNull();
    const server = http.createServer().listen(port, '127.0.0.1');
    await reaches('running');
    server.close();
    await reaches('stopped');
  });

  it('is not answering where its address cannot be found, and unknown where it cannot be asked', async () => {
    const lost = samplePluginProfile({ plugin: 'lost', address: 'nowhere.invalid' });
    const udp = samplePluginProfile({ plugin: 'udp', transport: 'udp' });
    const { reaches } = await startHost([lost, udp]);
    const { error } = await reaches('not_answering', lost);
    expect(error?.message).toBe('Plugin Broker does not answer on nowhere.invalid:1883: its address cannot be found.');
    await reaches('unknown', udp);
  });
});
