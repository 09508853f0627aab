/** The parts of the page of one proxy. */
import { Link } from 'wouter';
import styles from './profile.module.css';

export function ProxyTabs({ proxy, tab }: { proxy: string; tab: 'settings' | 'traffic' }) {
  return (
    <nav aria-label="Parts of this proxy" className={styles.tabs}>
      <Link href={`/proxies/${proxy}/edit`} aria-current={tab === 'settings' ? 'page' : undefined}>
        Settings
      </Link>
      <Link href={`/proxies/${proxy}/traffic`} aria-current={tab === 'traffic' ? 'page' : undefined}>
        Traffic
      </Link>
    </nav>
  );
}
