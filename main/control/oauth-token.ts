/** `POST /oauth/token`: a user's token for name and password, form-encoded as OAuth 2.0 has it. */
import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../../shared/errors.ts';
import { digestOf } from '../access/token.ts';
import type { Access } from '../api/access.ts';

const MOST_BYTES = 4096;
const MOST_TEXT = 200;

/** Throws BAD_REQUEST, TOO_LARGE, LOGIN_REFUSED, LOGIN_DELAYED. */
export async function userToken(request: IncomingMessage, access: Access): Promise<object> {
  const form = new URLSearchParams(await readText(request));
  if (form.get('grant_type') !== 'password') {
    throw new SluiceError('BAD_REQUEST', { reason: 'The field grant_type has to be password.' });
  }
  const [name = '', password = ''] = [form.get('username') ?? '', form.get('password') ?? ''];
  if (!name || !password || name.length > MOST_TEXT || password.length > MOST_TEXT) {
    throw new SluiceError('BAD_REQUEST', { reason: 'The fields username and password are needed.' });
  }
  const token = await access.logIn({ name, password, minutes: null });
  const locksAt = access.sessions.find(digestOf(token))?.locksAt ?? Date.now();
  const seconds = Math.max(0, Math.round((locksAt - Date.now()) / 1000));
  return { access_token: token, token_type: 'Bearer', expires_in: seconds };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new SluiceError('TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
