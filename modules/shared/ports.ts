import { areDistinct, each, every, isNotEmpty, matches, orTrue } from "../../expression/conditions";
import { variableNamed } from "../../expression/variables";
import type { Validation, VariableSpec } from "../../synth/contract";
import { keysValidation } from "./keys";

/** Ports by stable keys: a port, or a range such as `8000-8100`. */
export type Ports = Readonly<Record<string, string | number>>;

const PORT = "(0|[1-9][0-9]{0,4})";

/** Whether text is a port or a range, whatever the numbers. */
export const isPortOrRange = (ports: string) => matches(ports, `^${PORT}(-${PORT})?$`);

/** The ends of a port or a range as numbers, of one port the same. */
export const firstPort = (ports: string) => `tonumber(split("-", ${ports})[0])`;
export const lastPort = (ports: string) => `tonumber(reverse(split("-", ${ports}))[0])`;

export const isPort = (number: string) => `${number} <= 65535`;

/** Whether the lower port of a range comes first. */
export const isInOrder = (ports: string) => `${firstPort(ports)} <= ${lastPort(ports)}`;

/** Ports in one spelling: of 80 and 80-80 the first. What is none stays. */
export const inOneSpelling = (ports: string) => `try(join("-", distinct(split("-", ${ports}))), ${ports})`;

interface PortsOptions {
  readonly description: string;
  readonly default?: Ports;
  readonly example: Ports;
  /** Whether `{}` is a choice: none. */
  readonly mayBeEmpty?: boolean;
}

/** A map of ports or ranges, of one protocol that has ports. */
export function portsVariable(name: string, options: PortsOptions): VariableSpec<Ports> {
  const { mayBeEmpty = false, ...spec } = options;
  const ranges = `values(${variableNamed(name)})`;
  const validations: Validation<Ports>[] = [
    {
      condition: every("ports", ranges, isPortOrRange),
      message: `The ${name} must be ports or ranges, such as 8080 or 8000-8100.`,
      refused: {
        [`a_word_in_${name}`]: { http: "http" },
        [`a_list_in_${name}`]: { http: "80,443" },
        [`a_negative_port_in_${name}`]: { http: "-1" },
        [`no_port_in_${name}`]: { http: "" },
        [`a_null_port_in_${name}`]: { http: null as never },
      },
    },
    {
      condition: every("ports", ranges, (ports) =>
        orTrue(every("port", `split("-", ${ports})`, (port) => isPort(`tonumber(${port})`))),
      ),
      message: `The ${name} must be between 0 and 65535.`,
      refused: {
        [`port_65536_in_${name}`]: { http: "65536" },
        [`a_range_to_65536_in_${name}`]: { http: "0-65536" },
      },
    },
    {
      condition: every("ports", ranges, (ports) => orTrue(isInOrder(ports))),
      message: `The ranges of ${name} must not be reversed: the lower port first.`,
      refused: { [`a_reversed_range_in_${name}`]: { http: "8100-8000" } },
    },
    {
      condition: areDistinct(each("ports", ranges, inOneSpelling), ranges),
      message: `The ${name} must differ: AWS rejects two rules that differ only in their description.`,
      refused: { [`one_port_twice_in_${name}`]: { http: "8080", web: "8080-8080" } },
    },
    keysValidation<Ports>(name, {
      [`an_upper_case_key_in_${name}`]: { HTTP: "8080" },
      [`an_empty_key_in_${name}`]: { "": "8080" },
    }),
  ];
  if (!mayBeEmpty) {
    validations.unshift({
      condition: isNotEmpty(variableNamed(name)),
      message: `The ${name} must name at least one port.`,
      refused: { [`an_empty_map_of_${name}`]: {} },
    });
  }
  return {
    type: "map(string)",
    ...spec,
    accepted: {
      [`every_port_in_${name}`]: { all: "0-65535" },
      [`a_number_and_a_range_in_${name}`]: { http: 8080, data_2: "8000-8100" },
    },
    validations,
  };
}
