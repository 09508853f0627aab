/** What an import did, with the credentials that it made, shown this once. */
import type { SiteApplied } from '../../../shared/site.ts';
import { CopyLine } from '../../components/copy-line.tsx';
import styles from './site.module.css';
import { countText } from './words.ts';

export function AppliedNote({ applied }: { applied: SiteApplied }) {
  const { credentials } = applied;
  return (
    <div className={styles.applied} role="status">
      <p>Applied: {countText(applied)}.</p>
      {credentials.length > 0 && <p>These devices are new here. Their credentials are shown this once:</p>}
      {credentials.map(({ user, device, credentials: given }) => (
        <div key={`${user}/${device}`} className={styles.given}>
          <bdi>
            {user}/{device}
          </bdi>
          <CopyLine what={`credentials of ${user}/${device}`} text={given} />
        </div>
      ))}
    </div>
  );
}
