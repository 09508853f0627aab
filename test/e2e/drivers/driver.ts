/**
 * One set of end-to-end specs, three things to run it on: the headless host in a browser, the desktop application on the
 * rig, and the desktop application on real Electron. SLUICE_DRIVER names one; each brings the same interface.
 */
import type { ChildProcess } from 'node:child_process';
import type { Page } from 'playwright-core';
import type { OpenOptions, Theme } from '../../support/browser.ts';
import type { Doors } from '../../support/hub-folder.ts';
import type { Call } from '../../support/rest.ts';
import { ElectronDriver } from './electron-driver.ts';
import { HeadlessDriver } from './headless-driver.ts';
import { RigDriver } from './rig-driver.ts';
import type { Shell } from './shell.ts';

export interface Driver {
  readonly name: 'headless' | 'rig' | 'electron';
  readonly has: {
    /** The page is opened by an address with a token, which a person can type. */
    readonly address: boolean;
    /** A desktop application is around the page: window, menu, second start. */
    readonly shell: boolean;
    /** Icon, notifications and power can be looked at; real Electron shows them to people only. */
    readonly desk: boolean;
  };
  /** Starts what all hosts of a file share. */
  open(): Promise<void>;
  close(): Promise<void>;
  start(options?: StartOptions): Promise<Host>;
}

export interface StartOptions {
  /** A data folder that is there already. */
  readonly folder?: string;
  /** Of the hub of a fresh folder. */
  readonly doors?: Doors;
}

/** A gateway that runs, and its page. */
export interface Host {
  readonly process: ChildProcess;
  readonly folder: string;
  /** Of the control port. */
  readonly url: string;
  readonly token: string;
  readonly call: Call;
  /** Undefined where there is no desktop application. */
  readonly shell: Shell | undefined;
  readonly log: () => string;
  /** Shows the page. One at a time. */
  open(options?: OpenOptions): Promise<Opened>;
  /** Ends it gently and gives its exit code; removes the data folder unless told to keep it. */
  stop(options?: { readonly keep?: boolean }): Promise<number | null>;
}

export interface Opened {
  readonly page: Page;
  /** Console errors and warnings, uncaught errors, and refusals of the content security policy. */
  readonly complaints: string[];
  close(): Promise<void>;
}

const drivers = { headless: HeadlessDriver, rig: RigDriver, electron: ElectronDriver };
const name = process.env.SLUICE_DRIVER ?? 'headless';
if (!(name in drivers)) throw new Error(`There is no driver ${name}: ${Object.keys(drivers).join(', ')}.`);

export const driver: Driver = new drivers[name as keyof typeof drivers]();

/** Shows a place in the page, such as `/devices/add`. */
export const go = (page: Page, path: string) => page.goto(`${page.url().split('#')[0]}#${path}`);

/** How a page looks while axe searches it. */
export interface Look {
  readonly theme: Theme;
  readonly touch: boolean;
  readonly width?: number;
  readonly height?: number;
  /** The rules of axe whose answer hangs on the look; absent: all. */
  readonly rules?: readonly string[];
}

/** The page is the same on every host, so one host shows it in all looks; what no look changes is searched in the first. */
export const looks: readonly Look[] =
  driver.name === 'headless'
    ? [
        { theme: 'light', touch: false },
        { theme: 'dark', touch: false, rules: ['color-contrast'] },
        { theme: 'sunlight', touch: false, rules: ['color-contrast'] },
        { theme: 'light', touch: true, width: 1024, height: 600, rules: ['color-contrast', 'target-size'] },
      ]
    : [{ theme: 'dark', touch: false }];
