import type { Command } from "./model";
import { optionOf } from "./options";
import { ALIAS, PROGRAM } from "./words";

/** The shells that there is a completion for, and what is written for each of them. */
export const SHELLS = { bash, zsh, fish } as const;

export interface Completed {
  readonly commands: Readonly<Record<string, Command>>;
  /** The words that a command takes, where they are not paths. */
  readonly operands: Readonly<Record<string, readonly string[]>>;
}

function bash({ commands, operands }: Completed): string {
  const names = Object.keys(commands);
  const values = optionsWithValues(commands).flatMap(([name, accepts]) =>
    accepts ? [`    --${name}) COMPREPLY=($(compgen -W "${accepts.join(" ")}" -- "$word")); return ;;`] : [],
  );
  const cases = Object.entries(commands).map(
    ([name, { options }]) =>
      `    ${name}) flags="${options.map((one) => `--${one}`).join(" ")}" operands="${(operands[name] ?? []).join(" ")}" ;;`,
  );
  return `_eks_pod_security_groups() {
  local word="\${COMP_WORDS[COMP_CWORD]}" flags="" operands=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...names, "help", "--help", "--version"].join(" ")}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${values.join("\n")}
  esac
  case "\${COMP_WORDS[1]}" in
    help) operands="${names.join(" ")}" ;;
${cases.join("\n")}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    *) [ -z "$operands" ] || COMPREPLY=($(compgen -W "$operands" -- "$word")) ;;
  esac
}
complete -o default -F _eks_pod_security_groups ${PROGRAM} ${ALIAS}
`;
}

/** zsh completes by functions of bash, too. */
function zsh(completed: Completed): string {
  return `autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
${bash(completed)}`;
}

function fish({ commands, operands }: Completed): string {
  const quoted = (words: string) => `'${words.replace(/['\\]/g, "\\$&")}'`;
  const lines = [PROGRAM, ALIAS].flatMap((program) => [
    ...Object.entries(commands).flatMap(([name, { words, options }]) => {
      const inside = `-n '__fish_seen_subcommand_from ${name}'`;
      return [
        `complete -c ${program} -f -n __fish_use_subcommand -a ${name} -d ${quoted(words)}`,
        ...options.map((option) => {
          const { short, value, accepts, words: said } = optionOf(option);
          const takes = accepts ? ` -x -a ${quoted(accepts.join(" "))}` : value ? " -r" : "";
          return `complete -c ${program} ${inside}${short ? ` -s ${short}` : ""} -l ${option}${takes} -d ${quoted(said)}`;
        }),
        ...(operands[name]
          ? [`complete -c ${program} -f ${inside} -a ${quoted(operands[name].join(" "))}`]
          : []),
      ];
    }),
  ]);
  return `${lines.join("\n")}\n`;
}

function optionsWithValues(commands: Completed["commands"]): [string, readonly string[] | undefined][] {
  const all = new Set(Object.values(commands).flatMap(({ options }) => options));
  return [...all].flatMap((name) => {
    const { value, accepts } = optionOf(name);
    return value === undefined ? [] : [[name, accepts] as [string, readonly string[] | undefined]];
  });
}
