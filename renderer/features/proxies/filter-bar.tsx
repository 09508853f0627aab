/** The bar under the page head: states with their counts, protocol, and what `children` add at its end. */
import type { ReactNode } from 'react';
import styles from './filter-bar.module.css';
import { ProtocolMenu, TagMenu } from './filter-menus.tsx';
import { StateFilters } from './state-filters.tsx';

export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <div className={styles.bar}>
      <StateFilters />
      <span className="space" />
      <ProtocolMenu />
      <TagMenu />
      <span className={styles.divider} />
      {children}
    </div>
  );
}
