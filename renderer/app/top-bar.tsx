/** Top bar: mark, site, engine state, quick search, Stop all, view. */
import CheckIcon from '@mui/icons-material/CheckCircleOutlined';
import SearchIcon from '@mui/icons-material/Search';
import StopIcon from '@mui/icons-material/Stop';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import IconButton from '@mui/material/IconButton';
import { Link } from 'wouter';
import { shownState } from '../../shared/shown-state.ts';
import type { Snapshot } from '../api/gateway.ts';
import { useGateway, useLive } from '../api/use-gateway.ts';
import { KeyCap } from '../components/key-cap.tsx';
import { Mark, type MarkState } from '../components/mark.tsx';
import { RoleButton } from '../features/users/role-button.tsx';
import { StopAllButton } from './stop-all-button.tsx';
import styles from './top-bar.module.css';
import { ViewMenu } from './view-menu.tsx';

export function TopBar({ onSearch, onStopAll }: { onSearch: () => void; onStopAll: () => void }) {
  const siteName = useGateway((snapshot) => snapshot.settings?.siteName ?? '');
  return (
    <header className={styles.bar}>
      <Link href="/proxies" className={styles.brand} aria-label="Sluice">
        <EngineMark />
        <span className={styles.word}>Sluice</span>
      </Link>
      {siteName && <span className={styles.site}>{siteName}</span>}
      <EngineState />
      <span className={styles.space} />
      <button type="button" className={styles.search} onClick={onSearch}>
        <SearchIcon />
        <span>Search or command</span>
        <KeyCap>Ctrl K</KeyCap>
      </button>
      <StopAllButton onAsk={onStopAll} />
      <IconButton className={styles.searchIcon} onClick={onSearch} aria-label="Search or command">
        <SearchIcon />
      </IconButton>
      <ViewMenu />
      <RoleButton />
    </header>
  );
}

function EngineMark() {
  return <Mark state={useLive(markState)} size={24} isDecorative />;
}

function markState({ presence, settings, proxies }: Snapshot, now: number): MarkState {
  if (presence === 'away') return 'away';
  if (settings?.stopped) return 'stopped';
  const states = new Set([...proxies.values()].map((view) => shownState(view, now)));
  if (states.has('fault')) return 'needs-you';
  return states.has('active') ? 'active' : 'running';
}

function EngineState() {
  const state = useGateway(({ presence, settings }) =>
    presence === 'answering' && settings?.stopped ? 'stopped' : presence,
  );
  switch (state) {
    case 'answering':
      return (
        <span className={styles.engine}>
          <CheckIcon className={styles.well} />
          Engine running
        </span>
      );
    case 'stopped':
      return (
        <span className={styles.engine}>
          <StopIcon />
          Stopped
        </span>
      );
    case 'connecting':
      return <span className={styles.engine}>Connecting…</span>;
    default:
      return (
        <span className={`${styles.engine} ${styles.away}`}>
          <WarningIcon />
          Not answering
        </span>
      );
  }
}
