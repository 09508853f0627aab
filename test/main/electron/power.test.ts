import { expect, test, vi } from 'vitest';
import { PowerGuard } from '../../../main/electron/power.ts';

const { started } = vi.hoisted(() => ({ started: new Map<number, string>() }));
vi.mock('electron', () => {
  let id = -1;
  return {
    powerSaveBlocker: {
      start: (type: string) => {
        id += 1;
        started.set(id, type);
        return id;
      },
      stop: (stopped: number) => started.delete(stopped),
    },
  };
});

test('the system stays awake while pipes are open, and no longer', () => {
  const power = new PowerGuard();
  power.follow(0);
  expect(started.size).toBe(0);
  for (const pipes of [1, 5, 1]) {
    power.follow(pipes);
    expect([...started.values()]).toEqual(['prevent-app-suspension']);
  }
  power.follow(0);
  expect(started.size).toBe(0);
  power.follow(2);
  expect(started.size).toBe(1);
  power.close();
  power.close();
  expect(started.size).toBe(0);
});
