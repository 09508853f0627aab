/** Names of copies. */
const LONGEST_NAME = 255;

/** `Pump PLC` → `Pump PLC copy`. */
export function copyName(name: string): string {
  return `${name.slice(0, LONGEST_NAME - 5)} copy`;
}
