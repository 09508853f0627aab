/** The findings of the doctor in one sentence. */
import type { Finding } from '../../shared/finding.ts';

/** Whether a person should see it, and not only that it was looked at. */
export const isNoteworthy = ({ ok }: Finding): boolean => ok !== true;

export function examinationText(findings: readonly Finding[]): string {
  const bad = findings.filter(({ ok }) => ok === false).length;
  const unsure = findings.filter(({ ok }) => ok === null).length;
  if (bad > 0)
    return `${bad === 1 ? 'One thing is' : `${bad} things are`} not as ${bad === 1 ? 'it' : 'they'} should be on this PC.`;
  if (unsure > 0) return `This PC is ready. ${unsure === 1 ? 'One thing is' : `${unsure} things are`} worth knowing:`;
  return 'This PC is ready: clock, disk, rights and ports were checked.';
}
