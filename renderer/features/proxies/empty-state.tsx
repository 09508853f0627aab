/** What the Proxies page says before there is one. */
import AddIcon from '@mui/icons-material/Add';
import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import Button from '@mui/material/Button';
import { isLoopback } from '../../../shared/address.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { navigate } from '../../components/location.ts';
import { PipePicture } from '../../components/pipe-picture.tsx';
import styles from './empty-state.module.css';

export function EmptyState() {
  const defaultAddress = useGateway((snapshot) => snapshot.settings?.listen.defaultAddress ?? '127.0.0.1');
  return (
    <>
      <div className={`page-head ${styles.head}`}>
        <h1>Proxies</h1>
      </div>
      <div className={styles.body}>
        <div className={styles.column}>
          <PipePicture
            size="large"
            source={{ detail: 'whoever connects' }}
            gateway={{ state: 'stopped', detail: 'opens a port' }}
            target={{ detail: 'PLC, panel, page', isUntried: true }}
          />
          <h2>No pipes yet.</h2>
          <p className={styles.lead}>A proxy opens a port on this PC and passes everything to a target.</p>
          <div className={styles.action}>
            <Button
              size="large"
              variant="contained"
              color="primary"
              autoFocus
              startIcon={<AddIcon />}
              onClick={() => navigate('/proxies/add')}
              aria-keyshortcuts="n"
            >
              Add Proxy
            </Button>
            <span>Choose a port and a target.</span>
            <KeyCap>N</KeyCap>
          </div>
          {isLoopback(defaultAddress) && (
            <p className={styles.note}>
              <ShieldIcon />
              Nothing listens beyond this PC until you say so.
            </p>
          )}
        </div>
      </div>
      <footer className="page-foot">No proxies</footer>
    </>
  );
}
