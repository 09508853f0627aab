/** The two IPC channels between main process and preload. Nothing else goes over IPC; the rest goes over the port. */
export const portRequested = 'sluice.port.requested';
export const portAnswered = 'sluice.port.answered';
