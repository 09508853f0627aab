/** The near end of the bench, a process of its own: does one job and prints its figures. */
import { cpuSeconds } from '../process.ts';
import { bulk } from './bulk.ts';
import { check } from './check.ts';
import { connects } from './connects.ts';
import { idle, stall } from './idle.ts';
import type { Figures, Job } from './job.ts';
import { follow } from './page.ts';
import { ping } from './ping.ts';
import { udp } from './udp.ts';

function measure(job: Job): Promise<Figures> {
  switch (job.measure) {
    case 'up':
    case 'down':
    case 'both':
      return bulk(job, job.measure);
    case 'check':
      return check(job);
    case 'ping':
      return ping(job);
    case 'connects':
      return connects(job);
    case 'idle':
      return idle(job);
    case 'stall':
      return stall(job);
    case 'udp':
      return udp(job);
    default:
      throw new Error(`There is no measure ${job.measure}.`);
  }
}

const WARM_SECONDS = 0.2;
const warmed: ReadonlySet<string> = new Set(['up', 'down', 'both', 'ping', 'connects']);

const job = JSON.parse(process.argv[2] ?? '{}') as Job;
const { pid, page } = job.way;
if (page) await follow(page);
// This end compiles while it runs, too.
if (warmed.has(job.measure)) await measure({ ...job, seconds: WARM_SECONDS });
const before = pid && cpuSeconds(pid);
const figures = await measure(job);
const after = pid && cpuSeconds(pid);
/** Seconds of what is in between, for each GiB, connection or round trip. */
const cpu = before !== undefined && after !== undefined ? (after - before) / (figures.amount ?? 1) : undefined;
process.stdout.write(JSON.stringify({ ...figures, cpu }));
process.exit();
