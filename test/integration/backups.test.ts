/** `sluice backups`, as it is used in a terminal, and by REST. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sluice } from '../support/command-line.ts';
import { type Program, startProgram } from '../support/program.ts';
import { addProxy } from '../support/program-proxies.ts';
import { closeAll, connect, echoes, echoTarget } from '../support/sockets.ts';

let program: Program;
beforeEach(async () => {
  program = await startProgram();
});
afterEach(async () => {
  closeAll();
  expect(await program.stop()).toBe(0);
});

const run = (...args: string[]) => sluice(args, { data: program.folder });

it('lists, compares and puts back, over a restart as well', async () => {
  const source = await addProxy(program, 'plc', await echoTarget());
  expect((await program.call('DELETE', '/v1/proxies/plc')).status).toBe(200);
  expect((await run('backups', 'list')).out).toMatch(/nothing\n.*1 thing/);
  expect((await run('backups', 'compare', 'last')).out).toMatch(/^new +proxies plc$/m);
  expect(await program.stop({ keep: true })).toBe(0);
  program = await startProgram(program.folder);
  expect((await run('backups', 'restore', 'last')).out).toMatch(/^Put back backup \d+ of .*\n.*proxies plc$/m);
  expect(await echoes(await connect(source))).toBe(true);
  expect(await run('backups', 'restore', '999')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no backup 999'),
  });
  expect((await run('backups', 'restore', 'x')).code).toBe(1);

  const { body } = await program.call('GET', '/v1/audit');
  const put = body.entries.filter(({ what }: { what: string }) => what === 'backups.restore');
  expect(put.map(({ subject, outcome }: { subject: string; outcome: string }) => [subject, outcome])).toEqual([
    ['x', 'BAD_REQUEST'],
    ['999', 'BACKUP_NOT_FOUND'],
    ['last', 'done'],
  ]);
  expect(put.at(-1).changes.length).toBeGreaterThan(0);
});
