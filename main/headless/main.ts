/** The program `sluice` without a display: the gateway as a service, and the command line for it. */
import { run } from './cli/program.ts';

// Whoever reads the output may go away, as in `sluice pipes list | head`; a running gateway must survive that.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

// No process.exit: it could cut off what was printed.
process.exitCode = await run(process.argv.slice(2));
