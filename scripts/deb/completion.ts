/** Completion for bash, made from the command line itself: commands and their flags. */
import type { CommandFacts } from './commands.ts';

export function bashCompletion(commands: readonly CommandFacts[]): string {
  const cases = commands.map(
    ({ path, below, options }) =>
      `    '${path}') words='${[...below, ...options.map(({ long }) => long)].join(' ')}' ;;`,
  );
  return `# Completion of sluice for bash.
_sluice() {
  local word path='' words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      -*) break ;;
      *) path="\${path:+$path }$word" ;;
    esac
  done
  # What follows the name of a command are its arguments.
  while true; do
    case "$path" in
${cases.join('\n').replaceAll(/^ {4}/gm, '      ')}
      *' '*) path="\${path% *}"; continue ;;
    esac
    break
  done
  case "\${COMP_WORDS[COMP_CWORD - 1]}" in
    --data) mapfile -t COMPREPLY < <(compgen -d -- "\${COMP_WORDS[COMP_CWORD]}") ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}") ;;
  esac
}
complete -F _sluice sluice
`;
}
