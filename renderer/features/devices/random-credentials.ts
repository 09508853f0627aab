/** Credentials that nobody can guess: 192 bits, in characters that need no quoting. */
const BYTES = 24;

export function randomCredentials(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
