/** The near end of the bench, a process of its own: runs one measure against one port and prints one number. */
import { once } from 'node:events';
import net from 'node:net';

const [measure = '', echoText = '', sinkText = '', secondsText = '2'] = process.argv.slice(2);
const echo = Number(echoText);
const sink = Number(sinkText);
const durationMs = Number(secondsText) * 1000;

async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

/** Sends as fast as it is taken; bytes per second that arrived, by the count of the far end. */
async function bulk(connections: number): Promise<number[]> {
  const block = Buffer.alloc(256 * 1024, 'x');
  return await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = await connect(sink);
      const start = performance.now();
      while (performance.now() - start < durationMs) if (!socket.write(block)) await once(socket, 'drain');
      socket.end();
      let answer = '';
      for await (const chunk of socket) answer += String(chunk);
      return (Number(answer) * 1000) / (performance.now() - start);
    }),
  );
}

/** Round trips per second over so many connections. */
async function pingPong(connections: number): Promise<number> {
  let trips = 0;
  const sockets = await Promise.all(Array.from({ length: connections }, () => connect(echo)));
  const start = performance.now();
  for (const socket of sockets) {
    socket.on('data', () => {
      trips += 1;
      socket.write('ping');
    });
    socket.write('ping');
  }
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  for (const socket of sockets) socket.destroy();
  return (trips * 1000) / (performance.now() - start);
}

/** Connections per second that each carried one round trip, eight at a time. */
async function connects(): Promise<number> {
  let done = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (performance.now() - start < durationMs) {
        const socket = await connect(echo);
        socket.write('x');
        await once(socket, 'data');
        socket.resetAndDestroy();
        done += 1;
      }
    }),
  );
  return (done * 1000) / (performance.now() - start);
}

/** The 99th percentile of round trips of one connection, in milliseconds, while another one sends in bulk. */
async function besideBulk(): Promise<number> {
  const busy = bulk(1);
  const socket = await connect(echo);
  const trips: number[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    const start = performance.now();
    socket.write('ping');
    await once(socket, 'data');
    trips.push(performance.now() - start);
  }
  socket.destroy();
  await busy;
  return trips.sort((a, b) => a - b)[Math.floor(trips.length * 0.99)] ?? Number.NaN;
}

const jain = (rates: number[]): number =>
  rates.reduce((a, b) => a + b, 0) ** 2 / (rates.length * rates.reduce((a, b) => a + b * b, 0));

async function run(): Promise<object> {
  switch (measure) {
    case 'bulk':
      return { value: (await bulk(1))[0] };
    case 'pipes': {
      const rates = await bulk(32);
      return { value: rates.reduce((a, b) => a + b, 0), jain: jain(rates) };
    }
    case 'ping1':
      return { value: await pingPong(1) };
    case 'ping50':
      return { value: await pingPong(50) };
    case 'beside':
      return { value: await besideBulk() };
    case 'connects':
      return { value: await connects() };
    default:
      throw new Error(`There is no measure ${measure}.`);
  }
}

process.stdout.write(JSON.stringify(await run()));
