/** How an administrator of this PC reads the token of its Sluice service. */

/** For the terminal of the system that `userAgent` names. */
export function tokenCommand(userAgent: string): string {
  if (userAgent.includes('Windows')) return 'type "%ProgramData%\\Sluice\\control-token"';
  if (userAgent.includes('Macintosh')) return "sudo cat '/Library/Application Support/Sluice/control-token'";
  return 'sudo cat /var/lib/sluice/control-token';
}
