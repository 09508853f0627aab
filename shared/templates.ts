/** The templates that come with Sluice: by the thing that is reached, with what is worth knowing about it. */
import type { TemplateSettings, TemplateView } from './template.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** People leave these open over a shift; polled ones show within minutes that they are dead. */
const shift = { idleTimeoutMs: 12 * HOUR_MS };
const polled = { idleTimeoutMs: 10 * MINUTE_MS };

const builtIn = (template: string, name: string, advice: string, settings: TemplateSettings): TemplateView => ({
  template,
  name,
  advice,
  settings,
  own: false,
});
const tcp = (targetPort: number, sourcePort: number, limits?: TemplateSettings['limits']): TemplateSettings => ({
  protocol: 'tcp',
  sourcePort,
  targetPort,
  ...(limits && { limits }),
});
const udp = (targetPort: number, sourcePort: number): TemplateSettings => ({ protocol: 'udp', sourcePort, targetPort });

export const templates: readonly TemplateView[] = [
  builtIn(
    'modbus-tcp',
    'Modbus TCP PLC',
    'Many controllers serve only a few clients at once, so one that hangs is ended after ten minutes.',
    tcp(502, 5020, polled),
  ),
  builtIn(
    'hmi-web',
    'HMI web page',
    'A page that redirects to its own address needs HTTP over IoTMP, or the address of this PC as its name.',
    tcp(80, 8080, { idleTimeoutMs: 5 * MINUTE_MS }),
  ),
  builtIn(
    'https',
    'Web page over HTTPS',
    'TLS passes through untouched; the browser warns, because the certificate names the target and not this PC.',
    tcp(443, 8443, { idleTimeoutMs: 5 * MINUTE_MS }),
  ),
  builtIn(
    'vnc-panel',
    'VNC panel',
    'VNC itself encrypts little: keep the port to this PC, or name the networks that may connect.',
    tcp(5900, 5900, shift),
  ),
  builtIn(
    'rdp',
    'Remote desktop (RDP)',
    'Windows needs TCP only; the faster way over UDP is left out and the desktop works without it.',
    tcp(3389, 3390, shift),
  ),
  builtIn(
    'ssh',
    'SSH',
    'A client that knows the target by another address will ask about its host key once.',
    tcp(22, 2222, shift),
  ),
  builtIn(
    's7',
    'Siemens S7 PLC',
    'ISO on TCP: rack and slot are set in the client; an S7-1200 or S7-1500 has to permit PUT/GET for other than its own tools.',
    tcp(102, 1102, polled),
  ),
  builtIn(
    'opc-ua',
    'OPC UA server',
    'Servers tell clients their own address: let the client keep the address of this PC instead.',
    tcp(4840, 4840),
  ),
  builtIn(
    'ethernet-ip',
    'EtherNet/IP PLC',
    'Carries explicit messages, such as those of programming tools; cyclic I/O uses UDP 2222 and does not pass.',
    tcp(44_818, 44_818, polled),
  ),
  builtIn(
    'ads',
    'Beckhoff ADS',
    'The controller needs a route to the AMS Net ID of the client, whatever address it comes from.',
    tcp(48_898, 48_898, polled),
  ),
  builtIn(
    'fins',
    'Omron FINS',
    'Some controllers answer only to the node that matches the address a command came from, which is this PC.',
    udp(9600, 9600),
  ),
  builtIn(
    'bacnet-ip',
    'BACnet/IP',
    'Broadcasts such as Who-Is do not pass: name the device in the client, or register it as a foreign device.',
    udp(47_808, 47_808),
  ),
  builtIn(
    'dnp3',
    'DNP3 outstation',
    'Quiet links are normal, so they are kept open for a day.',
    tcp(20_000, 20_000, { idleTimeoutMs: 24 * HOUR_MS, maxPipes: 1 }),
  ),
  builtIn(
    'iec-104',
    'IEC 60870-5-104',
    'Both ends test a quiet link every 20 s or so, so one that is silent for ten minutes is dead.',
    tcp(2404, 2404, polled),
  ),
  builtIn(
    'serial-server',
    'Serial device server',
    'Raw bytes of a serial port: one client at a time, or their questions mix.',
    tcp(4001, 4001, { idleTimeoutMs: 12 * HOUR_MS, maxPipes: 1 }),
  ),
  builtIn(
    'mqtt',
    'MQTT broker',
    'Clients send a sign of life at least every few minutes; one without it for an hour is gone.',
    tcp(1883, 1883),
  ),
  builtIn(
    'mqtt-tls',
    'MQTT broker over TLS',
    'Sluice makes TLS to the broker, so clients here connect without; choose what its certificate is verified with.',
    { ...tcp(8883, 1884), targetSecure: true },
  ),
  builtIn(
    'camera',
    'Camera (RTSP)',
    'Choose RTSP over TCP in the player: pictures that come over UDP do not pass.',
    tcp(554, 8554),
  ),
  builtIn(
    'postgresql',
    'PostgreSQL database',
    'Leave SSL/TLS off here: the database agrees on it with its client after the connection is made.',
    tcp(5432, 5432, shift),
  ),
  builtIn(
    'mysql',
    'MySQL or MariaDB database',
    'Leave SSL/TLS off here: the database agrees on it with its client after the connection is made.',
    tcp(3306, 3306, shift),
  ),
  builtIn(
    'mssql',
    'Microsoft SQL Server',
    'A named instance has a port of its own; give the client that of this proxy, since the look-up on UDP 1434 does not pass.',
    tcp(1433, 1433, shift),
  ),
  builtIn(
    'influxdb',
    'InfluxDB',
    'Writers and dashboards use HTTP with a token, which passes in plain text without SSL/TLS.',
    tcp(8086, 8086),
  ),
  builtIn('node-red', 'Node-RED', 'Its editor may change all flows: set a password there first.', tcp(1880, 1880)),
  builtIn(
    'telnet',
    'Telnet console',
    'Passwords pass in plain text: open it for a time only.',
    tcp(23, 2323, { maxPipes: 1 }),
  ),
  builtIn(
    'snmp',
    'SNMP agent',
    'Carries questions and their answers; traps go the other way, to UDP 162 of the manager.',
    udp(161, 1161),
  ),
  builtIn(
    'syslog',
    'Syslog server',
    'The target is the server that keeps the log; it will see this PC as the sender of all messages.',
    udp(514, 5514),
  ),
];
