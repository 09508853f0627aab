/** Tab "Proxies": those that lead through this device, with their switches. */
import AddIcon from '@mui/icons-material/Add';
import Button from '@mui/material/Button';
import type { DeviceView } from '../../../shared/device.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { navigate } from '../../components/location.ts';
import styles from '../../components/profile.module.css';
import { ProxiesShort } from '../../components/proxies-short.tsx';
import { isSameList } from '../../components/selection.ts';
import { proxiesThrough } from './device-list.ts';

export function DeviceProxies({ view }: { view: DeviceView }) {
  const ids = useGateway(({ proxies }) => proxiesThrough(proxies.values(), view).map(({ proxy }) => proxy), isSameList);
  const addButton = (
    <Button
      variant="contained"
      color="primary"
      startIcon={<AddIcon />}
      onClick={() => navigate(`/proxies/add/via/${view.user}/${view.device}`)}
    >
      Add Proxy
    </Button>
  );
  if (ids.length === 0) {
    return (
      <div className={styles.missing}>
        <p>
          No proxy leads through this device. One opens a port on this PC and passes everything to a target behind it.
        </p>
        {addButton}
      </div>
    );
  }
  return (
    <div className={styles.body}>
      <ProxiesShort ids={ids} label="Proxies through this device" />
      <div className={styles.section}>{addButton}</div>
    </div>
  );
}
