/** All that a locked page shows. */
import { Mark } from '../../components/mark.tsx';
import { Contact } from './contact.tsx';
import { UnlockForm } from './unlock-form.tsx';
import styles from './users.module.css';

export function LockPage() {
  return (
    <main className={styles.lock}>
      <Mark state="running" size={48} isDecorative />
      <h1>Sluice is locked</h1>
      <p>Proxies go on. Unlock it with your name and password.</p>
      <UnlockForm />
      <Contact />
    </main>
  );
}
