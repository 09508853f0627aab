/** The gateway PC sleeps for half a minute. */
import { setTimeout as delay } from 'node:timers/promises';
import { percent, secondsOf } from '../../../bench/units.ts';
import { addProxy } from '../../support/program-proxies.ts';
import { connect, echoes, echoTarget } from '../../support/sockets.ts';
import { StockDevice } from '../../support/stock-device.ts';
import { waitFor } from '../../support/wait.ts';
import { CREDENTIALS, isOnline, openHub, startFarDevice, through, USER } from '../far-device.ts';
import { cpuShare, openEchoing } from '../loads.ts';
import { count, type Scenario } from '../scenario.ts';

const ASLEEP_S = 30;
const PIPES = 100;
const KEEP_ALIVE_S = 10;
export const frozen: Scenario = {
  promise: 'C7',
  words: `the gateway is stopped by the system for ${ASLEEP_S} s`,
  async run(soak) {
    const { program, pid, note } = soak;
    const target = await echoTarget();
    const port = await addProxy(program, 'frozen', target);
    const hub = await openHub(program, ['living', 'beating', 'dead']);
    await startFarDevice(program, hub, 'living');
    const beat = (device: string): Promise<StockDevice> =>
      StockDevice.online({
        port: hub,
        user: USER,
        device,
        credentials: CREDENTIALS,
        keepAliveMs: KEEP_ALIVE_S * 1000,
        parameters: { ka: KEEP_ALIVE_S },
      });
    const dead = await beat('dead');
    const beating = await beat('beating');
    const far = await addProxy(program, 'through', target, through('living', target));
    const pipes = [...(await openEchoing(port, PIPES)), ...(await openEchoing(far, 10))];
    note('asleep');
    program.process.kill('SIGSTOP');
    dead.silence();
    const waiting = connect(port);
    await delay(ASLEEP_S * 1000);
    program.process.kill('SIGCONT');
    const woken = performance.now();
    const answers = await Promise.all(pipes.map((socket) => (socket ? echoes(socket) : false)));
    const served = await echoes(await waiting);
    await delay(1000);
    const still = await Promise.all(pipes.map((socket) => (socket ? echoes(socket) : false)));
    const cpu = await cpuShare(pid, 2);
    await waitFor(async () => !(await isOnline(program, 'dead')), 'the dead device to be given up', 120_000);
    const gone = (performance.now() - woken) / 1000;
    const living = Number(await isOnline(program, 'living')) + Number(beating.isOnline);
    return [
      {
        words: 'pipes that were cut',
        found: [...answers, ...still].filter((isGood) => !isGood).length,
        limit: 0,
        unit: count,
      },
      {
        words: 'clients that came meanwhile and were served',
        found: Number(served),
        limit: 1,
        unit: count,
        isLeast: true,
      },
      { words: 'CPU one second after', found: cpu, limit: 0.1, unit: percent },
      { words: 'living devices that were never away', found: living, limit: 2, unit: count, isLeast: true },
      {
        words: 'until the dead device is given up',
        found: gone,
        limit: KEEP_ALIVE_S,
        unit: secondsOf,
      },
    ];
  },
};
