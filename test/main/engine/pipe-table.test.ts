import { describe, expect, it } from 'vitest';
import { type OpenPipe, PipeTable } from '../../../main/engine/pipe-table.ts';
import type { Pipe } from '../../../shared/pipe.ts';

function view(pipe: string, proxy = 'a'): Pipe {
  return { pipe, proxy, transport: 'tcp', state: 'open', client: '', target: '', opened: 0, received: 0, sent: 0 };
}

function open(table: PipeTable, proxy = 'a'): OpenPipe {
  const id = table.nextId();
  const nothing = (): void => {};
  const pipe = {
    id,
    proxy,
    transport: 'tcp' as const,
    clientAddress: '',
    view: view(id, proxy),
    watch: nothing,
    kill: nothing,
    drain: nothing,
    dispose: nothing,
    sweep: nothing,
  };
  table.add(pipe);
  return pipe;
}

const end = (table: PipeTable, id: string, proxy = 'a') =>
  table.ended({ ...view(id, proxy), state: 'ended', reason: 'idle' });

describe('the table of pipes', () => {
  it('lists the newest first, the open before the ended, and filters', () => {
    const table = new PipeTable();
    const [first, second, third] = [open(table), open(table, 'b'), open(table)];
    end(table, first.id);
    expect(table.list({}).map((pipe) => pipe.pipe)).toEqual([third.id, second.id, first.id]);
    expect(table.list({ proxy: 'b' }).map((pipe) => pipe.pipe)).toEqual([second.id]);
    expect(table.list({ state: 'ended' }).map((pipe) => pipe.pipe)).toEqual([first.id]);
    expect(table.list({ limit: 1 })).toHaveLength(1);
    expect(table.count('tcp')).toBe(2);
    expect(table.count('udp')).toBe(0);
  });

  it('remembers the last 500 that ended and no more', () => {
    const table = new PipeTable();
    for (let number = 0; number < 600; number++) end(table, open(table).id);
    expect(table.list({ limit: 10_000 })).toHaveLength(500);
    expect(table.get('p100')).toBeUndefined();
    expect(table.get('p101')?.reason).toBe('idle');
    expect(table.count()).toBe(0);
  });

  it('kills only what is open', () => {
    const table = new PipeTable();
    const { id } = open(table);
    expect(table.kill(id, 'anna')).toMatchObject({ pipe: id, state: 'ended', reason: 'killed', by: 'anna' });
    expect(table.kill('nobody', 'anna')).toBeUndefined();
  });

  it('remembers the end of an old pipe although many younger ones have ended before it', () => {
    const table = new PipeTable();
    const old = open(table);
    for (let count = 0; count < 600; count += 1) end(table, open(table).id);
    end(table, old.id);
    expect(table.get(old.id)).toMatchObject({ state: 'ended', reason: 'idle' });
    expect(table.list({ state: 'ended', limit: 1 })[0]?.pipe).toBe(old.id);
    expect(table.get('z1')).toBeUndefined();
    expect(table.get('p0x1')).toBeUndefined();
  });
});
