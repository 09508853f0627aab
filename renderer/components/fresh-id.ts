/** IDs of new proxies and plugins: fresh ones for copies, proposed ones for typed names. */
const LONGEST_ID = 32;

/** `plc-pump` → `plc-pump-2`, or the next number that is not taken. */
export function freshId(id: string, taken: ReadonlySet<string>): string {
  const stem = id.replace(/-\d{1,4}$/, '') || 'copy';
  for (let number = 2; ; number += 1) {
    const ending = `-${number}`;
    const candidate = stem.slice(0, LONGEST_ID - ending.length) + ending;
    if (!taken.has(candidate)) return candidate;
  }
}

/** `Energy meter, main feed` → `energy-meter-main-feed`; empty where nothing of the name can be used. */
export function proposeId(name: string, taken: ReadonlySet<string>): string {
  const id = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .slice(0, LONGEST_ID)
    .replace(/^-+|-+$/g, '');
  return id !== '' && taken.has(id) ? freshId(id, taken) : id;
}
