/** The table of certificates, with the calendar of their ends. */
import EndedIcon from '@mui/icons-material/Close';
import SoonIcon from '@mui/icons-material/WarningAmberOutlined';
import { useState } from 'react';
import type { CertificateView } from '../../../shared/certificate.ts';
import { useClock } from '../../api/clock.ts';
import { useCall } from '../../api/use-gateway.ts';
import { formatShort } from '../../components/format.ts';
import { MayButton } from '../../components/may.tsx';
import { CertificateMenu } from './certificate-menu.tsx';
import styles from './certificates.module.css';
import { ImportDialog } from './import-dialog.tsx';
import { leftText, spanOf, ticksOf, todayAt } from './timeline.ts';
import { issuerText, kindText, usersText } from './words.ts';

const HOUR_MS = 3_600_000;

export function CertificateTable({
  certificates,
  isNarrow,
}: {
  certificates: readonly CertificateView[];
  isNarrow: boolean;
}) {
  const now = useClock((ms) => Math.floor(ms / HOUR_MS)) * HOUR_MS;
  return (
    <div className={styles.scroller}>
      <table className={styles.table} aria-label="Certificates">
        <colgroup>
          <col className={styles.nameColumn} />
          <col className={styles.kindColumn} />
          {!isNarrow && <col className={styles.issuerColumn} />}
          {!isNarrow && <col className={styles.lineColumn} />}
          <col className={styles.endsColumn} />
          <col className={styles.actionColumn} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Certificate</th>
            <th scope="col">Kind</th>
            {!isNarrow && <th scope="col">Signed by</th>}
            {!isNarrow && (
              <th>
                <span className="visually-hidden">From when to when</span>
                <div className={styles.ticks} aria-hidden>
                  {ticksOf(now).map(({ at, text, isYear }) => (
                    <span key={at} className={isYear ? styles.year : undefined} style={{ left: `${at}%` }}>
                      {text}
                    </span>
                  ))}
                </div>
              </th>
            )}
            <th scope="col">Ends</th>
            <th>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {certificates.map((view) => (
            <Row key={view.certificate} view={view} now={now} isNarrow={isNarrow} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ view, now, isNarrow }: { view: CertificateView; now: number; isNarrow: boolean }) {
  const { name, state, notBefore, notAfter } = view;
  return (
    <tr className={styles[state]}>
      <th scope="row" className={styles.name}>
        <bdi>{name}</bdi>
        <small>
          <bdi>{usersText(view)}</bdi>
        </small>
      </th>
      <td>{kindText(view)}</td>
      {!isNarrow && (
        <td className={styles.issuer}>
          <bdi>{issuerText(view)}</bdi>
        </td>
      )}
      {!isNarrow && (
        <td className={styles.line} aria-hidden>
          <span className={styles.today} style={{ left: `${todayAt}%` }} />
          {state === 'waiting' && <span className={styles.awaited} style={{ left: `${todayAt}%` }} />}
          {notBefore !== null && notAfter !== null && <Bar notBefore={notBefore} notAfter={notAfter} now={now} />}
        </td>
      )}
      <td className={styles.ends}>
        {notAfter === null ? (
          'not yet issued'
        ) : (
          <>
            <span>
              {state === 'ended' && <EndedIcon titleAccess="Ended" />}
              {(state === 'ends_soon' || state === 'not_yet') && <SoonIcon titleAccess="Look at this" />}
              {formatShort(notAfter, 0)}
            </span>
            <small>{state === 'not_yet' ? 'not valid yet' : leftText(notAfter, now)}</small>
          </>
        )}
      </td>
      <td className={styles.actions}>
        <Renew view={view} />
        <CertificateMenu view={view} />
      </td>
    </tr>
  );
}

function Bar({ notBefore, notAfter, now }: { notBefore: number; notAfter: number; now: number }) {
  const { from, to, goesOn } = spanOf(notBefore, notAfter, now);
  return (
    <span
      className={`${styles.bar} ${goesOn ? styles.goesOn : ''}`}
      style={{ left: `${from}%`, width: `${Math.max(0.5, to - from)}%` }}
    />
  );
}

/** Where it is time: by the local CA, or with a file of another one. */
function Renew({ view }: { view: CertificateView }) {
  const { certificate, origin, state, kind } = view;
  const [isReplacing, setReplacing] = useState(false);
  const renew = useCall((client, _: undefined) => client.certificates.renew({ certificate }));
  if (state === 'good' || state === 'waiting') return null;
  if (origin === 'issued' && kind !== 'ca') {
    return (
      <MayButton
        may="certificates.renew"
        variant="contained"
        color="primary"
        loading={renew.isPending}
        onClick={() => renew.mutate(undefined)}
      >
        Renew
      </MayButton>
    );
  }
  if (origin !== 'imported') return null;
  return (
    <>
      <MayButton may="certificates.update" onClick={() => setReplacing(true)}>
        Replace
      </MayButton>
      {isReplacing && <ImportDialog replaced={view} onClose={() => setReplacing(false)} />}
    </>
  );
}
