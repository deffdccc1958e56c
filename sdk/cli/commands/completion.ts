import { CliError } from '../cli-error.ts';
import { type Command, readArgs } from '../options.ts';

/** Each asks `datum __complete WORD…` for the words that fit, the last being the one that is typed. */
const scripts: Readonly<Record<string, string>> = {
  bash: `_datum() {
  local IFS=$'\\n'
  COMPREPLY=($(datum __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _datum datum`,
  zsh: `#compdef datum
_datum() {
  local -a fitting
  fitting=(\${(f)"$(datum __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  (( \${#fitting} )) && compadd -a fitting || _files
}
compdef _datum datum`,
  fish: `complete -c datum -f -a '(datum __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
complete -c datum -n '__fish_seen_subcommand_from apply diff' -F`,
};

/** `datum completion`: a script for a shell, to be read at its start. */
export const completion: Command = {
  summary: 'print a completion script for a shell',
  usage: 'datum completion bash|zsh|fish',
  options: {},
  completes: 'shells',
  async run(context) {
    const { positionals } = readArgs(context, { options: {}, usage: completion.usage });
    const [shell = ''] = positionals;
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined) throw new CliError(`Usage: ${completion.usage}`);
    context.print(script);
    return 0;
  },
};

/** Shells that there is a script for. */
export const shells = Object.keys(scripts);
