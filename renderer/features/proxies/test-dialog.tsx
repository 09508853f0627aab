/** The test of a saved proxy, over the table. Begins as it opens. */
import Button from '@mui/material/Button';
import { useEffect, useRef } from 'react';
import type { StepResult } from '../../../shared/ladder.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { Dialog } from '../../components/dialog.tsx';
import { LadderSteps } from './ladder-steps.tsx';
import { MendTls } from './mend-tls.tsx';
import styles from './test-dialog.module.css';
import { useLadder } from './use-ladder.ts';

export function TestDialog({ view, onClose }: { view: ProxyView; onClose: () => void }) {
  const ladder = useLadder();
  const start = () => ladder.start(view.proxy);
  const first = useRef(start);
  useEffect(() => first.current(), []);
  const mend = ({ code, details }: StepResult) =>
    code === null ? null : <MendTls view={view} fault={{ code, details }} onMended={start} />;
  const isRunning = ladder.run?.isRunning ?? true;
  return (
    <Dialog
      title={`Test of ${view.name}`}
      onClose={onClose}
      foot={
        <>
          <Button disabled={isRunning} onClick={start}>
            Test again
          </Button>
          <Button autoFocus variant="contained" color="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles.steps}>{ladder.run && <LadderSteps title={view.name} run={ladder.run} mend={mend} />}</div>
    </Dialog>
  );
}
