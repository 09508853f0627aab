/** What may be in the way beyond what can be tried: a firewall of this PC, and the network that leads to a target. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Transport } from '../../shared/proxy.ts';

/** How the firewall of a system lets others come to a port. */
export function firewallHint(transports: readonly Transport[], port: number, platform = process.platform): string {
  const rules = transports.map((transport) => ruleOf(transport, port, platform)).join(' and ');
  return `Nobody has come in here yet. If others cannot, a firewall of this PC may be in the way: ${rules}.`;
}

function ruleOf(transport: Transport, port: number, platform: string): string {
  if (platform === 'win32') {
    return `netsh advfirewall firewall add rule name="Sluice ${port}" dir=in action=allow protocol=${transport} localport=${port}`;
  }
  if (platform === 'darwin') return 'allow Sluice in System Settings, Network, Firewall';
  return `sudo ufw allow ${port}/${transport}`;
}

/**
 * From where this PC would go to an address, `192.168.1.10 (eth0), on the same network`; undefined where no network
 * leads there. Asks the routing table by a UDP socket that sends nothing.
 */
export async function wayTo(address: string, interfaces = networkInterfaces()): Promise<string | undefined> {
  const socket = dgram.createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    socket.connect(9, address);
    await once(socket, 'connect');
    const from = socket.address().address;
    const all = Object.entries(interfaces).flatMap(([card, known = []]) => known.map((one) => ({ card, ...one })));
    const own = all.find((one) => one.address === from);
    if (!own) return from;
    const near = new BlockList();
    const prefix = Number(own.cidr?.split('/')[1]);
    const family = isIPv6(from) ? 'ipv6' : 'ipv4';
    near.addSubnet(from, prefix, family);
    const where = near.check(socket.remoteAddress().address, family) ? 'on the same network' : 'through a router';
    return `${from} (${own.card}), ${where}`;
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}
