/** `sluice serve`: the gateway as a plain process that runs until somebody ends it. */
import { join } from 'node:path';
import { createLog } from '../host/log.ts';
import { type ControlPlace, type RunningGateway, runGateway } from '../host/run-gateway.ts';
import { whenEnded } from '../host/when-ended.ts';

export interface ServeOptions {
  /** Path of the data folder. */
  readonly data: string;
  readonly control: ControlPlace;
  /** One JSON line on stdout when ready, and the log as JSON. */
  readonly json: boolean;
  /** The log in files as well, where nobody keeps what is written to stderr. */
  readonly keepLog: boolean;
}

/** Resolves with the exit code when somebody ended it. Rejects as {@link runGateway} does. */
export async function serve({ data, control, json, keepLog }: ServeOptions): Promise<number> {
  const log = createLog({ json, ...(keepLog && { folder: join(data, 'logs') }) });
  const ended = whenEnded(log);
  const running = await runGateway({ folder: data, controls: [control], host: 'headless', log });
  try {
    process.stdout.write(`${readyLine(running, json)}\n`);
    return await ended;
  } finally {
    await running.stop();
  }
}

/** The token is shown to a person at a terminal only: what goes to a file or a journal may be read by others. */
function readyLine({ url, folder }: RunningGateway, json: boolean): string {
  if (json) return JSON.stringify({ event: 'ready', url, tokenFile: folder.tokenFile });
  const page = `http://sluice.localhost:${new URL(url).port}/`;
  if (process.stdout.isTTY) return `Sluice is ready. Open ${page}#token=${folder.token}`;
  return `Sluice is ready at ${page} (its token is in ${folder.tokenFile}).`;
}
