/** The live graph of a device with its switch, and the same in words. */
import FromIcon from '@mui/icons-material/ArrowBack';
import ToIcon from '@mui/icons-material/ArrowForward';
import Switch from '@mui/material/Switch';
import { useId, useState } from 'react';
import { type DeviceView, deviceLabel } from '../../../shared/device.ts';
import { formatRate } from '../../components/format.ts';
import { LiveChart, type Sample } from '../../components/live-chart.tsx';
import styles from '../../components/profile.module.css';
import { useSamples } from './use-samples.ts';

export function LiveTransmission({ view }: { view: DeviceView }) {
  const [isLive, setLive] = useState(true);
  const { samples, until } = useSamples(deviceLabel(view), isLive);
  const id = useId();
  const last = samples.at(-1);
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.sectionHead}>
        <label className={styles.live} htmlFor={`${id}-switch`}>
          <Switch
            checked={isLive}
            onChange={(_, checked) => setLive(checked)}
            slotProps={{ input: { id: `${id}-switch` } }}
          />
          <span id={id}>Live Transmission</span>
        </label>
        <span className={`${styles.legend} ${styles.to}`}>
          <ToIcon />
          Bytes Sent, to the device <b>{formatRate(last?.to ?? 0)}</b>
        </span>
        <span className={`${styles.legend} ${styles.from}`}>
          <FromIcon />
          Bytes Received, from it <b>{formatRate(last?.back ?? 0)}</b>
        </span>
      </div>
      <LiveChart samples={samples} until={until} label={chartText(samples, isLive)} />
    </section>
  );
}

/** `Last 60 s: at most 184 B/s to the device and 612 B/s from it.` */
export function chartText(samples: readonly Sample[], isLive: boolean): string {
  const most = (of: (sample: Sample) => number) => formatRate(Math.max(0, ...samples.map(of)));
  const still = isLive ? '' : 'Stopped. ';
  return `${still}Last 60 s: at most ${most(({ to }) => to)} to the device and ${most(({ back }) => back)} from it.`;
}
