/** The larger picture of a pipe: source, this PC, device, target, with words under each. Used by the form and the empty state. */
import OpenLockIcon from '@mui/icons-material/LockOpenOutlined';
import { Mark, type MarkState } from './mark.tsx';
import styles from './pipe-picture.module.css';

interface Leg {
  readonly detail: string;
  /** A second line, such as "not encrypted". */
  readonly remark?: string;
  /** Passes a network in plain: shows an open lock over the line. */
  readonly isPlain?: boolean;
}

interface PipePictureProps {
  size: 'small' | 'large';
  source: Leg;
  gateway: { readonly detail: string; readonly state: MarkState };
  /** What the target is reached through. Untried legs are dotted. */
  device?: { readonly detail: string; readonly remark?: string; readonly isUntried?: boolean };
  target: Leg & { readonly isUntried?: boolean };
  /** Datagrams are dashed. */
  isDashed?: boolean;
}

export function PipePicture({ size, source, gateway, device, target, isDashed }: PipePictureProps) {
  const line = isDashed ? styles.dashed : '';
  return (
    <div className={`${styles.picture} ${styles[size]}`}>
      <div className={styles.drawing} aria-hidden>
        <span className={styles.dot} />
        <span className={`${styles.leg} ${line}`}>{source.isPlain && <OpenLockIcon />}</span>
        <Mark state={gateway.state} size={size === 'large' ? 64 : 32} isDecorative />
        {device && (
          <>
            <span className={`${styles.leg} ${device.isUntried ? styles.untried : ''}`} />
            <span className={styles.diamond} />
          </>
        )}
        <span className={`${styles.leg} ${target.isUntried ? styles.untried : line}`}>
          {target.isPlain && <OpenLockIcon />}
        </span>
        <span className={styles.ring} />
      </div>
      <dl className={`${styles.words} ${device ? styles.four : ''}`}>
        <Words title="Source" {...source} />
        <Words title="This PC" {...gateway} />
        {device && <Words title="Device" {...device} />}
        <Words title="Target" {...target} />
      </dl>
    </div>
  );
}

function Words({ title, detail, remark }: { title: string; detail: string; remark?: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{detail}</dd>
      {remark && <dd>{remark}</dd>}
    </div>
  );
}
