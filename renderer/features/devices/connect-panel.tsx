/** How a device is told to connect: its fields, commands to copy, a QR code of the same. */
import { hostAndPort } from '../../../shared/address.ts';
import { iotmpPorts } from '../../../shared/agent.ts';
import { useGateway } from '../../api/use-gateway.ts';
import { CopyLine } from '../../components/copy-line.tsx';
import { QrCode } from '../../components/qr-code.tsx';
import { doorText, type Login, linuxCommand, qrText, sluiceCommand } from './connect-data.ts';
import styles from './connect-panel.module.css';
import { useDoor } from './use-door.ts';

interface ConnectPanelProps {
  login: Login;
  /** Nobody has been added yet: user and device are examples. */
  isExample?: boolean;
}

export function ConnectPanel({ login, isExample }: ConnectPanelProps) {
  const door = useDoor();
  const fingerprint = useGateway(({ hub }) => hub.fingerprint);
  if (!door) {
    return (
      <p className={styles.remark}>
        No door of the hub is open now. When one is, the commands for the device are here.
      </p>
    );
  }
  const linux = linuxCommand(door, login);
  const where = hostAndPort(door.host, door.port);
  return (
    <div className={styles.panel}>
      <div className={styles.ways}>
        <h3>With the Linux client of Thinger.io</h3>
        {linux ? (
          <CopyLine text={linux} what="the command for the Linux client" />
        ) : (
          <p className={styles.remark}>
            It always connects to port {iotmpPorts[door.transport]}, and the hub listens on {door.port}. Give the hub
            port {iotmpPorts[door.transport]} in the settings to use it.
          </p>
        )}
        <h3>With Sluice on the device</h3>
        <CopyLine text={sluiceCommand(door, login, fingerprint)} what="the command for sluice device" />
        <p className={styles.remark}>
          Each <code>--allow</code> names a target that the device may lead to, such as <code>10.0.0.0/24:502</code>.
        </p>
        <h3>With any other IoTMP client</h3>
        <dl className={styles.fields}>
          <Field name="Host" value={door.host} />
          <Field name="Port" value={`${door.port}, ${doorText[door.transport]}`} />
          <Field name="Username" value={login.user} />
          {!isExample && <Field name="Device Id" value={login.device} />}
          <Field name="Device Credentials" value={login.credentials ?? 'those that were set for it'} />
        </dl>
        {door.isLocal && (
          <p className={styles.remark}>
            {where} is reached from this PC only. Devices elsewhere need an address of this PC on their network.
          </p>
        )}
      </div>
      <figure className={styles.code}>
        <QrCode
          text={qrText(door, isExample ? { user: login.user } : login)}
          label={`QR code with host, port and username${login.credentials === undefined ? '' : ', device and credentials'}`}
        />
        <figcaption>
          {isExample ? 'Host, port and username' : 'Host, port, username and device'}
          {login.credentials !== undefined && ', with the credentials'}
        </figcaption>
      </figure>
    </div>
  );
}

function Field({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
