/** Under the list: who was turned away or broke the rules lately, with the step that mends it where there is one. */
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { type DeviceView, deviceLabel, type HubStatus } from '../../../shared/device.ts';
import { useClock } from '../../api/clock.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { formatActivity, formatExact } from '../../components/format.ts';
import { navigate } from '../../components/location.ts';
import { Sentence } from '../../components/sentence.tsx';
import { useUpdateDevice } from './device-calls.ts';
import { keyOf } from './device-list.ts';
import styles from './incidents.module.css';

type Incident = HubStatus['incidents'][number];

const FEW = 5;

export function Incidents() {
  const incidents = useGateway(({ hub }) => hub.incidents);
  const [isWhole, setWhole] = useState(false);
  if (incidents.length === 0) return null;
  const shown = isWhole ? incidents : incidents.slice(0, FEW);
  return (
    <section className={styles.section} aria-label="Turned away">
      <h2>
        <WarningIcon />
        Turned away, and other incidents at the hub
      </h2>
      <ul>
        {shown.map((incident) => (
          <Row key={`${incident.code} ${JSON.stringify({ ...incident.details, times: 0 })}`} incident={incident} />
        ))}
      </ul>
      {incidents.length > FEW && (
        <Button size="small" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show all ${incidents.length}`}
        </Button>
      )}
    </section>
  );
}

function Row({ incident }: { incident: Incident }) {
  const { message, next, at, details } = incident;
  const when = useClock((now) => formatActivity(at, now));
  return (
    <li className={styles.row}>
      <p>
        <Sentence text={message} strong={details.device} />{' '}
        <span>
          {next}{' '}
          {typeof details.address === 'string' && !message.includes(details.address) && `From ${details.address}.`}
        </span>
      </p>
      <Repair incident={incident} />
      <time dateTime={new Date(at).toISOString()} title={formatExact(at)}>
        {when}
      </time>
    </li>
  );
}

/** What mends it, as things are now: a device that came in since then needs nothing. */
function Repair({ incident }: { incident: Incident }) {
  const key = keyOf(incident.details.device);
  const view = useGateway(({ devices }) => (key ? devices.get(deviceLabel(key)) : undefined));
  const update = useUpdateDevice();
  if (incident.code !== 'DEVICE_TURNED_AWAY' || !key) return null;
  const path = `/devices/${key.user}/${key.device}`;
  if (!view)
    return <Button onClick={() => navigate(`/devices/add/as/${key.user}/${key.device}`)}>Add this device</Button>;
  if (isMended(view, incident.at)) return null;
  return view.enabled ? (
    <Button onClick={() => navigate(`${path}/settings`)}>New credentials</Button>
  ) : (
    <Button loading={update.isPending} onClick={() => update.mutate({ key, body: { enabled: true } })}>
      Enable
    </Button>
  );
}

const isMended = ({ connection }: DeviceView, at: number): boolean =>
  connection.active && connection.since !== null && connection.since >= at;
