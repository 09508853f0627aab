/** The far end of the bench, a process of its own: echoes TCP, and swallows what a `sink` connection sends. Prints its ports. */
import net from 'node:net';

function serve(onClient: (socket: net.Socket) => void): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      onClient(socket);
    });
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
      resolve((server.address() as net.AddressInfo).port),
    );
  });
}

const echo = await serve((socket) => void socket.pipe(socket));
/** Reads to the end, then answers with the count, so that the sender knows that everything arrived. */
const sink = await serve((socket) => {
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.on('end', () => socket.end(String(bytes)));
});
process.stdout.write(`${JSON.stringify({ echo, sink })}\n`);
