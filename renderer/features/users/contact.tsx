/** Who can help those who may not do something, as an administrator has written it. */
import { useSession } from '../../api/session.ts';
import styles from './users.module.css';

export function Contact() {
  const contact = useSession()?.contact;
  if (!contact) return null;
  return (
    <p className={styles.contact}>
      <b>Who can help:</b> {contact}
    </p>
  );
}
