/** A key of the keyboard, drawn beside what it does. */
import styles from './key-cap.module.css';

export function KeyCap({ children }: { children: string }) {
  return (
    <kbd className={styles.cap} aria-hidden>
      {children}
    </kbd>
  );
}
