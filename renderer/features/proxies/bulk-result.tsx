/** What became of something that was done to many proxies, where not all of it worked. */
import Button from '@mui/material/Button';
import { Dialog } from '../../components/dialog.tsx';
import { counted } from '../../components/format.ts';
import type { BulkResult } from './bulk.ts';
import styles from './bulk-result.module.css';

export function BulkResultDialog({ result, onClose }: { result: BulkResult; onClose: () => void }) {
  const { done, worked, failed, left } = result;
  const all = worked.length + failed.length;
  return (
    <Dialog
      title={`${worked.length} of ${counted(all, 'proxy', 'proxies')} ${done}`}
      onClose={onClose}
      foot={
        <>
          <span className="space" />
          <Button size="large" variant="contained" color="primary" autoFocus onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {left > 0 && <p>{left === 1 ? 'One more was' : `${left} more were`} so already.</p>}
      <h3 className={styles.head}>Not {done}</h3>
      <ul className={styles.list}>
        {failed.map(({ proxy, name, why }) => (
          <li key={proxy}>
            <b>{name}</b> <code>{proxy}</code>
            <span className={styles.why}>{why}</span>
          </li>
        ))}
      </ul>
      {worked.length > 0 && (
        <>
          <h3 className={styles.head}>{`${done[0]?.toUpperCase()}${done.slice(1)}`}</h3>
          <p className={styles.worked}>{worked.map(({ name }) => name).join(', ')}</p>
        </>
      )}
    </Dialog>
  );
}
