/** One message of a protocol, field by field. */
import Button from '@mui/material/Button';
import type { DecodedMessage } from '../../../shared/decoded.ts';
import { formatExact } from '../../components/format.ts';
import styles from './message-list.module.css';

interface DecodedMessageViewProps {
  message: DecodedMessage;
  onStep: (by: 1 | -1) => void;
}

export function DecodedMessageView({ message, onStep }: DecodedMessageViewProps) {
  const { title, tone, fields, body, isBodyCut, way, at, offset, length } = message;
  return (
    <div className={styles.message}>
      <div className={styles.steps}>
        <Button size="small" onClick={() => onStep(-1)}>
          Previous
        </Button>
        <Button size="small" onClick={() => onStep(1)}>
          Next
        </Button>
      </div>
      <h3 className={tone === 'fault' ? styles.fault : undefined}>
        {way === 'received' ? '→' : '←'} <bdi>{title}</bdi>
      </h3>
      <table>
        <tbody>
          <tr>
            <th scope="row">Time</th>
            <td>{formatExact(at)}</td>
          </tr>
          <tr>
            <th scope="row">Bytes</th>
            <td className="mono">
              {offset}–{offset + Math.max(0, length - 1)}
            </td>
          </tr>
          {fields.map(({ name, value, from, to }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may come twice, and fields do not move.
            <tr key={index}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              <td className="mono" title={from === undefined ? undefined : `bytes ${from}–${(to ?? from + 1) - 1}`}>
                <bdi>{value}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {body !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
        <pre tabIndex={0}>
          {body}
          {isBodyCut && '\n… shown in part'}
        </pre>
      )}
    </div>
  );
}
