/** The test of a proxy as a ladder of steps: done, running, not reached. */
import DoneIcon from '@mui/icons-material/Check';
import FailedIcon from '@mui/icons-material/Close';
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import WaitingIcon from '@mui/icons-material/RadioButtonUnchecked';
import Button from '@mui/material/Button';
import CircularProgress from '@mui/material/CircularProgress';
import type { ReactNode } from 'react';
import { type LadderStep, ladderText, type StepResult, stepNames } from '../../../shared/ladder.ts';
import { useClock } from '../../api/clock.ts';
import { copyText } from '../../components/copy-text.ts';
import styles from './ladder-steps.module.css';
import { type LadderRun, works } from './use-ladder.ts';

interface LadderStepsProps {
  /** For the copied text: the name of the proxy. */
  title: string;
  run: LadderRun;
  /** Buttons that mend the fault of a step. */
  mend?: ((result: StepResult) => ReactNode) | undefined;
}

export function LadderSteps({ title, run, mend }: LadderStepsProps) {
  const { plan, steps, isRunning, failure } = run;
  return (
    <section className={styles.ladder} aria-label="Test">
      <div className={styles.head}>
        <h2 className={styles.title}>Test</h2>
        <span className={styles.place} role="status">
          {isRunning ? `step ${Math.min(steps.length + 1, plan.length || 1)} of ${plan.length || '…'}` : verdict(run)}
        </span>
        <Button
          variant="text"
          color="primary"
          startIcon={<CopyIcon />}
          disabled={isRunning || steps.length === 0}
          onClick={() => {
            copyText(ladderText(title, { ok: works(run), plan, steps: [...steps] })).catch(reportError);
          }}
        >
          Copy as text
        </Button>
      </div>
      {failure && (
        <p className={styles.failure} role="alert">
          {failure.message} {failure.next}
        </p>
      )}
      <ol className={styles.steps}>
        {plan.map((step, at) => {
          const result = steps.find((done) => done.step === step);
          if (result) return <Done key={step} result={result} mend={mend} />;
          return isRunning && at === steps.length ? (
            <Running key={step} step={step} since={run.stepBegan} />
          ) : (
            <Open key={step} step={step} isRunning={isRunning} />
          );
        })}
      </ol>
    </section>
  );
}

function verdict(run: LadderRun): string {
  if (run.failure) return 'not made';
  if (works(run)) return 'passed';
  return run.steps.some(({ ok }) => !ok) ? 'found a fault' : 'stopped';
}

function Done({ result, mend }: { result: StepResult; mend: LadderStepsProps['mend'] }) {
  const { ok, ms, message, next } = result;
  return (
    <li className={ok ? styles.step : `${styles.step} ${styles.failed}`}>
      {ok ? (
        <DoneIcon className={styles.good} titleAccess="Done" />
      ) : (
        <FailedIcon className={styles.bad} titleAccess="Failed" />
      )}
      <div className={styles.words}>
        <p>{message}</p>
        {next !== null && <p className={styles.next}>{next}</p>}
        {!ok && mend && <div className={styles.actions}>{mend(result)}</div>}
      </div>
      <span className={styles.time}>{timeText(ms)}</span>
    </li>
  );
}

function Running({ step, since }: { step: LadderStep; since: number }) {
  const seconds = useClock(() => Math.max(0, Math.floor((performance.now() - since) / 1000)));
  return (
    <li className={`${styles.step} ${styles.now}`} aria-current="step">
      <CircularProgress size={18} aria-hidden />
      <div className={styles.words}>
        <p>
          <b>{stepNames[step]}</b> is being tried
        </p>
      </div>
      <span className={styles.time}>{seconds > 0 ? `${seconds} s` : ''}</span>
    </li>
  );
}

function Open({ step, isRunning }: { step: LadderStep; isRunning: boolean }) {
  return (
    <li className={`${styles.step} ${styles.open}`}>
      <WaitingIcon aria-hidden />
      <div className={styles.words}>
        <p>{stepNames[step]}</p>
      </div>
      <span className={styles.time}>{isRunning ? '' : 'not tried'}</span>
    </li>
  );
}

const timeText = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
