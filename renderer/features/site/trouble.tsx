/** What the gateway refused, in its words. */
import { failureOf } from '../../api/failure.ts';
import styles from './site.module.css';

export function Trouble({ thrown }: { thrown: unknown }) {
  if (!thrown) return null;
  const { message, next, issues } = failureOf(thrown);
  const named = issues.map((issue) => issue.message).join(' ');
  return (
    <p className={styles.trouble} role="alert">
      {named || `${message} ${next}`}
    </p>
  );
}
