/** Reads the JSON body of a request, whatever its content type says, up to 1 MiB. */
import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../../shared/errors.ts';

export const MAX_BODY_BYTES = 1024 * 1024;

/** Undefined for an empty body. Throws TOO_LARGE, BAD_REQUEST. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (Number(request.headers['content-length']) > MAX_BODY_BYTES) throw new SluiceError('TOO_LARGE');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new SluiceError('TOO_LARGE');
    chunks.push(chunk);
  }
  return parse(Buffer.concat(chunks));
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new SluiceError('BAD_REQUEST', { reason: 'The body is not valid JSON.' }, { cause });
  }
}
