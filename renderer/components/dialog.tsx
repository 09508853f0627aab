/** A dialog with a title, a body and a foot of buttons, as the removal dialog shows it. */
import MuiDialog from '@mui/material/Dialog';
import { type ReactNode, useId } from 'react';
import styles from './dialog.module.css';

interface DialogProps {
  title: string;
  children: ReactNode;
  /** The buttons; the safest one takes `autoFocus`. None where a form in the body has them. */
  foot?: ReactNode;
  onClose: () => void;
}

export function Dialog({ title, children, foot, onClose }: DialogProps) {
  const id = useId();
  return (
    <MuiDialog open onClose={onClose} aria-labelledby={id} maxWidth={false}>
      <div className={styles.dialog}>
        <div className={styles.body}>
          <h2 className={styles.title} id={id}>
            {title}
          </h2>
          {children}
        </div>
        {foot && <div className={styles.foot}>{foot}</div>}
      </div>
    </MuiDialog>
  );
}
