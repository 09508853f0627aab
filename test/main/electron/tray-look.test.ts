import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { trayIcons, trayLook } from '../../../main/electron/tray-look.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import { NOW } from '../../support/sample-proxy.ts';
import { shownWith } from '../../support/shown.ts';

const lookOf = (...parts: Parameters<typeof shownWith>) => trayLook(shownWith(...parts), NOW);

describe('the tray', () => {
  test.each([
    ['fault', ['listening', 'waiting', 'degraded', 'fault']],
    ['degraded', ['listening', 'waiting', 'retrying', 'degraded']],
    ['waiting', ['listening', 'waiting']],
    ['waiting', ['listening', 'retrying']],
    ['waiting', ['listening', 'starting']],
    ['calm', ['disabled', 'listening']],
    ['calm', ['disabled']],
    ['calm', []],
  ] as const)('has the colour of the worst state: %s of %j', (icon, states) => {
    expect(lookOf(states.map((state) => ({ state }))).icon).toBe(icon);
  });

  test('is active while bytes pass, unless something needs a person', () => {
    const active = { state: 'listening', lastActivity: NOW - 9000 } as const;
    expect(lookOf([active]).icon).toBe('active');
    expect(lookOf([{ ...active, lastActivity: NOW - 11_000 }]).icon).toBe('calm');
    expect(lookOf([active, { state: 'degraded' }]).icon).toBe('degraded');
  });

  test('shows Stop all and an absent gateway before all else', () => {
    const states = [{ state: 'fault' }] as const;
    const settings = { ...defaultSettings, agents: [], stopped: true };
    expect(lookOf(states, { settings })).toEqual({ icon: 'stopped', tooltip: 'Sluice: stopped' });
    expect(lookOf(states, { settings, presence: 'away' })).toEqual({
      icon: 'away',
      tooltip: 'Sluice: not answering',
    });
    expect(lookOf([], { settings: undefined, presence: 'connecting' }).tooltip).toBe('Sluice: starting');
  });

  test('says in words what there is, the worst first', () => {
    const states = ['listening', 'fault', 'listening', 'degraded'] as const;
    const look = lookOf(
      states.map((state) => ({ state })),
      { pipes: 1 },
    );
    expect(look.tooltip).toBe('Sluice: 1 fault, 1 degraded, 2 listening. 1 connection');
    expect(lookOf([{ state: 'listening' }], { pipes: 3 }).tooltip).toBe('Sluice: 1 listening. 3 connections');
    expect(lookOf([]).tooltip).toBe('Sluice: no proxies');
  });

  test('takes the name of the site as plain text', () => {
    const settings = { ...defaultSettings, agents: [], siteName: 'Plant\n\u202e2' };
    expect(lookOf([], { settings }).tooltip).toBe('Sluice, Plant\uFFFD\uFFFD2: no proxies');
  });

  test('has a picture for every look, in two sizes', () => {
    for (const icon of trayIcons) {
      for (const suffix of ['', '@2x']) expect(existsSync(`assets/desktop/tray-${icon}${suffix}.png`)).toBe(true);
    }
  });
});
