import { expect, test } from "vitest";
import { COMMAND_NAMES, commandOf } from "../../cli/commands";
import { optionsDocument } from "../../cli/document";
import { OPTIONS, type OptionName, optionOf } from "../../cli/options";
import { settingsSchema } from "../../cli/settings";

/** The cells of the rows of `docs/options.md`, by what stands in the first. */
const rows = new Map(
  optionsDocument()
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .map(([, first = "", ...cells]) => [first, cells] as const),
);
const rowOf = (name: OptionName) => {
  const { value } = optionOf(name);
  return [...rows].find(([first]) => first.endsWith(`\`--${name}${value ? ` ${value}` : ""}\``))?.[1];
};

test("the page of options has a row for each command and for each option that one has", () => {
  for (const name of COMMAND_NAMES) {
    expect(rows.get(`\`${name}\``)).toBeDefined();
    for (const option of commandOf(name).options) {
      const [commands, words] = rowOf(option) ?? [];
      expect(commands === "all" || commands?.includes(`\`${name}\``), option).toBe(true);
      expect(words?.replaceAll("\\", "")).toBe(optionOf(option).words);
    }
  }
});

test("it says of each option whether the configuration file may have it, as its schema does", () => {
  const inFile = (Object.keys(OPTIONS) as OptionName[]).filter((name) => rowOf(name)?.[2]);
  expect(["paths", ...inFile]).toEqual(Object.keys(settingsSchema.shape));
});
