/** What the Proxies page says before there is one: what can be done, and what this PC lacks for it. */
import AddIcon from '@mui/icons-material/Add';
import TemplateIcon from '@mui/icons-material/DescriptionOutlined';
import DeviceIcon from '@mui/icons-material/DeveloperBoardOutlined';
import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import Button from '@mui/material/Button';
import { useId } from 'react';
import { isLoopback } from '../../../shared/address.ts';
import { templates } from '../../../shared/templates.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { KeyCap } from '../../components/key-cap.tsx';
import { navigate } from '../../components/location.ts';
import { PipePicture } from '../../components/pipe-picture.tsx';
import { ThisPc } from '../../components/this-pc.tsx';
import styles from './empty-state.module.css';

export function EmptyState() {
  const id = useId();
  const defaultAddress = useGateway((snapshot) => snapshot.settings?.listen.defaultAddress ?? '127.0.0.1');
  const isHubOpen = useGateway(({ hub }) =>
    hub.listeners.some(({ state, address }) => state === 'listening' && !isLoopback(address)),
  );
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
            device={{ detail: 'only if needed', isUntried: true }}
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
            <span>Choose a port, a target and, if needed, the device in between.</span>
            <KeyCap>N</KeyCap>
          </div>
          <div className={styles.action}>
            <Button size="large" startIcon={<TemplateIcon />} onClick={() => navigate('/proxies/add/template')}>
              Use a template
            </Button>
            <span>{templatesText}</span>
          </div>
          <div className={styles.action}>
            <Button size="large" startIcon={<DeviceIcon />} onClick={() => navigate('/devices/add')}>
              Add Device
            </Button>
            <span>For targets on another network: a device there makes the connection.</span>
          </div>
          <section className={styles.pc} aria-labelledby={id}>
            <h3 id={id}>This PC</h3>
            <ThisPc />
            {isLoopback(defaultAddress) && (
              <p className={styles.note}>
                <ShieldIcon />
                {isHubOpen
                  ? 'Proxies listen on this PC only until you say otherwise. The hub awaits devices from the network.'
                  : 'Nothing listens beyond this PC until you say so.'}
              </p>
            )}
          </section>
        </div>
      </div>
      <footer className="page-foot">No proxies</footer>
    </>
  );
}

const named = templates.slice(0, 2).map(({ name }) => name);
const templatesText = `${named.join(', ')}, VNC panel, and ${templates.length - 3} more.`;
