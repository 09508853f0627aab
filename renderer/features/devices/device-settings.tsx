/** Tab "Settings": the form of the device, and how to be rid of it. */
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import { useMemo, useState } from 'react';
import { type DeviceView, deviceLabel } from '../../../shared/device.ts';
import { leaveTo } from '../../components/location.ts';
import { MayButton } from '../../components/may.tsx';
import styles from '../../components/profile.module.css';
import { CredentialsShown } from './credentials-shown.tsx';
import { DeviceForm } from './device-form.tsx';
import { toDeviceValues } from './device-values.ts';
import { RemoveDevicesDialog } from './remove-devices-dialog.tsx';

export function DeviceSettings({ view }: { view: DeviceView }) {
  const [fresh, setFresh] = useState('');
  const [isRemoving, setRemoving] = useState(false);
  const { user, device, name, description, enabled } = view;
  // Traffic makes a new view each second; the form only follows what it shows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const values = useMemo(() => toDeviceValues(view), [user, device, name, description, enabled]);
  if (fresh !== '') {
    return (
      <CredentialsShown
        login={{ user, device, credentials: fresh }}
        title="New credentials"
        onDone={() => setFresh('')}
      />
    );
  }
  return (
    <>
      <DeviceForm
        values={values}
        view={view}
        cancelTo={`/devices/${user}/${device}`}
        onSaved={(_, credentials) => setFresh(credentials)}
      >
        <div className={styles.danger}>
          <MayButton may="devices.remove" color="error" startIcon={<RemoveIcon />} onClick={() => setRemoving(true)}>
            Remove this device…
          </MayButton>
          <p>Forgets its credentials and turns it away. Proxies through it stay, and wait.</p>
        </div>
      </DeviceForm>
      {isRemoving && (
        <RemoveDevicesDialog
          labels={[deviceLabel(view)]}
          onClose={() => setRemoving(false)}
          onRemoved={() => leaveTo('/devices')}
        />
      )}
    </>
  );
}
