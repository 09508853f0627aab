/** The columns of the proxy table and what each sorts by. */
import { deviceOf, targetLabel } from '../../../shared/proxy.ts';
import { protocolText } from '../../../shared/sentence.ts';
import { shownState, shownStates } from '../../../shared/shown-state.ts';
import type { ProxyView } from '../../../shared/status.ts';

export const columnIds = [
  'state',
  'proxy',
  'description',
  'tags',
  'protocol',
  'source',
  'target',
  'now',
  'conns',
  'activity',
  'volume',
  'created',
  'modified',
] as const;
export type ColumnId = (typeof columnIds)[number];

export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** How much wider the table has to be for a column that is not usual, px. */
  readonly extraWidth?: number;
  readonly isRight?: boolean;
  /** Shown until somebody chooses otherwise. */
  readonly isUsual: boolean;
  /** Stays on pages of at most 1100 px. */
  readonly isNarrow?: boolean;
  /** Cannot be switched off. */
  readonly isFixed?: boolean;
  /** Gives way where the window is not wide, so that no address has to break. */
  readonly isRoomy?: boolean;
  /** Sorts from high to low first. */
  readonly isDescending?: boolean;
  readonly sortBy: (view: ProxyView, now: number) => string | number;
}

const sum = ({ received, sent }: { received: number; sent: number }): number => received + sent;

export const columns: readonly Column[] = [
  {
    id: 'state',
    title: 'State',
    isUsual: true,
    isNarrow: true,
    isFixed: true,
    sortBy: (view, now) => shownStates.indexOf(shownState(view, now)),
  },
  {
    id: 'proxy',
    title: 'Proxy',
    isUsual: true,
    isNarrow: true,
    isFixed: true,
    sortBy: (view) => view.name.toLowerCase(),
  },
  {
    id: 'description',
    title: 'Description',
    isUsual: false,
    extraWidth: 260,
    sortBy: (view) => view.description.toLowerCase(),
  },
  {
    id: 'tags',
    title: 'Tags',
    isUsual: false,
    extraWidth: 330,
    sortBy: ({ tags }) => (tags ?? []).join(' ').toLowerCase(),
  },
  {
    id: 'protocol',
    title: 'Protocol',
    isUsual: true,
    sortBy: ({ config }) => protocolText[config.protocol],
  },
  {
    id: 'source',
    title: 'Source',
    isUsual: true,
    isNarrow: true,
    isFixed: true,
    sortBy: ({ config }) => config.source.port ?? 0,
  },
  {
    id: 'target',
    title: 'Target',
    isUsual: true,
    isNarrow: true,
    isFixed: true,
    sortBy: ({ config }) => `${deviceOf(config)?.device ?? ''} ${targetLabel(config.target)}`,
  },
  {
    id: 'now',
    title: 'Now, last 60 s',
    isRight: true,
    isUsual: true,
    isNarrow: true,
    isDescending: true,
    sortBy: ({ status }) => sum(status.rate),
  },
  {
    id: 'conns',
    title: 'Conns',
    isRight: true,
    isUsual: true,
    isDescending: true,
    sortBy: ({ status }) => status.pipes.open,
  },
  {
    id: 'activity',
    title: 'Activity',
    isRight: true,
    isRoomy: true,
    isUsual: true,
    isDescending: true,
    sortBy: ({ status }) => status.lastActivity ?? 0,
  },
  {
    id: 'volume',
    title: 'Volume',
    isRight: true,
    isUsual: false,
    extraWidth: 140,
    isDescending: true,
    sortBy: ({ status }) => sum(status.bytes),
  },
  {
    id: 'created',
    title: 'Created',
    isRight: true,
    isUsual: false,
    extraWidth: 140,
    isDescending: true,
    sortBy: (view) => view.created,
  },
  {
    id: 'modified',
    title: 'Modified',
    isRight: true,
    isUsual: false,
    extraWidth: 140,
    isDescending: true,
    sortBy: (view) => view.modified,
  },
];
