/** Unlocks a page that has no token yet, by name and password: `POST /oauth/token`. */
import { z } from 'zod';
import { keepSession } from './token.ts';

const granted = z.object({ access_token: z.string() });
const refused = z.object({ error: z.object({ message: z.string(), next: z.string() }) });

/** The token to connect with. Rejects with words for the person. */
export async function logIn(name: string, password: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'password', username: name, password });
  const reply = await fetch('/oauth/token', { method: 'POST', body }).catch(() => undefined);
  const answer: unknown = await reply?.json().catch(() => undefined);
  const { data } = granted.safeParse(answer);
  if (!data) {
    const why = refused.safeParse(answer).data?.error;
    throw new Error(why ? `${why.message} ${why.next}` : 'The engine is not answering. Try again when Sluice runs.');
  }
  keepSession(data.access_token);
  return data.access_token;
}
