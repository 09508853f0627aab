/** Rows as a table in Markdown that can be read as it is and pasted in a page. */
import type { Row } from './measure.ts';

const OURS = 'sluice';
const ratio = (row: Row, to: string): string => {
  const [ours, theirs] = [row.cells[OURS], row.cells[to]];
  return ours === undefined || !theirs ? '' : (ours / theirs).toFixed(2);
};

export function table(title: string, rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  const against = ['direct', 'haproxy', 'nginx', 'yamux', 'no page'].filter(
    (name) => names.includes(name) && names.includes(OURS),
  );
  const lines = rows.map((row) => [
    row.words,
    ...names.map((name) => (row.cells[name] === undefined ? '' : row.unit(row.cells[name]))),
    ...against.map((name) => ratio(row, name)),
    row.target?.words ?? '',
    row.target ? (row.target.holds(row.cells) ? 'yes' : 'no') : '',
  ]);
  const header = [title, ...names, ...against.map((name) => `× ${name}`), 'target', 'met'];
  const widths = header.map((_, column) => Math.max(...[header, ...lines].map((line) => line[column]?.length ?? 0)));
  const draw = ([first = '', ...others]: readonly string[]): string => {
    const [width = 0, ...rest] = widths;
    return `| ${[first.padEnd(width), ...others.map((text, column) => text.padStart(rest[column] ?? 0))].join(' | ')} |`;
  };
  const rule = draw(
    widths.map((width, column) => '-'.repeat(width - (column === 0 ? 0 : 1)) + (column === 0 ? '' : ':')),
  );
  return [draw(header), rule, ...lines.map(draw)].join('\n');
}
