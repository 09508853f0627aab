/** How a PC lets programs without extra rights open low ports. */
import Button from '@mui/material/Button';
import { copyText } from '../../components/copy-text.ts';
import { Dialog } from '../../components/dialog.tsx';
import styles from './low-port-dialog.module.css';

export function LowPortDialog({ port, onClose }: { port: number; onClose: () => void }) {
  const commands = [
    `echo net.ipv4.ip_unprivileged_port_start=${port} | sudo tee /etc/sysctl.d/50-sluice.conf`,
    'sudo sysctl --system',
  ].join('\n');
  return (
    <Dialog
      title={`Allow port ${port}`}
      onClose={onClose}
      foot={
        <>
          <Button
            variant="contained"
            color="primary"
            onClick={() => {
              copyText(commands).catch(reportError);
            }}
          >
            Copy commands
          </Button>
          <Button autoFocus onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <p className={styles.words}>
        Linux keeps ports below 1024 for administrators. These commands, in a terminal of this PC, let every program
        open ports from {port} up, also after a restart. Then press Try again.
      </p>
      <pre className={styles.commands}>{commands}</pre>
      <p className={styles.words}>
        The service that the Debian package installs has this right already. On macOS, ports below 1024 are free where
        the proxy listens on all addresses.
      </p>
    </Dialog>
  );
}
