/** The left rail: the pages that exist, in groups. Collapsed it shows icons over their words. */
import CollapseIcon from '@mui/icons-material/KeyboardDoubleArrowLeft';
import ExpandIcon from '@mui/icons-material/KeyboardDoubleArrowRight';
import LockIcon from '@mui/icons-material/LockOutlined';
import useMediaQuery from '@mui/material/useMediaQuery';
import { Link, useLocation } from 'wouter';
import { useRefusal } from '../api/session.ts';
import { useGateway } from '../api/use-gateway.ts';
import { appearance } from '../components/appearance.ts';
import { pages } from './pages.ts';
import styles from './rail.module.css';

const groups = ['Operate', 'Administer'] as const;

export function Rail() {
  const hasRoom = useMediaQuery('(min-width: 1280px)');
  const isOpen = appearance.use().isRailOpen && hasRoom;
  const [location] = useLocation();
  const isLocked = useRefusal('settings.update') !== undefined;
  const proxies = useGateway((snapshot) => snapshot.proxies.size);
  const devices = useGateway((snapshot) => snapshot.devices.size);
  const plugins = useGateway((snapshot) => snapshot.plugins.size);
  const counts: Readonly<Record<string, number>> = {
    '/proxies': proxies,
    '/devices': devices,
    '/plugins': plugins,
  };
  return (
    <nav className={`${styles.rail} ${isOpen ? '' : styles.collapsed}`} aria-label="Pages">
      {groups.map((group) => (
        <div key={group} className={styles.group}>
          {isOpen && (
            <h2 className={styles.heading}>
              {group === 'Administer' && isLocked && <LockIcon titleAccess="Locked" />}
              {group}
            </h2>
          )}
          {pages
            .filter((page) => page.group === group)
            .map(({ path, title, Icon }) => (
              <Link
                key={path}
                href={path}
                className={styles.item}
                aria-current={location.startsWith(path) ? 'page' : undefined}
              >
                <Icon />
                <span className={styles.title}>{title}</span>
                {isOpen && (counts[path] ?? 0) > 0 && <span className={styles.count}>{counts[path]}</span>}
              </Link>
            ))}
        </div>
      ))}
      {hasRoom && (
        <button type="button" className={styles.collapse} onClick={() => appearance.set({ isRailOpen: !isOpen })}>
          {isOpen ? <CollapseIcon /> : <ExpandIcon />}
          <span className={styles.title}>{isOpen ? 'Collapse' : 'Expand'}</span>
        </button>
      )}
    </nav>
  );
}
