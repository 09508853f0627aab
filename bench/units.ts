/** How figures are written. */
export const gibibytes = (value: number): string => `${(value / 2 ** 30).toFixed(2)} GiB/s`;
export const perSecond = (value: number): string => `${Math.round(value)} /s`;
export const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;
export const microseconds = (value: number): string => `${(value * 1e6).toFixed(0)} µs`;
export const secondsOf = (value: number): string => `${value.toFixed(2)} s`;
export const fraction = (value: number): string => value.toFixed(3);
export const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
export const kibibytes = (value: number): string => `${(value / 1024).toFixed(1)} KiB`;
export const mebibytes = (value: number): string => `${(value / 2 ** 20).toFixed(1)} MiB`;
export const times = (value: number): string => `× ${value.toFixed(2)}`;
