/** Rows as aligned columns without lines, so that they can be read and cut alike. */
import Table from 'cli-table3';
import { plain } from '../../../shared/text.ts';

const edges = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'];
const lines = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
const borderless = { ...Object.fromEntries([...edges, ...lines].map((part) => [part, ''])), middle: '  ' };

/** Cells may hold foreign text. */
export function table(rows: readonly (readonly string[])[], head: readonly string[] = []): string {
  const style = { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true };
  const shown = new Table({ head: [...head], chars: borderless, style });
  shown.push(...rows.map((row) => row.map(plain)));
  return shown
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
