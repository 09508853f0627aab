/** What the doctor finds on the PC of the gateway: one line when all is well, else each finding and what to do about it. */
import GoodIcon from '@mui/icons-material/Check';
import WellIcon from '@mui/icons-material/CheckCircleOutlined';
import BadIcon from '@mui/icons-material/Close';
import UnsureIcon from '@mui/icons-material/HelpOutlineOutlined';
import RefreshIcon from '@mui/icons-material/Refresh';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Button from '@mui/material/Button';
import { useEffect, useState } from 'react';
import type { Finding } from '../../shared/finding.ts';
import { failureOf } from '../api/failure.ts';
import { useExamination } from '../api/queries.ts';
import { examinationText, isNoteworthy } from './examination-text.ts';
import styles from './this-pc.module.css';

const LONG_MS = 1000;

/** @param props.canShowAll  also offers what was found to be good */
export function ThisPc({ canShowAll = false }: { canShowAll?: boolean }) {
  const { findings, error, isRunning, again } = useExamination();
  const isSlow = useLasting(isRunning, LONG_MS);
  const [isWhole, setWhole] = useState(false);
  const shown = error ? [] : (findings?.filter((one) => isWhole || isNoteworthy(one)) ?? []);
  return (
    <div>
      <div className={styles.head}>
        <p className={styles.verdict} role="status">
          <Verdict findings={findings} error={error} isSlow={isSlow} />
        </p>
        <div className={styles.buttons}>
          {canShowAll && findings && (
            <Button variant="text" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
              {isWhole ? 'Show less' : `Show all ${findings.length} checks`}
            </Button>
          )}
          <Button variant="text" startIcon={<RefreshIcon />} loading={isSlow} loadingPosition="start" onClick={again}>
            Check again
          </Button>
        </div>
      </div>
      {shown.length > 0 && (
        <ul className={styles.list}>
          {shown.map((one) => (
            <Row key={`${one.check} ${one.message}`} {...one} />
          ))}
        </ul>
      )}
    </div>
  );
}

interface VerdictProps {
  findings: readonly Finding[] | undefined;
  error: Error | null;
  isSlow: boolean;
}

function Verdict({ findings, error, isSlow }: VerdictProps) {
  if (isSlow) return 'Checking this PC…';
  if (error) {
    const { message, next } = failureOf(error);
    return `This PC could not be checked. ${message} ${next}`;
  }
  if (!findings) return null;
  return (
    <>
      {findings.some(({ ok }) => ok === false) ? (
        <WarningIcon className={styles.ill} />
      ) : (
        <WellIcon className={styles.good} />
      )}
      {examinationText(findings)}
    </>
  );
}

function Row({ ok, message, next }: Finding) {
  return (
    <li className={styles.row}>
      <Sign ok={ok} />
      <p>
        {message}
        {next && <span>{next}</span>}
      </p>
    </li>
  );
}

function Sign({ ok }: Pick<Finding, 'ok'>) {
  if (ok === true) return <GoodIcon className={styles.good} titleAccess="Good" />;
  return ok === null ? (
    <UnsureIcon titleAccess="Worth knowing" />
  ) : (
    <BadIcon className={styles.bad} titleAccess="Fault" />
  );
}

/** True once `isOn` has been true for so long. */
function useLasting(isOn: boolean, ms: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => setLasts(true), ms);
    return () => {
      clearTimeout(timer);
      setLasts(false);
    };
  }, [isOn, ms]);
  return isOn && lasts;
}
